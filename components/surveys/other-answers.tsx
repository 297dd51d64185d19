import { SectionHead } from "@/components/ui/page-head";
import { type Cell, type GroupResult, isOfMonth, type Question, SCORE } from "@/lib/surveys/contract";
import { ItemDistribution } from "./item-distribution";
import { withheld } from "./words";

const TITLES: Record<string, string> = {
  hours: "Time on non-core work",
  concepts: "Concepts in mind",
  outcome: "Clear feedback on outcomes",
  reason: "Main reason",
};

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** What the numbers of a question come to, in one line. */
function summaryOf({ item, kind, limit }: Question, { figures, cells }: GroupResult): string | undefined {
  const figure = figures[item];
  if (!figure || figure.n < cells.score.k || figure.mean === null) return undefined;
  const above = figure.above === null || limit === undefined ? "" : percent(figure.above);
  if (item === "hours") return `Median ${figure.bucket} h a day, ${above} above 2 h, mean ${figure.mean} h. Self-estimate.`;
  if (item === "concepts") return `Median ${figure.bucket}, ${above} have 8 or more in mind.`;
  if (kind === "rating") return `${above} say 4 or 5 of 5, mean ${figure.mean}.`;
  return `Median ${figure.bucket}, mean ${figure.mean}.`;
}

/** Every other question of the survey, as far as it may be shown for the group. */
export function OtherAnswers({ group, questions }: { group: GroupResult; questions: Question[] }) {
  const others = questions.filter(({ item, kind }) => item !== SCORE && kind !== "text");
  return (
    <section>
      <SectionHead title={`Other answers of ${group.node.title}`} />
      <div className="three-up">
        {others.map((question) => {
          const title = TITLES[question.item] ?? (isOfMonth(question) ? "Question of the month" : "Further question");
          if (question.kind === "choices") return <ManyChoices key={question.item} title={title} question={question} cells={group.cells} />;
          const cell = group.cells[question.item];
          return cell ? <ItemDistribution key={question.item} title={title} question={question} cell={cell} summary={summaryOf(question, group)} /> : null;
        })}
      </div>
    </section>
  );
}

/** Of each option how many chose it; every option is withheld or shown by itself. */
function ManyChoices({ title, question, cells }: { title: string; question: Question; cells: Record<string, Cell> }) {
  return (
    <section className="panel panel-body stack">
      <div>
        <h3>{title}</h3>
        <p className="caption">{question.text}</p>
      </div>
      <dl className="dist">
        {question.options.map(({ value, label }) => {
          const cell = cells[`${question.item}:${value}`];
          const share = cell?.counts ? (cell.counts.yes ?? 0) / Math.max(1, cell.n ?? 0) : null;
          return (
            <div key={value} className="contents">
              <dt>{label}</dt>
              <dd>{share === null ? null : <i style={{ width: percent(share).replace(" ", "") }} />}</dd>
              <dd className="right" title={share === null && cell ? withheld(cell) : undefined}>
                {share === null ? <span className="muted">{cell?.state === "mostly" ? `mostly ${cell.mostly}` : "hidden"}</span> : percent(share)}
              </dd>
            </div>
          );
        })}
      </dl>
      <p className="caption">Several could be chosen.</p>
    </section>
  );
}
