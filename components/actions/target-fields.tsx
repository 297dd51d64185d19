import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { TARGET_KINDS, WHO_MAY_RUN } from "@/lib/actions/contract";
import type { Change, Draft } from "./draft";

const WHO_LABELS = {
  "team-members": "Everybody in the owning team",
  "team-owners": "Owners and managers of the team",
  managers: "Managers of the team",
  "platform-admins": "Platform admins",
};
const KIND_LABELS = { component: "A component", api: "An API", resource: "A resource", system: "A system", domain: "A domain" };

/** What it is run on, who may, and how long it may take. */
export function TargetFields({ draft, change, errors }: { draft: Draft; change: Change; errors: Record<string, string> }) {
  return (
    <>
      <Field id="target" label="Run on" error={errors.target ?? errors["target.kind"]}>
        <ChoiceField
          {...fieldProps("target", errors.target)}
          value={draft.kind}
          onChange={(event) => change({ kind: event.target.value })}
          options={[{ value: "", label: "Nothing: for a team" }, ...TARGET_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))]}
        />
      </Field>
      {draft.kind ? (
        <Field id="types" label="Only of these types" help="Separated by commas, such as service, website. Empty = all." error={errors["target.types"]}>
          <input
            {...fieldProps("types", errors["target.types"], true)}
            className="input"
            value={draft.types}
            onChange={(event) => change({ types: event.target.value })}
            autoComplete="off"
          />
        </Field>
      ) : null}
      <Field id="whoMayRun" label="Who may run it" error={errors.whoMayRun}>
        <ChoiceField
          {...fieldProps("whoMayRun", errors.whoMayRun)}
          value={draft.whoMayRun}
          onChange={(event) => change({ whoMayRun: event.target.value as Draft["whoMayRun"] })}
          options={WHO_MAY_RUN.map((value) => ({ value, label: WHO_LABELS[value] }))}
        />
      </Field>
      <Field
        id="teams"
        label="Only for these teams"
        help="Names separated by commas. Empty = every team."
        error={Object.entries(errors).find(([path]) => path.startsWith("teams"))?.[1]}
      >
        <input {...fieldProps("teams", errors.teams, true)} className="input" value={draft.teams} onChange={(event) => change({ teams: event.target.value })} autoComplete="off" />
      </Field>
      <Field id="deadlineMinutes" label="Deadline (min)" help="A run that has no end by then fails and says so." error={errors.deadlineMinutes}>
        <input
          {...fieldProps("deadlineMinutes", errors.deadlineMinutes, true)}
          className="input max-w-[120px]"
          inputMode="numeric"
          value={draft.deadlineMinutes}
          onChange={(event) => change({ deadlineMinutes: event.target.value })}
          autoComplete="off"
        />
      </Field>
    </>
  );
}
