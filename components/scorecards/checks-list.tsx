import { Link } from "@/components/ui/link";
import { Markdown } from "@/components/ui/markdown";
import { Time } from "@/components/ui/time";
import { entityHref } from "@/lib/catalog/contract";
import { type CheckSummary, EFFORT_WORDS, FACT_GROUPS, type ScorecardDetail, type ScorecardException } from "@/lib/scorecards/contract";
import { EndException } from "./end-exception";

interface Props {
  card: Pick<ScorecardDetail, "name" | "levels" | "checks" | "exceptions">;
  /** Check that is shown open. */
  open: string | undefined;
  now: string;
}

/** Every check by level: how many pass, why it is there, how it is measured, who is let off. */
export function ChecksList({ card, open, now }: Props) {
  return (
    <div className="stack-6">
      {card.levels.map((level) => (
        <section key={level.name}>
          <h2 className="mb-2">{level.title}</h2>
          <ul className="api-list">
            {card.checks
              .filter((check) => check.level === level.name)
              .map((check) => (
                <li key={check.id} id={`check-${check.id}`}>
                  <details open={open === check.id}>
                    <summary>
                      <span className="strong grow">{check.title}</span>
                      <PassRate check={check} />
                    </summary>
                    <CheckDetail check={check} card={card} now={now} exceptions={card.exceptions.filter(({ checkId }) => checkId === check.id)} />
                  </details>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function PassRate({ check: { counts } }: { check: CheckSummary }) {
  const judged = counts.pass + counts.fail;
  const aside = [counts.unknown ? `${counts.unknown} unknown` : "", counts.exempt ? `${counts.exempt} exempt` : "", counts.ejected ? `${counts.ejected} left on purpose` : ""];
  return (
    <span className="line">
      <span className="muted desk">{aside.filter(Boolean).join(", ")}</span>
      <span className="bar tall w-[72px]" aria-hidden>
        <i style={{ width: `${judged ? (100 * counts.pass) / judged : 0}%` }} />
      </span>
      <span className="nowrap right min-w-[112px]">{judged ? `${counts.pass} of ${judged} pass` : "none judged"}</span>
    </span>
  );
}

function CheckDetail({ check, card, exceptions, now }: { check: CheckSummary; card: Props["card"]; exceptions: ScorecardException[]; now: string }) {
  const groups = Object.entries(FACT_GROUPS).filter(([name]) => new RegExp(`\\b${name}\\.`).test(check.condition));
  const sources = [...groups.map(([, { source }]) => source), ...(/\bentity\b/.test(check.condition) ? ["catalog document"] : [])];
  return (
    <div className="api-detail">
      <dl className="facts">
        <dt>Why</dt>
        <dd>
          <Markdown text={check.why} />
        </dd>
        <dt>How to fix</dt>
        <dd>
          <Markdown text={check.fix} />
        </dd>
        <dt>How measured</dt>
        <dd>
          <code className="mono">{check.condition}</code>
          {sources.length ? <span className="muted block">From {[...new Set(sources)].join(", ")}</span> : null}
        </dd>
        <dt>Usually takes</dt>
        <dd>{EFFORT_WORDS[check.effort]}</dd>
        <dt>Do not pass</dt>
        <dd>
          {check.counts.fail + check.counts.unknown > 0 ? (
            <Link className="link" href={`/scorecards/${card.name}?check=${check.id}`}>
              {check.counts.fail + check.counts.unknown} entities
            </Link>
          ) : (
            "None"
          )}
        </dd>
      </dl>
      {exceptions.length ? (
        <div>
          <h3>Exceptions</h3>
          <ul className="list bare">
            {exceptions.map((one) => (
              <li key={one.id}>
                <div className="grow">
                  <Link className="strong" href={entityHref(one.entityRef, "scorecard")}>
                    {one.entityTitle}
                  </Link>
                  <span className="muted block">
                    {one.reason} Ends <Time at={one.expiresAt} now={now} />
                    {one.grantedBy ? `, granted by ${one.grantedBy}` : ""}.
                  </span>
                </div>
                {one.mayEnd ? <EndException scorecard={card.name} exception={one} /> : null}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}
