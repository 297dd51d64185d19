import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** Label above, help below it, the error beside the field that caused it. */
export function Field({
  id,
  label,
  help,
  error,
  required = false,
  children,
}: {
  id: string;
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  children: ReactNode;
}) {
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {required ? <span className="muted"> (required)</span> : null}
      </label>
      {help ? (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      ) : null}
      {children}
      {error ? (
        <span className="error" id={`${id}-error`} role="alert">
          <CircleAlert className="i" aria-hidden />
          {error}
        </span>
      ) : null}
    </div>
  );
}

/** Attributes that tie an input to its Field. */
export function fieldProps(id: string, error: string | undefined, hasHelp = false) {
  const described = [hasHelp ? `${id}-help` : null, error ? `${id}-error` : null].filter(Boolean).join(" ");
  return { id, name: id, "aria-invalid": error ? true : undefined, "aria-describedby": described || undefined };
}
