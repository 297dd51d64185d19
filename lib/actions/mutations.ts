import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { actions, actionVersions } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { askRemote } from "@/lib/guardrails/mutations";
import { readRun } from "@/lib/runs/read";
import { ActionKey, CreateActionInput, EditActionInput, PublishActionInput, RestoreActionInput, RunActionInput } from "./contract";
import { checkDefinition, storedDefinition } from "./definition";
import { requestedRun } from "./guarded";
import { loadAction, runnable } from "./read";
import { replacedSecret } from "./secrets";
import { startAction } from "./start";
import { resolveTarget } from "./target";
import { mayRunFor, teamWithId, whoMayInstead } from "./who";

const userOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : null);
const target = (action: { id: string; name: string }) => ({ type: "action", id: action.id, label: action.name });

/** The row, locked for a change. */
async function locked(tx: Tx, name: string) {
  const { row } = await loadAction(tx, name);
  await tx.select({ id: actions.id }).from(actions).where(eq(actions.id, row.id)).for("update");
  return (await loadAction(tx, name)).row;
}

export const createAction = mutation({
  name: "action.edit",
  summary: "Begin a new action as a draft. Its signing secret is shown once.",
  input: CreateActionInput,
  subject: () => null,
  run: async (tx, { name, definition }, ctx) => {
    await checkDefinition(tx, definition);
    const id = newId("action", ctx.now.getTime());
    const { secret, columns } = replacedSecret({ id, secretSealed: null, previousSecretSealed: null, previousSecretUntil: null }, ctx.now);
    const by = userOf(ctx);
    const [row] = await tx
      .insert(actions)
      .values({ id, name, draft: definition, ...columns, createdBy: by, createdAt: ctx.now, updatedBy: by, updatedAt: ctx.now })
      .onConflictDoNothing()
      .returning();
    if (row) return { id, name, secret };
    const message = `There is an action "${name}" already. Choose another name.`;
    throw new DomainError("conflict", message, { fields: [{ path: "name", message }] });
  },
  audit: ({ definition }, result) => ({ target: target(result), detail: { change: "created", title: definition.title, backEnd: definition.backEnd.type } }),
});

export const editAction = mutation({
  name: "action.edit",
  summary: "Change the draft of an action, or disable and enable it.",
  input: EditActionInput,
  subject: () => null,
  run: async (tx, { name, definition, isEnabled }, ctx) => {
    if (definition) await checkDefinition(tx, definition);
    const row = await locked(tx, name);
    await tx
      .update(actions)
      .set({ ...(definition ? { draft: definition } : {}), ...(isEnabled === undefined ? {} : { isEnabled }), updatedBy: userOf(ctx), updatedAt: ctx.now })
      .where(eq(actions.id, row.id));
    return { id: row.id, name };
  },
  audit: ({ definition, isEnabled }, result) => ({
    target: target(result),
    detail: { ...(definition ? { change: "draft", title: definition.title, backEnd: definition.backEnd.type } : {}), ...(isEnabled === undefined ? {} : { enabled: isEnabled }) },
  }),
});

export const publishAction = mutation({
  name: "action.edit",
  summary: "Make the draft a new version that people run from now on.",
  input: PublishActionInput,
  subject: () => null,
  run: async (tx, { name, note }, ctx) => {
    const row = await locked(tx, name);
    const definition = storedDefinition(row.draft);
    await checkDefinition(tx, definition);
    const version = await publishVersion(tx, row.id, definition, { note, by: userOf(ctx), now: ctx.now });
    return { id: row.id, name, version };
  },
  audit: ({ note }, result) => ({ target: target(result), detail: { change: "published", version: result.version, note } }),
});

/** Writes the next version and makes it the current one. */
export async function publishVersion(
  tx: Tx,
  actionId: string,
  definition: Record<string, unknown>,
  { note, by, now }: { note: string; by: string | null; now: Date },
): Promise<number> {
  const versions = await tx.select({ version: actionVersions.version }).from(actionVersions).where(eq(actionVersions.actionId, actionId));
  const version = Math.max(0, ...versions.map((one) => one.version)) + 1;
  await tx.insert(actionVersions).values({ actionId, version, definition, note, publishedBy: by, publishedAt: now });
  await tx.update(actions).set({ publishedVersion: version, isEnabled: true, updatedBy: by, updatedAt: now }).where(eq(actions.id, actionId));
  return version;
}

export const restoreAction = mutation({
  name: "action.edit",
  summary: "Take an earlier version as the draft; publishing it makes it the newest.",
  input: RestoreActionInput,
  subject: () => null,
  run: async (tx, { name, version }, ctx) => {
    const row = await locked(tx, name);
    const found = await tx.query.actionVersions.findFirst({ where: (one, { and, eq: equals }) => and(equals(one.actionId, row.id), equals(one.version, version)) });
    if (!found) throw new DomainError("not_found", `"${name}" has no version ${version}.`);
    await tx
      .update(actions)
      .set({ draft: found.definition, updatedBy: userOf(ctx), updatedAt: ctx.now })
      .where(eq(actions.id, row.id));
    return { id: row.id, name, version };
  },
  audit: (_input, result) => ({ target: target(result), detail: { change: "draft from version", version: result.version } }),
});

export const replaceActionSecret = mutation({
  name: "action.edit",
  summary: "Give an action a new signing secret, shown once. The old one signs beside it for 24 hours.",
  input: ActionKey,
  subject: () => null,
  run: async (tx, { name }, ctx) => {
    const row = await locked(tx, name);
    const { secret, columns } = replacedSecret(row, ctx.now);
    await tx
      .update(actions)
      .set({ ...columns, updatedBy: userOf(ctx), updatedAt: ctx.now })
      .where(eq(actions.id, row.id));
    return { id: row.id, name, secret };
  },
  audit: (_input, result) => ({ target: target(result), detail: { change: "signing secret" } }),
});

export const testAction = mutation({
  name: "action.edit",
  summary: "Run the draft of an action against its real back end, marked as a test.",
  input: RunActionInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    const { row } = await loadAction(tx, input.name);
    const definition = storedDefinition(row.draft);
    await checkDefinition(tx, definition);
    const resolved = await resolveTarget(tx, definition, input, ctx);
    const { runId, warnings } = await startAction(tx, { action: row, version: null, definition, target: resolved, values: input.values }, ctx);
    return { id: row.id, name: row.name, run: await readRun(tx, runId), warnings };
  },
  audit: (_input, result) => ({ target: target(result), detail: { change: "test call", run: result.run.id } }),
});

export const runAction = mutation({
  name: "action.run",
  summary: "Run an action. Answers at once with its run.",
  input: RunActionInput,
  subject: async (on, input, ctx) => {
    const known = await loadAction(on, input.name);
    const { definition, version } = runnable(known);
    const resolved = await resolveTarget(on, definition, input, ctx);
    const team = resolved.teamId ? await teamWithId(on, resolved.teamId) : null;
    return { teamId: resolved.teamId, action: known.row, definition, version, resolved, team };
  },
  prepare: (input, ctx, { teamId, action, definition, resolved }) =>
    askRemote(ctx, "action.run", teamId, () => requestedRun({ action, definition, target: resolved }, input.values)),
  run: async (tx, input, ctx, subject, remote) => {
    const { action, definition, version, resolved } = subject;
    const { runId, warnings } = await startAction(tx, { action, version, definition, target: resolved, values: input.values, remote }, ctx);
    return { action: { id: action.id, name: action.name }, run: await readRun(tx, runId), warnings };
  },
  refuse: async (on, { actor }, { definition, team }) => {
    // Whether a token has the scope is another question, asked after this one.
    const person = actor.type === "user" ? { ...actor, credential: { type: "session" as const, id: "" } } : actor;
    const may = team ? mayRunFor(person, definition, team) : person.type === "user" && person.role === "platform-admin";
    return may ? null : whoMayInstead(on, definition.title, definition, team);
  },
  audit: (input, result) => ({
    target: target(result.action),
    detail: {
      run: result.run.id,
      ...(result.run.entityRef ? { entity: result.run.entityRef } : {}),
      ...(result.run.environmentId ? { environment: result.run.environmentId } : {}),
      answers: Object.keys(input.values ?? {}),
    },
  }),
});
