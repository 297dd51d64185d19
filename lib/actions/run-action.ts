import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { actionRuns, actions, runs, teams, users } from "@/db/schema";
import type { ReportRecord } from "@/db/schema/actions";
import { decrypt } from "@/lib/core/secrets";
import { continueWaiting } from "@/lib/environments/databases";
import { guardEffect } from "@/lib/guardrails/mutations";
import type { Outcome } from "@/lib/runs/contract";
import { type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import type { Call } from "./back-ends/call-body";
import { runGitHubWorkflow } from "./back-ends/github-workflow";
import { runWebhook } from "./back-ends/webhook";
import { storedDefinition } from "./definition";
import { functionNamed } from "./functions";
import type { ActionRunInput } from "./run-input";
import { textsIn } from "./secret-values";
import { secretsPlace, signingSecrets } from "./secrets";
import { entityShown, environmentWithId } from "./target";

type Run = EngineRun<ActionRunInput>;

export const ACTION_KIND = "action.run";
const MINUTE_MS = 60_000;

async function load(run: Run) {
  const [row] = await db()
    .select({ run: runs, sealed: actionRuns.secretsSealed, definition: actionRuns.definition, action: actions, user: { handle: users.handle, name: users.name }, team: teams.ref })
    .from(actionRuns)
    .innerJoin(actions, eq(actions.id, actionRuns.actionId))
    .innerJoin(runs, eq(runs.id, actionRuns.runId))
    .leftJoin(users, eq(users.id, runs.requestedBy))
    .leftJoin(teams, eq(teams.id, runs.teamId))
    .where(eq(actionRuns.runId, run.runId));
  if (!row) throw new StepFailure({ causeCode: "not-found", cause: "The action of this run is gone.", whoCanFix: "platform-team", nextAction: "Run another action." });
  const secret: Record<string, unknown> = row.sealed ? JSON.parse(decrypt(row.sealed, secretsPlace(run.runId))) : {};
  for (const text of textsIn(secret)) run.mask(text);
  return { ...row, definition: storedDefinition(row.definition), secret };
}

async function callOf(run: Run, { run: row, user, team, secret }: Awaited<ReturnType<typeof load>>): Promise<Call> {
  const { entityRef, environmentId, values } = run.input;
  const [entity, environment] = await Promise.all([
    entityRef === null ? null : entityShown(db(), entityRef),
    environmentId === null ? null : environmentWithId(db(), environmentId),
  ]);
  return {
    values: { ...values, ...secret },
    requestedBy: user ? { ref: `user:default/${user.handle}`, name: user.name } : null,
    team,
    entity,
    environment: environment && { id: environment.id, name: environment.name, tier: environment.tier, url: environment.url },
    deadlineAt: row.deadlineAt.toISOString(),
  };
}

const outcomeOf = (run: Run, report: ReportRecord): Pick<Outcome, "summary"> & Partial<Outcome> => ({
  summary: report.summary ?? `${run.input.title} is done`,
  evidence: report.links,
});

export const actionRun: RunKind<ActionRunInput> = {
  kind: ACTION_KIND,
  deadlineMs: 10 * MINUTE_MS,
  plan: () => [],
  async execute(run) {
    await guardEffect(run, { ability: "action.run", subjectId: run.runId, harmless: [] });
    const loaded = await load(run);
    const { backEnd } = loaded.definition;
    switch (backEnd.type) {
      case "function":
        return functionNamed(backEnd.function).execute(run);
      case "webhook": {
        const secrets = signingSecrets(loaded.action, run.now);
        for (const secret of secrets) run.mask(secret);
        return outcomeOf(run, await runWebhook(run, { ...(await callOf(run, loaded)), url: backEnd.url, secrets }));
      }
      case "github-workflow":
        return outcomeOf(run, await runGitHubWorkflow(run, backEnd, { ...run.input.values, ...loaded.secret }));
    }
  },
  async onEnd(tx, { environmentId, now }) {
    // It kept the environment to itself; what was pushed meanwhile has its turn now.
    if (environmentId) await continueWaiting(tx, environmentId, now);
  },
  atDeadline({ input, deadlineMs }, step) {
    const { type, label } = input.backEnd;
    if (type === "function") return {};
    const minutes = `${Math.round(deadlineMs / MINUTE_MS)} min`;
    const who = type === "webhook" ? `The back end at ${label}` : `The workflow ${label}`;
    return {
      causeCode: "back-end-silent",
      cause: step === "wait" || step === "follow" ? `${who} took the call and reported no end within ${minutes}.` : `${who} did not take the call within ${minutes}.`,
      whoCanFix: "platform-team",
      nextAction:
        type === "webhook"
          ? "Check that the back end runs and calls back, or give the action a longer deadline; then retry."
          : "Look at the workflow on GitHub, or give the action a longer deadline; then retry.",
    };
  },
};
