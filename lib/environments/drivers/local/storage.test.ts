import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/id";
import { parseManifest } from "../../manifest";
import { BuildCache } from "./builds";
import { DependencyCache, wantedFor } from "./dependencies";
import type { Home } from "./home";
import { Kept } from "./kept";
import type { Local } from "./local";
import { placeOf } from "./place";
import { removeUnused, storageOf } from "./storage";

let top: string;
let local: Local;
const DAY_MS = 86_400_000;
const now = new Date("2026-03-02T00:00:00Z");
const old = new Date(now.getTime() - 99 * DAY_MS);
const since = new Date(now.getTime() - 30 * DAY_MS);
const in_ = (days: number) => new Date(now.getTime() + days * DAY_MS);

beforeAll(async () => {
  top = await mkdtemp(path.join(tmpdir(), "wm-storage-"));
  const home = { sandboxes: path.join(top, "sandboxes"), dependencies: path.join(top, "dependencies"), sockets: path.join(top, "sockets") } as Home;
  for (const folder of [home.sandboxes, home.dependencies]) await mkdir(folder);
  const kept = new Kept(home.dependencies);
  const caches = { kept, dependencies: new DependencyCache(home.dependencies, kept), builds: new BuildCache(home.dependencies, kept) };
  local = { ...caches, home, place: (id: string, version = 0) => placeOf(home, id, version, null) } as unknown as Local;
});
afterAll(() => rm(top, { recursive: true, force: true }));

/** The files of an environment's version, as they lie there whether its process runs or not. Returns the folder of its packages. */
async function aVersion(environmentId: string, version: number, ms: string): Promise<string> {
  const place = local.place(environmentId, version);
  await mkdir(place.app, { recursive: true });
  await writeFile(
    place.manifest,
    JSON.stringify(parseManifest("apiVersion: waymark.dev/v1\nkind: Environment\nspec:\n  runtime: node\n  start: [node, server.js]\n  health: /healthz\n  ready: /readyz\n")),
  );
  await writeFile(path.join(place.app, "package.json"), JSON.stringify({ name: "x", dependencies: { ms } }));
  await writeFile(path.join(place.app, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages: { "node_modules/ms": { version: ms } } }));
  const folder = path.join(local.home.dependencies, (await wantedFor(place.app))?.key ?? "");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "data"), "x".repeat(10));
  await utimes(folder, old, old);
  return folder;
}

test("what versions need that ran before uses were noted stays, until their files are gone; the rest goes at the first night", async () => {
  const environmentId = newId("environment");
  const [first, second] = [await aVersion(environmentId, 0, "2.1.1"), await aVersion(environmentId, 3, "2.1.2")];
  const nobodys = path.join(local.home.dependencies, `build-${"c".repeat(32)}`);
  await mkdir(nobodys);
  await utimes(nobodys, old, old);

  expect(await removeUnused(local, since, now)).toEqual([]);
  expect(await removeUnused(local, since, in_(1))).toMatchObject([{ kind: "build", isInUse: false }]);
  expect((await storageOf(local)).kept.map(({ isInUse }) => isInUse)).toEqual([true, true]);

  await rm(local.place(environmentId, 3).folder, { recursive: true });
  // Its use was noted just now: it goes the days of the setting after that.
  expect(await removeUnused(local, since, in_(2))).toEqual([]);
  await utimes(path.join(local.home.dependencies, "uses", `${path.basename(second)}.used`), old, old);
  expect(await removeUnused(local, since, in_(3))).toMatchObject([{ kind: "packages", bytes: 10 }]);
  expect((await readdir(local.home.dependencies)).sort()).toEqual([path.basename(first), "uses"].sort());
  expect((await stat(first)).isDirectory()).toBe(true);
});

test("says how much room the disk has", async () => {
  const { freeBytes, totalBytes } = await storageOf(local);
  expect(freeBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
});
