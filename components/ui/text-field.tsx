import { Field, fieldProps } from "./field";

interface Props {
  id: string;
  label: string;
  help: string;
  value: string;
  error: string | undefined;
  placeholder?: string;
  isNumber?: boolean;
  onChange: (value: string) => void;
}

/** One line of text with its label, help and error. */
export function TextField({ id, label, help, value, error, placeholder, isNumber = false, onChange }: Props) {
  return (
    <Field id={id} label={label} help={help} error={error}>
      <input
        {...fieldProps(id, error, true)}
        className="input"
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        {...(isNumber ? { inputMode: "numeric" as const } : {})}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
