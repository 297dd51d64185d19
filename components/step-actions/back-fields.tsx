"use client";

import { CodeEditor } from "@/components/editor/code-editor";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { TextField } from "@/components/ui/text-field";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errors: Record<string, string>;
}

const KINDS = [
  { value: "http", label: "HTTP call" },
  { value: "command", label: "Command in a sandbox" },
];
const ANSWERS = [
  { value: "at-once", label: "The answer holds the outputs" },
  { value: "callback", label: "It reports later (callback)" },
];
const INTERPRETERS = [
  { value: "sh", label: "Shell (sh)" },
  { value: "node", label: "Node.js" },
];

/** What the action does: where it calls, or what it runs. */
export function BackFields({ draft, change, errors }: Props) {
  return (
    <>
      <Field id="back.type" label="Kind" error={errors["back.type"]}>
        <ChoiceField
          {...fieldProps("back.type", errors["back.type"])}
          value={draft.kind}
          options={KINDS}
          onChange={(event) => change({ kind: event.target.value as Draft["kind"] })}
        />
      </Field>
      {draft.kind === "http" ? (
        <>
          <TextField
            id="back.url"
            label="Address"
            help="It gets a signed POST with the inputs. Addresses inside the network have to be listed by the operator."
            value={draft.url}
            error={errors["back.url"]}
            placeholder="https://tickets.example.com/waymark"
            onChange={(url) => change({ url })}
          />
          <Field id="back.answer" label="Result" help="A callback goes to the address in the call, until the deadline." error={errors["back.answer"]}>
            <ChoiceField
              {...fieldProps("back.answer", errors["back.answer"], true)}
              value={draft.answer}
              options={ANSWERS}
              onChange={(event) => change({ answer: event.target.value as Draft["answer"] })}
            />
          </Field>
          <TextField
            id="back.deadlineMinutes"
            label="Deadline in minutes"
            help="1 to 360. A call that is not answered is sent again for about a minute."
            value={draft.deadlineMinutes}
            error={errors["back.deadlineMinutes"]}
            isNumber
            onChange={(deadlineMinutes) => change({ deadlineMinutes })}
          />
        </>
      ) : (
        <>
          <Field id="back.interpreter" label="Language" error={errors["back.interpreter"]}>
            <ChoiceField
              {...fieldProps("back.interpreter", errors["back.interpreter"])}
              value={draft.interpreter}
              options={INTERPRETERS}
              onChange={(event) => change({ interpreter: event.target.value as Draft["interpreter"] })}
            />
          </Field>
          <p className="muted">
            It starts in a copy of the service's files and may change them. Inputs are in <code>$WAYMARK_INPUT</code>, outputs go to <code>$WAYMARK_OUTPUT</code>, both JSON. There
            is no network.
          </p>
          <CodeEditor label="Script" language="plain" value={draft.script} onChange={(script) => change({ script })} />
          {errors["back.script"] ? <Notice tone="danger">{errors["back.script"]}</Notice> : null}
          <TextField
            id="back.timeSeconds"
            label="Time in seconds"
            help="1 to 120; then it is stopped and the step fails."
            value={draft.timeSeconds}
            error={errors["back.timeSeconds"]}
            isNumber
            onChange={(timeSeconds) => change({ timeSeconds })}
          />
          <TextField
            id="back.memoryMiB"
            label="Memory in MiB"
            help="32 to 2,048, for each of its processes."
            value={draft.memoryMiB}
            error={errors["back.memoryMiB"]}
            isNumber
            onChange={(memoryMiB) => change({ memoryMiB })}
          />
        </>
      )}
    </>
  );
}
