import { and, asc, eq, inArray, isNull, notInArray, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities, environments, teams } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { can } from "@/lib/core/policy";
import { type ActionDefinition, ENVIRONMENT_FIELD, type EnvironmentChoice } from "./contract";

export interface TargetEnvironment extends EnvironmentChoice {
  driver: string;
  teamId: string;
  entityRef: string | null;
  url: string | null;
  isDemo: boolean;
}

/** What an action is run on, and the team that decides who may. */
export interface Target {
  entity: { ref: string; title: string; kind: string; type: string | null } | null;
  environment: TargetEnvironment | null;
  teamId: string | null;
}

const refuse = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

/** The question of a form that asks for an environment; null when there is none. */
export function environmentQuestion(inputs: Record<string, unknown>): string | null {
  const properties = Object.entries((inputs.properties ?? {}) as Record<string, Record<string, unknown> | undefined>);
  return properties.find(([, property]) => property?.["ui:field"] === ENVIRONMENT_FIELD)?.[0] ?? null;
}

const living = notInArray(environments.status, ["deleted", "deleting"]);
const columns = {
  id: environments.id,
  name: environments.name,
  tier: environments.tier,
  status: environments.status,
  driver: environments.driver,
  teamId: environments.teamId,
  entityRef: environments.entityRef,
  url: environments.url,
  isDemo: environments.isDemo,
};
/** development, staging, production, then sandboxes by name. */
const byTier = sql`array_position(array['development','staging','production','sandbox'], ${environments.tier})`;

/** The living environments of an entity. */
export async function environmentsOfEntity(on: Connection, ref: string): Promise<TargetEnvironment[]> {
  return on
    .select(columns)
    .from(environments)
    .where(and(eq(environments.entityRef, ref), living))
    .orderBy(byTier, asc(environments.name));
}

/** Living environments of these teams that belong to no entity. */
export async function looseEnvironments(on: Connection, teamIds: "all" | string[]): Promise<TargetEnvironment[]> {
  if (teamIds !== "all" && teamIds.length === 0) return [];
  return on
    .select(columns)
    .from(environments)
    .where(and(living, sql`${environments.entityRef} is null`, teamIds === "all" ? undefined : inArray(environments.teamId, teamIds)))
    .orderBy(asc(environments.name))
    .limit(200);
}

/** Finds what was named; existence of another team's environment is not told. Throws invalid and not_found. */
export async function resolveTarget(
  on: Connection,
  definition: ActionDefinition,
  asked: { entityRef?: string | undefined; values: Record<string, unknown>; team?: string | undefined },
  ctx: Ctx,
): Promise<Target> {
  const question = environmentQuestion(definition.inputs);
  const wanted = question === null ? undefined : asked.values[question];
  if (asked.entityRef !== undefined) return onEntity(on, definition, asked.entityRef, { question, wanted });
  if (question !== null && typeof wanted === "string" && wanted !== "") {
    const environment = await environmentNamed(on, wanted, ctx);
    if (!environment) throw refuse(`values.${question}`, `There is no environment "${wanted.slice(0, 60)}", or you may not see it.`);
    if (environment.entityRef !== null) return onEntity(on, definition, environment.entityRef, { question, wanted });
    return { entity: null, environment, teamId: environment.teamId };
  }
  if (definition.target !== null)
    throw refuse("entityRef", `Say what to run it on: a ${definition.target.kind} of the catalog, such as ${definition.target.kind}:default/checkout-api.`);
  return { entity: null, environment: null, teamId: await teamOf(on, asked.team, ctx) };
}

async function onEntity(on: Connection, definition: ActionDefinition, ref: string, environment: { question: string | null; wanted: unknown }): Promise<Target> {
  const entity = await findEntity(on, ref);
  if (!entity) throw refuse("entityRef", `There is no "${ref.slice(0, 100)}" in the catalog. Write kind:namespace/name, such as component:default/checkout-api.`);
  if (definition.target === null) throw refuse("entityRef", "This action is run on nothing. Leave the entity out.");
  const { kind, types } = definition.target;
  if (entity.kind !== kind || (types.length > 0 && !types.includes(entity.type ?? ""))) {
    throw refuse(
      "entityRef",
      `This action is for a ${kind}${types.length > 0 ? ` of type ${types.join(" or ")}` : ""}; ${entity.ref} is a ${[entity.kind, entity.type].filter(Boolean).join(" of type ")}.`,
    );
  }
  const shown = { ref: entity.ref, title: entity.title, kind: entity.kind, type: entity.type };
  return { entity: shown, environment: await amongOwn(on, entity.ref, environment), teamId: entity.teamId };
}

async function amongOwn(on: Connection, ref: string, { question, wanted }: { question: string | null; wanted: unknown }): Promise<TargetEnvironment | null> {
  if (question === null || typeof wanted !== "string" || wanted === "") return null;
  const own = await environmentsOfEntity(on, ref);
  const found = own.find((one) => one.id === wanted || one.name === wanted) ?? own.find((one) => one.tier === wanted && one.tier !== "sandbox");
  if (found) return found;
  const names = own.map((one) => one.name).join(", ");
  throw refuse(`values.${question}`, `${ref} has no environment "${wanted.slice(0, 60)}". ${names ? `It has: ${names}.` : "It has none yet; make one first."}`);
}

async function environmentNamed(on: Connection, wanted: string, ctx: Ctx): Promise<TargetEnvironment | null> {
  const [row] = await on
    .select(columns)
    .from(environments)
    .where(and(living, sql`(${environments.id} = ${wanted} or ${environments.name} = ${wanted})`));
  return row && can(ctx.actor, "environment.read", { teamId: row.teamId }) ? row : null;
}

async function teamOf(on: Connection, asked: string | undefined, { actor }: Ctx): Promise<string | null> {
  if (asked !== undefined) {
    const ref = asked.includes(":") ? asked.toLowerCase() : `group:default/${asked.toLowerCase()}`;
    const [team] = await on.select({ id: teams.id }).from(teams).where(eq(teams.ref, ref));
    if (!team) throw refuse("team", `There is no team "${asked.slice(0, 60)}". Use its short name or its ref, for example checkout or group:default/checkout.`);
    return team.id;
  }
  if (actor.type !== "user") return null;
  const [only, second] = actor.teams;
  if (second) throw refuse("team", `You are in several teams: ${actor.teams.map((team) => team.name).join(", ")}. Name one of them.`);
  return only?.id ?? null;
}

/** The environment with this id, whatever its state. */
export async function environmentWithId(on: Connection, id: string): Promise<TargetEnvironment | null> {
  const [row] = await on.select(columns).from(environments).where(eq(environments.id, id));
  return row ?? null;
}

/** Entities that an action fits, owned by one of these teams. */
export async function entitiesFor(on: Connection, target: ActionDefinition["target"], teamRefs: string[]): Promise<{ ref: string; title: string }[]> {
  if (target === null || teamRefs.length === 0) return [];
  const { kind, types } = target;
  return on
    .select({ ref: entities.ref, title: entities.title })
    .from(entities)
    .where(and(eq(entities.kind, kind), types.length > 0 ? inArray(entities.type, types) : undefined, inArray(entities.ownerRef, teamRefs), isNull(entities.goneAt)))
    .orderBy(asc(sql`lower(${entities.name})`))
    .limit(300);
}

/** What a back end is told about an entity. */
export async function entityShown(on: Connection, ref: string): Promise<Target["entity"]> {
  const entity = await findEntity(on, ref);
  return entity && { ref: entity.ref, title: entity.title, kind: entity.kind, type: entity.type };
}
