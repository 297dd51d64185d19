import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { FUNCTION_NAMES } from "@/lib/actions/contract";
import { BACK_END_WORDS, FUNCTION_WORDS } from "./action-words";
import type { Change, Draft } from "./draft";

const TYPES = ["webhook", "github-workflow", "function"] as const;

/** What a run starts. */
export function BackEndFields({ draft, change, errors }: { draft: Draft; change: Change; errors: Record<string, string> }) {
  const of = (name: string) => errors[`backEnd.${name}`];
  const text = (key: "url" | "repository" | "workflow" | "ref", label: string, help: string, placeholder: string, error: string | undefined) => (
    <Field id={key} label={label} required help={help} error={error}>
      <input
        {...fieldProps(key, error, true)}
        className="input"
        value={draft[key]}
        onChange={(event) => change({ [key]: event.target.value })}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
      />
    </Field>
  );
  return (
    <>
      <Field id="backEnd" label="Kind" error={errors.backEnd}>
        <ChoiceField
          {...fieldProps("backEnd", errors.backEnd)}
          value={draft.backEnd}
          onChange={(event) => change({ backEnd: event.target.value as Draft["backEnd"] })}
          options={TYPES.map((value) => ({ value, label: BACK_END_WORDS[value] }))}
        />
      </Field>
      {draft.backEnd === "webhook" ? text("url", "Address", "Gets a signed POST and reports by callback.", "https://automation.example.com/purge", of("url")) : null}
      {draft.backEnd === "github-workflow" ? (
        <>
          {text("repository", "Repository", "Owner and name.", "fellside/automation", of("owner") ?? of("repository"))}
          {text("workflow", "Workflow", "File in .github/workflows with a workflow_dispatch trigger; its inputs are the answers of the form.", "purge.yml", of("workflow"))}
          {text("ref", "Branch or tag", "Whose version of the workflow runs.", "main", of("ref"))}
        </>
      ) : null}
      {draft.backEnd === "function" ? (
        <Field id="function" label="Function" error={of("function")}>
          <ChoiceField
            {...fieldProps("function", of("function"))}
            value={draft.function}
            onChange={(event) => change({ function: event.target.value as Draft["function"] })}
            options={FUNCTION_NAMES.map((value) => ({ value, label: FUNCTION_WORDS[value] }))}
          />
        </Field>
      ) : null}
    </>
  );
}
