import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DependencyCache, wantedFor } from "./dependencies";
import { explainNpm } from "./npm-install";

let folder: string;
let cacheFolder: string;
let lines: string[];
const report = () => ({ signal: new AbortController().signal, log: (text: string) => void lines.push(text) });
const installs = () => lines.filter((line) => /^added \d+ package/.test(line)).length;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-deps-"));
});
beforeEach(async () => {
  lines = [];
  cacheFolder = await mkdtemp(path.join(folder, "cache-"));
});
afterAll(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

interface App {
  name?: string;
  dependencies?: Record<string, string>;
  locked?: Record<string, { version?: string; resolved?: string; link?: boolean }>;
  withLock?: boolean;
}

/** A rendered service that needs one small package. */
async function app({ name = "one", dependencies = { ms: "2.1.3" }, locked = { ms: { version: "2.1.3" } }, withLock = true }: App = {}): Promise<string> {
  const at = await mkdtemp(path.join(folder, "app-"));
  await writeFile(path.join(at, "package.json"), JSON.stringify({ name, version: "1.2.3", dependencies, scripts: { start: "node ." } }));
  const packages = { "": { name, version: "1.2.3", dependencies }, ...Object.fromEntries(Object.entries(locked).map(([key, value]) => [`node_modules/${key}`, value])) };
  if (withLock) await writeFile(path.join(at, "package-lock.json"), JSON.stringify({ name, version: "1.2.3", lockfileVersion: 3, requires: true, packages }));
  return at;
}

describe("the key", () => {
  const keyOf = async (options: App) => (await wantedFor(await app(options)))?.key;

  test("does not depend on the service's own name, but on what is locked", async () => {
    expect(await keyOf({ name: "one" })).toBe(await keyOf({ name: "two" }));
    expect(await keyOf({})).not.toBe(await keyOf({ locked: { ms: { version: "2.1.2" } } }));
  });

  test("there is none for a service without dependencies", async () => {
    expect(await wantedFor(await app({ dependencies: {}, withLock: false }))).toBeNull();
    expect(await wantedFor(await mkdtemp(path.join(folder, "empty-")))).toBeNull();
  });
});

describe("what cannot be installed", () => {
  test.each([
    ["no lock file", { withLock: false }, "dependencies-failed", /package-lock\.json/],
    ["a package from git", { locked: { ms: { resolved: "git+ssh://git@example.com/x.git#1" } } }, "bad-template", /from a registry only/],
    ["a package from a folder", { locked: { ms: { link: true, resolved: "../ms" } } }, "bad-template", /from a registry only/],
  ] as const)("%s", async (_title, options, causeCode, cause) => {
    await expect(new DependencyCache(cacheFolder).ensure(await app(options), report())).rejects.toMatchObject({ outcome: { causeCode, cause: expect.stringMatching(cause) } });
    expect((await readdir(cacheFolder)).filter((name) => name !== "uses")).toEqual([]);
  });

  test("a lock that is out of step with package.json", async () => {
    const work = new DependencyCache(cacheFolder).ensure(await app({ dependencies: { ms: "2.0.0" } }), report());
    await expect(work).rejects.toMatchObject({ outcome: { causeCode: "dependencies-failed", cause: expect.stringContaining("out of step"), whoCanFix: "platform-team" } });
    expect((await readdir(cacheFolder)).filter((name) => name !== "uses")).toEqual([]);
  });

  test.each([
    ["npm error code ENOTFOUND\nnpm error network request to https://r.example/ms failed", /registry cannot be reached/],
    ["npm error code E404\nnpm error 404  'no-such@1.0.0' is not in this registry.", /does not have no-such@1\.0\.0/],
    ["npm error code E401", /refuses this machine's credentials/],
    ["npm error code EINTEGRITY", /not the one in package-lock/],
    ["npm error code ENOSPC\nnpm error nospc", /disk .* is full/],
    ["npm error something new", /npm ci failed: something new/],
  ])("%j is explained", (text, cause) => {
    expect(explainNpm(text.split("\n")).message).toMatch(cause);
  });
});

describe("installing", () => {
  test("happens once for all who ask at the same time, in one process or several", async () => {
    const [one, two] = [new DependencyCache(cacheFolder), new DependencyCache(cacheFolder)];
    const services = await Promise.all(["a", "b", "c", "d"].map((name) => app({ name })));
    const found = await Promise.all(services.map((at, i) => (i % 2 ? one : two).ensure(at, report())));
    expect(installs()).toBe(1);
    expect(new Set(found.map((modules) => modules?.folder)).size).toBe(1);
    expect(JSON.parse(await readFile(path.join(found[0]?.folder ?? "", "ms/package.json"), "utf8")).version).toBe("2.1.3");
    expect((await one.ensure(await app(), report()))?.installed).toBe(false);
  });

  test("leaves files that nobody changes by accident, and no debris", async () => {
    const found = await new DependencyCache(cacheFolder).ensure(await app(), report());
    expect((await stat(path.join(found?.folder ?? "", "ms/package.json"))).mode & 0o777).toBe(0o444);
    expect((await readdir(cacheFolder)).filter((name) => name !== "uses")).toEqual([found?.key]);
  });

  test("is repeated after a crash: the dead installer's lock and half a folder are cleared away", async () => {
    const at = await app();
    const key = (await wantedFor(at))?.key ?? "";
    await writeFile(path.join(cacheFolder, `${key}.lock`), JSON.stringify({ pid: 2 ** 22 - 1, startTime: "1", bootId: "none", environmentId: key }));
    for (const half of [key, `${key}.part-0123456789ab`]) await mkdir(path.join(cacheFolder, half, "node_modules"), { recursive: true });
    const found = await new DependencyCache(cacheFolder).ensure(at, report());
    expect(found?.installed).toBe(true);
    expect((await readdir(cacheFolder)).filter((name) => name !== "uses")).toEqual([key]);
  });

  test("is repeated when what is there is not what was installed", async () => {
    const cache = new DependencyCache(cacheFolder);
    const found = await cache.ensure(await app(), report());
    await rm(path.join(found?.folder ?? "", ".package-lock.json"));
    expect((await cache.ensure(await app(), report()))?.installed).toBe(true);
    expect((await cache.ensure(await app(), report()))?.installed).toBe(false);
  });

  test("goes on for the others when one who waits is cancelled", async () => {
    const cache = new DependencyCache(cacheFolder);
    const abort = new AbortController();
    const [first, second] = [await app({ name: "a" }), await app({ name: "b" })];
    const cancelled = cache.ensure(first, { ...report(), signal: abort.signal });
    const other = cache.ensure(second, report());
    abort.abort(new Error("cancelled"));
    await expect(cancelled).rejects.toThrow("cancelled");
    expect((await other)?.installed).toBe(true);
  });
});
