import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { drainDirty } from "./drain";
import { recordCommits, recordDeployments } from "./mutations";
import { getDashboard, getDelivery, getMetric, listCommits, listDeployments, listMetricRows, listPullRequests } from "./queries";
import { TOO_FEW_AUTHORS } from "./smallest-group";

useOwnDatabase();

const sha = (digit: string) => digit.repeat(40);
const SERVICE = "component:default/shop";
const people: Record<string, SignedIn> = {};
const who = (name: string): SignedIn => {
  const found = people[name];
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
};

beforeAll(async () => {
  for (const [team, parent] of [["commerce"], ["checkout", "commerce"], ["search"]] as const) await aTeam(team as string, parent);
  people.ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  people.max = await signedIn(await aPerson("max", { role: "manager", teams: { commerce: "member" } }));
  people.pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
});

const at = (hours: number) => new Date(who("ada").now.getTime() - hours * 3_600_000);
const commit = (name: string, hours: number, author: string, ...parents: string[]) => ({
  sha: sha(name),
  parents: parents.map(sha),
  repository: "fellside/shop",
  authoredAt: at(hours),
  committedAt: at(hours),
  author,
  message: `change ${name}`,
});
const deploy = (id: string, name: string, hours: number) => ({
  externalId: id,
  service: SERVICE,
  environment: "production",
  tier: "production" as const,
  status: "success" as const,
  commit: sha(name),
  repository: "fellside/shop",
  startedAt: at(hours),
  finishedAt: at(hours),
  teamId: "tea_checkout",
});
const NODES = [SERVICE, "group:default/checkout", "group:default/commerce"];
const lead = async (name: string, node: string) => (await getMetric(who(name), { metric: "lead-time", node })).summary;

test("changes of two people are told to their team and in the organisation, to nobody else", async () => {
  await db().transaction(async (tx) => {
    await recordCommits(tx, [commit("a", 90, "Ada"), commit("b", 60, "Ada", "a"), commit("c", 50, "Bo", "b"), commit("d", 45, "renovate[bot]", "c")], at(0));
    await recordDeployments(tx, [deploy("1", "a", 80), deploy("2", "d", 40)], at(0));
  });
  await drainDirty();
  // Two people are the whole organisation: its figure would tell the same.
  for (const node of NODES) expect((await lead("max", node)).value).toBe(15 * 3600);
  await db().transaction(async (tx) => {
    await recordCommits(
      tx,
      [
        { ...commit("7", 70, "Zoe"), repository: "fellside/other" },
        { ...commit("8", 60, "Zoe", "7"), repository: "fellside/other" },
      ],
      at(0),
    );
    const other = { service: "component:default/other", repository: "fellside/other", teamId: "tea_search" };
    await recordDeployments(
      tx,
      [
        { ...deploy("o1", "7", 65), ...other },
        { ...deploy("o2", "8", 50), ...other },
      ],
      at(0),
    );
  });
  await drainDirty();
  const delivery = (await listDeployments(who("pat"), { service: SERVICE })).items[0]?.id ?? "";
  for (const name of ["max", "pat"]) {
    for (const node of NODES) {
      expect(await lead(name, node)).toEqual({ value: null, n: 2, insufficient: TOO_FEW_AUTHORS });
      const { series } = await getMetric(who(name), { metric: "lead-time", node });
      expect(series.every((point) => point.value === null && point.median === undefined)).toBe(true);
      expect(await listMetricRows(who(name), { metric: "lead-time", node })).toMatchObject({ changes: [], total: 2, withheld: TOO_FEW_AUTHORS });
      expect((await getDashboard(who(name), { node })).leadTime.summary.value).toBeNull();
    }
    expect(await getDelivery(who(name), { id: delivery })).toMatchObject({ changes: [], withheld: TOO_FEW_AUTHORS });
    expect(await lead(name, "org")).toMatchObject({ n: 3, value: expect.any(Number) });
  }
  for (const node of NODES.slice(0, 2)) expect((await lead("ada", node)).value).toBe(15 * 3600);
  expect((await getDelivery(who("ada"), { id: delivery })).changes).toHaveLength(2);
  // Deployments are the service's, whoever wrote what they brought.
  expect((await getMetric(who("max"), { metric: "deployment-frequency", node: SERVICE })).summary.n).toBe(2);
});

test("no answer names an author", async () => {
  const answers = [await listCommits(who("pat"), {}), await listPullRequests(who("pat"), {}), await listMetricRows(who("ada"), { metric: "lead-time", node: SERVICE })];
  expect(JSON.stringify(answers)).not.toMatch(/author"|"Bo"|renovate/);
});

test("with a third author the figures are everybody's who may see the team", async () => {
  await db().transaction(async (tx) => {
    await recordCommits(tx, [commit("e", 20, "Cy", "d")], at(0));
    await recordDeployments(tx, [deploy("3", "e", 10)], at(0));
  });
  await drainDirty();
  for (const name of ["max", "pat", "ada"]) expect((await lead(name, SERVICE)).value).toBe(10 * 3600);
  // No choice of dates makes the group smaller: a day with one author is still told.
  const day = at(10).toISOString().slice(0, 10);
  expect((await getMetric(who("max"), { metric: "lead-time", node: SERVICE, from: day, grain: "day" })).summary.value).toBe(10 * 3600);
});
