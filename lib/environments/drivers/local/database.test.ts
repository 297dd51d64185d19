import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { newId } from "@/lib/core/id";
import { until } from "@/tests/setup/until";
import { type Databases, openDatabases } from "./database";

const never = new AbortController().signal;
let superuser: postgres.Sql;
let mine: Databases;
let other: Databases;
let names: string[] = [];
let adminUrl: string;
let port: number;

beforeAll(() => {
  const server = inject("postgres");
  ({ port } = server);
  adminUrl = server.sandboxAdminUrl;
  superuser = postgres({ host: "127.0.0.1", port, user: "postgres", password: server.password, database: "postgres", max: 1, onnotice: () => {} });
  mine = openDatabases(adminUrl, randomBytes(6).toString("hex"));
  other = openDatabases(adminUrl, randomBytes(6).toString("hex"));
});
afterEach(async () => {
  for (const name of names) {
    await superuser.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await superuser.unsafe(`DROP ROLE IF EXISTS ${name}`);
  }
  names = [];
});
afterAll(() => Promise.all([mine.close(), other.close(), superuser.end()]));

function freshName(): string {
  const name = `wm_${newId("environment").slice(4)}`;
  names.push(name);
  return name;
}

async function signIn(name: string, password: string): Promise<postgres.Sql> {
  const sql = postgres({ host: "127.0.0.1", port, user: name, password, database: name, max: 1, onnotice: () => {} });
  await sql`select 1`;
  return sql;
}

describe("role and database of an environment", () => {
  test("are made once however often they are asked for, and the last password counts", async () => {
    const name = freshName();
    await mine.ensure(name, "first", never);
    const session = await signIn(name, "first");
    await session`create table kept (id int)`;
    await session.end();
    await mine.ensure(name, "second", never);
    const again = await signIn(name, "second");
    expect(await again`select count(*)::int as n from kept`).toMatchObject([{ n: 0 }]);
    await again.end();
    await expect(signIn(name, "first")).rejects.toMatchObject({ code: "28P01" });
  });

  test("are made once by two workers at the same time", async () => {
    const name = freshName();
    await Promise.all([mine.ensure(name, "pw", never), mine.ensure(name, "pw", never)]);
    await (await signIn(name, "pw")).end();
  });

  test("have no rights beyond their own database, and a limited number of connections", async () => {
    const name = freshName();
    await mine.ensure(name, "pw", never);
    const [role] = await superuser`select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolconnlimit from pg_roles where rolname = ${name}`;
    expect(role).toEqual({ rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolreplication: false, rolbypassrls: false, rolconnlimit: 20 });
    const [open] = await superuser<{ open: boolean }[]>`select has_database_privilege('public', ${name}, 'CONNECT') as open`;
    expect(open?.open).toBe(false);
  });

  test("go although somebody is connected, and going twice is fine", async () => {
    const name = freshName();
    await mine.ensure(name, "pw", never);
    const session = await signIn(name, "pw");
    expect((await mine.drop(name)).map((found) => found.kind).sort()).toEqual(["database", "role"]);
    await expect(session`select 1`).rejects.toThrow();
    await session.end();
    expect(await mine.drop(name)).toEqual([]);
  });

  test("are listed for their own installation only, also when a crash came between a database and its label", async () => {
    const name = freshName();
    await mine.ensure(name, "pw", never);
    const environmentId = `env_${name.slice(3)}`;
    const both = [
      { kind: "database", name, environmentId },
      { kind: "role", name, environmentId },
    ];
    expect(await mine.list()).toEqual(expect.arrayContaining(both));
    expect((await other.list()).filter((found) => found.name === name)).toEqual([]);
    await superuser.unsafe(`COMMENT ON DATABASE ${name} IS NULL`);
    expect(await mine.list()).toEqual(expect.arrayContaining(both));
    expect(await mine.drop(name)).toHaveLength(2);
  });

  test("of another installation are neither taken over nor dropped", async () => {
    const name = freshName();
    await other.ensure(name, "theirs", never);
    await expect(mine.ensure(name, "mine", never)).rejects.toMatchObject({ outcome: { causeCode: "database-refused", cause: expect.stringContaining("another installation") } });
    expect(await mine.drop(name)).toEqual([]);
    await (await signIn(name, "theirs")).end();
  });
});

describe("databases that were added to an environment", () => {
  test("belong to it: listed with it, dropped with it, and no other is touched", async () => {
    const [name, neighbour] = [freshName(), freshName()];
    const added = `${name}_gift_cards`;
    names.push(added);
    for (const one of [name, added, neighbour]) await mine.ensure(one, "pw", never);
    const environmentId = `env_${name.slice(3)}`;
    expect((await mine.list()).filter((found) => found.environmentId === environmentId)).toHaveLength(4);
    await expect(signIn(name, "pw").then((sql) => sql.end())).resolves.toBeUndefined();
    expect((await mine.drop(name)).map((found) => found.name).sort()).toEqual([name, name, added, added].sort());
    expect((await mine.list()).filter((found) => found.environmentId === `env_${neighbour.slice(3)}`)).toHaveLength(2);
  });

  test("a changed password ends the old one, and sessions from before it can be ended", async () => {
    const name = freshName();
    await mine.ensure(name, "old", never);
    const session = await signIn(name, "old");
    const changedAt = await mine.setPassword(name, "new");
    expect([await mine.accepts(name, "new"), await mine.accepts(name, "old")]).toEqual([true, false]);
    expect(await session`select 1 as one`).toMatchObject([{ one: 1 }]);
    expect(await mine.endSessions(name, changedAt)).toBe(1);
    await until("the session to be gone", async () => (await superuser`select 1 from pg_stat_activity where usename = ${name}`).length === 0);
    await session.end({ timeout: 1 });
  });
});

describe("refusals say what to do", () => {
  const refusedBy = async (url: string | null) => {
    const databases = openDatabases(url, "000000000000");
    try {
      return await databases.ensure(freshName(), "pw", never).then(
        () => null,
        (error) => error.outcome,
      );
    } finally {
      await databases.close();
    }
  };

  test("a role without the rights: what to grant", async () => {
    const name = freshName();
    await mine.ensure(name, "pw", never);
    const outcome = await refusedBy(`postgres://${name}:pw@127.0.0.1:${port}/${name}`);
    expect(outcome).toMatchObject({ causeCode: "database-refused", whoCanFix: "platform-team", nextAction: expect.stringContaining(`ALTER ROLE "${name}" CREATEDB CREATEROLE`) });
  });

  test("a wrong password, a server that is not there, no server at all", async () => {
    expect(await refusedBy(adminUrl.replace(/:[^:@]+@/, ":wrong@"))).toMatchObject({ causeCode: "database-refused", cause: expect.stringContaining("refuses the role") });
    expect(await refusedBy("postgres://a:b@127.0.0.1:1/x")).toMatchObject({ causeCode: "database-refused", cause: expect.stringContaining("cannot be reached") });
    expect(await refusedBy(null)).toMatchObject({ causeCode: "database-refused", nextAction: expect.stringContaining("WAYMARK_SANDBOX_DATABASE_URL") });
  });

  test("databases that any role may enter are named", async () => {
    const name = `open_${randomBytes(4).toString("hex")}`;
    names.push(name);
    await superuser.unsafe(`CREATE DATABASE ${name}`);
    await until("the database to be seen as open", async () => (await mine.openToAll()).includes(name));
    await superuser.unsafe(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    expect(await mine.openToAll()).not.toContain(name);
  });
});
