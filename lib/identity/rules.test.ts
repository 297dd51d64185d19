import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateRules, groupsOf, type Rule } from "./rules";

const NAMES = ["admins", "checkout", "checkout:owners", "checkout-eu", "search", "managers", ""];
const group = fc.constantFrom(...NAMES.filter(Boolean));
const rule: fc.Arbitrary<Rule> = fc.record({
  match: fc.constantFrom("exact" as const, "prefix" as const),
  value: group,
  role: fc.constantFrom(null, "engineer" as const, "manager" as const, "platform-admin" as const),
  teamId: fc.constantFrom(null, "tea_1", "tea_2"),
  membership: fc.constantFrom(null, "member" as const, "owner" as const),
});
const rules = fc.array(rule, { maxLength: 8 });
const groups = fc.array(group, { maxLength: 6 });
const fits = (one: Rule, claim: string) => (one.match === "exact" ? claim === one.value : claim.startsWith(one.value));

describe("rules", () => {
  test("without groups everybody is an engineer in no team, whatever the rules", () => {
    fc.assert(
      fc.property(rules, fc.constantFrom(null, "admins"), (list, adminGroup) => {
        const standing = evaluateRules([], list, adminGroup);
        expect(standing.role).toBe("engineer");
        expect(standing.teams.size).toBe(0);
      }),
    );
  });

  test("a platform admin has the admin group, or a group that an exact rule names", () => {
    fc.assert(
      fc.property(groups, rules, fc.constantFrom(null, "admins"), (claims, list, adminGroup) => {
        const standing = evaluateRules(claims, list, adminGroup);
        if (standing.role !== "platform-admin") return;
        const byRule = list.some((one) => one.role === "platform-admin" && one.match === "exact" && claims.includes(one.value));
        expect((adminGroup !== null && claims.includes(adminGroup)) || byRule).toBe(true);
      }),
    );
  });

  test("the first fitting rule with a role decides it, and says by which group", () => {
    fc.assert(
      fc.property(groups, rules, (claims, list) => {
        const usable = list.filter((one) => one.role && !(one.role === "platform-admin" && one.match === "prefix"));
        const first = usable.find((one) => claims.some((claim) => fits(one, claim)));
        const standing = evaluateRules(claims, list, null);
        expect(standing.role).toBe(first?.role ?? "engineer");
        expect(standing.roleFrom === null).toBe(first === undefined);
        if (first && standing.roleFrom) expect(fits(first, standing.roleFrom)).toBe(true);
      }),
    );
  });

  test("teams are exactly those of fitting rules; owner wins over member, in any order of rules", () => {
    fc.assert(
      fc.property(groups, rules, (claims, list) => {
        const fitting = list.filter((one) => claims.some((claim) => fits(one, claim)));
        const expected = new Map<string, string>();
        for (const one of fitting) if (one.teamId && expected.get(one.teamId) !== "owner") expected.set(one.teamId, one.membership ?? "member");
        const found = (order: Rule[]) => new Map([...evaluateRules(claims, order, null).teams].map(([id, { membership }]) => [id, membership]));
        expect(found(list)).toEqual(expected);
        expect(found([...list].reverse())).toEqual(expected);
      }),
    );
  });

  test("the order of the groups and their repetition change nothing", () => {
    fc.assert(
      fc.property(groups, rules, (claims, list) => {
        const of = (some: string[]) => {
          const { role, teams } = evaluateRules(some, list, "admins");
          return { role, teams: new Map([...teams].map(([id, { membership }]) => [id, membership])) };
        };
        expect(of([...claims, ...claims].reverse())).toEqual(of(claims));
      }),
    );
  });

  test("letter case and look-alikes are other groups", () => {
    const list: Rule[] = [{ match: "exact", value: "admins", role: "platform-admin", teamId: null, membership: null }];
    for (const claim of ["Admins", "admins ", "аdmins", "admins\u0000", "admin"]) expect(evaluateRules([claim], list, null).role).toBe("engineer");
  });
});

describe("the groups of a token", () => {
  test.each([
    ["a list", { groups: ["a", "b"] }, "groups", ["a", "b"]],
    ["one as text", { groups: "a" }, "groups", ["a"]],
    ["empty", { groups: [] }, "groups", []],
    ["missing", {}, "groups", null],
    ["null", { groups: null }, "groups", null],
    ["an object", { groups: { a: 1 } }, "groups", null],
    ["with things that are no text", { groups: ["a", 1, null, { b: 1 }] }, "groups", ["a"]],
    ["Entra's pointer to too many", { _claim_names: { groups: "src1" }, _claim_sources: { src1: {} } }, "groups", null],
    ["a pointer for another claim", { groups: ["a"], _claim_names: { roles: "src1" } }, "groups", ["a"]],
    ["a path", { realm_access: { roles: ["a"] } }, "realm_access.roles", ["a"]],
    ["a name with dots and slashes", { "https://portal.example/groups": ["a"] }, "https://portal.example/groups", ["a"]],
    ["a path through the prototype", { a: {} }, "a.constructor.name", null],
    ["a path through nothing", { a: 1 }, "a.b.c", null],
  ])("%s", (_what, claims, name, expected) => {
    expect(groupsOf(claims, name)).toEqual(expected);
  });
});
