import { SectionHead } from "@/components/ui/page-head";
import { TextField } from "@/components/ui/text-field";
import { ABILITIES, ABILITY_WORDS, type Ability, EFFECTS, type Effect } from "@/lib/guardrails/contract";
import type { Change, Draft } from "./draft";

const EFFECT_TEXT: Record<Effect, { title: string; text: string }> = {
  off: { title: "Off", text: "Nobody notices. The pane beside shows what it would have said." },
  warn: { title: "Warn", text: "It lets the request through and says what it minds, in the form and in the run." },
  refuse: { title: "Refuse", text: "The request is not accepted; the message says how to put it right." },
};

/** What a guardrail watches, for whom, and what it does. */
export function WatchFields({ draft, change, errors }: { draft: Draft; change: Change; errors: Record<string, string> }) {
  const toggle = (ability: Ability, on: boolean) => change({ abilities: ABILITIES.filter((one) => (one === ability ? on : draft.abilities.includes(one))) });
  return (
    <section className="stack-4 form">
      <SectionHead title="What it watches" />
      <fieldset className="stack border-0 p-0">
        <legend className="sr">Abilities</legend>
        {ABILITIES.map((ability) => (
          <label key={ability} className="check tall">
            <input type="checkbox" checked={draft.abilities.includes(ability)} onChange={(event) => toggle(ability, event.target.checked)} />
            <span>
              {ABILITY_WORDS[ability].title} <span className="muted">{ABILITY_WORDS[ability].text}</span>
            </span>
          </label>
        ))}
        {errors.abilities ? (
          <p className="t-danger" role="alert">
            {errors.abilities}
          </p>
        ) : null}
      </fieldset>
      <TextField
        id="teams"
        label="Teams"
        help="Short names, separated by commas. Empty = every team."
        value={draft.teams}
        error={errors.teams}
        placeholder="checkout, search"
        onChange={(teams) => change({ teams })}
      />
      <fieldset className="stack border-0 p-0">
        <legend className="label mb-1">Effect</legend>
        {EFFECTS.toReversed().map((effect) => (
          <label key={effect} className="check tall">
            <input type="radio" name="effect" value={effect} checked={draft.effect === effect} onChange={() => change({ effect })} />
            <span>
              {EFFECT_TEXT[effect].title} <span className="muted">{EFFECT_TEXT[effect].text}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </section>
  );
}
