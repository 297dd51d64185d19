import { day } from "@/lib/core/format";
import type { Change } from "@/lib/surveys/contract";

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
            <span className="strong block">{change.title}</span>
            <span className="muted">
              {change.detail ? `${change.detail} ` : ""}
              {day(change.changedOn)}
              {change.isDemo ? ", demo" : ""}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
