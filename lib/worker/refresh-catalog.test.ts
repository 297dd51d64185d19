import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, catalogRepositories, entities, repositories } from "@/db/schema";
import { removeGoneEntities } from "@/lib/catalog/jobs";
import { deleteEntity, importEntities, keepGoneEntity, registerEntities } from "@/lib/catalog/mutations";
import { countFindings, findEntity, getEntity, listEntities, listFindings, loadEntity } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir, ensureBareRepository } from "@/lib/git/bare";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { refreshCatalog } from "./refresh-catalog";

// A real repository, pushed to again and again: the catalog is what its default branch says.

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "refresh-"));
const work = path.join(parent, "work");
const ID = "rep_0000000000000000cc";
let olga: SignedIn;
let bo: SignedIn;

const git = (...args: string[]) => execFileSync("git", ["-C", work, "-c", "user.name=Ada Lovelace", "-c", "user.email=ada@example.com", ...args], { encoding: "utf8" }).trim();

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  await aTeam("search");
  olga = await signedIn(await aPerson("olga", { teams: { checkout: "owner" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "owner" } }));
  const now = await databaseNow();
  await db().insert(repositories).values({
    id: ID,
    owner: "checkout",
    name: "shop",
    provider: "waymark",
    status: "ready",
    cloneUrl: "x",
    webUrl: "http://localhost:3000/repositories/checkout/shop",
    teamId: "tea_checkout",
    createdAt: now,
  });
  await ensureBareRepository(bareRepositoryDir(ID), "main");
  mkdirSync(work);
  git("init", "-q", "-b", "main");
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));
beforeEach(() => {
  git("rm", "-rfq", "--ignore-unmatch", ".");
});

const component = (name: string, extra = "", owner: string | null = "checkout") =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n${owner ? `  owner: ${owner}\n` : ""}${extra}`;
const location = (targets: string) => `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: root\nspec:\n  targets: ${targets}\n`;

/** Makes these files the whole repository, pushes, and lets the catalog follow. */
async function push(files: Record<string, string | Buffer>, links: Record<string, string> = {}): Promise<string> {
  git("rm", "-rfq", "--ignore-unmatch", ".");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
    writeFileSync(path.join(work, name), text);
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, path.join(work, name));
  git("add", "-A");
  git("commit", "-q", "--allow-empty", "-m", "Change");
  const after = git("rev-parse", "HEAD");
  git("push", "-qf", bareRepositoryDir(ID), "main");
  const [row] = await db().select().from(repositories).where(eq(repositories.id, ID));
  if (!row) throw new Error("no repository");
  const { owner, name, description, status, cloneUrl, webUrl, teamId, entityRef, isDemo } = row;
  const repository = {
    id: ID,
    owner,
    name,
    description,
    provider: "waymark" as const,
    status,
    defaultBranch: "main",
    cloneUrl,
    webUrl,
    teamId,
    entityRef,
    goldenPath: null,
    isDemo,
    createdAt: "",
  };
  await refreshCatalog({ id: "psh_x", repository, ref: "refs/heads/main", before: null, after, pushedBy: olga.actor.id, pushedAt: new Date(0) });
  return after;
}

const key = (name: string) => ({ kind: "component", namespace: "default", name });
const listed = async () => (await listEntities(olga, { limit: 200 })).items.map(({ ref }) => ref);
const rules = async () => (await listFindings(olga, {})).items.map(({ rule, file, line }) => `${rule} ${file}:${line}`).sort();

describe("a push", () => {
  test("brings entities, documents, the last commit, and what was read of the repository", async () => {
    const sha = await push({ "catalog-info.yaml": component("shop"), "README.md": "# Shop\n", "docs/run.md": "# Run\n" });
    const entity = await getEntity(olga, key("shop"));
    expect(entity).toMatchObject({
      ownerRef: "group:default/checkout",
      source: { type: "git", repositoryId: ID, path: "catalog-info.yaml", commit: sha },
      docs: [{ path: "README.md" }, { path: "docs/run.md" }],
    });
    expect(entity.facts).toMatchObject({ owner: { value: "group:default/checkout", from: "spec.owner" }, lastCommit: { value: sha, author: "Ada Lovelace", from: "repository" } });
    expect(
      (
        await db()
          .select()
          .from(catalogRepositories)
          .where(eq(catalogRepositories.key, `git:${ID}`))
      )[0],
    ).toMatchObject({ state: "ok", commit: sha, name: "checkout/shop", paths: expect.arrayContaining(["catalog-info.yaml"]) });
  });

  test("to another branch changes nothing", async () => {
    await refreshCatalog({
      id: "psh_y",
      repository: { id: "rep_missing00", defaultBranch: "main" } as never,
      ref: "refs/heads/side",
      before: null,
      after: "a".repeat(40),
      pushedBy: null,
      pushedAt: new Date(0),
    });
    expect(await listed()).toEqual(["component:default/shop"]);
  });

  test("of a broken file keeps the last good version, and says where it broke", async () => {
    await push({ "catalog-info.yaml": "kind: Component\nmetadata:\n  name: shop\n  labels: [\n" });
    expect(await loadEntity(db(), "component:default/shop")).toMatchObject({ goneAt: null, type: "service" });
    const { items } = await listFindings(olga, {});
    expect(items).toMatchObject([{ refused: true, rule: "unreadable", file: "catalog-info.yaml", ownerRef: "group:default/checkout" }]);
    expect((await countFindings(olga, {})).owners).toEqual([{ ownerRef: "group:default/checkout", total: 1, refused: 1, gone: 0 }]);
    await push({ "catalog-info.yaml": component("shop") });
    expect(await rules()).toEqual([]);
  });

  test("of a refused document keeps that one and takes the others", async () => {
    await push({ "catalog-info.yaml": `${component("shop")}---\n${component("second")}` });
    await push({ "catalog-info.yaml": `${component("shop").replace("name: shop", "name: shop shop")}---\n${component("second", "  x: 1\n")}` });
    expect(await listed()).toEqual(["component:default/second", "component:default/shop"]);
    expect(await rules()).toEqual(["name-invalid catalog-info.yaml:4"]);
  });
});

describe("an entity that its repository no longer holds", () => {
  test("is gone from the lists, told in the inbox of its owner, and back as soon as the file is", async () => {
    await push({ "catalog-info.yaml": `${component("shop")}---\n${component("second")}` });
    await push({ "catalog-info.yaml": component("shop") });
    expect(await listed()).toEqual(["component:default/shop"]);
    expect((await getEntity(olga, key("second"))).goneAt).not.toBe(null);
    expect(await listFindings(olga, { owner: "checkout", rule: "gone" })).toMatchObject({
      total: 1,
      items: [{ entityRef: "component:default/second", file: "catalog-info.yaml", ownerRef: "group:default/checkout" }],
    });
    expect((await countFindings(olga, {})).owners).toEqual([{ ownerRef: "group:default/checkout", total: 1, refused: 0, gone: 1 }]);
    await push({ "catalog-info.yaml": component("shop"), "README.md": "# again\n" });
    expect(await listFindings(olga, { rule: "gone" })).toMatchObject({ total: 1 });
    await push({ "catalog-info.yaml": `${component("shop")}---\n${component("second")}` });
    expect(await loadEntity(db(), "component:default/second")).toMatchObject({ goneAt: null });
    expect(await rules()).toEqual([]);
  });

  test("may be kept by its owners, and is an upload from then on", async () => {
    await push({});
    expect(await listed()).toEqual([]);
    expect(await outcome(keepGoneEntity(bo, key("second")))).toBe("forbidden");
    expect(await outcome(keepGoneEntity(olga, key("second")))).toBe("done");
    expect(await outcome(keepGoneEntity(olga, key("second")))).toBe("conflict");
    expect(await loadEntity(db(), "component:default/second")).toMatchObject({ goneAt: null, source: { type: "upload" } });
    await push({});
    expect(await listed()).toEqual(["component:default/second"]);
    expect(await outcome(deleteEntity(olga, key("second")))).toBe("done");
  });

  test("may come from another place before it is removed", async () => {
    const text = component("shop", "  moved: true\n");
    const now = await databaseNow();
    await db().transaction((tx) =>
      registerEntities(tx, {
        text,
        file: "catalog-info.yaml",
        source: { type: "git", repositoryId: "rep_other", path: "catalog-info.yaml", commit: null },
        repositoryId: "rep_other",
        registeredBy: null,
        by: null,
        teamId: "tea_checkout",
        now,
      }),
    );
    expect(await loadEntity(db(), "component:default/shop")).toMatchObject({ goneAt: null, repositoryId: "rep_other" });
    expect((await importEntities(bo, { files: [{ name: "x", text: component("shop", "", "search") }] })).refused).toMatchObject([{ rule: "other-source" }]);
    await db().delete(entities);
  });

  test("is removed after the days of grace, with an event that says why", async () => {
    await push({ "catalog-info.yaml": component("shop") });
    await push({ "README.md": "# nothing else\n" });
    expect(await removeGoneEntities()).toBe(0);
    await db().update(entities).set({ goneAt: sql`now() - interval '6 days 23 hours'` });
    expect(await removeGoneEntities()).toBe(0);
    await db().update(entities).set({ goneAt: sql`now() - interval '7 days 1 minute'` });
    expect(await removeGoneEntities()).toBe(1);
    expect(await findEntity(db(), "component:default/shop")).toBe(null);
    expect(await rules()).toEqual([]);
    expect(await db().select().from(auditEvents).where(sql`${auditEvents.detail} ->> 'change' = 'removed' and ${auditEvents.actorLabel} = 'catalog'`)).toMatchObject([
      { targetId: "component:default/shop", detail: { reason: "no longer in its repository (catalog-info.yaml)" } },
    ]);
  });
});

describe("Location documents", () => {
  test("are followed to files and patterns, within the repository", async () => {
    await push({
      "catalog-info.yaml": location("[./services/*/catalog-info.yaml, ./more.yaml, ./services/a/catalog-info.yaml]"),
      "services/a/catalog-info.yaml": component("a"),
      "services/b/catalog-info.yaml": component("b"),
      "services/b/deep/catalog-info.yaml": component("deep"),
      "more.yaml": `${component("more")}---\n${location("[./catalog-info.yaml]").replace("name: root", "name: round-trip")}`,
    });
    expect(await listed()).toEqual(["component:default/a", "component:default/b", "component:default/more", "location:default/root", "location:default/round-trip"]);
    expect((await loadEntity(db(), "component:default/b")).source).toMatchObject({ path: "services/b/catalog-info.yaml" });
    expect(await rules()).toEqual([]);
    await push({
      "catalog-info.yaml": location("[./services/*/catalog-info.yaml, ./more.yaml]"),
      "services/a/catalog-info.yaml": "kind: [",
      "more.yaml": component("more"),
    });
    expect(await listed()).toEqual(["component:default/a", "component:default/more", "location:default/root"]);
    expect(await rules()).toEqual(["gone more.yaml:1", "gone services/b/catalog-info.yaml:1", "unreadable services/a/catalog-info.yaml:1"]);
  });

  test.each([
    ["a file that is not there", "[./nowhere.yaml]", "target-missing catalog-info.yaml:6"],
    ["a pattern that fits nothing", "['./nothing/**/*.yaml']", "target-missing catalog-info.yaml:6"],
    ["a way out", "[../../etc/passwd]", "target-refused catalog-info.yaml:6"],
    ["a file of this machine", "['file:///etc/passwd']", "target-refused catalog-info.yaml:6"],
    ["an address inside the network", "['http://169.254.169.254/latest/meta-data']", "unreadable http://169.254.169.254/latest/meta-data:1"],
    ["an intricate pattern", `['${"*a".repeat(40)}']`, "target-refused catalog-info.yaml:6"],
    ["a link", "[./link.yaml]", "unreadable link.yaml:1"],
  ])("to %s are findings", async (_what, targets, expected) => {
    await push({ "catalog-info.yaml": location(targets), "real.yaml": component("real") }, { "link.yaml": "/etc/passwd" });
    expect((await rules()).filter((rule) => !rule.startsWith("gone"))).toEqual([expected]);
  });

  test("of more files than are read say so", async () => {
    const files = Object.fromEntries(Array.from({ length: 510 }, (_, n) => [`s/${n}.yaml`, component(`many-${n}`)]));
    await push({ "catalog-info.yaml": location("['./s/*.yaml']"), ...files });
    expect((await rules()).filter((rule) => rule.startsWith("too-much")).length).toBe(1);
    expect((await listed()).length).toBeGreaterThan(199);
    await db().delete(entities);
  });
});

describe("placeholders", () => {
  test("take in text, JSON and YAML of the same repository", async () => {
    const api = `apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: shop\n  annotations: {$json: ./ann.json}\nspec:\n  type: openapi\n  lifecycle: production\n  owner: checkout\n  definition:\n    $text: ../api/openapi.yaml\n  extra: {$yaml: /extra.yml}\n  page: {$text: 'http://localhost:3000/repositories/checkout/shop/blob/main/api/openapi.yaml'}\n`;
    await push({
      "catalog-info.yaml": location("[./svc/catalog-info.yaml]"),
      "svc/catalog-info.yaml": api,
      "svc/ann.json": '{"a/b": "c"}',
      "api/openapi.yaml": "openapi: 3.1.0\n",
      "extra.yml": "list: [1, 2]\n",
    });
    expect((await loadEntity(db(), "api:default/shop")).definition).toMatchObject({
      metadata: { annotations: { "a/b": "c" } },
      spec: { definition: "openapi: 3.1.0\n", extra: { list: [1, 2] }, page: "openapi: 3.1.0\n" },
    });
    expect((await rules()).filter((rule) => !rule.startsWith("gone"))).toEqual([]);
  });

  test.each(["http://monolith:8080/openapi.json", "http://169.254.169.254/x", "https://example.com/x.yaml", "../../outside.yaml", "/etc/passwd", "file:///etc/passwd"])(
    "to %s are not read",
    async (target) => {
      await push({
        "catalog-info.yaml": `apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: shop}\nspec:\n  type: openapi\n  lifecycle: production\n  owner: checkout\n  definition: {$text: '${target}'}\n`,
      });
      expect((await loadEntity(db(), "api:default/shop")).definition).toMatchObject({ spec: { definition: { $text: target } } });
      expect(await rules()).toContain("placeholder catalog-info.yaml:8");
      expect((await loadEntity(db(), "api:default/shop")).goneAt).toBe(null);
    },
  );
});

describe("the owner", () => {
  const owners = ".github/CODEOWNERS";

  test("comes from CODEOWNERS where the document names none, and changes with it", async () => {
    await push({ "catalog-info.yaml": component("shop", "", null), [owners]: "# who\n* @acme/search @acme/checkout\n*.yaml @acme/platform\n" });
    expect(await getEntity(olga, key("shop"))).toMatchObject({
      ownerRef: "group:default/search",
      facts: { owner: { value: "group:default/search", from: "CODEOWNERS" } },
      relations: [{ type: "ownedBy", targetRef: "group:default/search" }],
    });
    expect((await rules()).filter((rule) => rule.startsWith("owner"))).toEqual(["owner-derived catalog-info.yaml:1"]);
    await push({ "catalog-info.yaml": component("shop", "", null), [owners]: "* @acme/checkout\n" });
    expect(await loadEntity(db(), "component:default/shop")).toMatchObject({ ownerRef: "group:default/checkout" });
    await push({ "catalog-info.yaml": component("shop", "", null) });
    expect(await getEntity(olga, key("shop"))).toMatchObject({ ownerRef: null, facts: { lastCommit: {} }, relations: [] });
    expect((await rules()).filter((rule) => rule.startsWith("owner"))).toEqual(["owner-missing catalog-info.yaml:5"]);
  });

  test("that differs from CODEOWNERS is a finding, and the document counts", async () => {
    await push({ "catalog-info.yaml": component("shop"), CODEOWNERS: "* @acme/search\n" });
    expect(await loadEntity(db(), "component:default/shop")).toMatchObject({ ownerRef: "group:default/checkout" });
    expect((await rules()).filter((rule) => rule.startsWith("owner"))).toEqual(["owner-disagrees catalog-info.yaml:1"]);
  });
});

test("files that are not UTF-8 or too large are findings, and disturb nothing else", async () => {
  await push({
    "catalog-info.yaml": location("[./latin.yaml, ./huge.yaml, ./good.yaml]"),
    "latin.yaml": Buffer.from([0x6b, 0x3a, 0x20, 0xe4, 0xff]),
    "huge.yaml": `a: ${"x".repeat(10_000_000)}`,
    "good.yaml": component("good"),
  });
  expect(await listed()).toContain("component:default/good");
  expect((await rules()).filter((rule) => !rule.startsWith("gone"))).toEqual(["unreadable huge.yaml:1", "unreadable latin.yaml:1"]);
});
