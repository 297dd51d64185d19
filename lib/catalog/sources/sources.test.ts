import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { catalogFindings, catalogLocations, catalogRepositories, entities, webhookDeliveries } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { gitHttpBackend, send } from "@/tests/github/git-backend";
import { aForeignRepo, aScene, commitFiles, type Scene } from "@/tests/github/scene";
import type { Repo } from "@/tests/github/state";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { enqueueDueLocations, followDelivery, readLocation, readRepositoryOrWait } from "../jobs";
import { addLocation, changeLocation, readLocationAgain, removeLocation } from "../mutations";
import { backstageAnalysis, listEntities, listFindings, listLocations, listSourceRepositories, loadEntity } from "../queries";
import { mayMatter } from "./follow-delivery";

const database = useOwnDatabase();
/** The role that owns the queue. */
let queue: postgres.Sql;
let scene: Scene;
let server: Server;
let base = "";
let olga: SignedIn;
let pat: SignedIn;
/** What the plain server has: texts by path, and git repositories by name. */
const pages = new Map<string, { text: string; etag?: string; status?: number }>();
const repos = new Map<string, string>();
const asked: string[] = [];

beforeAll(async () => {
  queue = postgres(database.current().url, { max: 1, onnotice: () => {} });
  scene = await aScene();
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", base);
    asked.push(url.pathname);
    const git = /^\/([^/]+)\.git(\/.*)$/.exec(url.pathname);
    const dir = git ? repos.get(git[1] ?? "") : undefined;
    if (git && dir) {
      void gitHttpBackend(request, { dir, pathInfo: git[2] ?? "", query: url.search.slice(1), mayPushWorkflows: false, protectedRef: null }).then((answer) =>
        send(response, answer),
      );
      return;
    }
    const page = pages.get(url.pathname);
    if (page?.etag && request.headers["if-none-match"] === page.etag) return void response.writeHead(304).end();
    response.writeHead(page ? (page.status ?? 200) : 404, page?.etag ? { etag: page.etag } : {}).end(page?.text ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  env().privateHosts = [new URL(base).host];
  env().github = { apiUrl: scene.fake.apiUrl, owner: "acme", auth: scene.app };
  await aTeam("checkout");
  await aTeam("search");
  olga = await signedIn(await aPerson("olga", { teams: { checkout: "owner" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
});
afterAll(async () => {
  env().github = null;
  expect(scene.fake.violations).toEqual([]);
  await scene.fake.stop();
  server.close();
  await queue.end();
});
beforeEach(async () => {
  await queue`delete from graphile_worker._private_jobs`;
  await db().delete(catalogLocations);
  await db().delete(entities);
  await db().delete(catalogFindings);
  scene.fake.state.repos.length = 0;
  Object.assign(scene.fake.state.rate, { remaining: 4_900, counts: true });
  scene.fake.asked.length = 0;
  asked.length = 0;
});

const component = (name: string, owner: string | null = "checkout") =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n${owner ? `  owner: ${owner}\n` : ""}`;
const location = (targets: string) => `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: root\nspec:\n  targets: ${targets}\n`;
const listed = async () => (await listEntities(pat, { limit: 200 })).items.map(({ ref }) => ref).sort();
const rules = async () => (await listFindings(pat, {})).items.map(({ rule }) => rule).sort();
const onlyLocation = async () => (await listLocations(pat, {})).items[0];

/** What the queue would do: every repository that waits is read. */
async function readWaiting(): Promise<string[]> {
  const jobs = await queue<{ payload: { key: string; force: boolean } }[]>`
    delete from graphile_worker._private_jobs where run_at <= now() + interval '1 second'
    and task_id = (select id from graphile_worker._private_tasks where identifier = 'catalog.read-repository') returning payload`;
  for (const { payload } of jobs) await readRepositoryOrWait(payload.key, payload.force);
  return jobs.map(({ payload }) => payload.key.split("/").at(-1) ?? "").sort();
}

async function add(who: SignedIn, input: Parameters<typeof addLocation>[1]): Promise<string> {
  const { location: made } = await addLocation(who, input);
  if (!made) throw new Error("no location");
  await readLocation(made.id);
  return made.id;
}

describe("an address", () => {
  test("that is changed is read at its new place: what lies there stays the source's own, and what does not is gone", async () => {
    pages.set("/old.yaml", { text: `${component("moved")}---\n${component("left")}` });
    pages.set("/new.yaml", { text: `${component("moved")}---\n${component("added")}` });
    const id = await add(olga, { target: `${base}/old.yaml` });
    const { location: changed } = await changeLocation(olga, { id, target: `${base}/new.yaml` });
    expect(changed).toMatchObject({ id, target: `${base}/new.yaml`, state: "new", entities: 2 });
    await readLocation(id);
    expect(await listed()).toEqual(["component:default/added", "component:default/moved"]);
    expect(await rules()).toEqual(["gone"]);
    expect(await loadEntity(db(), "component:default/moved")).toMatchObject({ source: { type: "url", url: `${base}/new.yaml` } });
    expect(await outcome(changeLocation(olga, { id, target: `${base}/new.yaml` }))).toBe("conflict");
  });

  test("is looked at before it is added: which entities lie there, and which of them are known", async () => {
    pages.set("/known.yaml", { text: component("known") });
    await add(olga, { target: `${base}/known.yaml` });
    pages.set("/both.yaml", { text: `${component("known")}---\n${component("fresh")}---\nno: entity\n` });
    const { existingEntityFiles, generateEntities } = await backstageAnalysis(olga, { location: { type: "url", target: `${base}/both.yaml` } });
    expect(existingEntityFiles.map(({ isRegistered, entity }) => [isRegistered, (entity.metadata as { name: string }).name])).toEqual([
      [true, "known"],
      [false, "fresh"],
    ]);
    expect(generateEntities).toEqual([]);
    pages.set("/broken.yaml", { text: "a: [" });
    await expect(backstageAnalysis(olga, { location: { target: `${base}/broken.yaml` } })).rejects.toMatchObject({ code: "invalid", fields: [{ path: "location.target" }] });
    expect((await backstageAnalysis(olga, { location: { target: `${base}/acme/nothing.yaml` } })).existingEntityFiles).toEqual([]);
  });

  test("is read again, followed to its targets, and costs nothing while it is unchanged", async () => {
    pages.set("/one.yaml", { text: component("one"), etag: '"1"' });
    const id = await add(olga, { target: `${base}/one.yaml` });
    expect(await listed()).toEqual(["component:default/one"]);
    expect(await onlyLocation()).toMatchObject({ state: "ok", problem: null, entities: 1, findings: 0 });
    pages.set("/one.yaml", { text: component("renamed"), etag: '"2"' });
    await readLocation(id);
    expect(await listed()).toEqual(["component:default/renamed"]);
    expect(await rules()).toEqual(["gone"]);
    pages.set("/one.yaml", { text: location("[./a/two.yaml, https://elsewhere.example/x.yaml]"), etag: '"3"' });
    pages.set("/a/two.yaml", { text: component("two") });
    await readLocation(id);
    expect(await listed()).toEqual(["component:default/two", "location:default/root"]);
    expect((await rules()).filter((rule) => rule !== "gone")).toEqual(["target-refused"]);
    pages.set("/a/two.yaml", { text: component("three") });
    await readLocation(id);
    expect(await listed()).toEqual(["component:default/three", "location:default/root"]);
  });

  test("that fails keeps everything, says so, and is asked later and later", async () => {
    pages.set("/failing.yaml", { text: component("one") });
    const id = await add(olga, { target: `${base}/failing.yaml` });
    pages.set("/failing.yaml", { text: "", status: 503 });
    await readLocation(id);
    await readLocation(id);
    expect(await onlyLocation()).toMatchObject({ state: "failed", problem: expect.stringContaining("status 503"), entities: 1 });
    expect((await db().select().from(catalogLocations))[0]).toMatchObject({ failures: 2 });
    pages.set("/failing.yaml", { text: component("one") });
    await readLocation(id);
    expect(await onlyLocation()).toMatchObject({ state: "ok", problem: null });
  });

  test("inside the network is never asked", async () => {
    env().privateHosts = [];
    await add(olga, { target: `${base}/inside.yaml` });
    expect(asked).toEqual([]);
    expect(await onlyLocation()).toMatchObject({ state: "failed", problem: expect.stringContaining("only https") });
    env().privateHosts = [new URL(base).host];
  });
});

describe("a git repository elsewhere", () => {
  test("is read by its branch, only when it moved, and is forgotten without its entities", async () => {
    const repo = aForeignRepo(scene, "plain");
    repos.set("plain", repo.dir);
    commitFiles(repo, {
      "catalog-info.yaml": location("['./svc/*/catalog-info.yaml', ./huge.yaml]"),
      "svc/a/catalog-info.yaml": component("a", null),
      "huge.yaml": `a: ${"x".repeat(2_000_000)}`,
      CODEOWNERS: "svc/ @acme/search\n",
    });
    const id = await add(olga, { type: "git", target: `${base}/plain.git` });
    expect(await listed()).toEqual(["component:default/a", "location:default/root"]);
    expect(await loadEntity(db(), "component:default/a")).toMatchObject({
      ownerRef: "group:default/search",
      source: { type: "remote", url: `${base}/plain`, path: "svc/a/catalog-info.yaml" },
      facts: { owner: { from: "CODEOWNERS" }, lastCommit: { author: "Octo" } },
    });
    expect(await rules()).toEqual(["owner-derived", "unreadable"]);
    asked.length = 0;
    await readLocation(id);
    expect(asked.filter((path) => path.endsWith("git-upload-pack")).length).toBeLessThan(2);
    commitFiles(repo, { "catalog-info.yaml": component("b") }, "2026-02-02T00:00:00Z");
    await readLocation(id);
    expect(await listed()).toEqual(["component:default/b"]);
    expect(await removeLocation(olga, { id })).toMatchObject({ entities: 3 });
    expect(await loadEntity(db(), "component:default/b")).toMatchObject({ source: { type: "upload" }, goneAt: null });
  });

  test.each([
    ["/nothing.git", "There is no repository at this address"],
    ["/one.yaml", "There is no repository at this address"],
  ])("at %s says what is wrong", async (path, problem) => {
    await add(olga, { type: "git", target: `${base}${path}` });
    expect(await onlyLocation()).toMatchObject({ state: "failed", problem: expect.stringContaining(problem) });
  });

  test("must have an address of one", async () => {
    for (const target of ["file:///etc/passwd", "ssh://git@host/x.git", "ext::sh -c id", "https://user:pass@host/x", "https://host", "-oProxyCommand=x"])
      expect(await outcome(addLocation(olga, { type: "git", target }))).toBe("invalid");
    expect(await outcome(addLocation(olga, { type: "git", target: `${base}/x`, branch: "--upload-pack=x" }))).toBe("invalid");
    const ids = await db().select().from(catalogLocations);
    expect(ids).toEqual([]);
  });
});

describe("a GitHub organisation", () => {
  let shop: Repo;
  let pay: Repo;
  let id = "";
  beforeEach(async () => {
    shop = aForeignRepo(scene, "shop");
    pay = aForeignRepo(scene, "pay", { access: { growth: "push", search: "admin" } });
    aForeignRepo(scene, "nothing");
    aForeignRepo(scene, "old", { isArchived: true });
    commitFiles(shop, { "catalog-info.yaml": component("shop"), "src/x.js": "1" });
    commitFiles(pay, { "catalog-info.yaml": component("pay", null) });
    id = await add(pat, { type: "github-org", target: "acme" });
  });

  test("is for platform admins, and only the one that GitHub is connected for", async () => {
    expect(await outcome(addLocation(olga, { type: "github-org", target: "acme" }))).toBe("forbidden");
    expect(await outcome(addLocation(pat, { type: "github-org", target: `${scene.fake.url}/other` }))).toBe("invalid");
  });

  test("is read whole at first, and then only what was pushed to", async () => {
    expect(await readWaiting()).toEqual(["nothing", "pay", "shop"]);
    expect(await listed()).toEqual(["component:default/pay", "component:default/shop"]);
    expect(await loadEntity(db(), "component:default/pay")).toMatchObject({ ownerRef: "group:default/search", facts: { owner: { from: "GitHub team" } } });
    expect((await listSourceRepositories(pat, { location: id })).items.map(({ name, state }) => `${name} ${state}`)).toEqual(["acme/nothing empty", "acme/pay ok", "acme/shop ok"]);
    await readLocation(id);
    expect(await readWaiting()).toEqual([]);
    commitFiles(shop, { "catalog-info.yaml": "kind: [" }, "2026-03-01T00:00:00Z");
    await readLocation(id);
    expect(await readWaiting()).toEqual(["shop"]);
    expect(await listed()).toContain("component:default/shop");
    expect(await rules()).toEqual(["owner-derived", "unreadable"]);
    scene.fake.asked.length = 0;
    await readRepositoryOrWait(`remote:${scene.fake.url}/acme/shop`, false);
    expect(scene.fake.asked.filter((one) => one.startsWith("git/"))).toEqual([]);
  });

  test("leaves out what is archived or gone, and takes it back", async () => {
    await readWaiting();
    shop.isArchived = true;
    scene.fake.state.repos.splice(scene.fake.state.repos.indexOf(pay), 1);
    await readLocation(id);
    expect(await listed()).toEqual([]);
    expect(await rules()).toEqual(["gone", "gone"]);
    shop.isArchived = false;
    await readLocation(id);
    await readWaiting();
    expect(await listed()).toEqual(["component:default/shop"]);
  });

  test("finds files in a repository whose list GitHub cuts", async () => {
    scene.fake.state.maxTree = 1;
    commitFiles(shop, { "a/b/c.txt": "1", "catalog-info.yaml": location("[./svc/catalog-info.yaml]"), "svc/catalog-info.yaml": component("deep") }, "2026-03-02T00:00:00Z");
    await readWaiting();
    scene.fake.state.maxTree = 100_000;
    expect(await listed()).toContain("component:default/deep");
  });

  test("keeps a reserve of requests for people, and goes on when the hour is over", async () => {
    scene.fake.state.rate.remaining = 1_000;
    await readLocation(id, { force: true });
    expect(await onlyLocation()).toMatchObject({ state: "ok", problem: expect.stringContaining("kept for people") });
    expect(scene.fake.state.rate.remaining).toBeGreaterThan(990);
    await readRepositoryOrWait(`remote:${scene.fake.url}/acme/shop`, false);
    expect((await db().select().from(catalogRepositories).where(eq(catalogRepositories.name, "acme/shop")))[0]).toMatchObject({
      state: "new",
      problem: expect.stringContaining("kept for people"),
    });
  });

  test("follows pushes and changes of repositories by webhook", async () => {
    await readWaiting();
    const deliver = async (event: string, body: unknown) => {
      const key = `whd_${Math.random().toString(36).slice(2)}`;
      await db()
        .insert(webhookDeliveries)
        .values({ id: key, type: "github", deliveryKey: key, sourceId: "environment", event, body: JSON.stringify(body), receivedAt: await databaseNow(), status: "received" });
      await followDelivery(key);
    };
    const repository = { html_url: `${scene.fake.url}/acme/shop`, full_name: "acme/shop", default_branch: "main" };
    const commits = [{ added: [], removed: [], modified: ["src/x.js"] }];
    await deliver("push", { ref: "refs/heads/main", forced: false, commits, repository });
    await deliver("push", { ref: "refs/heads/side", forced: true, commits: [], repository });
    await deliver("push", { nonsense: true });
    await deliver("issues", {});
    expect(await readWaiting()).toEqual([]);
    commitFiles(shop, { "catalog-info.yaml": component("second") });
    await deliver("push", { ref: "refs/heads/main", forced: true, commits, repository });
    expect(await readWaiting()).toEqual(["shop"]);
    expect(await listed()).toEqual(["component:default/pay", "component:default/second"]);
    await deliver("repository", { action: "archived", repository });
    expect(await listed()).toEqual(["component:default/pay"]);
  });

  test("is read again when a person asks, and due ones are put into the queue once", async () => {
    await readWaiting();
    expect(await outcome(readLocationAgain(olga, { id }))).toBe("forbidden");
    expect(await outcome(readLocationAgain(pat, { id }))).toBe("done");
    await db().update(catalogLocations).set({ nextReadAt: sql`now() - interval '1 second'` });
    expect(await enqueueDueLocations()).toBe(1);
    expect(await enqueueDueLocations()).toBe(0);
    await readLocation(id, { force: true });
    expect(await readWaiting()).toEqual(["nothing", "pay", "shop"]);
  });
});

test("a push that rewrites history or lists too much is never trusted", () => {
  const quiet = [{ added: ["x"], removed: null, modified: [] }];
  expect(mayMatter({ forced: false, commits: quiet }, ["catalog-info.yaml"])).toBe(false);
  expect(mayMatter({ forced: true, commits: quiet }, [])).toBe(true);
  expect(mayMatter({ forced: false, commits: Array.from({ length: 2_048 }, () => quiet[0] as (typeof quiet)[0]) }, [])).toBe(true);
  expect(mayMatter({ forced: false, commits: [] }, [])).toBe(true);
  expect(mayMatter({ commits: [{ added: [], removed: ["svc/more.yaml"], modified: [] }] }, ["svc/more.yaml"])).toBe(true);
  expect(mayMatter({ commits: [{ added: ["new/catalog-info.yml"], removed: [], modified: [] }] }, [])).toBe(true);
  expect(mayMatter({ commits: [{ added: [], removed: [], modified: ["svc/docs/index.md"] }] }, [])).toBe(true);
});
