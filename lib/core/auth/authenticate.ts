import { sqlClient } from "@/db/client";
import type { AnonymousActor, Role, Scope, TeamMembership, UserActor } from "../actor";
import { env } from "../env";
import { sha256 } from "../secrets";
import { LAST_SEEN_SECONDS, SESSION_IDLE_MINUTES } from "./limits";
import { isWellFormedToken } from "./token-format";

export interface Authenticated {
  actor: UserActor | AnonymousActor;
  now: Date;
}

interface UserRow {
  now: Date;
  id: string;
  handle: string;
  name: string;
  email: string | null;
  role: Role;
  teams: TeamMembership[] | null;
  managed: string[] | null;
  credential_id: string;
  scopes: Scope[] | null;
  stale: boolean;
}

// Demo people end with the demo, their sessions and tokens too. One round trip: the credential, the person, their teams and Postgres' clock. Nothing is cached, so an ended session
// or a changed role counts at the next request on every replica.
function person(credential: { session: string } | { token: string } | { user: string }) {
  const sql = sqlClient();
  const from =
    "user" in credential
      ? sql`select '' as id, ${credential.user}::text as user_id, null::text[] as scopes, false as stale`
      : "session" in credential
        ? sql`select s.id, s.user_id, null::text[] as scopes, s.last_seen_at < now() - ${LAST_SEEN_SECONDS} * interval '1 second' as stale from sessions s
            where s.id = ${credential.session} and s.ended_at is null and s.expires_at > now()
              and s.last_seen_at > now() - ${SESSION_IDLE_MINUTES} * interval '1 minute'`
        : sql`select t.id, t.user_id, t.scopes, t.last_used_on is distinct from to_char(now() at time zone 'UTC', 'YYYY-MM-DD') as stale from api_tokens t
            where t.hash = ${credential.token} and t.revoked_at is null and t.expires_at > now()`;
  return sql<UserRow[]>`
    with credential as (${from})
    select now() as now, u.id, u.handle, u.name, u.email, u.role, c.id as credential_id, c.scopes, c.stale,
      (select json_agg(json_build_object('id', t.id, 'ref', t.ref, 'name', t.name, 'title', t.title, 'membership', m.membership) order by t.parent_id is null, t.name)
         from memberships m join teams t on t.id = m.team_id where m.user_id = u.id) as teams,
      case when u.role = 'manager' then (
        with recursive tree as (
          select m.team_id as id from memberships m where m.user_id = u.id
          union select t.id from teams t join tree on t.parent_id = tree.id
        ) select json_agg(id) from tree) end as managed
    from credential c join users u on u.id = c.user_id where u.disabled_at is null and (${env().demo} or not u.is_demo)`;
}

async function nobody(): Promise<Authenticated> {
  const [row] = await sqlClient()<{ now: Date }[]>`select now() as now`;
  if (!row) throw new Error("select now() returned nothing");
  return { actor: { type: "anonymous" }, now: row.now };
}

function actorOf(row: UserRow, credential: UserActor["credential"]): UserActor {
  const { id, handle, name, email, role } = row;
  return { type: "user", id, handle, name, email, role, teams: row.teams ?? [], managedTeamIds: row.managed ?? [], credential };
}

/** The person behind a session cookie's value, or anonymous. */
export async function authenticateSession(cookie: string | undefined): Promise<Authenticated> {
  if (!cookie || cookie.length > 200) return nobody();
  const id = sha256(cookie);
  const [row] = await person({ session: id });
  if (!row) return nobody();
  if (row.stale) await sqlClient()`update sessions set last_seen_at = now() where id = ${id}`;
  return { actor: actorOf(row, { type: "session", id }), now: row.now };
}

/** The person behind a bearer token, or anonymous. Malformed tokens are told by their checksum, without the database. */
export async function authenticateToken(token: string): Promise<Authenticated> {
  if (!isWellFormedToken(token)) return nobody();
  const [row] = await person({ token: sha256(token) });
  if (!row) return nobody();
  if (row.stale) await sqlClient()`update api_tokens set last_used_on = to_char(now() at time zone 'UTC', 'YYYY-MM-DD') where id = ${row.credential_id}`;
  return { actor: actorOf(row, { type: "token", id: row.credential_id, scopes: row.scopes ?? [] }), now: row.now };
}

/** A person in whose name a run goes on, with their rights of now; null when they may no longer sign in. */
export async function authenticateUser(userId: string): Promise<UserActor | null> {
  const [row] = await person({ user: userId });
  return row ? actorOf(row, { type: "session", id: "" }) : null;
}
