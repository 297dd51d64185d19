import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { entities, goldenPaths, scorecardFacts } from "@/db/schema";
import { saveEntity, storeDocs } from "@/lib/catalog/mutations";
import { databaseNow } from "@/lib/core/ctx";
import { drainDirty } from "@/lib/metrics/jobs";
import { recordCommits, recordDeployments, recordIncidents } from "@/lib/metrics/mutations";
import { tendAllScorecards } from "@/lib/worker/tend-scorecards";
import { theCast } from "@/tests/setup/action-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { FACT_GROUPS, type FactGroup } from "../contract";
import { tendScorecards } from "../jobs";
import { factsOfFiles } from "./repository";
import { observedAt, wholeFacts } from "./stored";
import { readNews } from "./written";

useOwnDatabase();
const REF = "component:default/checkout-api";
const DAY_MS = 86_400_000;
let now: Date;
let cast: Awaited<ReturnType<typeof theCast>>;

const stored = async (ref: string) => (await db().select().from(scorecardFacts).where(eq(scorecardFacts.entityRef, ref)))[0];
const factsOf = async (ref: string) => {
  const row = await stored(ref);
  return row && wholeFacts(row);
};
const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);

beforeAll(async () => {
  cast = await theCast();
  now = await databaseNow();
});

describe("facts", () => {
  test("of an entity of which nothing was ever heard: what is known is there, what is not is absent", async () => {
    await tendAllScorecards({ waits: true });
    expect(await factsOf(REF)).toEqual({
      owner: { set: true, known: true, members: 2, onCall: false },
      docs: { present: false, pages: 0 },
      findings: { open: 0, rules: [] },
      deployments: { reported: false },
      metrics: { leadTimeKnown: false, changeFailRateKnown: false },
      incidents: { open: 0, opened90d: 0 },
      repository: { known: false },
      telemetry: { traces: false, metrics: false, logs: false },
      goldenPath: { used: false, ejected: [] },
      environments: { development: false, staging: false, production: false, unhealthy: 0 },
    });
  });

  test("are those that are declared, with the types that are declared", async () => {
    const facts = (await factsOf(REF)) ?? {};
    const typeOf = (value: unknown) => (Array.isArray(value) ? "list<string>" : typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "number");
    for (const [group, fields] of Object.entries(facts))
      for (const [field, value] of Object.entries(fields)) {
        const declared = (FACT_GROUPS as Record<string, FactGroup>)[group]?.fields[field]?.type;
        expect([`${group}.${field}`, declared === "int" || declared === "double" ? "number" : declared]).toEqual([`${group}.${field}`, typeOf(value)]);
      }
    expect(Object.keys(facts).sort()).toEqual(Object.keys(FACT_GROUPS).sort());
  });

  test("follow deployments, changes by enough people, incidents and documents", async () => {
    const authors = ["Ada", "Bea", "Chen", "Dina", "Emil", "Farah"];
    const sha = (n: number) => `${n}`.padStart(40, "a");
    await db().transaction(async (tx) => {
      const commits = authors.map((author, n) => ({
        repository: "acme/checkout",
        sha: sha(n),
        parents: n ? [sha(n - 1)] : [],
        authoredAt: ago(20 - n),
        committedAt: ago(20 - n),
        author,
        message: "Change",
        service: REF,
        isDemo: false,
      }));
      await recordCommits(tx, commits, now);
      const deployments = authors.map((_, n) => ({
        service: REF,
        environment: "production",
        tier: "production" as const,
        externalId: `d${n}`,
        status: "success" as const,
        repository: "acme/checkout",
        commit: sha(n),
        startedAt: ago(18 - n),
        finishedAt: ago(18 - n),
        source: "api" as const,
        isDemo: false,
      }));
      await recordDeployments(tx, deployments, now);
      await recordIncidents(tx, [{ service: REF, externalId: "i1", title: "Down", severity: "high" as const, openedAt: ago(12), source: "api" as const, isDemo: false }], now);
      await storeDocs(tx, REF, [{ path: "README.md", text: "# Checkout" }], { commit: null, now: ago(40) });
    });
    await drainDirty();
    await tendScorecards([], { force: true });
    const facts = await factsOf(REF);
    expect(facts).toMatchObject({
      docs: { present: true, pages: 1, ageDays: 40 },
      deployments: { reported: true, production28d: 6, failed28d: 0, daysSinceProduction: 13 },
      metrics: { leadTimeKnown: true, leadTimeHours: 48, changeFailRateKnown: true },
      incidents: { open: 1, opened90d: 1 },
    });
    expect(facts?.metrics?.changeFailRate).toBeCloseTo(1 / 6, 2);
    expect(await factsOf("component:default/search-api")).toMatchObject({ deployments: { reported: false } });
  });

  test.each([
    ["1.2.0", "1.10.0", true],
    ["1.10.0", "1.2.0", false],
    ["2.0.0", "2.0.0", false],
    ["2.0.0-rc.1", "2.0.0", true],
  ])("version %s of a path at %s is behind: %s", async (version, current, behind) => {
    const [path] = await db().select().from(goldenPaths).limit(1);
    const name = path?.name ?? "sample";
    if (!path) await db().insert(goldenPaths).values({ name, title: "Sample", description: "", ownerRef: "group:default/platform", currentVersion: current });
    await db().update(goldenPaths).set({ currentVersion: current }).where(eq(goldenPaths.name, name));
    await db().update(entities).set({ goldenPath: name, goldenPathVersion: version }).where(eq(entities.ref, REF));
    const { goldenPathFacts } = await import("@/lib/golden-paths/jobs");
    await tendScorecards([goldenPathFacts], { force: true });
    expect((await factsOf(REF))?.goldenPath).toEqual({ used: true, name, version, behind, ejected: [] });
  });

  test("that are usual are not stored of each entity, and are stored while they are not", async () => {
    const ref = "component:default/search-api";
    const groups = async () => [Object.keys((await stored(ref))?.facts ?? {}).sort(), Object.keys((await stored(ref))?.observed ?? {}).sort()];
    expect(await groups()).toEqual([["owner"], ["entity", "owner"]]);
    await db().transaction((tx) => storeDocs(tx, ref, [{ path: "README.md", text: "# Search" }], { commit: null, now: ago(3) }));
    await tendScorecards([], { force: true });
    expect(await stored(ref)).toMatchObject({ facts: { docs: { present: true, pages: 1, ageDays: 3 } }, answered: null, isDirty: false });
    const row = await stored(ref);
    expect(row && [observedAt(row, "docs"), observedAt(row, "incidents")]).toEqual([row?.observed.docs, row?.observed.entity]);
    await db().transaction((tx) => storeDocs(tx, ref, [], { commit: null, now }));
    await tendScorecards([], { force: true });
    expect(await groups()).toEqual([["owner"], ["entity", "owner"]]);
  });

  test("of a source that has not answered yet are not known, whatever is usual", async () => {
    const ref = "component:default/new-api";
    await saveEntity(cast.olga, {
      kind: "component",
      namespace: "default",
      name: "new-api",
      yaml: "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: new-api\nspec:\n  type: service\n  lifecycle: production\n  owner: group:default/checkout\n",
    });
    await tendScorecards([], { force: true });
    const early = await stored(ref);
    expect(early?.answered).not.toContain("environments");
    expect(await factsOf(ref)).toMatchObject({ docs: { present: false }, incidents: { open: 0 } });
    expect(await factsOf(ref)).not.toHaveProperty("environments");
    expect(early && observedAt(early, "environments")).toBeUndefined();
    const later = await Promise.all([import("@/lib/environments/jobs"), import("@/lib/golden-paths/jobs"), import("@/lib/telemetry/jobs")]);
    const [{ environmentFacts }, { goldenPathFacts }, { telemetryFacts }] = later;
    await tendScorecards([environmentFacts, goldenPathFacts, telemetryFacts], { force: true });
    expect(await stored(ref)).toMatchObject({ answered: null });
    expect(await factsOf(ref)).toMatchObject({ environments: { production: false } });
  });

  test("change nothing in the database while nothing changes", async () => {
    const rows = () => db().execute<{ x: string }>(sql`select string_agg(xmin::text || ctid::text, ',' order by ctid) as x from scorecard_facts`);
    await tendAllScorecards({ waits: true });
    const [before] = await rows();
    await tendScorecards([], { force: true });
    expect(await rows()).toEqual([before]);
  });
});

describe("what was written", () => {
  const look = async (day = "2026-01-01", at = now) => readNews({ now: at, day });
  const TABLES = ["entities", "teams"];

  test("is asked for once; again after a write, on another day, and after an hour", async () => {
    const first = await look();
    expect(first.mayHave("reader", TABLES)).toBe(true);
    // A reader that failed has not taken anything.
    expect((await look()).mayHave("reader", TABLES)).toBe(true);
    first.taken("reader", TABLES);
    expect((await look()).mayHave("reader", TABLES)).toBe(false);
    expect((await look()).mayHave("another", TABLES)).toBe(true);
    expect((await look("2026-01-02")).mayHave("reader", TABLES)).toBe(true);
    expect((await look("2026-01-01", new Date(now.getTime() + 3_600_000))).mayHave("reader", TABLES)).toBe(true);
    await db().transaction(async (tx) => {
      await tx.update(entities).set({ title: "Checkout" }).where(eq(entities.ref, REF));
      await tx.execute(sql`select pg_stat_force_next_flush()`);
    });
    await expect.poll(async () => (await look()).mayHave("reader", TABLES)).toBe(true);
  });
});

describe("files of a repository", () => {
  test.each([
    [[".github/workflows/ci.yml", "README.md", "CODEOWNERS"], { ci: true, readme: true, codeowners: true, license: false }],
    [["docs/CODEOWNERS", "src/app.test.ts", "LICENSE"], { codeowners: true, tests: true, license: true, ci: false }],
    [["src/README.md", "my/.gitlab-ci.yml", "contest/x.js"], { readme: false, ci: false, tests: false }],
    [["renovate.json", "pkg/a_test.go"], { dependencyUpdates: true, tests: true }],
  ])("%j", (paths, expected) => expect(factsOfFiles(paths)).toMatchObject(expected));

  test("any names give an answer for every fact, whatever their order", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), (paths) => {
        expect(factsOfFiles(paths)).toEqual(factsOfFiles([...paths].reverse()));
        expect(Object.keys(factsOfFiles(paths))).toHaveLength(6);
      }),
    );
  });
});
