import type { FieldChange } from "@/lib/catalog/contract";

/** Values that an import would change, each with what it is now. */
export function FieldChanges({ changes }: { changes: FieldChange[] }) {
  return (
    <ul className="caption mt-1">
      {changes.map(({ path, from, to }) => (
        <li key={path} className="wrap">
          <span className="mono">{path}</span>: {from === null ? null : <del className="muted">{from}</del>}
          {from !== null && to !== null ? " → " : null}
          {to === null ? " removed" : <ins className="strong no-underline">{to}</ins>}
        </li>
      ))}
    </ul>
  );
}
