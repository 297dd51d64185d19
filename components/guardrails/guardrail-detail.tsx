import { Markdown } from "@/components/ui/markdown";
import { PlaceLink } from "@/components/ui/place-link";
import { Time } from "@/components/ui/time";
import { ABILITY_WORDS, type Guardrail } from "@/lib/guardrails/contract";
import { ExceptionsList } from "./exceptions-list";

/** Everything that people have to know about one guardrail: why, how to keep within it, how it is measured, who is let through. */
export function GuardrailDetail({ guardrail, now, mayEdit }: { guardrail: Guardrail; now: string; mayEdit: boolean }) {
  const { definition, exceptions, recent } = guardrail;
  return (
    <div className="stack-4">
      <dl className="facts">
        <dt>Why</dt>
        <dd>
          <Markdown text={definition.why} />
        </dd>
        <dt>What it says</dt>
        <dd>{definition.message}</dd>
        <dt>What to do</dt>
        <dd>{definition.fix}</dd>
        <dt>Watches</dt>
        <dd>{definition.abilities.map((ability) => ABILITY_WORDS[ability].title).join(", ")}</dd>
        <dt>Applies to</dt>
        <dd>{definition.teams.length ? definition.teams.map((ref) => ref.split("/").at(-1)).join(", ") : "Every team"}</dd>
        <dt>Must hold</dt>
        <dd>
          <code className="mono whitespace-pre-wrap">{definition.condition}</code>
        </dd>
        <dt>Last 30 days</dt>
        <dd>
          {recent.asked
            ? `Asked ${recent.asked} ${recent.asked === 1 ? "time" : "times"}: ${recent.refused} refused, ${recent.warned} warned`
            : "Nothing was asked for that it watches"}
        </dd>
        <dt>Changed</dt>
        <dd>
          <Time at={guardrail.updatedAt} now={now} />, revision {guardrail.revision}
        </dd>
        {definition.docs ? (
          <>
            <dt>More</dt>
            <dd>
              <PlaceLink href={definition.docs}>Read more</PlaceLink>
            </dd>
          </>
        ) : null}
      </dl>
      {definition.examples.length ? (
        <div className="max-w-[720px]">
          <h2>Examples</h2>
          <ul className="list bare">
            {definition.examples.map((example) => (
              <li key={example.title}>
                <span className="grow">{example.title}</span>
                <span className="muted">{example.expect === "pass" ? "is fine" : definition.effect === "refuse" ? "is refused" : "is warned of"}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <ExceptionsList name={guardrail.name} exceptions={exceptions} now={now} mayEdit={mayEdit} />
    </div>
  );
}
