import { and, eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { notifications, scorecardCampaigns, scorecardResults } from "@/db/schema";
import { storeDocs } from "@/lib/catalog/mutations";
import { tendAllScorecards } from "@/lib/worker/tend-scorecards";
import { type Cast, theCast } from "@/tests/setup/action-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { outcome } from "@/tests/setup/people";
import { evaluator } from "../conditions";
import { CHECK_STATES } from "../contract";
import { tendScorecards } from "../jobs";
import { counts } from "../levels";
import { createScorecard, editCampaign, endCampaign, startCampaign } from "../mutations";
import { listCampaigns, listEntityScorecards, listOwnCampaigns, listResults } from "../queries";
import { isDone } from "./progress";
import { remindOfCampaigns } from "./remind";

useOwnDatabase();
let cast: Cast;
const NAME = "readiness";
const REF = "component:default/checkout-api";
const DAY_MS = 86_400_000;
const check = (id: string, level: string, condition: string) => ({ id, title: `Has ${id}`, level, condition, why: "Because.", fix: "Do it." });
const LEVELS = [
  { name: "bronze", title: "Bronze" },
  { name: "silver", title: "Silver" },
];
const in30 = new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 10);
const given = { name: NAME, title: "Everything documented", why: "The new people begin in spring.", checks: ["docs"], until: in30 };
const write = (ref: string) => db().transaction((tx) => storeDocs(tx, ref, [{ path: "README.md", text: "# Here" }], { commit: null, now: new Date() }));
const told = async (who: { actor: { id: string } }) =>
  (
    await db()
      .select()
      .from(notifications)
      .where(and(eq(notifications.userId, who.actor.id), eq(notifications.kind, "campaign-due")))
  )
    .map(({ title }) => title)
    .sort();
const user = (who: Cast["ada"]) => who as unknown as { actor: { id: string } };

beforeAll(async () => {
  cast = await theCast();
  await createScorecard(cast.pat, {
    name: NAME,
    definition: { title: "Readiness", levels: LEVELS, checks: [check("owner", "bronze", "owner.set"), check("docs", "silver", "docs.present")] },
  });
  await tendAllScorecards({ waits: true });
});
afterAll(() => evaluator().close());

describe("a campaign", () => {
  test.each<[string, object, string]>([
    ["neither level nor check", { checks: [] }, "level"],
    ["both", { level: "silver" }, "level"],
    ["a level that is not there", { checks: [], level: "gold" }, "level"],
    ["a check that is not there", { checks: ["tests"] }, "checks"],
    ["a day that is over", { until: "2020-01-01" }, "until"],
    ["a day that is years away", { until: "2099-01-01" }, "until"],
    ["no date", { until: "soon" }, "until"],
    ["what everybody has reached", { checks: ["owner"] }, "level"],
    ["a team without such entities", { owners: ["commerce"] }, "owners"],
    ["no reason", { why: " " }, "why"],
  ])("is refused for %s, beside the field", async (_what, wrong, field) => {
    await expect(startCampaign(cast.pat, { ...given, ...wrong })).rejects.toMatchObject({ code: "invalid", fields: [{ path: field }] });
  });

  test("is started by platform admins alone; its teams are told, and see it where they are asked for something", async () => {
    for (const who of [cast.ada, cast.olga, cast.max]) expect(await outcome(startCampaign(who, given))).toBe("forbidden");
    const { id } = await startCampaign(cast.pat, given);
    await tendScorecards([], { force: true });
    expect(await told(user(cast.ada))).toEqual([expect.stringMatching(/^Everything documented by /)]);
    expect(await told(user(cast.pat))).toEqual([]);
    expect(await listOwnCampaigns(cast.ada, {})).toMatchObject([{ id, left: 1, isOverdue: false, until: in30, owners: ["group:default/checkout"] }]);
    // A manager is asked for what their division's teams have to do.
    expect(await listOwnCampaigns(cast.max, {})).toMatchObject([{ left: 2 }]);
    expect(await listOwnCampaigns(cast.pat, {})).toEqual([]);
    const card = (await listEntityScorecards(cast.ada, { kind: "component", namespace: "default", name: "checkout-api" })).items[0];
    expect(card?.checks.map(({ due }) => due)).toEqual([null, { campaign: "Everything documented", until: in30 }]);
    expect((await listResults(cast.ada, { name: NAME, campaign: id })).total).toBe(2);
    expect((await listResults(cast.ada, { name: NAME, campaign: id, team: "search" })).items.map(({ entityRef }) => entityRef)).toEqual(["component:default/search-api"]);
    expect(await outcome(listResults(cast.ada, { name: NAME, campaign: "scc_nothing" }))).toBe("not_found");
  });

  test("follows what is done, by team, and says when all of it is", async () => {
    await write(REF);
    await tendScorecards([], { force: true });
    const [half] = (await listCampaigns(cast.bo, { name: NAME })).items;
    expect(half).toMatchObject({ state: "open", entities: 2, done: 1, doneAtStart: 0, createdBy: "pat", checks: [{ id: "docs", title: "Has docs" }] });
    // Those with most to do first.
    expect(half?.teams).toEqual([
      { ownerRef: "group:default/search", entities: 1, done: 0 },
      { ownerRef: "group:default/checkout", entities: 1, done: 1 },
    ]);
    expect(await listOwnCampaigns(cast.ada, {})).toEqual([]);
    await write("component:default/search-api");
    await tendScorecards([], { force: true });
    expect((await listCampaigns(cast.bo, { name: NAME })).items[0]).toMatchObject({ state: "reached", done: 2 });
  });

  test("reminds of what is left a week before its end, on its last day and after it, once each; with more time again", async () => {
    const [{ id = "" } = {}] = (await listCampaigns(cast.bo, { name: NAME })).items;
    await db().transaction((tx) => storeDocs(tx, REF, [], { commit: null, now: new Date() }));
    await tendScorecards([], { force: true });
    const end = Date.parse(in30) + DAY_MS;
    for (const before of [20, 6, 5, 0.5, 0.4, -1, -2]) await remindOfCampaigns(new Date(end - before * DAY_MS));
    const titles = await told(user(cast.ada));
    expect(titles).toHaveLength(4);
    expect(titles.filter((title) => title.endsWith("the day is over"))).toHaveLength(1);
    const until = new Date(Date.parse(in30) + 30 * DAY_MS).toISOString().slice(0, 10);
    expect(await editCampaign(cast.pat, { name: NAME, id, until })).toMatchObject({ until, state: "open" });
    await remindOfCampaigns(new Date(end));
    expect(await told(user(cast.ada))).toHaveLength(4);
    await remindOfCampaigns(new Date(Date.parse(until)));
    expect(await told(user(cast.ada))).toHaveLength(5);
    expect(await told(user(cast.bo))).toHaveLength(1);
  });

  test("is ended by hand, once, and asks for nothing any more", async () => {
    const [{ id = "" } = {}] = (await listCampaigns(cast.bo, { name: NAME })).items;
    expect(await outcome(endCampaign(cast.olga, { name: NAME, id }))).toBe("forbidden");
    expect(await endCampaign(cast.pat, { name: NAME, id })).toMatchObject({ state: "ended", isNew: true });
    expect(await endCampaign(cast.pat, { name: NAME, id })).toMatchObject({ isNew: false });
    expect(await outcome(editCampaign(cast.pat, { name: NAME, id, title: "Again" }))).toBe("conflict");
    expect(await listOwnCampaigns(cast.ada, {})).toEqual([]);
    await remindOfCampaigns(new Date(Date.now() + 400 * DAY_MS));
    expect(await told(user(cast.ada))).toHaveLength(5);
  });

  test("for a level is done by those at that level or above", async () => {
    const { id, done, entities, level } = await startCampaign(cast.pat, { ...given, checks: [], level: "silver", owners: ["group:default/checkout"] });
    expect({ done, entities, level }).toEqual({ done: 0, entities: 1, level: { name: "silver", title: "Silver" } });
    await write(REF);
    await tendScorecards([], { force: true });
    expect((await listCampaigns(cast.bo, { name: NAME })).items.find((one) => one.id === id)).toMatchObject({ state: "reached", done: 1 });
  });
});

test("the database counts a check as done exactly where levels do", async () => {
  const [goal] = await db().select().from(scorecardCampaigns).limit(1);
  if (!goal) throw new Error("no campaign");
  const wanted = { ...goal, level: null, checks: ["owner", "docs"] };
  const standing = fc.record({ state: fc.constantFrom(...CHECK_STATES), lastKnown: fc.constantFrom("pass" as const, "fail" as const, null) });
  await fc.assert(
    fc.asyncProperty(standing, standing, async (owner, docs) => {
      for (const [checkId, set] of Object.entries({ owner, docs }))
        await db()
          .update(scorecardResults)
          .set(set)
          .where(and(eq(scorecardResults.entityRef, REF), eq(scorecardResults.checkId, checkId)));
      const [row] = await db().execute<{ done: boolean }>(sql`select ${isDone(wanted, { levels: LEVELS })} as done from scorecard_levels l where l.entity_ref = ${REF}`);
      expect(row?.done).toBe(counts(owner) && counts(docs));
    }),
    { numRuns: 60 },
  );
});
