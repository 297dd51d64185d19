import type { WidgetProps } from "@rjsf/utils";
import { X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useEntityOptions } from "./entity-options";
import { inputProps, pickersOf, wantedKinds } from "./widgets";

/** Several texts, with what the catalog knows to choose from: entities, or tags that are in use. */
export function ListWidget(props: WidgetProps) {
  const { id, value, onChange, options } = props;
  const [typed, setTyped] = useState("");
  const chosen: string[] = Array.isArray(value) ? value.map(String) : [];
  const isTags = options.of === "tags";
  const tags = (pickersOf(props).tags ?? []).slice(0, 200).map((tag) => ({ value: tag, label: tag }));
  const { offered, onFocus } = useEntityOptions(props, typed, !isTags);
  const add = (text: string) => {
    const one = isTags ? text.trim().toLowerCase() : text.trim();
    setTyped("");
    if (one && !chosen.includes(one)) onChange([...chosen, one]);
  };
  return (
    <div className="stack">
      {chosen.length > 0 ? (
        <ul className="line wrap bare" aria-label="Chosen">
          {chosen.map((one) => (
            <li key={one} className="badge">
              {one}
              <Button variant="icon" size="sm" aria-label={`Remove ${one}`} onClick={() => onChange(chosen.filter((other) => other !== one))}>
                <X className="i i-sm" aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="line">
        <input
          {...inputProps(props)}
          className="input"
          list={`${id}-list`}
          value={typed}
          placeholder={isTags ? "node" : `${wantedKinds(options)[0] ?? "component"}:default/checkout-api`}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !typed.trim()) return;
            event.preventDefault();
            add(typed);
          }}
          onFocus={onFocus}
          onBlur={() => add(typed)}
          autoComplete="off"
          spellCheck={false}
        />
        <Button onClick={() => add(typed)}>Add</Button>
      </div>
      <datalist id={`${id}-list`}>
        {(isTags ? tags : offered).map(({ value: one, label }) => (
          <option key={one} value={one}>
            {label}
          </option>
        ))}
      </datalist>
    </div>
  );
}
