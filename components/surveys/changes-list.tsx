import type { Change } from "@/lib/surveys/contract";
import { ChangeLine } from "./change-line";

interface Props {
  changes: Change[];
  /** The survey before: what was changed since it stands first. */
  since?: { title: string; day: string } | null;
}

const EARLIER = 5;

/** What became of earlier answers. */
export function ChangesList({ changes, since = null }: Props) {
  const isNew = ({ changedOn }: Change) => since === null || changedOn >= since.day;
  const [recent, earlier] = [changes.filter(isNew), changes.filter((change) => !isNew(change)).slice(0, EARLIER)];
  return (
    <section>
      <div className="section-head">
        <h2>What we changed because of you</h2>
      </div>
      {changes.length === 0 ? <p className="muted">Nothing yet. The platform team writes here what it changed because of a survey.</p> : null}
      {since && changes.length ? <p className="muted mb-2">{recent.length ? `Since the ${since.title} survey` : `Nothing since the ${since.title} survey`}</p> : null}
      <Lines changes={recent} />
      {earlier.length ? <h3 className="mt-6 mb-2">Earlier</h3> : null}
      <Lines changes={earlier} />
    </section>
  );
}

function Lines({ changes }: { changes: Change[] }) {
  if (changes.length === 0) return null;
  return (
    <ul className="list bare ruled">
      {changes.map((change) => (
        <li key={change.id} className="block!">
          <ChangeLine change={change} />
        </li>
      ))}
    </ul>
  );
}
