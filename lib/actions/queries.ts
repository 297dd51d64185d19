import "server-only";
import { and, desc, eq, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { actionRuns, runs, users } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { authorize, query } from "@/lib/core/operation";
import { can, teamsWithin } from "@/lib/core/policy";
import {
  type ActionDefinition,
  type ActionDetail,
  type ActionForm,
  ActionFormInput,
  ActionKey,
  ActionListInput,
  type ActionSummary,
  type EnvironmentChoice,
  type FailedRun,
} from "./contract";
import { storedDefinition } from "./definition";
import { type KnownAction, loadAction, readActions, runnable, statusOf, summarize, teamsOfActor, usageOf, versionsOf } from "./read";
import { secretNames } from "./secret-values";
import { entitiesFor, environmentQuestion, environmentsOfEntity, environmentWithId, looseEnvironments, type TargetEnvironment } from "./target";
import { mayRunFor, teamWithId, whoMayInstead } from "./who";

export { checkRunAction } from "./guarded";

/** The teams for which the reader could run something; of an entity, only its own. */
async function candidateTeams(on: Connection, ctx: Ctx, about: { entityRef?: string | undefined; environment?: string | undefined }) {
  if (about.entityRef === undefined && about.environment === undefined) return teamsOfActor(on, ctx.actor);
  const found = about.entityRef === undefined ? await environmentWithId(on, about.environment ?? "") : await findEntity(on, about.entityRef);
  const team = found?.teamId ? await teamWithId(on, found.teamId) : null;
  return team ? [team] : [];
}

async function fits(
  on: Connection,
  { entityRef, environment }: { entityRef?: string | undefined; environment?: string | undefined },
): Promise<(definition: ActionDefinition) => boolean> {
  if (environment !== undefined) return ({ inputs }) => environmentQuestion(inputs) !== null;
  if (entityRef === undefined) return () => true;
  const entity = await findEntity(on, entityRef);
  return ({ target }) => target !== null && entity?.kind === target.kind && (target.types.length === 0 || target.types.includes(entity.type ?? ""));
}

/** What a list shows of an action: its published version, or the draft of one that never was. */
const shownOf = ({ row, published }: KnownAction) => published ?? storedDefinition(row.draft);

export const listActions = query({
  name: "action.read",
  summary: "Self-service actions, those you may run first.",
  input: ActionListInput,
  subject: () => null,
  run: async (on, input, ctx): Promise<{ items: ActionSummary[]; nextCursor: null; total: number }> => {
    if (input.scope === "all") authorize(ctx, "action.edit", null);
    const wanted = input.q?.toLowerCase();
    const [all, matches, teams] = await Promise.all([readActions(on), fits(on, input), candidateTeams(on, ctx, input)]);
    const chosen = all.filter((known) => {
      const shown = shownOf(known);
      const isVisible = input.scope === "all" || statusOf(known) === "published";
      const isNamed = !wanted || `${known.row.name} ${shown.title} ${shown.description}`.toLowerCase().includes(wanted);
      return isVisible && isNamed && matches(shown) && (!input.kind || shown.target?.kind === input.kind);
    });
    const usage = await usageOf(
      on,
      chosen.map(({ row }) => row.id),
      ctx.now,
    );
    const items = chosen.map((known) => summarize(known, shownOf(known), usage.get(known.row.id), ctx.actor, teams));
    items.sort((a, b) => Number(a.locked !== null) - Number(b.locked !== null) || a.title.localeCompare(b.title, "en"));
    return { items, nextCursor: null, total: items.length };
  },
});

const choice = ({ id, name, tier, status }: TargetEnvironment): EnvironmentChoice => ({ id, name, tier, status });

/** The form with the environments that can be chosen, so that every client shows the same ones. */
function withChoices(inputs: Record<string, unknown>, environments: EnvironmentChoice[]): Record<string, unknown> {
  const question = environmentQuestion(inputs);
  if (question === null || environments.length === 0) return inputs;
  const properties = inputs.properties as Record<string, Record<string, unknown>>;
  const { "ui:field": _field, ...rest } = properties[question] ?? {};
  const oneOf = environments.map(({ id, name, tier, status }) => ({
    const: id,
    title: [name, ...(name.endsWith(tier) ? [] : [tier]), ...(status === "ready" ? [] : [status])].join(", "),
  }));
  return { ...inputs, properties: { ...properties, [question]: { ...rest, oneOf } } };
}

export const getActionForm = query({
  name: "action.read",
  summary: "What an action asks for, with the choices that an entity has.",
  input: ActionFormInput,
  subject: () => null,
  run: async (on, input, ctx): Promise<ActionForm> => {
    const known = await loadAction(on, input.name);
    if (statusOf(known) === "disabled") throw new DomainError("not_found", `"${shownOf(known).title}" is disabled. Ask the platform team.`);
    const { definition } = runnable(known);
    const entity = input.entityRef ? await findEntity(on, input.entityRef) : null;
    const [teams, mine, usage, own] = await Promise.all([
      candidateTeams(on, ctx, { entityRef: entity?.ref, ...(entity ? {} : { environment: input.environment }) }),
      teamsOfActor(on, ctx.actor),
      usageOf(on, [known.row.id], ctx.now),
      entity ? environmentsOfEntity(on, entity.ref) : looseEnvironments(on, teamsWithin(ctx.actor, "environment.read")),
    ]);
    const environments = own.filter((one) => !one.isDemo && can(ctx.actor, "environment.read", { teamId: one.teamId })).map(choice);
    const summary = summarize(known, definition, usage.get(known.row.id), ctx.actor, teams);
    // Without an entity, of the only team that it could be about.
    const [only, second] = teams;
    const team = entity ? (entity.teamId ? await teamWithId(on, entity.teamId) : null) : second ? null : (only ?? null);
    const locked = summary.locked === null ? null : await whoMayInstead(on, definition.title, definition, team);
    return {
      ...summary,
      locked: team && mayRunFor(ctx.actor, definition, team) ? null : locked,
      inputs: withChoices(definition.inputs, environments),
      deadlineMinutes: definition.deadlineMinutes,
      entity: entity && { ref: entity.ref, title: entity.title },
      entities: await entitiesFor(
        on,
        definition.target,
        mine.filter((one) => mayRunFor(ctx.actor, definition, one)).map((one) => one.ref),
      ),
      environments,
      environmentQuestion: environmentQuestion(definition.inputs),
      secretQuestions: [...secretNames(definition.inputs)],
    };
  },
});

async function lastFailures(on: Connection, actionId: string): Promise<FailedRun[]> {
  const rows = await on
    .select({ id: runs.id, status: runs.status, at: runs.createdAt, outcome: runs.outcome, entityRef: runs.entityRef })
    .from(actionRuns)
    .innerJoin(runs, eq(runs.id, actionRuns.runId))
    .where(and(eq(actionRuns.actionId, actionId), eq(runs.status, "failed")))
    .orderBy(desc(runs.createdAt))
    .limit(5);
  return rows.map(({ id, status, at, outcome, entityRef }) => ({ id, status, at: at.toISOString(), cause: outcome?.cause ?? null, entityRef }));
}

export const getAction = query({
  name: "action.edit",
  summary: "An action as the platform team sees it: draft, versions, use and failures.",
  input: ActionKey,
  subject: () => null,
  run: async (on, { name }, ctx): Promise<ActionDetail> => {
    const known = await loadAction(on, name);
    const [versions, people, usage, failures, teams] = await Promise.all([
      versionsOf(on, known.row.id),
      on.select({ id: users.id, handle: users.handle }).from(users).where(sql`${users.id} in (select published_by from action_versions where action_id = ${known.row.id})`),
      usageOf(on, [known.row.id], ctx.now),
      lastFailures(on, known.row.id),
      teamsOfActor(on, ctx.actor),
    ]);
    const draft = storedDefinition(known.row.draft);
    return {
      ...summarize(known, shownOf(known), usage.get(known.row.id), ctx.actor, teams),
      draft,
      isChanged: JSON.stringify(draft) !== JSON.stringify(known.published),
      hasSecret: known.row.secretSealed !== null,
      updatedAt: known.row.updatedAt.toISOString(),
      versions: versions.map(({ version, definition, note, publishedBy, publishedAt }) => ({
        version,
        definition: storedDefinition(definition),
        note,
        publishedBy: people.find((one) => one.id === publishedBy)?.handle ?? null,
        publishedAt: publishedAt.toISOString(),
      })),
      failures,
    };
  },
});
