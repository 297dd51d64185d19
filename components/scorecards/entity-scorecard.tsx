import { LinkButton } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Markdown } from "@/components/ui/markdown";
import { SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import type { ActionSummary } from "@/lib/actions/contract";
import { day } from "@/lib/core/format";
import { type CheckResult, EFFORT_WORDS, type EntityScorecard } from "@/lib/scorecards/contract";
import { EndException } from "./end-exception";
import { GrantException } from "./grant-exception";
import { LevelMark } from "./level-badge";
import { needsWork, valueWords } from "./words";

interface Props {
  card: EntityScorecard;
  entityRef: string;
  /** What can be run on the entity; `locked`: not by the reader. */
  actions: Pick<ActionSummary, "name" | "title" | "locked">[];
  now: string;
}

/** One scorecard of an entity: its level, what comes next, and each check with what was seen. */
export function EntityScorecardView({ card, entityRef, actions, now }: Props) {
  const [next] = card.next;
  return (
    <section>
      <SectionHead
        title={
          <Link href={`/scorecards/${card.name}`} className="link">
            {card.title}
          </Link>
        }
        aside={
          <>
            Evaluated <Time at={card.evaluatedAt} now={now} />
          </>
        }
      />
      <div className="panel panel-body mb-4 line wrap spread">
        <div className="stack">
          <div className="line wrap">
            <LevelMark level={card.level} of={card.title} />
            <span className="muted">
              since <Time at={card.levelSince} now={now} />
              {card.previousLevel ? `, ${card.previousLevel.title} before` : ""}
            </span>
          </div>
          {next ? (
            <p>
              Next:{" "}
              <a className="link" href={`#${card.name}-${next.id}`}>
                {next.title}
              </a>{" "}
              <span className="muted">usually takes {EFFORT_WORDS[next.effort]}</span>
              {card.next.length > 1 ? (
                <span className="muted">
                  , then {card.next.length - 1} more for {card.levels[card.level.index]?.title}
                </span>
              ) : (
                <span className="muted"> and it is {card.levels[card.level.index]?.title}</span>
              )}
            </p>
          ) : (
            <p className="muted">Every check passes or is let off.</p>
          )}
        </div>
      </div>
      {card.levels.map((level) => (
        <div key={level.name} className="mb-4">
          <h3 className="mb-2">{level.title}</h3>
          <ul className="api-list">
            {card.checks
              .filter((check) => check.level === level.name)
              .map((check) => (
                <li key={check.id} id={`${card.name}-${check.id}`}>
                  <details open={check.id === next?.id}>
                    <summary>
                      <span className="check-state">
                        <Status value={check.state === "unknown" ? "not-known" : check.state} />
                      </span>
                      <span className="strong grow">
                        {check.title}
                        {check.due ? <span className="muted font-normal"> due {day(check.due.until)}</span> : null}
                      </span>
                      <span className="muted truncate desk">{seenWords(check)}</span>
                    </summary>
                    <CheckBody check={check} card={card} entityRef={entityRef} actions={actions} now={now} />
                  </details>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** The facts of a check in short. */
function seenWords({ observed }: CheckResult): string {
  return observed
    .slice(0, 2)
    .map((fact) => `${fact.path} ${valueWords(fact)}`)
    .join(", ");
}

function CheckBody({ check, card, entityRef, actions, now }: Props & { check: CheckResult }) {
  const remedy = needsWork(check.state) ? actions.find(({ name, locked }) => name === check.action && locked === null) : undefined;
  const mayExempt = card.mayExempt && (check.exception !== null || needsWork(check.state));
  return (
    <div className="api-detail">
      {check.due ? (
        <p>
          {check.due.campaign} asks for it by {day(check.due.until)}.
        </p>
      ) : null}
      {check.exception ? (
        <p>
          <span className="strong">
            Exempt until <Time at={check.exception.expiresAt} now={now} />.
          </span>{" "}
          {check.exception.reason}
          {check.exception.grantedBy ? <span className="muted"> Granted by {check.exception.grantedBy}.</span> : null}
        </p>
      ) : null}
      {check.state === "ejected" ? <p>The team left this concern of its golden path on purpose, so the check is not held against it.</p> : null}
      {check.state === "unknown" ? (
        <p>
          {check.lastKnown ? (
            <>
              When last known, <Time at={check.lastKnown.at} now={now} />, it {check.lastKnown.outcome === "pass" ? "passed" : "failed"}: that counts meanwhile.
            </>
          ) : (
            "It was never known, so it does not count towards the level."
          )}
        </p>
      ) : null}
      <dl className="facts">
        <dt>Observed</dt>
        <dd>
          <ul className="stack">
            {check.observed.map((fact) => (
              <li key={fact.path}>
                <code className="mono">{fact.path}</code> <span className="strong">{valueWords(fact)}</span>{" "}
                <span className="muted">
                  {fact.source}
                  {fact.at ? (
                    <>
                      , <Time at={fact.at} now={now} />
                    </>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
          {check.reason ? <span className="block">{check.reason}</span> : null}
          <span className="muted block">
            {check.state === "pass" ? "Passes" : "So"} since <Time at={check.stateSince} now={now} />
          </span>
        </dd>
        <dt>Condition</dt>
        <dd>
          <code className="mono">{check.condition}</code>
        </dd>
        <dt>Why</dt>
        <dd>
          <Markdown text={check.why} />
        </dd>
        <dt>How to fix</dt>
        <dd>
          <Markdown text={check.fix} />
        </dd>
        <dt>Usually takes</dt>
        <dd>{EFFORT_WORDS[check.effort]}</dd>
      </dl>
      {remedy || mayExempt ? (
        <div className="line wrap">
          {remedy ? (
            <LinkButton href={`/actions/${remedy.name}?entity=${encodeURIComponent(entityRef)}`} size="sm" variant="primary">
              {remedy.title}
            </LinkButton>
          ) : null}
          {!mayExempt ? null : check.exception ? (
            <EndException scorecard={card.name} exception={check.exception} />
          ) : (
            <GrantException scorecard={card.name} entityRef={entityRef} check={check} />
          )}
        </div>
      ) : null}
    </div>
  );
}
