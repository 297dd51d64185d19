import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { db } from "@/db/client";
import { auditEvents, entities, scorecardFacts } from "@/db/schema";
import { saveEntity } from "@/lib/catalog/mutations";
import { tendAllScorecards } from "@/lib/worker/tend-scorecards";
import { aService, type Cast, theCast } from "@/tests/setup/action-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { outcome } from "@/tests/setup/people";
import { draftEvaluator, evaluator } from "./conditions";
import type { CreateScorecardInput } from "./contract";
import { tendScorecards } from "./jobs";
import { createScorecard, deleteScorecard, editScorecard, endException, grantException } from "./mutations";
import { getScorecard, getScorecardForEdit, listBadges, listDrops, listEntityScorecards, listExceptions, listResults, listScorecards, previewScorecard } from "./queries";

useOwnDatabase();
let cast: Cast;
const REF = "component:default/checkout-api";
const KEY = { kind: "component", namespace: "default", name: "checkout-api" };

type Given = z.input<typeof CreateScorecardInput>["definition"];
const check = (id: string, level: string, condition: string) => ({ id, title: `Has ${id}`, level, condition, why: "Because.", fix: "Do it." });
const definition = (more: Partial<Given> = {}): Given => ({
  title: "Readiness",
  levels: [
    { name: "bronze", title: "Bronze" },
    { name: "silver", title: "Silver" },
  ],
  checks: [check("owner", "bronze", "owner.set && owner.known"), check("words", "silver", "has(entity.metadata.description)"), check("docs", "silver", "docs.present")],
  ...more,
});
const later = (days: number) => new Date(Date.now() + days * 86_400_000);
const day = (days: number) => later(days).toISOString().slice(0, 10);
const own = async () => (await listEntityScorecards(cast.ada, KEY)).items.find(({ name }) => name === "readiness");
const stateOf = async (id: string) => (await own())?.checks.find((one) => one.id === id);

beforeAll(async () => {
  cast = await theCast();
  await createScorecard(cast.pat, { name: "readiness", definition: definition() });
  await tendAllScorecards({ waits: true });
});
afterAll(async () => {
  await evaluator().close();
  await draftEvaluator().close();
});

describe("a scorecard", () => {
  test("is made by platform admins alone, and the audit log has it", async () => {
    for (const who of [cast.ada, cast.olga, cast.max]) expect(await outcome(createScorecard(who, { name: "mine", definition: definition() }))).toBe("forbidden");
    expect(await outcome(createScorecard(cast.pat, { name: "readiness", definition: definition() }))).toBe("conflict");
    const events = await db().select().from(auditEvents).where(eq(auditEvents.name, "scorecard.edit"));
    const event = events.find(({ result }) => result === "done");
    expect(event?.detail).toMatchObject({ change: "created", title: "Readiness", checks: 3 });
  });

  test("says what an entity has reached, what it saw, and what comes next", async () => {
    const card = await own();
    expect(card).toMatchObject({ level: { index: 1, of: 2, title: "Bronze" }, previousLevel: null, next: [{ id: "words" }, { id: "docs" }], mayExempt: false });
    expect(card?.checks.map(({ id, state }) => [id, state])).toEqual([
      ["owner", "pass"],
      ["words", "fail"],
      ["docs", "fail"],
    ]);
    expect(card?.checks[0]?.observed).toMatchObject([
      { path: "owner.set", value: true, source: "catalog and teams" },
      { path: "owner.known", value: true },
    ]);
    expect(card?.checks[0]?.observed[0]?.at).toMatch(/^\d{4}-/);
    expect(await listBadges(cast.bo, { refs: [REF] })).toMatchObject({ [REF]: [{ scorecard: "readiness", level: { title: "Bronze" } }] });
  });

  test("counts entities per level, and lists them by team, level and check", async () => {
    const [summary] = (await listScorecards(cast.bo, {})).items;
    expect(summary).toMatchObject({ name: "readiness", entities: 2, distribution: [0, 2, 0], before: null, checks: 3 });
    const { checks, trend } = await getScorecard(cast.bo, { name: "readiness" });
    expect(checks.map(({ counts }) => [counts.pass, counts.fail])).toEqual([
      [2, 0],
      [0, 2],
      [0, 2],
    ]);
    expect(trend).toEqual([{ day: expect.any(String), counts: [0, 2, 0] }]);
    const first = await listResults(cast.bo, { name: "readiness", limit: 1 });
    expect(first).toMatchObject({ total: 2, items: [{ entityRef: REF, missing: [{ id: "words" }, { id: "docs" }] }] });
    expect((await listResults(cast.bo, { name: "readiness", limit: 1, cursor: first.nextCursor ?? "" })).items[0]?.entityRef).toBe("component:default/search-api");
    expect((await listResults(cast.bo, { name: "readiness", team: "search", level: "bronze", check: "docs" })).total).toBe(1);
    expect((await listResults(cast.bo, { name: "readiness", check: "owner" })).total).toBe(0);
    expect((await listResults(cast.bo, { name: "readiness", level: "none" })).total).toBe(0);
    for (const wrong of [{ level: "gold" }, { check: "nope" }, { cursor: "zzz" }]) expect(await outcome(listResults(cast.bo, { name: "readiness", ...wrong }))).toBe("invalid");
    expect(await outcome(listResults(cast.bo, { name: "nope" }))).toBe("not_found");
  });

  test("a better document passes with the next pass, and a repeated pass writes nothing", async () => {
    const yaml = (description: string) =>
      `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: checkout-api\n${description}spec:\n  type: service\n  lifecycle: production\n  owner: group:default/checkout\n`;
    await saveEntity(cast.olga, { ...KEY, yaml: yaml("  description: Takes a basket to a paid order\n") });
    await tendAllScorecards({ waits: true });
    expect(await stateOf("words")).toMatchObject({
      state: "pass",
      observed: [{ path: "entity.metadata.description", value: "Takes a basket to a paid order", source: "catalog document" }],
    });
    const rows = () => db().execute<{ x: string }>(sql`select string_agg(xmin::text || ctid::text, ',' order by ctid) as x from scorecard_results`);
    const [before] = await rows();
    await tendAllScorecards({ waits: true });
    await tendScorecards([], { force: true });
    expect(await rows()).toEqual([before]);
    await saveEntity(cast.olga, { ...KEY, yaml: yaml("") });
    await tendAllScorecards({ waits: true });
    expect(await stateOf("words")).toMatchObject({ state: "fail" });
  });

  test("a source that does not answer changes no level, and says what was last known", async () => {
    await createScorecard(cast.pat, {
      name: "sources",
      definition: definition({ checks: [check("files", "bronze", "repository.readme"), check("docs", "silver", "docs.pages == 0")] }),
    });
    await tendAllScorecards({ waits: true });
    const card = async () => (await listEntityScorecards(cast.ada, KEY)).items.find(({ name }) => name === "sources");
    expect(await card()).toMatchObject({ level: { index: 0 }, checks: [{ state: "unknown", lastKnown: null, reason: "repository.readme is not known." }, { state: "pass" }] });
    const set = async (facts: object) => {
      await db()
        .update(scorecardFacts)
        .set({ facts: sql`facts || ${JSON.stringify({ repository: facts })}::jsonb`, isDirty: true })
        .where(eq(scorecardFacts.entityRef, REF));
    };
    // Sources are not asked again within this pass of the test, so what is set here stays.
    const { evaluateScorecard } = await import("./evaluate");
    const { loadScorecard } = await import("./read");
    const evaluate = async () => evaluateScorecard(await loadScorecard(db(), "sources"), later(0), "all");
    await set({ known: true, readme: true });
    await evaluate();
    expect(await card()).toMatchObject({ level: { index: 2 }, checks: [{ state: "pass" }, {}] });
    await set({ known: false });
    await evaluate();
    expect(await card()).toMatchObject({ level: { index: 2 }, checks: [{ state: "unknown", lastKnown: { outcome: "pass" } }, {}] });
    // Another condition is another question: what was known of the old one does not count.
    await editScorecard(cast.pat, {
      name: "sources",
      revision: 1,
      definition: definition({ checks: [check("files", "bronze", "repository.license"), check("docs", "silver", "docs.pages == 0")] }),
    });
    await evaluate();
    expect(await card()).toMatchObject({ level: { index: 0 }, checks: [{ state: "unknown", lastKnown: null }, {}] });
    await deleteScorecard(cast.pat, { name: "sources" });
    expect(await deleteScorecard(cast.pat, { name: "sources" })).toMatchObject({ deleted: null });
    expect(await card()).toBeUndefined();
  });

  test("what a team left on purpose is ejected, not failing", async () => {
    const checks = [{ ...check("pipeline", "bronze", "repository.ci"), concern: "ci", action: "add-pipeline" }, check("docs", "silver", "!docs.present")];
    await createScorecard(cast.pat, { name: "ejected", definition: definition({ checks }) });
    await tendAllScorecards({ waits: true });
    await db()
      .update(scorecardFacts)
      .set({ facts: sql`facts || '{"goldenPath": {"used": true, "ejected": ["ci"]}, "repository": {"known": true, "ci": false}}'::jsonb` })
      .where(eq(scorecardFacts.entityRef, REF));
    const { evaluateScorecard } = await import("./evaluate");
    const { loadScorecard } = await import("./read");
    await evaluateScorecard(await loadScorecard(db(), "ejected"), later(0), "all");
    expect((await listEntityScorecards(cast.ada, KEY)).items.find(({ name }) => name === "ejected")).toMatchObject({
      level: { index: 2 },
      checks: [{ state: "ejected", action: "add-pipeline" }, { state: "pass" }],
    });
    await deleteScorecard(cast.pat, { name: "ejected" });
  });

  test("two admins at once: the second is told, and nothing is written over", async () => {
    const { revision } = await getScorecardForEdit(cast.pat, { name: "readiness" });
    const change = (title: string) => editScorecard(cast.pat, { name: "readiness", revision, definition: definition({ title }), note: title });
    const both = await Promise.all([outcome(change("One")), outcome(change("Two"))]);
    expect(both.sort()).toEqual(["conflict", "done"]);
    const now = await getScorecardForEdit(cast.pat, { name: "readiness" });
    expect(now.revisions.map((one) => one.revision)).toEqual([revision + 1, revision]);
    await editScorecard(cast.pat, { name: "readiness", revision: now.revision, definition: definition() });
    for (const who of [cast.ada, cast.olga, cast.max]) {
      expect(await outcome(editScorecard(who, { name: "readiness", revision: 1, isEnabled: false }))).toBe("forbidden");
      expect(await outcome(deleteScorecard(who, { name: "readiness" }))).toBe("forbidden");
      expect(await outcome(getScorecardForEdit(who, { name: "readiness" }))).toBe("forbidden");
      expect(await outcome(listScorecards(who, { scope: "all" }))).toBe("forbidden");
      expect(await outcome(previewScorecard(who, { checks: [] }))).toBe("forbidden");
    }
  });

  test("a disabled one is shown to nobody, and is up to date when it is enabled again", async () => {
    const { revision } = await getScorecardForEdit(cast.pat, { name: "readiness" });
    await editScorecard(cast.pat, { name: "readiness", revision, isEnabled: false });
    expect(await own()).toBeUndefined();
    expect((await listScorecards(cast.ada, {})).total).toBe(0);
    const ref = await aService("late-api", "search");
    await tendAllScorecards({ waits: true });
    await editScorecard(cast.pat, { name: "readiness", revision, isEnabled: true });
    await tendAllScorecards({ waits: true });
    expect((await listBadges(cast.ada, { refs: [ref] }))[ref]).toMatchObject([{ scorecard: "readiness" }]);
    // Gone from the catalog, it is gone from here.
    await db().delete(entities).where(eq(entities.ref, ref));
    await tendAllScorecards({ waits: true });
    expect((await listResults(cast.ada, { name: "readiness", q: "late" })).total).toBe(0);
  });

  test("a filter that fits nothing has a clear outcome", async () => {
    await createScorecard(cast.pat, { name: "nothing", definition: definition({ appliesTo: { kinds: ["resource"], types: [], lifecycles: [], tags: ["x"] } }) });
    await tendAllScorecards({ waits: true });
    expect(await getScorecard(cast.ada, { name: "nothing" })).toMatchObject({ entities: 0, distribution: [0, 0, 0], trend: [] });
    expect(await listResults(cast.ada, { name: "nothing" })).toEqual({ items: [], nextCursor: null, total: 0 });
    await deleteScorecard(cast.pat, { name: "nothing" });
  });
});

describe("an exception", () => {
  const given = { name: "readiness", entityRef: REF, check: "docs", reason: "Docs move to the new site in spring.", until: day(30) };

  test("is granted by owners of the team and platform admins alone", async () => {
    for (const who of [cast.ada, cast.bo, cast.max]) expect(await outcome(grantException(who, given))).toBe("forbidden");
    expect(await outcome(grantException(cast.olga, { ...given, entityRef: "component:default/search-api" }))).toBe("forbidden");
    await grantException(cast.olga, given);
    expect(await stateOf("docs")).toMatchObject({ state: "exempt", exception: { reason: given.reason, grantedBy: "olga", mayEnd: false } });
    expect((await own())?.next.map(({ id }) => id)).toEqual(["words"]);
    const events = await db().select().from(auditEvents).where(eq(auditEvents.name, "scorecard.exempt"));
    const event = events.find(({ result }) => result === "done");
    expect(event).toMatchObject({ result: "done", detail: { scorecard: "readiness", check: "docs", reason: given.reason } });
  });

  test("holds through evaluations, ends by itself, and can be taken back", async () => {
    await tendScorecards([], { force: true });
    expect(await stateOf("docs")).toMatchObject({ state: "exempt" });
    await tendScorecards([], { now: later(32), force: true });
    expect(await stateOf("docs")).toMatchObject({ state: "fail", exception: null });
    const { id } = await grantException(cast.pat, { ...given, until: later(2).toISOString() });
    expect((await listExceptions(cast.ada, { name: "readiness" })).items).toMatchObject([{ id, checkId: "docs" }]);
    expect(await outcome(endException(cast.ada, { name: "readiness", id }))).toBe("forbidden");
    expect(await endException(cast.olga, { name: "readiness", id })).toMatchObject({ isEnded: true });
    expect(await endException(cast.olga, { name: "readiness", id })).toMatchObject({ isEnded: false });
    expect(await stateOf("docs")).toMatchObject({ state: "fail", exception: null });
  });

  test.each([
    ["a day that is over", { until: "2020-01-01" }],
    ["no day", { until: "soon" }],
    ["too long", { until: day(500) }],
    ["no reason", { reason: " " }],
    ["a check that is not there", { check: "nope" }],
    ["an entity that is not evaluated", { entityRef: "group:default/checkout" }],
  ])("is refused for %s", async (_what, wrong) => expect(["invalid", "not_found"]).toContain(await outcome(grantException(cast.pat, { ...given, ...wrong }))));

  test("a level that rises or falls by it is told to the team", async () => {
    const words = await grantException(cast.olga, { ...given, check: "words" });
    const docs = await grantException(cast.olga, { ...given, check: "docs" });
    expect((await own())?.level).toMatchObject({ index: 2, title: "Silver" });
    expect(await listDrops(cast.ada, {})).toEqual([]);
    await endException(cast.olga, { name: "readiness", id: docs.id });
    expect(await listDrops(cast.ada, {})).toMatchObject([{ entityRef: REF, from: { title: "Silver" }, to: { title: "Bronze" }, check: "Has docs" }]);
    expect(await listDrops(cast.bo, {})).toEqual([]);
    await endException(cast.olga, { name: "readiness", id: words.id });
  });
});

describe("a draft", () => {
  test("says how many would pass, and of one entity why", async () => {
    const preview = await previewScorecard(cast.pat, {
      levels: [
        { name: "bronze", title: "Bronze" },
        { name: "silver", title: "Silver" },
      ],
      checks: [
        { id: "a", level: "bronze", condition: "owner.known" },
        { id: "b", level: "silver", condition: "entity.spec.missing == 1" },
      ],
      entityRef: REF,
    });
    expect(preview).toMatchObject({ entities: 2, distribution: [0, 2, 0], checks: [{ counts: { pass: 2, fail: 0, unknown: 0 } }, { counts: { pass: 0, fail: 2, unknown: 0 } }] });
    expect(preview.entity).toMatchObject({ ref: REF, level: { title: "Bronze" }, checks: [{ outcome: "pass" }, { outcome: "fail", reason: "The document has no spec.missing." }] });
  });

  test("tells what is wrong with a condition and still evaluates the others", async () => {
    const preview = await previewScorecard(cast.pat, {
      checks: [
        { id: "a", condition: "ownr.known" },
        { id: "b", condition: "docs.present" },
      ],
    });
    expect(preview).toMatchObject({
      distribution: null,
      checks: [{ problem: { line: 1, column: 1, message: "There is no ownr. Did you mean owner?" } }, { problem: null, counts: { fail: 2 } }],
    });
  });

  test.each<[string, Partial<Given>, RegExp]>([
    ["an unknown fact", { checks: [check("aa", "bronze", "docs.presnt"), check("bb", "silver", "true")] }, /Line 1, column 6: docs has no presnt/],
    ["endless work", { checks: [check("aa", "bronze", '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")'), check("bb", "silver", "true")] }, /takes too long/],
    ["a pattern that cannot be read", { checks: [check("aa", "bronze", 'entity.kind.matches("(?i)x")'), check("bb", "silver", "true")] }, /Invalid regular expression/],
    ["ten thousand characters", { checks: [check("aa", "bronze", "true && ".repeat(1_250)), check("bb", "silver", "true")] }, /longer than 2,000/],
    ["a level without checks", { checks: [check("aa", "bronze", "true")] }, /No check belongs to Silver/],
    ["a check of no level", { checks: [check("aa", "gold", "true")] }, /There is no level gold/],
    ["two checks of one id", { checks: [check("a1", "bronze", "true"), check("a1", "silver", "true")] }, /two checks with the id a1/],
    ["no checks", { checks: [] }, /at least one check/],
    ["the prototype", { checks: [check("aa", "bronze", "docs.constructor == null"), check("bb", "silver", "true")] }, /docs has no constructor/],
  ])(
    "is refused for %s",
    async (_what, wrong, message) => {
      const refused = await createScorecard(cast.pat, { name: "bad-one", definition: definition(wrong) }).catch(
        (error: unknown) => error as { code: string; fields: { message: string }[] },
      );
      expect(refused).toMatchObject({ code: "invalid" });
      expect(JSON.stringify("fields" in refused ? refused.fields : [])).toMatch(message);
    },
    30_000,
  );
});
