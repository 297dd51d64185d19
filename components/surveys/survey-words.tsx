import { CircleAlert } from "lucide-react";
import { MAX_COMMENT } from "@/lib/surveys/contract";

interface Props {
  name: string;
  label: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** A short text of the form, optional. */
export function SurveyWords({ name, label, value, error, onChange }: Props) {
  return (
    <div className="field mt-2">
      <textarea
        className="input"
        rows={2}
        maxLength={MAX_COMMENT}
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
