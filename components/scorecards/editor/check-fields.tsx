import { ArrowDown, ArrowUp } from "lucide-react";
import { ConditionField } from "@/components/conditions/condition-field";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Status } from "@/components/ui/status";
import { slugOf } from "@/lib/core/slug";
import { type CheckPreview, EFFORT_WORDS, EFFORTS, type Effort, type Preview } from "@/lib/scorecards/contract";
import { valueWords } from "../words";
import type { CheckDraft } from "./draft";

interface Props {
  check: CheckDraft;
  at: number;
  isLast: boolean;
  levels: { name: string; title: string }[];
  /** Self-service actions that may make it pass. */
  actions: { name: string; title: string }[];
  errors: Record<string, string>;
  preview: CheckPreview | null;
  /** What it says of the entity that is looked at. */
  entity: NonNullable<Preview["entity"]>["checks"][number] | null;
  entities: number;
  isStale: boolean;
  onChange: (part: Partial<CheckDraft>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** One check: its words, its condition with what is wrong with it, and how many would pass. */
export function CheckFields({ check, at, isLast, levels, actions, errors, preview, entity, entities, isStale, onChange, onMove, onRemove }: Props) {
  const error = (name: string) => errors[`checks.${at}.${name}`];
  const id = (name: string) => `check-${at}-${name}`;
  const problem = preview?.problem ?? null;
  const called = check.title || `check ${at + 1}`;
  const hasError = Object.keys(errors).some((path) => path.startsWith(`checks.${at}.`));
  return (
    <details className="check-editor" open={check.isNew || hasError || undefined}>
      <summary>
        <span className="strong grow truncate">{check.title || "New check"}</span>
        <span className="muted nowrap">{levels.find(({ name }) => name === check.level)?.title}</span>
        <span className={problem ? "t-danger nowrap" : "muted nowrap"}>{problem ? "Cannot be read" : preview ? `${preview.counts.pass} of ${entities} pass` : ""}</span>
      </summary>
      <fieldset className="stack-4" aria-label={called}>
        <Field id={id("title")} label="Title" required error={error("title") ?? error("id")}>
          <input
            {...fieldProps(id("title"), error("title") ?? error("id"))}
            className="input"
            value={check.title}
            // The id follows the title until the check is saved: results hang on it.
            onChange={(event) => onChange({ title: event.target.value, ...(check.isNew ? { id: slugOf(event.target.value) } : {}) })}
            placeholder="Has documentation"
            autoComplete="off"
          />
        </Field>
        <div className="two-fields">
          <Field id={id("level")} label="Level" error={error("level")}>
            <ChoiceField
              {...fieldProps(id("level"), error("level"))}
              value={check.level}
              onChange={(event) => onChange({ level: event.target.value })}
              options={[
                ...(levels.some(({ name }) => name === check.level) ? [] : [{ value: check.level, label: "Choose a level" }]),
                ...levels.map(({ name, title }) => ({ value: name, label: title })),
              ]}
            />
          </Field>
          <Field id={id("effort")} label="Usually takes" error={error("effort")}>
            <ChoiceField
              {...fieldProps(id("effort"), error("effort"))}
              value={check.effort}
              onChange={(event) => onChange({ effort: event.target.value as Effort })}
              options={EFFORTS.map((value) => ({ value, label: EFFORT_WORDS[value].replace(/^./, (first) => first.toUpperCase()) }))}
            />
          </Field>
        </div>
        <ConditionField
          label={`Condition of ${called}`}
          help="In CEL, over the facts below: true means that it passes."
          value={check.condition}
          onChange={(condition) => onChange({ condition })}
          problem={problem}
          refused={error("condition")}
        >
          <Verdict preview={preview} entities={entities} entity={entity} isStale={isStale} />
        </ConditionField>
        <Field id={id("why")} label="Why it matters" required error={error("why")}>
          <textarea {...fieldProps(id("why"), error("why"))} className="input" rows={2} value={check.why} onChange={(event) => onChange({ why: event.target.value })} />
        </Field>
        <Field id={id("fix")} label="How to make it pass" required help="Markdown; links to guides help most." error={error("fix")}>
          <textarea {...fieldProps(id("fix"), error("fix"), true)} className="input" rows={2} value={check.fix} onChange={(event) => onChange({ fix: event.target.value })} />
        </Field>
        <Field id={id("action")} label="Action that makes it pass, optional" help="Offered beside the check, where it can be run on the entity." error={error("action")}>
          <ChoiceField
            {...fieldProps(id("action"), error("action"), true)}
            value={check.action ?? ""}
            onChange={(event) => onChange({ action: event.target.value || undefined })}
            options={[
              { value: "", label: "None" },
              ...(check.action && !actions.some(({ name }) => name === check.action) ? [{ value: check.action, label: `${check.action} (not there)` }] : []),
              ...actions.map(({ name, title }) => ({ value: name, label: title })),
            ]}
          />
        </Field>
        <Field id={id("concern")} label="Concern of golden paths, optional" help="Who left this concern on purpose is shown as that, not as failing." error={error("concern")}>
          <input
            {...fieldProps(id("concern"), error("concern"), true)}
            className="input max-w-[240px]"
            value={check.concern ?? ""}
            onChange={(event) => onChange({ concern: event.target.value })}
            placeholder="ci"
            autoComplete="off"
          />
        </Field>
        <div className="line wrap">
          <Button size="sm" aria-disabled={at === 0 || undefined} onClick={() => at > 0 && onMove(-1)} aria-label={`Up: ${called}`}>
            <ArrowUp className="i" aria-hidden />
            Up
          </Button>
          <Button size="sm" aria-disabled={isLast || undefined} onClick={() => !isLast && onMove(1)} aria-label={`Down: ${called}`}>
            <ArrowDown className="i" aria-hidden />
            Down
          </Button>
          <Button size="sm" variant="danger" onClick={onRemove} aria-label={`Remove check: ${called}`}>
            Remove check
          </Button>
        </div>
      </fieldset>
    </details>
  );
}

function Verdict({ preview, entities, entity, isStale }: Pick<Props, "preview" | "entities" | "entity" | "isStale">) {
  if (!preview) return <span className="help">Being checked…</span>;
  const { pass, unknown } = preview.counts;
  return (
    <span className={isStale ? "help" : "help strong"} aria-live="polite">
      Would pass {pass} of {entities}
      {unknown ? `, ${unknown} unknown` : ""}.
      {entity ? (
        <span className="line wrap">
          <Status value={entity.outcome === "unknown" ? "not-known" : entity.outcome} />{" "}
          {entity.reason ?? entity.observed.map((fact) => `${fact.path} ${valueWords(fact)}`).join(", ")}
        </span>
      ) : null}
    </span>
  );
}
