import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, type SignedIn, signedIn } from "@/tests/setup/people";
import { aConnection, type ScimClient } from "@/tests/setup/scim-client";

useOwnDatabase();
let pat: SignedIn;
let scim: ScimClient;

beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  scim = await aConnection(pat, "Okta");
});

describe("bad input", () => {
  const account = async (id: string) => (await db().select().from(users).where(sql`id = (select user_id from scim_people where id = ${id})`))[0];

  test("no field of ours can be set from outside", async () => {
    const columns = {
      ...{
        id: "usr_mine",
        issuer: "https://evil.example",
        subject: "me",
        handle: "root",
        role: "platform-admin",
        roleSource: "manual",
        role_source: "manual",
        isDemo: true,
        is_demo: true,
      },
      ...{
        disabledAt: null,
        disabled_by: "manual",
        directoryId: "x",
        lastSignInAt: "2020-01-01",
        emailVerified: true,
        email_verified: true,
        userId: pat.actor.id,
        user_id: pat.actor.id,
      },
      ...{
        connectionId: "scx_other",
        version: 99,
        createdAt: "2020-01-01",
        deletedAt: "2020-01-01",
        teams: ["tea_platform"],
        memberships: [],
        groups: [{ value: "scg_x" }],
        roles: [{ value: "platform-admin" }],
      },
      ...{ entitlements: [{ value: "admin" }], attributes: { isActive: true }, isActive: true, meta: { version: 'W/"7"', created: "2020-01-01" } },
    };
    const id = await scim.person("mass@corp.example", columns);
    const before = await account(id);
    expect(before).toMatchObject({
      handle: "mass",
      role: "engineer",
      roleSource: "idp",
      isDemo: false,
      emailVerified: false,
      directoryId: null,
      lastSignInAt: null,
      disabledBy: null,
    });
    expect(before?.issuer).toBe(`scim:${scim.connectionId}`);
    await scim.ask("PUT", `/Users/${id}`, { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "mass@corp.example", ...columns });
    await scim.patch(`/Users/${id}`, { op: "replace", value: Object.fromEntries(Object.entries(columns).filter(([name]) => /^(id|meta|groups|roles|entitlements)$/.test(name))) });
    expect(await account(id)).toEqual(before);
    for (const name of ["role", "isDemo", "issuer", "handle"])
      expect((await scim.patch(`/Users/${id}`, { op: "replace", path: name, value: "x" })).body.scimType).toBe("invalidPath");
  });

  test("keys and paths of prototypes are harmless", async () => {
    const id = await scim.person("proto@corp.example");
    await scim.ask(
      "PUT",
      `/Users/${id}`,
      '{"userName":"proto@corp.example","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"name":{"__proto__":{"polluted":1},"givenName":"P"}}',
    );
    for (const path of ["__proto__.polluted", "constructor.prototype.polluted", "name.__proto__", 'emails[__proto__ eq "x"].value', "name.constructor", "toString"]) {
      const { status } = await scim.patch(`/Users/${id}`, { op: "add", path, value: 1 });
      expect([200, 400], path).toContain(status);
    }
    await scim.patch(`/Users/${id}`, { op: "add", value: JSON.parse('{"constructor":{"prototype":{"polluted":1}}}') });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect((await scim.get(`/Users/${id}`)).status).toBe(200);
  });

  test("a person is not changed thousands of times in one request", async () => {
    const id = await scim.person("often@corp.example");
    const often = Array.from({ length: 5_000 }, (_, n) => ({ op: "replace", path: "title", value: `t${n}` }));
    expect((await scim.patch(`/Users/${id}`, ...often)).body).toMatchObject({ status: "400", scimType: "invalidValue" });
    expect((await scim.patch(`/Users/${id}`, ...often.slice(0, 200))).body.title).toBe("t199");
  });

  test.each([
    ["no userName", "POST", "/Users", { active: true }],
    ["an empty userName", "POST", "/Users", { userName: " " }],
    ["another schema", "POST", "/Users", { schemas: ["urn:x"], userName: "a@b" }],
    ["active as a number", "POST", "/Users", { userName: "a@b", active: 3 }],
    ["a name that is a text", "POST", "/Users", { userName: "a@b", name: "A" }],
    ["NUL in a text", "POST", "/Users", { userName: "a\u0000b" }],
    ["half a character", "POST", "/Users", { userName: "a\ud800b" }],
    ["a text that is too long", "POST", "/Users", { userName: "a@b", title: "x".repeat(2_000) }],
    ["a group without a name", "POST", "/Groups", { members: [] }],
    ["members that are numbers", "POST", "/Groups", { displayName: "N", members: [1] }],
  ])("%s is refused with what to do", async (_what, method, path, body) => {
    const answer = await scim.ask(method, path, body);
    expect([answer.status, typeof answer.body.scimType, answer.body.detail.length > 10]).toEqual([400, "string", true]);
  });

  test("unreadable bodies, types and sizes have their own answers", async () => {
    expect((await scim.ask("POST", "/Users", "{not json")).body).toMatchObject({ status: "400", scimType: "invalidSyntax" });
    expect((await scim.ask("POST", "/Users", "[]")).status).toBe(400);
    expect((await scim.ask("POST", "/Users", `${"[".repeat(100)}`)).status).toBe(400);
    expect((await scim.ask("POST", "/Users", "<x/>", { "content-type": "text/xml" })).status).toBe(415);
    expect((await scim.ask("POST", "/Users", `{"userName":"${"x".repeat(6_000_000)}"}`)).status).toBe(413);
  });

  test("200 random bodies never end in an unexpected error", async () => {
    const id = await scim.person("fuzzed@corp.example", { emails: [{ value: "f@x", type: "work" }] });
    const group = await scim.group("Fuzzed", [id]);
    const word = fc.constantFrom(
      "userName",
      "active",
      "emails",
      "name",
      "members",
      "displayName",
      "externalId",
      "groups",
      "id",
      "meta",
      "schemas",
      "title",
      "op",
      "value",
      "path",
      "Operations",
    );
    const path = fc.oneof(
      word,
      fc.string({ maxLength: 20 }),
      fc.tuple(word, fc.string({ maxLength: 12 }), word).map(([a, b, c]) => `${a}[${b}].${c}`),
      fc.constantFrom(
        'emails[type eq "work"].value',
        'emails[type eq "work"]',
        'emails[type eq "a\\"b"]',
        "emails[",
        "emails]",
        "name.",
        ".",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:x:y",
      ),
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.boolean(),
      fc.constantFrom("True", "", null),
      fc.array(fc.record({ value: fc.oneof(fc.constant(id), fc.string()), type: fc.string() }), { maxLength: 3 }),
    );
    const op = fc.constantFrom("add", "Replace", "REMOVE", "move", 7, null);
    const patch = fc.record({
      schemas: fc.constant(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]),
      Operations: fc.array(fc.record({ op, path, value }, { requiredKeys: [] }), { maxLength: 4 }),
    });
    const resource = fc.dictionary(fc.oneof(word, fc.string({ maxLength: 8 })), value, { maxKeys: 6 });
    const request = fc.oneof(
      fc.tuple(fc.constant("PATCH"), fc.constantFrom(`/Users/${id}`, `/Groups/${group}`), fc.oneof({ weight: 4, arbitrary: patch }, { weight: 1, arbitrary: resource })),
      fc.tuple(fc.constantFrom("POST", "PUT"), fc.constantFrom("/Users", "/Groups", `/Users/${id}`, `/Groups/${group}`, "/Users/.search", "/Groups/.search"), resource),
    );
    const run = fc.asyncProperty(request, async ([method, at, body]) => {
      const answer = await scim.ask(method, at, body);
      expect(answer.status, `${method} ${at} ${JSON.stringify(body)} → ${JSON.stringify(answer.body)}`).toBeLessThan(500);
    });
    await fc.assert(run, { numRuns: 200 });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
