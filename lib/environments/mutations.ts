import "server-only";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { environments, goldenPathProposals, runs } from "@/db/schema";
import { removeDemoEntities } from "@/lib/catalog/mutations";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { askRemote, removeDemoGuardrails, requireGuardrails, tieDecision } from "@/lib/guardrails/mutations";
import { removeDemoDelivery } from "@/lib/metrics/mutations";
import { loadSettings } from "@/lib/platform/queries";
import { findRepository } from "@/lib/repositories/queries";
import { startRun } from "@/lib/runs/enqueue";
import { readRun } from "@/lib/runs/read";
import { removeDemoScorecards } from "@/lib/scorecards/mutations";
import { removeDemoSurveys } from "@/lib/surveys/mutations";
import { lockForDeployment, startDeployment } from "./begin-deployment";
import { chooseDeployment } from "./choose-deployment";
import { CreateEnvironmentInput, DeployInput, EditVariablesInput, EnvironmentId, ExtendEnvironmentInput } from "./contract";
import { chooseCommit, insertForService, insertPathEnvironment, refuseMixture } from "./create-environment";
import { startDelete } from "./delete";
import { readDeployment } from "./deployments";
import { driverNamed } from "./drivers";
import { requestedEnvironment } from "./guarded";
import { deploymentFacts, extensionFacts } from "./guarded-facts";
import { RESTART_DEADLINE_MS } from "./limits";
import { readEnvironment } from "./read";
import { serviceRepository } from "./service-environment";
import { chooseTeam, environmentSubject, livingEnvironment } from "./subject";
import { ttlMinutes } from "./ttl";
import { readVariables, replaceTeamVariables } from "./variables";

export { startDelete } from "./delete";

const target = (row: { id: string; name: string }) => ({ type: "environment", id: row.id, label: row.name });

export { deployPushed } from "./pushed";
export { testDraft, testFolder, testProposal } from "./test-runs/mutations";

export const createEnvironment = mutation({
  name: "environment.create",
  summary: "Ask for an environment: a sandbox from a golden path, or one of a service at a tier. Answers at once with the environment and the run that makes it.",
  input: CreateEnvironmentInput,
  subject: async (on, input, ctx) => {
    refuseMixture(input);
    const { team, repository } = input.entityRef ? await serviceRepository(on, input.entityRef) : { team: await chooseTeam(on, input.team, ctx), repository: null };
    return { teamId: team.id, team, repository };
  },
  prepare: async (input, ctx, { team, repository }) => ({
    chosen: repository ? await chooseCommit(repository, input.ref) : null,
    remote: await askRemote(ctx, "environment.create", team.id, () => requestedEnvironment(db(), input, repository)),
  }),
  run: async (tx, input, ctx, { team, repository }, { chosen, remote }) => {
    if (repository?.status === "archived")
      throw new DomainError("conflict", `${repository.owner}/${repository.name} is archived: its service was decommissioned. Take that back on its receipt first.`);
    const { id, runId, warnings } =
      repository && chosen ? await insertForService(tx, input, ctx, { repository, team, chosen, remote }) : await insertPathEnvironment(tx, input, ctx, { team, remote });
    return { environment: await readEnvironment(tx, id), run: await readRun(tx, runId), warnings };
  },
  audit: (_input, { environment, run }) => ({
    target: target(environment),
    detail: {
      goldenPath: environment.goldenPath && `${environment.goldenPath.name}@${environment.goldenPath.version}`,
      ttl: environment.ttl,
      run: run.id,
      ...(environment.entityRef ? { entityRef: environment.entityRef, tier: environment.tier, commit: environment.commit } : {}),
    },
  }),
});

export const deployToEnvironment = mutation({
  name: "environment.deploy",
  summary: "Deploy a branch, tag or commit to an environment of a service, promote what another of its environments runs, or roll back.",
  input: DeployInput,
  subject: async (on, input, ctx) => {
    const subject = await livingEnvironment(on, input.id, ctx);
    return { ...subject, repository: subject.row.repositoryId ? await findRepository(on, { id: subject.row.repositoryId }) : null };
  },
  prepare: async (input, ctx, { repository, row, teamId }) => {
    const chosen = input.ref && repository ? await chooseCommit(repository, input.ref) : null;
    const facts = async () => deploymentFacts(db(), row, await chooseDeployment(db(), input, row, chosen), { repository });
    return { chosen, remote: await askRemote(ctx, "environment.deploy", teamId, facts) };
  },
  run: async (tx, input, ctx, { repository }, { chosen, remote }) => {
    const { row, busy } = await lockForDeployment(tx, input.id);
    if (busy) throw new DomainError("conflict", `${busy.title} (${busy.runId}) is under way. Wait for it to end, or cancel it first.`);
    const what = await chooseDeployment(tx, input, row, chosen);
    const asked = { ability: "environment.deploy" as const, teamId: row.teamId, request: await deploymentFacts(tx, row, what, { repository }) };
    const letThrough = await requireGuardrails(tx, ctx, asked, remote);
    const { deploymentId, runId } = await startDeployment(tx, row, { ...what, requestedBy: ctx.actor.type === "user" ? ctx.actor.id : null, now: ctx.now });
    await tieDecision(tx, letThrough, { subjectId: deploymentId, runId });
    return { deployment: await readDeployment(tx, deploymentId), run: await readRun(tx, runId), warnings: letThrough.warnings };
  },
  audit: (_input, { deployment, run }) => ({
    target: { type: "environment", id: deployment.environmentId, label: deployment.environment },
    detail: {
      kind: deployment.kind,
      commit: deployment.commit,
      ref: deployment.ref,
      previousCommit: deployment.previousCommit,
      promotedFrom: deployment.promotedFrom,
      run: run.id,
    },
  }),
});

export const extendEnvironment = mutation({
  name: "environment.extend",
  summary: "Give an environment a new time to live, counted from now.",
  input: ExtendEnvironmentInput,
  subject: (on, input, ctx) => livingEnvironment(on, input.id, ctx),
  prepare: (input, ctx, { teamId, row }) => askRemote(ctx, "environment.extend", teamId, async () => extensionFacts(row, ttlMinutes(input.ttl, await loadSettings(db())), ctx.now)),
  run: async (tx, input, ctx, _subject, remote) => {
    const minutes = ttlMinutes(input.ttl, await loadSettings(tx));
    const [row] = await tx.select().from(environments).where(eq(environments.id, input.id)).for("update");
    if (!row || !["queued", "provisioning", "ready"].includes(row.status)) {
      throw new DomainError("conflict", `The environment is ${row?.status ?? "deleted"}, so its time cannot be extended.`);
    }
    if (row.lifetime === "permanent") throw new DomainError("conflict", "A permanent environment does not expire.");
    const asked = { ability: "environment.extend" as const, teamId: row.teamId, request: extensionFacts(row, minutes, ctx.now) };
    const letThrough = await requireGuardrails(tx, ctx, asked, remote);
    await tieDecision(tx, letThrough, { subjectId: row.id });
    const expiresAt = new Date(ctx.now.getTime() + minutes * 60_000);
    await tx.update(environments).set({ expiresAt, ttlMinutes: minutes }).where(eq(environments.id, input.id));
    return { ...(await readEnvironment(tx, input.id)), warnings: letThrough.warnings };
  },
  audit: (input, result, { row }) => ({ target: target(result), detail: { ttl: input.ttl, before: row.expiresAt?.toISOString() ?? null, expiresAt: result.expiresAt } }),
});

export const deleteEnvironment = mutation({
  name: "environment.delete",
  summary: "Remove an environment and everything that belongs to it. Can be repeated.",
  input: EnvironmentId,
  subject: (on, input, ctx) => environmentSubject(on, input.id, ctx),
  run: async (tx, input, ctx) => {
    const who = ctx.actor.type === "user" ? { id: ctx.actor.id, label: ctx.actor.handle } : { id: null, label: "the platform" };
    const { begun, runId } = await startDelete(tx, input.id, { reason: `Deleted by ${who.label}.`, requestedBy: who.id, now: ctx.now });
    return { begun, environment: await readEnvironment(tx, input.id), run: runId ? await readRun(tx, runId) : null };
  },
  audit: (_input, { begun, environment, run }) => (begun ? { target: target(environment), detail: { run: run?.id } } : null),
});

export const restartEnvironment = mutation({
  name: "environment.restart",
  summary: "Stop and start the process of an environment, with its current variables.",
  input: EnvironmentId,
  subject: (on, input, ctx) => livingEnvironment(on, input.id, ctx),
  run: async (tx, _input, ctx, { row, teamId }) => {
    if (row.status !== "ready") throw new DomainError("conflict", `The environment is ${row.status}; only a ready one can be restarted.`);
    const runId = await startRun(tx, {
      kind: "environment.restart",
      title: `Restart environment ${row.name}`,
      input: { environmentId: row.id },
      plan: driverNamed(row.driver).restartSteps,
      deadlineMs: RESTART_DEADLINE_MS,
      requestedBy: ctx.actor.type === "user" ? ctx.actor.id : null,
      teamId,
      environmentId: row.id,
      exclusiveKey: row.id,
      now: ctx.now,
    });
    return { environment: await readEnvironment(tx, row.id), run: await readRun(tx, runId) };
  },
  audit: (_input, { environment, run }) => ({ target: target(environment), detail: { run: run.id } }),
});

export const editVariables = mutation({
  name: "environment.edit-variables",
  summary: "Replace the team's variables of an environment. They count from its next restart.",
  input: EditVariablesInput,
  subject: (on, input, ctx) => livingEnvironment(on, input.id, ctx),
  run: async (tx, input, ctx, { row }) => {
    const by = { updatedBy: ctx.actor.type === "user" ? ctx.actor.id : null, now: ctx.now };
    return { id: row.id, name: row.name, ...(await replaceTeamVariables(tx, row.id, input.variables, by)) };
  },
  audit: (_input, result) => ({ target: target(result), detail: { set: result.set, removed: result.removed } }),
});

export const revealCredentials = mutation({
  name: "environment.reveal-credentials",
  summary: "The connection details of an environment, secrets included. Every reading is recorded.",
  input: EnvironmentId,
  subject: (on, input, ctx) => livingEnvironment(on, input.id, ctx),
  run: async (tx, _input, _ctx, { row }) => {
    const all = await readVariables(tx, row.id);
    return { id: row.id, name: row.name, credentials: all.filter((one) => one.source === "platform").map(({ name, value }) => ({ name, value })) };
  },
  audit: (_input, result) => ({ target: target(result), detail: { names: result.credentials.map((one) => one.name) } }),
});

export const removeDemoData = mutation({
  name: "demo.remove",
  summary: "Delete the demo company's past environments, runs, proposals, surveys, deliveries and catalog.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (tx) => {
    const gone = await tx.delete(runs).where(eq(runs.isDemo, true)).returning({ id: runs.id });
    const environmentsGone = await tx.delete(environments).where(eq(environments.isDemo, true)).returning({ id: environments.id });
    const proposalsGone = await tx.delete(goldenPathProposals).where(eq(goldenPathProposals.isDemo, true)).returning({ id: goldenPathProposals.id });
    const [surveys, deployments, entities] = [await removeDemoSurveys(tx), await removeDemoDelivery(tx), await removeDemoEntities(tx)];
    const [scorecardsGone, guardrailsGone] = [await removeDemoScorecards(tx), await removeDemoGuardrails(tx)];
    return {
      scorecards: scorecardsGone,
      guardrails: guardrailsGone,
      runs: gone.length,
      environments: environmentsGone.length,
      proposals: proposalsGone.length,
      surveys,
      deployments,
      entities,
    };
  },
  audit: (_input, result) => ({ target: { type: "demo", id: "history", label: "Demo history" }, detail: result }),
});
