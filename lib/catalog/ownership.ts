import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities, teams } from "@/db/schema";
import type { Actor } from "@/lib/core/actor";
import { DomainError } from "@/lib/core/errors";
import { can, type Subject } from "@/lib/core/policy";
import type { EntitySource } from "./contract";

interface Owned {
  teamId: string | null;
  registeredBy: string | null;
}

/**
 * Whom an entity belongs to, for authorization. One that no identity team answers for stays with the person who registered it,
 * so that they can put its owner right.
 */
export function ownershipOf(entity: Owned, actor: Actor): Subject & { teamId: string | null } {
  const ownTeam = actor.type === "user" && entity.registeredBy === actor.id ? (actor.teams[0]?.id ?? null) : null;
  return { teamId: entity.teamId ?? ownTeam, ownerId: entity.registeredBy };
}

/** The same for a ref. Throws not_found. */
export async function entitySubject(on: Connection, ref: string, actor: Actor) {
  const [found] = await on
    .select({ registeredBy: entities.registeredBy, teamId: teams.id, title: entities.title })
    .from(entities)
    .leftJoin(teams, eq(teams.ref, entities.ownerRef))
    .where(eq(entities.ref, ref));
  if (!found) throw new DomainError("not_found", `There is no ${ref} in the catalog.`);
  return { ...ownershipOf(found, actor), title: found.title };
}

/** A source that is read again by itself; it keeps what it brought. */
function standing(source: EntitySource): string | null {
  if (source.type === "git") return `git:${source.repositoryId}`;
  if (source.type === "remote") return `remote:${source.url}`;
  return source.type === "url" ? `url:${source.url}` : null;
}

/** Whether a source is read again by itself. */
export const isStanding = (source: EntitySource): boolean => standing(source) !== null;

/** Names the source for findings: its next reading replaces those of the last. */
export const sourceKey = (source: EntitySource): string => standing(source) ?? source.type;

/** The place of a source in a sentence: "… is read from …". */
export function placeOf(source: EntitySource): string {
  if (source.type === "git") return `its repository (${source.path})`;
  if (source.type === "remote") return `${source.url} (${source.path})`;
  return source.type === "url" ? source.url : "another place";
}

export interface Claim {
  source: EntitySource;
  /** Null: the platform itself, for example after a push. */
  actor: Actor | null;
  /** The team that answers for the source, where the platform itself asks. */
  teamId: string | null;
}

/** Why a document may not replace this entity, in words; null when it may. */
export function reasonAgainst(
  existing: Owned & { ref: string; ownerRef: string | null; source: EntitySource; goneAt: Date | null },
  claim: Claim,
): { rule: string; message: string; fix: string } | null {
  // What its own source no longer holds may come from another one: services move between repositories.
  const [from, now] = [standing(existing.source), standing(claim.source)];
  if (from && from === now) return null;
  if (from && !existing.goneAt) {
    return { rule: "other-source", message: `${existing.ref} is read from ${placeOf(existing.source)}.`, fix: "Change it there, or choose another name." };
  }
  const foreign = {
    rule: "foreign-owner",
    message: existing.ownerRef ? `${existing.ref} belongs to ${existing.ownerRef}.` : `${existing.ref} was registered by somebody else.`,
    fix: "Ask one of its owners to change it, or choose another name.",
  };
  if (claim.actor) return can(claim.actor, "entity.edit", ownershipOf(existing, claim.actor)) ? null : foreign;
  return now && existing.teamId !== claim.teamId ? foreign : null;
}
