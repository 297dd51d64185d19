import type { InputHTMLAttributes } from "react";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  /** What is offered while one types. */
  entities: { value: string; label: string }[];
}

const MOST_OFFERED = 500;

/** A field for a reference that offers what the catalog has; another name can be typed as well. */
export function EntityInput({ entities, ...rest }: Props) {
  const list = `${rest.id}-list`;
  return (
    <>
      <input className="input" list={list} autoComplete="off" spellCheck={false} {...rest} />
      <datalist id={list}>
        {entities.slice(0, MOST_OFFERED).map((entity) => (
          <option key={entity.value} value={entity.value}>
            {entity.label}
          </option>
        ))}
      </datalist>
    </>
  );
}
