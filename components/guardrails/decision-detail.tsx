import { X } from "lucide-react";
import { LinkButton } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { absoluteTime } from "@/lib/core/format";
import type { GuardrailDecision } from "@/lib/guardrails/contract";
import { GuardrailsPart } from "./guardrails-part";
import { ABILITY_SHORT, CHANNEL_WORDS, factWords } from "./words";

const GROUPS = ["request", "team", "actor", "now", "channel"];

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Facts of a document with their paths, the request first and its answers one by one. */
function factsOf(document: Record<string, unknown>): [string, unknown][] {
  const inside = (value: Record<string, unknown>, path: string): [string, unknown][] =>
    Object.entries(value).flatMap(([field, inner]): [string, unknown][] =>
      field === "values" && isGroup(inner) ? inside(inner, `${path}.values`) : [[`${path}.${field}`, inner]],
    );
  return Object.entries(document)
    .sort(([a], [b]) => GROUPS.indexOf(a) - GROUPS.indexOf(b))
    .flatMap(([group, value]): [string, unknown][] => (isGroup(value) ? inside(value, group) : [[group, value]]));
}

/** One request: the facts that guardrails saw, and what each said. */
export function DecisionDetail({ decision, closeHref }: { decision: GuardrailDecision; closeHref: string }) {
  return (
    <aside className="stack-6" aria-label="Selected request">
      <div className="line spread">
        <h2>{ABILITY_SHORT[decision.ability]}</h2>
        <LinkButton variant="icon" href={closeHref} aria-label="Close the request">
          <X className="i" aria-hidden />
        </LinkButton>
      </div>
      <dl className="facts narrow">
        <dt>Outcome</dt>
        <dd>
          <Status value={decision.outcome} />
        </dd>
        <dt>Time</dt>
        <dd>{absoluteTime(decision.at)}</dd>
        <dt>Who</dt>
        <dd>
          {decision.actor}, {decision.team?.split("/").at(-1) ?? "no team"}
        </dd>
        <dt>Through</dt>
        <dd>{CHANNEL_WORDS[decision.channel] ?? decision.channel}</dd>
        {decision.runId ? (
          <>
            <dt>Run</dt>
            <dd>
              <Link className="link mono" href={`/runs/${decision.runId}`}>
                {decision.runId}
              </Link>
            </dd>
          </>
        ) : null}
      </dl>
      <GuardrailsPart report={decision} />
      <section>
        <h2 className="mb-2">Facts that they saw</h2>
        <dl className="api-fields">
          {factsOf(decision.document).map(([path, value]) => (
            <div key={path}>
              <dt className="mono">{path}</dt>
              <dd>{factWords(value)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </aside>
  );
}
