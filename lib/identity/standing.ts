import { and, asc, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { memberships, roleRules, users } from "@/db/schema";
import { ROLES, type Role } from "@/lib/core/actor";
import { type AuditRecord, writeAudits } from "@/lib/core/audit";
import type { Ctx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { among } from "./among";
import { endSessions } from "./end-access";
import { noAdminBeside } from "./last-admin";
import { evaluateRules, type Standing } from "./rules";
import { isPending } from "./scim/pending";

export interface PersonGroups {
  userId: string;
  /** All groups that the provider says the person is in. */
  groups: string[];
}

interface Change {
  user: { id: string; handle: string; issuer: string; role: Role; roleSource: "idp" | "manual"; disabledAt: Date | null };
  standing: Standing;
}

/**
 * Brings roles and teams of people up to date with their groups under the role rules; what was given by hand stays. At a sign-in the
 * last platform admin keeps the role; a push that would take it is refused whole (conflict), and a changed role ends the person's sessions.
 */
export async function applyStandings(tx: Tx, people: PersonGroups[], ctx: Ctx, by: "sign-in" | "push"): Promise<void> {
  if (people.length === 0) return;
  const ids = people.map((person) => person.userId);
  const [rules, accounts, current] = [
    await tx.select().from(roleRules).orderBy(asc(roleRules.position)),
    await tx
      .select({ id: users.id, handle: users.handle, issuer: users.issuer, role: users.role, roleSource: users.roleSource, disabledAt: users.disabledAt })
      .from(users)
      .where(among(users.id, ids)),
    await tx.select().from(memberships).where(among(memberships.userId, ids)),
  ];
  const byId = new Map(accounts.map((user) => [user.id, user]));
  const changes = people.flatMap(({ userId, groups }): Change[] => {
    const user = byId.get(userId);
    return user ? [{ user, standing: evaluateRules(groups, rules, env().adminGroup) }] : [];
  });
  const events = [...(await applyRoles(tx, changes, ctx, by)), ...(await applyTeams(tx, changes, current, ctx))];
  await writeAudits(tx, ctx, events);
}

type Event = { name: string; record: AuditRecord };
const targetOf = ({ id, handle }: Change["user"]) => ({ type: "user", id, label: handle });

async function applyRoles(tx: Tx, changes: Change[], ctx: Ctx, by: "sign-in" | "push"): Promise<Event[]> {
  let wanted = changes.filter(({ user, standing }) => user.roleSource !== "manual" && user.role !== standing.role);
  const demoted = wanted.filter(({ user }) => user.role === "platform-admin" && !user.disabledAt && !isPending(user));
  if (
    demoted.length &&
    (await noAdminBeside(
      tx,
      demoted.map(({ user }) => user.id),
    ))
  ) {
    const handles = demoted.map(({ user }) => user.handle).join(", ");
    if (by === "push") throw new DomainError("conflict", `This would take the last platform admin away (${handles}). Make somebody else platform admin in Waymark first.`);
    log().warn({ handles }, "the last platform admin keeps the role although no group claim gives it");
    wanted = wanted.filter((change) => !demoted.includes(change));
  }
  for (const role of ROLES) {
    const ids = wanted.filter(({ standing }) => standing.role === role).map(({ user }) => user.id);
    if (ids.length) await tx.update(users).set({ role }).where(among(users.id, ids));
  }
  if (by === "push")
    await endSessions(
      tx,
      wanted.map(({ user }) => user.id),
      ctx.now,
    );
  return wanted.map(({ user, standing }) => ({
    name: "user.set-role",
    record: { target: targetOf(user), detail: { from: user.role, to: standing.role, claim: standing.roleFrom } },
  }));
}

async function applyTeams(tx: Tx, changes: Change[], all: (typeof memberships.$inferSelect)[], ctx: Ctx): Promise<Event[]> {
  const current = new Map<string, typeof all>(changes.map(({ user }) => [user.id, []]));
  for (const row of all) current.get(row.userId)?.push(row);
  const of = (change: Change) => current.get(change.user.id) ?? [];
  const gone = changes.flatMap((change) =>
    of(change).flatMap((row) => (row.source === "idp" && !change.standing.teams.has(row.teamId) ? [{ ...change, teamId: row.teamId }] : [])),
  );
  const come = changes.flatMap((change) =>
    [...change.standing.teams].flatMap(([teamId, { membership, from }]) => {
      const known = of(change).find((row) => row.teamId === teamId);
      return known && (known.source === "manual" || known.membership === membership) ? [] : [{ ...change, teamId, membership, from }];
    }),
  );
  const texts = (all: string[]) => sql`${sql.param(all)}::text[]`;
  if (gone.length) {
    const pairs = sql`select * from unnest(${texts(gone.map(({ user }) => user.id))}, ${texts(gone.map(({ teamId }) => teamId))})`;
    await tx.delete(memberships).where(and(sql`(${memberships.userId}, ${memberships.teamId}) in (${pairs})`, eq(memberships.source, "idp")));
  }
  if (come.length) {
    await tx.execute(sql`
      insert into ${memberships} (user_id, team_id, membership, source, created_at)
      select person, team, kind, 'idp', ${ctx.now.toISOString()}::timestamptz
      from unnest(${texts(come.map(({ user }) => user.id))}, ${texts(come.map(({ teamId }) => teamId))}, ${texts(come.map(({ membership }) => membership))}) as come(person, team, kind)
      on conflict (user_id, team_id) do update set membership = excluded.membership where ${memberships.source} = 'idp'`);
  }
  return [
    ...gone.map(({ user, teamId }) => ({ name: "team.remove-member", record: { target: targetOf(user), teamId, detail: { source: "idp" } } })),
    ...come.map(({ user, teamId, membership, from }) => ({ name: "team.add-member", record: { target: targetOf(user), teamId, detail: { membership, claim: from } } })),
  ];
}
