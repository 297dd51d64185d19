import { and, asc, eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities, memberships, teams, users } from "@/db/schema";
import { type EntityLink, entityHref, type OwnerContact, refName } from "./contract";
import { isPlainObject } from "./import/draft";
import { safeLink } from "./import/metadata";
import { onCallOf } from "./on-call";

const MAX_PEOPLE = 5;

/** Links of a document that a page may show. */
export function linksOf(definition: Record<string, unknown>): EntityLink[] {
  const { metadata } = definition;
  const links = isPlainObject(metadata) && Array.isArray(metadata.links) ? (metadata.links as unknown[]) : [];
  return links.flatMap((link) => {
    const url = isPlainObject(link) ? safeLink(link.url) : null;
    if (!url || !isPlainObject(link)) return [];
    return [{ url, title: typeof link.title === "string" && link.title.trim() ? link.title.trim() : new URL(url).host || url }];
  });
}

/** Whom to ask about what this owner has, and how: the team's owners, the catalog's e-mail address and links. */
export async function readContact(on: Connection, ref: string): Promise<OwnerContact> {
  const [[entity], [team], people] = await Promise.all([
    on.select({ title: entities.title, definition: entities.definition }).from(entities).where(eq(entities.ref, ref)),
    on.select({ name: teams.name, title: teams.title }).from(teams).where(eq(teams.ref, ref)),
    ownersOf(on, ref),
  ]);
  const spec = entity?.definition.spec;
  const profile = isPlainObject(spec) && isPlainObject(spec.profile) ? spec.profile : {};
  const links = entity ? linksOf(entity.definition) : [];
  const email = typeof profile.email === "string" ? safeLink(`mailto:${profile.email}`) : null;
  return {
    ref,
    title: team?.title ?? entity?.title ?? refName(ref),
    href: team ? `/teams/${encodeURIComponent(team.name)}` : entity ? entityHref(ref) : null,
    email: email ? String(profile.email) : null,
    links,
    onCall: entity ? onCallOf(entity.definition, links) : [],
    people,
  };
}

async function ownersOf(on: Connection, ref: string): Promise<OwnerContact["people"]> {
  const [kind, handle] = [ref.slice(0, ref.indexOf(":")), refName(ref)];
  const person = { handle: users.handle, name: users.name, email: users.email };
  if (kind === "user") return on.select(person).from(users).where(eq(users.handle, handle)).limit(1);
  return on
    .select(person)
    .from(memberships)
    .innerJoin(teams, eq(teams.id, memberships.teamId))
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(teams.ref, ref), eq(memberships.membership, "owner")))
    .orderBy(asc(users.name))
    .limit(MAX_PEOPLE);
}
