import postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { writeAudit } from "@/lib/core/audit";
import { csvLine } from "@/lib/core/csv";
import { systemCtx } from "@/lib/core/ctx";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { exportAuditEvents, getAuditEvent, listAuditEvents } from "./queries";

const database = useOwnDatabase();
let ada: SignedIn;
let olga: SignedIn;
let max: SignedIn;
let pat: SignedIn;

beforeAll(async () => {
  await aTeam("commerce");
  await aTeam("checkout", "commerce");
  await aTeam("search");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  olga = await signedIn(await aPerson("olga", { teams: { checkout: "owner" } }));
  max = await signedIn(await aPerson("max", { role: "manager", teams: { commerce: "member" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  const bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
  await writeAudit(db(), ada, "environment.create", "done", { target: { type: "environment", id: "env_1", label: "shop_1%" }, teamId: "tea_checkout", detail: { ttl: "48h" } });
  await writeAudit(db(), ada, "environment.delete", "refused", {
    target: { type: "environment", id: "env_2", label: "other" },
    teamId: "tea_search",
    detail: { reason: "not_found" },
  });
  await writeAudit(db(), bo, "environment.create", "done", { target: { type: "environment", id: "env_3", label: "shopX1Y" }, teamId: "tea_search" });
  await writeAudit(db(), pat, "settings.edit", "done", { target: { type: "settings", id: "platform", label: "=cmd|' /C calc'!A0" } });
  await writeAudit(db(), await systemCtx("expiry"), "environment.expire", "done", { target: { type: "environment", id: "env_1", label: "shop_1%" }, teamId: "tea_checkout" });
});

const seen = async (ctx: SignedIn, filter: Parameters<typeof listAuditEvents>[1] = {}) =>
  (await listAuditEvents(ctx, filter)).items.map((event) => `${event.actor.label} ${event.name} ${event.target?.id}`).sort();

const OF_CHECKOUT = ["ada environment.create env_1", "expiry environment.expire env_1"];
const ALL = [...OF_CHECKOUT, "ada environment.delete env_2", "bo environment.create env_3", "pat settings.edit platform"].sort();

describe("who reads what", () => {
  test("an engineer what they did, an owner and a manager also what concerns their teams, an admin all", async () => {
    expect(await seen(ada)).toEqual(["ada environment.create env_1", "ada environment.delete env_2"]);
    expect(await seen(olga)).toEqual(OF_CHECKOUT);
    expect(await seen(max)).toEqual(OF_CHECKOUT);
    expect(await seen(pat)).toEqual(ALL);
    expect(await outcome(listAuditEvents({ ...ada, actor: { type: "anonymous" } }, {}))).toBe("unauthenticated");
  });

  test("a token needs the scope admin, and then reaches no further than its owner", async () => {
    const byToken = (ctx: SignedIn, scopes: ("read" | "admin")[]) => ({ ...ctx, actor: { ...ctx.actor, credential: { type: "token" as const, id: "tok_x", scopes } } });
    expect(await outcome(listAuditEvents(byToken(pat, ["read"]), {}))).toBe("forbidden");
    expect(await seen(byToken(pat, ["read", "admin"]))).toEqual(ALL);
    expect(await seen(byToken(ada, ["admin"]))).toEqual(["ada environment.create env_1", "ada environment.delete env_2"]);
  });

  test("single events and exports reach no further than the list", async () => {
    const bos = (await listAuditEvents(pat, { actor: "bo" })).items[0]?.id ?? "";
    expect(await outcome(getAuditEvent(ada, { id: bos }))).toBe("not_found");
    expect((await getAuditEvent(pat, { id: bos })).actor.label).toBe("bo");
    const text = await new Response(await exportAuditEvents(ada, { format: "json" })).text();
    expect((JSON.parse(text) as { actor: { label: string } }[]).every((event) => event.actor.label === "ada")).toBe(true);
  });
});

describe("filters", () => {
  test.each([
    [{ actor: "ada" }, 2],
    [{ name: "environment" }, 4],
    [{ name: "environment.create" }, 2],
    [{ name: "env" }, 0],
    [{ name: "%" }, 0],
    [{ target: "env_1" }, 2],
    [{ target: "shop_1%" }, 2],
    [{ target: "SHOP" }, 3],
    [{ team: "search" }, 2],
    [{ team: "group:default/checkout" }, 2],
    [{ result: "refused" as const }, 1],
    [{ from: "2020-01-01" }, 5],
    [{ to: "2020-01-01T00:00:00Z" }, 0],
    [{ actor: "ada", result: "done" as const, name: "environment" }, 1],
  ])("%j finds %i", async (filter, expected) => {
    const page = await listAuditEvents(pat, filter);
    expect([page.items.length, page.total]).toEqual([expected, expected]);
  });

  test.each([[{ from: "yesterday" }], [{ limit: 0 }], [{ limit: 1000 }], [{ cursor: "x" }], [{ result: "maybe" }], [{ colour: "red" }]])("%j is refused", async (filter) => {
    expect(await outcome(listAuditEvents(pat, filter as Parameters<typeof listAuditEvents>[1]))).toBe("invalid");
  });

  test("pages come newest first and miss nothing", async () => {
    const first = await listAuditEvents(pat, { limit: 2 });
    const second = await listAuditEvents(pat, { limit: 2, cursor: first.nextCursor ?? "" });
    const third = await listAuditEvents(pat, { limit: 2, cursor: second.nextCursor ?? "" });
    expect([...first.items, ...second.items, ...third.items].map((event) => event.name)).toEqual([
      "environment.expire",
      "settings.edit",
      "environment.create",
      "environment.delete",
      "environment.create",
    ]);
    expect(third.nextCursor).toBeNull();
  });
});

describe("the export", () => {
  test("has every row, and no cell that a spreadsheet would run", async () => {
    const text = await new Response(await exportAuditEvents(pat, {})).text();
    const lines = text.trimEnd().split("\r\n");
    expect(lines).toHaveLength(ALL.length + 1);
    expect(lines[0]).toMatch(/^id,at,actor,/);
    expect(text).toContain(`"'=cmd|' /C calc'!A0"`);
  });

  test.each(["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc", "＝1", "＋1", "－1", "＠x", " =1", "\u200b=1", "\ufeff=1"])(
    "the cell %j is disarmed and keeps its text",
    (cell) => {
      const line = csvLine([cell]);
      expect(line).toBe(`"'${cell.replaceAll('"', '""')}"\r\n`);
    },
  );

  test.each([
    ["-12", "-12"],
    ["+1", "+1"],
    ["3.5", "3.5"],
    ["plain", "plain"],
    ['say "so"', '"say ""so"""'],
    ["a,b", '"a,b"'],
    ["two\nlines", '"two\nlines"'],
    ["a=b", "a=b"],
    [null, ""],
  ])("the cell %j stays readable", (cell, expected) => {
    expect(csvLine([cell])).toBe(`${expected}\r\n`);
  });

  test("an empty one is valid JSON", async () => {
    expect(JSON.parse(await new Response(await exportAuditEvents(pat, { format: "json", actor: "nobody" })).text())).toEqual([]);
  });
});

describe("append-only", () => {
  test("the portal works with a role that owns nothing", async () => {
    const [who] = await db().execute<{ owner: boolean; superuser: boolean }>(
      "select tableowner = current_user as owner, (select rolsuper from pg_roles where rolname = current_user) as superuser from pg_tables where tablename = 'audit_events'",
    );
    expect(who).toEqual({ owner: false, superuser: false });
  });

  const FORBIDDEN = [
    "update audit_events set name = 'x'",
    "delete from audit_events",
    "truncate audit_events",
    "alter table audit_events disable trigger all",
    "drop table audit_events",
  ];

  test.each(FORBIDDEN)("the portal's role may not: %s", async (statement) => {
    const sql = postgres(database.current().appUrl, { max: 1, onnotice: () => {} });
    await expect(sql.unsafe(statement)).rejects.toThrow(/permission denied|must be owner|append-only/);
    await sql.end();
  });

  test.each(FORBIDDEN.slice(0, 3))("nor may the owner of the table, without first taking the trigger away: %s", async (statement) => {
    const sql = postgres(database.current().url, { max: 1, onnotice: () => {} });
    await expect(sql.unsafe(statement)).rejects.toThrow(/append-only/);
    await sql.end();
  });

  test("an event is gone with the change that it tells of", async () => {
    const before = (await listAuditEvents(pat, {})).total;
    await expect(
      db().transaction(async (tx) => {
        await writeAudit(tx, pat, "settings.edit", "done", {});
        throw new Error("the change failed");
      }),
    ).rejects.toThrow("the change failed");
    expect((await listAuditEvents(pat, {})).total).toBe(before);
  });
});

test("by its door: an agent's own word for itself is beside the person's name, and is not a token's", async () => {
  const byToken = { ...ada, actor: { ...ada.actor, credential: { type: "token" as const, id: "tok_agent", scopes: ["env:write" as const] } } };
  await writeAudit(db(), { ...byToken, agent: "Claude Code" }, "environment.extend", "done", { target: { type: "environment", id: "env_9", label: "nine" } });
  await writeAudit(db(), byToken, "environment.restart", "done", { target: { type: "environment", id: "env_9", label: "nine" } });
  const [agents] = (await listAuditEvents(pat, { door: "mcp" })).items;
  expect(agents).toMatchObject({ name: "environment.extend", door: "mcp", mcpClient: "Claude Code", tokenId: "tok_agent", actor: { label: "ada" } });
  for (const door of ["browser", "token", "mcp", "platform"] as const) {
    const { items } = await listAuditEvents(pat, { door, limit: 200 });
    expect(items.length, door).toBeGreaterThan(0);
    expect(
      items.every((event) => event.door === door),
      door,
    ).toBe(true);
  }
  const all = await listAuditEvents(pat, { limit: 200 });
  const apart = await Promise.all((["browser", "token", "mcp", "platform"] as const).map(async (door) => (await listAuditEvents(pat, { door })).total));
  expect(apart.reduce((sum, n) => sum + n, 0)).toBe(all.total);
});
