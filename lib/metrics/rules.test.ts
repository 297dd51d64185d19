import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { deliveryRules } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { DEFAULT_RULES } from "./contract";
import { drainDirty } from "./drain";
import { recordCommits, recordDeployments, setDeliveryRules } from "./mutations";
import { getDeliveryRules, getMetric, previewDeliveryRules } from "./queries";
import { matcherOf, tierBy } from "./rules";

useOwnDatabase();

let pat: SignedIn;
let ada: SignedIn;
const sha = (digit: string) => digit.repeat(40);

beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  ada = await signedIn(await aPerson("ada"));
  const at = (hours: number) => new Date(pat.now.getTime() - hours * 3_600_000);
  const commit = (name: string, hours: number, author: string, ...parents: string[]) => ({
    sha: sha(name),
    parents: parents.map(sha),
    repository: "a/b",
    authoredAt: at(hours),
    committedAt: at(hours),
    author,
    message: name === "c" ? "Revert the tax" : "m",
    paths: [name === "b" ? "web/x.ts" : "api/x.ts"],
  });
  const deploy = (id: string, name: string, hours: number) => ({
    externalId: id,
    service: "component:default/b",
    environment: "production",
    tier: "production" as const,
    status: "success" as const,
    commit: sha(name),
    repository: "a/b",
    startedAt: at(hours),
    finishedAt: at(hours),
  });
  await db().transaction(async (tx) => {
    await recordCommits(tx, [commit("a", 100, "Ada"), commit("b", 60, "renovate[bot]", "a"), commit("c", 50, "Ada", "b")], pat.now);
    await recordDeployments(tx, [deploy("1", "a", 90), deploy("2", "c", 40)], pat.now);
  });
  await drainDirty();
});

const n = async (metric: string) => (await getMetric(pat, { metric })).summary;

test("changes by bots are left out and counted apart until the rules count them; a preview changes nothing", async () => {
  expect(await n("lead-time")).toMatchObject({ n: 1, leftOut: [{ what: "change by bots", n: 1 }] });
  const rules = { ...DEFAULT_RULES, countBots: true, reworkSubjects: ["Revert *"] };
  const preview = await previewDeliveryRules(pat, { rules });
  expect(preview).toMatchObject({ services: 1, of: 1 });
  expect(preview.figures.find((one) => one.metric === "lead-time")).toMatchObject({ n: 1, changed: { n: 2 } });
  expect(preview.figures.find((one) => one.metric === "rework-rate")).toMatchObject({ value: 0, changed: { value: 0.5 } });
  expect(await n("lead-time")).toMatchObject({ n: 1 });
  expect(await db().$count(deliveryRules)).toBe(0);
  expect(await setDeliveryRules(pat, { rules, note: "bots count" })).toEqual({ version: 1 });
  await drainDirty();
  expect(await n("lead-time")).toMatchObject({ n: 2 });
  expect((await n("rework-rate")).value).toBe(0.5);
});

test("folders of a service leave out commits of other folders; every version stays in the history", async () => {
  await setDeliveryRules(pat, { rules: { ...DEFAULT_RULES, countBots: true, paths: { "component:default/b": ["api"] } }, note: "api only" });
  await drainDirty();
  expect(await n("lead-time")).toMatchObject({ n: 1 });
  expect((await getDeliveryRules(pat, {})).history.map((one) => [one.version, one.note, one.by])).toEqual([
    [2, "api only", "pat"],
    [1, "bots count", "pat"],
  ]);
});

test("wrong rules say which field; only the platform team sees and changes them", async () => {
  await expect(setDeliveryRules(pat, { rules: { ...DEFAULT_RULES, incidentWindowHours: 0 }, note: "x" })).rejects.toMatchObject({
    code: "invalid",
    fields: [{ path: "rules.incidentWindowHours" }],
  });
  expect(await outcome(setDeliveryRules(pat, { rules: DEFAULT_RULES, note: " " }))).toBe("invalid");
  for (const call of [() => getDeliveryRules(ada, {}), () => previewDeliveryRules(ada, { rules: DEFAULT_RULES }), () => setDeliveryRules(ada, { rules: DEFAULT_RULES, note: "x" })])
    expect(await outcome(call())).toBe("forbidden");
});

test("the shipped bots are told from people", () => {
  const isBot = matcherOf(DEFAULT_RULES.bots);
  expect(["renovate[bot]", "Dependabot", "github-actions[bot]"].map(isBot)).toEqual([true, true, true]);
  expect(["Rob Otis", "robotics team", "Ada", "bot any"].map(isBot)).toEqual([false, false, false, false]);
  expect(tierBy({ ...DEFAULT_RULES, tiers: [{ environment: "blue*", tier: "production" }] }, "Blue-1")).toBe("production");
});

test("a pattern fits what it fits as a regular expression with every other character escaped", () => {
  const part = fc.constantFrom("a", "b", "*", "[", ".", "(", "");
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.array(fc.constantFrom("a", "b", "[", ".", "("), { maxLength: 7 }), (pattern, letters) => {
      const text = letters.join("");
      const expected = new RegExp(`^${pattern.map((one) => (one === "*" ? ".*" : one.replace(/[.[(]/g, "\\$&"))).join("")}$`).test(text);
      expect(matcherOf([pattern.join("")])(text)).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});
