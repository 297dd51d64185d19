import type { Change } from "@/lib/surveys/contract";
import { ChangeLine } from "./change-line";

/** What became of earlier answers. */
export function ChangesList({ changes, title = "What we changed because of you" }: { changes: Change[]; title?: string }) {
  return (
    <section>
      <div className="section-head">
        <h2>{title}</h2>
      </div>
      {changes.length === 0 ? <p className="muted">Nothing yet. The platform team writes here what it changed because of a survey.</p> : null}
      <ul className="list bare ruled">
        {changes.map((change) => (
          <li key={change.id} className="block!">
            <ChangeLine change={change} />
          </li>
        ))}
      </ul>
    </section>
  );
}
