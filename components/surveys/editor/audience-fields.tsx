"use client";

import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import type { AudienceChoice } from "@/lib/surveys/contract";

const KINDS = [
  { value: "everybody", label: "Everybody" },
  { value: "third", label: "A third of everybody, another each month" },
  { value: "teams", label: "Chosen teams" },
];

interface Props {
  audience: AudienceChoice;
  teams: { ref: string; title: string }[];
  error: string | undefined;
  onChange: (audience: AudienceChoice) => void;
}

/** Whom the next survey asks. Everybody has one turn a quarter where a third is asked. */
export function AudienceFields({ audience, teams, error, onChange }: Props) {
  const chosen = audience.kind === "teams" ? audience.teams : [];
  const choose = (kind: string) => onChange(kind === "teams" ? { kind, teams: chosen } : { kind: kind === "third" ? "third" : "everybody" });
  const toggle = (ref: string) => onChange({ kind: "teams", teams: chosen.includes(ref) ? chosen.filter((one) => one !== ref) : [...chosen, ref] });
  return (
    <>
      <Field id="audience" label="Whom it asks" help="Who opted out is never asked, and nobody twice in a month." error={error}>
        <ChoiceField {...fieldProps("audience", error, true)} value={audience.kind} options={KINDS} onChange={(event) => choose(event.target.value)} />
      </Field>
      {audience.kind === "teams" ? (
        <fieldset>
          <legend className="sr">Teams that are asked, with those below them</legend>
          {teams.map(({ ref, title }) => (
            <label key={ref} className="check">
              <input type="checkbox" checked={chosen.includes(ref)} onChange={() => toggle(ref)} />
              <span>{title}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}
