import "server-only";
import { and, asc, count, desc, eq, gt, ilike, isNull, or, sql } from "drizzle-orm";
import { z } from "zod";
import { type Connection, db } from "@/db/client";
import { agentClients, apiTokens, memberships, roleRules, scimPeople, sessions, settings, teams, users } from "@/db/schema";
import { DEMO_GUIDES } from "@/db/seed/demo-directory";
import { SESSION_IDLE_MINUTES } from "@/lib/core/auth/limits";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import {
  type ApiToken,
  OfPerson,
  type Person,
  PersonListInput,
  type Profile,
  ProfileInput,
  type RoleRule,
  type SessionView,
  type Team,
  type TeamMember,
  TeamRef,
} from "./contract";
import { ownAccount } from "./own-account";
import { managersOf, pushingConnection } from "./scim/managed";
import { isPending } from "./scim/pending";

export { getAccount } from "./account";
export { readDeviceRequest } from "./device-approval";
export { readNoTeam } from "./no-team";
export { previewRules } from "./preview-rules";
export { getConnection, listConnections } from "./scim/connections";
export { endingConnections } from "./scim/ending";

const Nothing = z.strictObject({});

export const getMe = query({
  name: "account.read",
  summary: "Who you are: role and teams.",
  input: Nothing,
  subject: () => null,
  run: async (_on, _input, { actor }) => {
    if (actor.type !== "user") throw new DomainError("unauthenticated", "Sign in first.");
    const { id, handle, name, email, role } = actor;
    return { id, handle, name, email, role, teams: actor.teams.map(({ ref, membership }) => ({ ref, membership })) };
  },
});

export const listSessions = query({
  name: "session.list",
  summary: "Your open sessions; an admin may ask for another person's.",
  input: OfPerson,
  subject: (_on, { user }, ctx) => (user ? { userId: user } : ownAccount(ctx)),
  run: async (on, _input, ctx, { userId }): Promise<{ items: SessionView[]; nextCursor: null; total: number }> => {
    const idle = sql`${sessions.lastSeenAt} > now() - ${SESSION_IDLE_MINUTES} * interval '1 minute'`;
    const rows = await on
      .select()
      .from(sessions)
      .where(and(eq(sessions.userId, userId ?? ""), isNull(sessions.endedAt), gt(sessions.expiresAt, ctx.now), idle))
      .orderBy(desc(sessions.lastSeenAt));
    const current = ctx.actor.type === "user" ? ctx.actor.credential.id : null;
    const items = rows.map(({ id, userAgent, ipPrefix, createdAt, lastSeenAt, expiresAt }) => ({
      id,
      current: id === current,
      userAgent,
      ipPrefix,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
    return { items, nextCursor: null, total: items.length };
  },
});

export const listTokens = query({
  name: "token.list",
  summary: "Your tokens; their values are never shown again. An admin may ask for another person's.",
  input: OfPerson,
  subject: (_on, { user }, ctx) => (user ? { userId: user } : ownAccount(ctx)),
  run: async (on, _input, ctx, { userId }): Promise<{ items: ApiToken[]; nextCursor: null; total: number }> => {
    const rows = await on
      .select({ token: apiTokens, client: agentClients })
      .from(apiTokens)
      .leftJoin(agentClients, eq(agentClients.tokenId, apiTokens.id))
      .where(and(eq(apiTokens.userId, userId ?? ""), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, ctx.now)))
      .orderBy(desc(apiTokens.createdAt));
    const items = rows.map(({ token: { id, name, kind, prefix, scopes, createdAt, expiresAt, lastUsedOn }, client }) => ({
      id,
      name,
      kind,
      prefix,
      scopes,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      lastUsedOn,
      lastClient: client && { name: client.name, version: client.version, at: client.lastCallAt.toISOString() },
    }));
    return { items, nextCursor: null, total: items.length };
  },
});

export const listTeams = query({
  name: "team.list",
  summary: "All teams with the number of their members.",
  input: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(200) }),
  subject: () => null,
  run: async (on, input): Promise<{ items: Team[]; nextCursor: null; total: number }> => {
    const rows = await on
      .select({ team: teams, members: count(memberships.userId) })
      .from(teams)
      .leftJoin(memberships, eq(memberships.teamId, teams.id))
      .groupBy(teams.id)
      .orderBy(asc(teams.name))
      .limit(input.limit);
    const names = new Map(rows.map(({ team }) => [team.id, team.name]));
    const items = rows.map(({ team, members }) => ({
      id: team.id,
      ref: team.ref,
      name: team.name,
      title: team.title,
      parent: team.parentId ? (names.get(team.parentId) ?? null) : null,
      members,
      isDemo: team.isDemo,
    }));
    return { items, nextCursor: null, total: items.length };
  },
});

export const getTeam = query({
  name: "team.list",
  summary: "One team, by short name, ref or id.",
  input: TeamRef,
  subject: (on, input) => teamNamed(on, input.team),
  run: async (on, _input, _ctx, { team }): Promise<Team> => {
    const [[members], [parent]] = await Promise.all([
      on.select({ n: count() }).from(memberships).where(eq(memberships.teamId, team.id)),
      on
        .select({ name: teams.name })
        .from(teams)
        .where(eq(teams.id, team.parentId ?? "")),
    ]);
    const { id, ref, name, title, isDemo } = team;
    return { id, ref, name, title, isDemo, parent: parent?.name ?? null, members: members?.n ?? 0 };
  },
});

/** A team by short name, ref or id. Throws not_found. */
export async function teamNamed(on: Connection, text: string) {
  const found = await on.query.teams.findFirst({ where: or(eq(teams.name, text), eq(teams.ref, text.toLowerCase()), eq(teams.id, text)) });
  if (!found) throw new DomainError("not_found", `There is no team "${text}".`, { fields: [{ path: "team", message: "There is no such team." }] });
  return { teamId: found.id, team: found };
}

export const listMembers = query({
  name: "team.list",
  summary: "The members of a team.",
  input: TeamRef,
  subject: () => null,
  run: async (on, input): Promise<{ items: TeamMember[]; nextCursor: null; total: number }> => {
    const { teamId } = await teamNamed(on, input.team);
    const items = await on
      .select({
        userId: users.id,
        handle: users.handle,
        name: users.name,
        membership: memberships.membership,
        source: memberships.source,
        pushedBy: pushingConnection(),
      })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(eq(memberships.teamId, teamId))
      .orderBy(desc(memberships.membership), asc(users.name));
    return { items, nextCursor: null, total: items.length };
  },
});

export const getProfile = query({
  name: "team.list",
  summary: "A person by handle: name, address and teams.",
  input: ProfileInput,
  subject: () => null,
  run: async (on, { handle }): Promise<Profile> => {
    const [person] = await on.select().from(users).where(eq(users.handle, handle.toLowerCase()));
    if (!person || person.disabledAt) throw new DomainError("not_found", `There is no person "${handle}".`);
    const own = await on
      .select({ name: teams.name, title: teams.title, ref: teams.ref, membership: memberships.membership })
      .from(memberships)
      .innerJoin(teams, eq(teams.id, memberships.teamId))
      .where(eq(memberships.userId, person.id))
      .orderBy(asc(teams.title));
    return { handle: person.handle, name: person.name, email: person.email, isDemo: person.isDemo, teams: own };
  },
});

export const listPeople = query({
  name: "user.list",
  summary: "People with role and teams, by name.",
  input: PersonListInput,
  subject: () => null,
  run: async (on, input): Promise<{ items: Person[]; nextCursor: string | null; total: number }> => {
    const pattern = input.q ? `%${input.q.replace(/[%_\\]/g, "\\$&")}%` : null;
    const filter = and(
      pattern ? or(ilike(users.name, pattern), ilike(users.handle, pattern), ilike(users.email, pattern)) : undefined,
      input.role ? eq(users.role, input.role) : undefined,
      input.managed === undefined
        ? undefined
        : sql`${input.managed === "yes" ? sql`` : sql`not `}exists (select 1 from ${scimPeople} s where s.user_id = ${users.id} and s.deleted_at is null)`,
    );
    const page = input.cursor ? sql`(lower(${users.name}), ${users.id}) > (select lower(name), id from users where id = ${input.cursor})` : undefined;
    const [rows, [totals]] = await Promise.all([
      on
        .select()
        .from(users)
        .where(and(filter, page))
        .orderBy(sql`lower(${users.name})`, asc(users.id))
        .limit(input.limit + 1),
      on.select({ n: count() }).from(users).where(filter),
    ]);
    const shown = rows.slice(0, input.limit);
    const last = shown.at(-1);
    const ids = shown.map((row) => row.id);
    const [memberOf, managed] = await Promise.all([teamsOf(on, ids), managersOf(on, ids)]);
    return {
      items: shown.map((row) => presentPerson(row, memberOf.get(row.id) ?? [], managed.get(row.id) ?? null)),
      nextCursor: rows.length > input.limit && last ? last.id : null,
      total: totals?.n ?? 0,
    };
  },
});

export const getPerson = query({
  name: "user.list",
  summary: "One person with role and teams, by id.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: () => null,
  run: async (on, { id }): Promise<Person> => {
    const [row] = await on.select().from(users).where(eq(users.id, id));
    if (!row) throw new DomainError("not_found", "There is no such person.");
    const [memberOf, managed] = await Promise.all([teamsOf(on, [id]), managersOf(on, [id])]);
    return presentPerson(row, memberOf.get(id) ?? [], managed.get(id) ?? null);
  },
});

function presentPerson(row: typeof users.$inferSelect, memberOf: Person["teams"], managedBy: Person["managedBy"]): Person {
  const { id, issuer, subject, handle, name, email, role, roleSource, isDemo, lastSignInAt, disabledAt, disabledBy } = row;
  return {
    id,
    issuer,
    subject,
    handle,
    name,
    email,
    role,
    roleSource,
    isDemo,
    teams: memberOf,
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
    disabledAt: disabledAt?.toISOString() ?? null,
    disabledBy: disabledAt ? (disabledBy ?? "manual") : null,
    isPending: isPending(row),
    managedBy,
  };
}

async function teamsOf(on: Connection, userIds: string[]) {
  const found = new Map<string, Person["teams"]>();
  if (userIds.length === 0) return found;
  const ids = sql.join(
    userIds.map((id) => sql`${id}`),
    sql`, `,
  );
  const rows = await on
    .select({ userId: memberships.userId, name: teams.name, title: teams.title, membership: memberships.membership, source: memberships.source })
    .from(memberships)
    .innerJoin(teams, eq(teams.id, memberships.teamId))
    .where(sql`${memberships.userId} in (${ids})`)
    .orderBy(asc(teams.name));
  for (const { userId, ...team } of rows) found.set(userId, [...(found.get(userId) ?? []), team]);
  return found;
}

export const listRules = query({
  name: "role-rule.list",
  summary: "The ordered rules from group claims to teams and roles.",
  input: Nothing,
  subject: () => null,
  run: async (on): Promise<{ items: RoleRule[]; nextCursor: null; total: number }> => {
    const rows = await on.select({ rule: roleRules, team: teams.name }).from(roleRules).leftJoin(teams, eq(teams.id, roleRules.teamId)).orderBy(asc(roleRules.position));
    const items = rows.map(({ rule, team }) => ({ match: rule.match, value: rule.value, role: rule.role, team, membership: rule.membership }));
    return { items, nextCursor: null, total: items.length };
  },
});

/** The people that the demo sign-in page offers. */
export function demoGuides() {
  return DEMO_GUIDES.map(({ handle, name, introduction, purpose }) => ({ handle, name, introduction, purpose }));
}

/** How groups arrive, for the page of the rules. */
export function signInFacts(): { groupsClaim: string; adminGroup: string | null } {
  return { groupsClaim: env().oidc?.groupsClaim ?? "groups", adminGroup: env().adminGroup };
}

/** What anybody may know of this installation before signing in. */
export async function describeInstallation(): Promise<{ organisation: string; lines: { name: string; value: string }[] }> {
  const [organisation, server, [people]] = await Promise.all([
    db().query.settings.findFirst({ where: eq(settings.key, "organisation") }),
    db().execute<{ version: string }>(sql`select split_part(current_setting('server_version'), ' ', 1) as version`),
    db().select({ n: count() }).from(users),
  ]);
  const { demo, sandboxDatabaseUrl } = env();
  return {
    organisation: typeof organisation?.value === "string" ? organisation.value : "Waymark",
    lines: [
      { name: "Database", value: `${sandboxDatabaseUrl ? "Embedded PostgreSQL" : "PostgreSQL"} ${server[0]?.version ?? ""}` },
      { name: "Environments", value: "Local driver" },
      { name: "Sign-in", value: demo ? "Demo people" : "Single sign-on" },
      ...(demo ? [{ name: "People", value: `${people?.n ?? 0} in the demo company` }] : []),
    ],
  };
}
