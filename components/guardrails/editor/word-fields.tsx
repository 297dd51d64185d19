import { Field, fieldProps } from "@/components/ui/field";
import { SectionHead } from "@/components/ui/page-head";
import { TextField } from "@/components/ui/text-field";
import { FIELDS } from "@/lib/guardrails/contract";
import type { Change, Draft } from "./draft";

/** What people read when it does not hold. */
export function WordFields({ draft, change, errors }: { draft: Draft; change: Change; errors: Record<string, string> }) {
  const fields = [...new Set(draft.abilities.flatMap((ability) => FIELDS[ability]))].map((name) => (name === "values" ? "values.<name>" : name));
  return (
    <section className="stack-4 form">
      <SectionHead title="What people read" aside="When it does not hold" />
      <Field id="message" label="Message" required help="What is wrong, in one sentence." error={errors.message}>
        <input
          {...fieldProps("message", errors.message, true)}
          className="input"
          value={draft.message}
          onChange={(event) => change({ message: event.target.value })}
          placeholder="A sandbox lives 72 hours at most."
          autoComplete="off"
        />
      </Field>
      <Field id="fix" label="What to do instead" required help="The exact way out. A refusal without one is a gate." error={errors.fix}>
        <textarea
          {...fieldProps("fix", errors.fix, true)}
          className="input"
          rows={2}
          value={draft.fix}
          onChange={(event) => change({ fix: event.target.value })}
          placeholder="Ask for 72h or less now, and extend it when you still need it."
        />
      </Field>
      <Field id="why" label="Why" required help="Everybody can read it under Guardrails. Markdown." error={errors.why}>
        <textarea {...fieldProps("why", errors.why, true)} className="input" rows={3} value={draft.why} onChange={(event) => change({ why: event.target.value })} />
      </Field>
      <div className="two-fields">
        <TextField
          id="field"
          label="Beside the field, optional"
          help={fields.length ? `One of ${fields.join(", ")}.` : "Choose what it watches first."}
          value={draft.field}
          error={errors.field}
          placeholder="ttl"
          onChange={(field) => change({ field })}
        />
        <TextField
          id="docs"
          label="Read more, optional"
          help="An address, or a page of this portal."
          value={draft.docs}
          error={errors.docs}
          placeholder="https://wiki.example/sandboxes"
          onChange={(docs) => change({ docs })}
        />
      </div>
    </section>
  );
}
