"use client";

import { X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { givenValues, setArguments } from "@/components/form/given-values";
import { SchemaForm, type Values } from "@/components/form/schema-form";
import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import { useGuardrails } from "@/components/guardrails/use-guardrails";
import { Button, LinkButton } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { CodeBlock } from "@/components/ui/copy-button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { checkRunAction, runAction } from "@/lib/actions/actions";
import type { ActionForm } from "@/lib/actions/contract";
import { duration } from "@/lib/core/format";

interface Props {
  action: ActionForm;
  /** Chosen before, for example from an environment's menu. */
  environment: string | null;
  /** Own teams, for an action that is run on nothing. */
  teams: string[];
  closeHref: string;
}

const KINDS = { component: "Service", api: "API", resource: "Resource", system: "System", domain: "Domain" };

/** The form of one action beside the list; what it begins is a run with a page of its own. */
export function RunSheet({ action, environment, teams, closeHref }: Props) {
  const question = action.environmentQuestion;
  const [values, setValues] = useState<Values>(() => (question && environment ? { [question]: environment } : {}));
  const [team, setTeam] = useState(teams[0] ?? "");
  const { pending, errors, guarded, message, submit } = useSubmit();
  const router = useRouter();
  const given = givenValues([action.inputs], values);
  const entityRef = action.entity?.ref;
  const needsTeam = action.target === null && teams.length > 1;
  const isAimed = action.target === null || entityRef !== undefined || (question !== null && Boolean(given[question]));
  const guard = useGuardrails(
    isAimed && !action.locked ? { name: action.name, values: given, ...(entityRef ? { entityRef } : {}), ...(needsTeam ? { team } : {}) } : null,
    checkRunAction,
  );
  const shown = guard.together({ errors, guarded });
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit(
      () => runAction({ name: action.name, values: given, ...(entityRef ? { entityRef } : {}), ...(needsTeam ? { team } : {}) }),
      ({ run }) => router.push(`/runs/${run.id}`),
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
  };
  const choose = (ref: string) => router.replace(`/actions/${action.name}${ref ? `?entity=${encodeURIComponent(ref)}` : ""}`, { scroll: false });
  const known = action.entity && !action.entities.some((one) => one.ref === entityRef) ? [action.entity, ...action.entities] : action.entities;
  return (
    <aside className="run-sheet" aria-label={`Run ${action.title}`}>
      <div className="run-sheet-head">
        <div className="line spread">
          <h1>{action.title}</h1>
          <LinkButton href={closeHref} variant="icon" aria-label="Close">
            <X className="i" aria-hidden />
          </LinkButton>
        </div>
        <p className="muted">
          {action.description} {action.usualMs === null ? null : `Usually ${duration(action.usualMs)}.`}
        </p>
      </div>
      <form className="run-sheet-form" onSubmit={send} onKeyDown={onKeyDown} noValidate>
        <div className="run-sheet-body stack-6">
          {action.target ? (
            <Field
              id="entityRef"
              label={KINDS[action.target.kind]}
              required={question === null}
              error={shown.entityRef}
              help={question ? "Leave it out for a sandbox that belongs to none." : undefined}
            >
              <ChoiceField
                {...fieldProps("entityRef", shown.entityRef, question !== null)}
                value={entityRef ?? ""}
                onChange={(event) => choose(event.target.value)}
                options={[{ value: "", label: known.length ? "Choose" : "None of your teams has one" }, ...known.map((one) => ({ value: one.ref, label: one.title }))]}
              />
            </Field>
          ) : null}
          {needsTeam ? (
            <Field id="team" label="Team" required error={shown.team}>
              <ChoiceField
                {...fieldProps("team", shown.team)}
                value={team}
                onChange={(event) => setTeam(event.target.value)}
                options={teams.map((one) => ({ value: one, label: one }))}
              />
            </Field>
          ) : null}
          <SchemaForm
            pages={[action.inputs]}
            values={values}
            onChange={setValues}
            errors={Object.fromEntries(Object.entries(shown).map(([path, text]) => [path.replace(/^values\./, ""), text]))}
          />
          <GuardrailsPart report={guard.report} problem={guard.problem} isStale={guard.isStale} />
          {action.locked ? <Notice tone="warning">{action.locked}</Notice> : null}
          {message ? <Notice tone="danger">{message}</Notice> : null}
          <details>
            <summary className="muted">From a terminal</summary>
            <CodeBlock code={["waymark action run", action.name, ...(entityRef ? ["--entity", entityRef] : []), ...setArguments(given)].join(" ")} />
          </details>
        </div>
        <div className="run-sheet-foot line">
          <Button type="submit" variant="primary" pending={pending} aria-disabled={action.locked ? true : undefined}>
            {action.title}
          </Button>
          <LinkButton href={closeHref} variant="quiet">
            Cancel
          </LinkButton>
          <span className="line muted desk ml-auto" aria-hidden>
            <kbd className="kbd">Ctrl</kbd>
            <kbd className="kbd">Enter</kbd>
          </span>
        </div>
      </form>
    </aside>
  );
}
