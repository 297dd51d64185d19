import { CopyButton } from "./copy-button";

/** A value to carry to another place, with its name and a button that copies it. */
export function ValueToCopy({ name, value, testId }: { name: string; value: string; testId?: string }) {
  return (
    <span className="line mt-1">
      <span className="muted">{name}</span>
      <code className="mono break-all" data-testid={testId}>
        {value}
      </code>
      <CopyButton text={value} label={`Copy ${name.charAt(0).toLowerCase()}${name.slice(1)}`} />
    </span>
  );
}
