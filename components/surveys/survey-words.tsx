import { CircleAlert } from "lucide-react";

interface Props {
  /** Characters that it may have. */
  most: number;
  name: string;
  label: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** A short text of the form, optional. */
export function SurveyWords({ most, name, label, value, error, onChange }: Props) {
  return (
    <div className="field mt-2">
      <textarea
        className="input"
        rows={2}
        maxLength={most}
        aria-label={label}
        placeholder="Optional, in your own words"
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {error ? (
        <span className="error" id={`${name}-error`} role="alert">
          <CircleAlert className="i" aria-hidden />
          {error}
        </span>
      ) : null}
    </div>
  );
}
