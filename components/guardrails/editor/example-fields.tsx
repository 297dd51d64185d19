import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { ABILITY_WORDS, type GuardrailPreview } from "@/lib/guardrails/contract";
import { type Change, type Draft, type ExampleDraft, newKey } from "./draft";
import { readFacts } from "./fact-lines";

interface Props {
  draft: Draft;
  change: Change;
  errors: Record<string, string>;
  preview: GuardrailPreview | null;
}

/** Requests that must pass and requests that must not; each says at once what the condition makes of it. */
export function ExampleFields({ draft, change, errors, preview }: Props) {
  const { examples } = draft;
  const edit = (key: number, part: Partial<ExampleDraft>) => change({ examples: examples.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  const add = (expect: "pass" | "fail") => change({ examples: [...examples, { key: newKey(examples), title: "", expect, ability: "", facts: "" }] });
  return (
    <section className="stack-4">
      <SectionHead title="Examples" aside="Run at every save; one that does not come out as expected keeps it from being saved" />
      {examples.map((example, at) => (
        <OneExample
          key={example.key}
          example={example}
          at={at}
          abilities={draft.abilities}
          errors={errors}
          found={preview?.examples[at] ?? null}
          onChange={(part) => edit(example.key, part)}
          onRemove={() => change({ examples: examples.filter(({ key }) => key !== example.key) })}
        />
      ))}
      {errors.examples ? (
        <p className="t-danger" role="alert">
          {errors.examples}
        </p>
      ) : null}
      <div className="line wrap">
        <Button onClick={() => add("pass")}>
          <Plus className="i" aria-hidden />
          Add one that passes
        </Button>
        <Button onClick={() => add("fail")}>
          <Plus className="i" aria-hidden />
          Add one that does not
        </Button>
      </div>
    </section>
  );
}

interface OneProps {
  example: ExampleDraft;
  at: number;
  abilities: Draft["abilities"];
  errors: Record<string, string>;
  found: GuardrailPreview["examples"][number] | null;
  onChange: (part: Partial<ExampleDraft>) => void;
  onRemove: () => void;
}

function OneExample({ example, at, abilities, errors, found, onChange, onRemove }: OneProps) {
  const id = (name: string) => `example-${at}-${name}`;
  const error = (name: string) => errors[`examples.${at}.${name}`];
  const called = example.title || `example ${at + 1}`;
  const facts = readFacts(example.facts).problem ?? error("facts") ?? errors[`examples.${at}`];
  const isRight = found?.outcome === example.expect;
  return (
    <fieldset className="guardrail-example" aria-label={called}>
      <div className="two-fields">
        <Field id={id("title")} label="Example" error={error("title")}>
          <input
            {...fieldProps(id("title"), error("title"))}
            className="input"
            value={example.title}
            placeholder={example.expect === "pass" ? "Two days" : "A week"}
            onChange={(event) => onChange({ title: event.target.value })}
            autoComplete="off"
          />
        </Field>
        <Field id={id("expect")} label="Has to" error={error("expect")}>
          <ChoiceField
            {...fieldProps(id("expect"), error("expect"))}
            value={example.expect}
            onChange={(event) => onChange({ expect: event.target.value === "pass" ? "pass" : "fail" })}
            options={[
              { value: "pass", label: "pass" },
              { value: "fail", label: "not pass" },
            ]}
          />
        </Field>
      </div>
      {abilities.length > 1 ? (
        <Field id={id("ability")} label="Request" error={error("ability")}>
          <ChoiceField
            {...fieldProps(id("ability"), error("ability"))}
            value={example.ability || (abilities[0] ?? "")}
            onChange={(event) => onChange({ ability: abilities.find((one) => one === event.target.value) ?? "" })}
            options={abilities.map((ability) => ({ value: ability, label: ABILITY_WORDS[ability].title }))}
          />
        </Field>
      ) : null}
      <Field id={id("facts")} label="Facts" help="One per line; only what the condition looks at." error={facts}>
        <textarea
          {...fieldProps(id("facts"), facts, true)}
          className="input mono"
          rows={Math.min(8, Math.max(2, example.facts.split("\n").length))}
          value={example.facts}
          onChange={(event) => onChange({ facts: event.target.value })}
          placeholder={"request.tier = sandbox\nrequest.ttlHours = 48"}
          spellCheck={false}
        />
      </Field>
      <div className="line spread">
        <span className="line wrap" aria-live="polite">
          {found ? (
            <>
              <Status value={isRight ? "ok" : "error"} glyphOnly />
              {found.outcome === "undecided" ? (found.reason ?? "Cannot be decided yet.") : found.outcome === "pass" ? "Passes" : "Does not pass"}
              {isRight || found.outcome === "undecided" ? "" : `, and should${example.expect === "pass" ? "." : " not."}`}
            </>
          ) : null}
        </span>
        <Button size="sm" variant="danger" onClick={onRemove} aria-label={`Remove example: ${called}`}>
          Remove
        </Button>
      </div>
    </fieldset>
  );
}
