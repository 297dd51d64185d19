import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, signedIn } from "@/tests/setup/people";
import { aConnection, type ScimClient } from "@/tests/setup/scim-client";
import { patchGroup } from "./group-members";

useOwnDatabase();
let scim: ScimClient;
const people: string[] = [];

beforeAll(async () => {
  scim = await aConnection(await signedIn(await aPerson("pat", { role: "platform-admin" })), "Okta");
  for (let n = 0; n < 6; n++) people.push(await scim.person(`member-${n}@corp.example`, { externalId: `m${n}` }));
});

type Act = { kind: "add" | "remove-list" | "remove-filter" | "remove-all" | "replace"; who: number[] };

const operation: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom<Act["kind"]>("add", "add", "remove-list", "remove-filter", "remove-all", "replace"),
  who: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
});
const spelling = fc.constantFrom(
  (op: string) => op,
  (op: string) => op.toUpperCase(),
  (op: string) => `${op[0]?.toUpperCase()}${op.slice(1)}`,
);

/** The same act in one of the ways that providers write it. */
function written({ kind, who }: Act, ids: string[], spelled: (op: string) => string, pathless: boolean): Record<string, unknown> {
  const value = who.map((n) => ({ value: ids[n] ?? "", display: `Person ${n}` }));
  switch (kind) {
    case "add":
      return pathless ? { op: spelled("add"), value: { members: value } } : { op: spelled("add"), path: "members", value: value.length === 1 ? value[0] : value };
    case "replace":
      return pathless ? { op: spelled("replace"), value: { members: value } } : { op: spelled("replace"), path: "members", value };
    case "remove-list":
      return { op: spelled("remove"), path: "members", value };
    case "remove-filter":
      return { op: spelled("remove"), path: `members[${value.map((one) => `value eq "${one.value}"`).join(" or ")}]` };
    case "remove-all":
      return { op: spelled("remove"), path: "members" };
  }
}

/** A plain set, written without looking at the code. */
function modelled(before: Set<number>, acts: Act[]): number[] {
  let set = new Set(before);
  for (const { kind, who } of acts) {
    if (kind === "replace") set = new Set(who);
    if (kind === "remove-all") set = new Set();
    if (kind === "add") for (const n of who) set.add(n);
    if (kind === "remove-list" || kind === "remove-filter") for (const n of who) set.delete(n);
  }
  return [...set].sort();
}

const ids = ["a", "b", "c", "d", "e", "f"];

test("any sequence of operations on members ends as the same on a set, and repeating it changes nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(operation, spelling, fc.boolean()), { minLength: 1, maxLength: 12 }), fc.subarray([0, 1, 2, 3, 4, 5]), (acts, start) => {
      const before = { displayName: "G", externalId: null, members: new Set(start.map((n) => ids[n] ?? "")) };
      const operations = acts.map(([act, spelled, pathless]) => {
        const { op, path, value } = written(act, ids, spelled, pathless) as { op: string; path?: string; value?: unknown };
        return { op: op.toLowerCase() as "add", path: path ?? null, value };
      });
      const expected = modelled(
        new Set(start),
        acts.map(([act]) => act),
      ).map((n) => ids[n]);
      expect([...patchGroup(before, operations).members].sort()).toEqual(expected);
      expect(before.members.size).toBe(start.length);
    }),
    { numRuns: 1_000 },
  );
});

test("so does it through the interface and the database, sent in requests of any size", async () => {
  const group = await scim.group("Modelled");
  const run = fc.asyncProperty(
    fc.array(fc.array(fc.tuple(operation, spelling, fc.boolean()), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    async (requests) => {
      let model = new Set<number>();
      await scim.patch(`/Groups/${group}`, { op: "remove", path: "members" });
      for (const acts of requests) {
        const body = acts.map(([act, spelled, pathless]) => written(act, people, spelled, pathless));
        expect((await scim.patch(`/Groups/${group}`, ...body)).status).toBe(204);
        model = new Set(
          modelled(
            model,
            acts.map(([act]) => act),
          ),
        );
      }
      expect(await scim.members(group)).toEqual([...model].map((n) => people[n] ?? "").sort());
    },
  );
  await fc.assert(run, { numRuns: 12 });
});

describe("members", () => {
  test("that are not there refuse the whole request", async () => {
    const group = await scim.group("Whole", [people[0] ?? ""]);
    const { status, body } = await scim.patch(`/Groups/${group}`, { op: "add", path: "members", value: [{ value: people[1] }, { value: "scp_missing" }] });
    expect([status, body.scimType]).toEqual([400, "invalidValue"]);
    expect(body.detail).toContain("scp_missing");
    expect(await scim.members(group)).toEqual([people[0]]);
  });

  test("of another connection are not there", async () => {
    const other = await aConnection(await signedIn(await aPerson("pim", { role: "platform-admin" })), "Other");
    const theirs = await other.person("theirs@corp.example");
    const group = await scim.group("Own people only");
    expect((await scim.patch(`/Groups/${group}`, { op: "add", path: "members", value: [{ value: theirs }] })).status).toBe(400);
    expect((await scim.get(`/Users/${theirs}`)).status).toBe(404);
    expect((await other.get(`/Groups/${group}`)).status).toBe(404);
    expect((await other.ask("DELETE", `/Groups/${group}`)).status).toBe(404);
  });

  test("that are groups, filters other than eq, and parts of a member are refused in words", async () => {
    const group = await scim.group("Refusals");
    for (const [operation, scimType] of [
      [{ op: "add", path: "members", value: [{ value: group, type: "Group" }] }, "invalidValue"],
      [{ op: "remove", path: 'members[value co "a"]' }, "invalidFilter"],
      [{ op: "replace", path: 'members[value eq "a"].display', value: "x" }, "mutability"],
      [{ op: "remove", path: "displayName" }, "mutability"],
      [{ op: "replace", path: "owner", value: "x" }, "invalidPath"],
      [{ op: "replace", path: "id", value: "x" }, "mutability"],
      [{ op: "remove" }, "noTarget"],
    ] as const) {
      const { status, body } = await scim.patch(`/Groups/${group}`, operation);
      expect([status, body.scimType], JSON.stringify(operation)).toEqual([400, scimType]);
    }
  });

  test("are read in pages through the people of a group", async () => {
    const group = await scim.group("Paged", people);
    const seen: string[] = [];
    for (let startIndex = 1; startIndex <= 6; startIndex += 2) {
      const { body } = await scim.get(`/Users?filter=${encodeURIComponent(`groups.value eq "${group}"`)}&startIndex=${startIndex}&count=2&attributes=id`);
      expect(body.totalResults).toBe(6);
      seen.push(...body.Resources.map((one: { id: string }) => one.id));
    }
    expect(seen.sort()).toEqual([...people].sort());
  });
});
