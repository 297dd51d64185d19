import { Time } from "@/components/ui/time";
import type { GoldenPathChange } from "@/lib/golden-paths/contract";

/** Who made which version the current one, newest first. */
export function ChangesTimeline({ changes, now }: { changes: GoldenPathChange[]; now: string }) {
  if (changes.length === 0) return <p className="muted">Nothing has been recorded yet; it is from the next publication on.</p>;
  return (
    <ol className="list bare">
      {changes.map((change) => (
        <li key={`${change.at}${change.version}${change.kind}`}>
          <span className="grow">
            <span className="strong">{change.by ?? "Waymark"}</span> {sentence(change)}
            {change.note ? <span className="muted block">{change.note}</span> : null}
          </span>
          <span className="muted">
            <Time at={change.at} now={now} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function sentence({ kind, version, fromVersion }: GoldenPathChange): string {
  if (kind === "published") return `published ${version}${fromVersion ? `, after ${fromVersion}` : ""}`;
  return `made ${version} current again${fromVersion ? `, instead of ${fromVersion}` : ""}`;
}
