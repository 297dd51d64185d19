import type { Cell, Question } from "@/lib/surveys/contract";
import { withheld } from "./words";

/** How the answers to one question are spread, as words, numbers and bars. */
export function ItemDistribution({ question, cell, title, summary }: { question: Question; cell: Cell; title: string; summary?: string | undefined }) {
  const { counts } = cell;
  const largest = Math.max(1, ...Object.values(counts ?? {}));
  return (
    <section className="panel panel-body stack">
      <div>
        <h3>{title}</h3>
        <p className="caption">{question.text}</p>
      </div>
      {counts ? (
        <dl className="dist">
          {question.options.map(({ value, label }) => (
            <div key={value} className="contents">
              <dt>{label}</dt>
              <dd>
                <i style={{ width: `${((counts[value] ?? 0) / largest) * 100}%` }} />
              </dd>
              <dd className="right">{counts[value] ?? 0}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="muted">{withheld(cell, question)}.</p>
      )}
      <p className="caption">{counts ? `${cell.n} of ${cell.asked} asked gave an answer.${summary ? ` ${summary}` : ""}` : `${cell.asked} were asked.`}</p>
    </section>
  );
}
