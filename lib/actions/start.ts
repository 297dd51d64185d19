import type { Tx } from "@/db/client";
import { actionRuns } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { encrypt } from "@/lib/core/secrets";
import { validateAnswers } from "@/lib/golden-paths/queries";
import type { GuardrailWarning } from "@/lib/guardrails/contract";
import { type Remote, requireGuardrails, tieDecision } from "@/lib/guardrails/mutations";
import type { StepPlan } from "@/lib/runs/engine/types";
import { startRun } from "@/lib/runs/enqueue";
import { GITHUB_STEPS } from "./back-ends/github-workflow";
import { WEBHOOK_STEPS } from "./back-ends/webhook";
import type { ActionDefinition } from "./contract";
import { functionNamed } from "./functions";
import { actionFacts } from "./guarded-facts";
import { ACTION_KIND } from "./run-action";
import { type ActionRunInput, backEndLabel } from "./run-input";
import { splitSecrets } from "./secret-values";
import { secretsPlace } from "./secrets";
import { environmentQuestion, type Target } from "./target";

interface Start {
  action: { id: string; name: string };
  /** Null = a test call of the draft. */
  version: number | null;
  definition: ActionDefinition;
  target: Target;
  values: Record<string, unknown>;
  /** What a policy agent said of it. */
  remote?: Remote;
}

function planOf({ definition: { backEnd }, target }: Start): StepPlan[] {
  if (backEnd.type === "function") return functionNamed(backEnd.function).plan(target);
  return backEnd.type === "webhook" ? WEBHOOK_STEPS : GITHUB_STEPS;
}

function titleOf({ definition, target, version }: Start): string {
  const on = target.environment?.name ?? target.entity?.title;
  return `${version === null ? "Test: " : ""}${definition.title}${on ? `: ${on}` : ""}`;
}

/** Accepts a run of an action: answers checked, guardrails asked, secrets apart and encrypted. Returns its id. Throws invalid, forbidden and conflict. */
export async function startAction(tx: Tx, start: Start, ctx: Ctx): Promise<{ runId: string; warnings: GuardrailWarning[] }> {
  const { action, version, definition, target } = start;
  const answers = await validateAnswers(definition.inputs, start.values, `The action ${action.name}`);
  const question = environmentQuestion(definition.inputs);
  if (question !== null && target.environment) answers[question] = target.environment.name;
  const { open, secret } = splitSecrets(definition.inputs, answers);
  const platform = definition.backEnd.type === "function" ? functionNamed(definition.backEnd.function) : null;
  await platform?.check(tx, target, open);
  const letThrough = await requireGuardrails(tx, ctx, { ability: "action.run", teamId: target.teamId, request: actionFacts(start, open) }, start.remote);
  const exclusiveKey = platform?.exclusiveKey(target);
  const input: ActionRunInput = {
    action: action.name,
    title: definition.title,
    version,
    entityRef: target.entity?.ref ?? null,
    environmentId: target.environment?.id ?? null,
    values: open,
    backEnd: { type: definition.backEnd.type, label: backEndLabel(definition.backEnd) },
  };
  const runId = await startRun(tx, {
    kind: ACTION_KIND,
    title: titleOf(start),
    input,
    plan: planOf(start),
    deadlineMs: definition.deadlineMinutes * 60_000,
    requestedBy: ctx.actor.type === "user" ? ctx.actor.id : null,
    teamId: target.teamId,
    ...(target.entity ? { entityRef: target.entity.ref } : {}),
    // A back end outside does not keep the environment to itself: deployments go on beside it.
    ...(platform && target.environment ? { environmentId: target.environment.id } : {}),
    ...(exclusiveKey ? { exclusiveKey } : {}),
    now: ctx.now,
  });
  const secretsSealed = Object.keys(secret).length > 0 ? encrypt(JSON.stringify(secret), secretsPlace(runId)) : null;
  await tx.insert(actionRuns).values({ runId, actionId: action.id, version, definition, secretsSealed, createdAt: ctx.now });
  await tieDecision(tx, letThrough, { subjectId: runId, runId });
  return { runId, warnings: letThrough.warnings };
}
