import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DependencyCache, wantedFor } from "./dependencies";
import { Kept, REMOVAL } from "./kept";
import { MadeOnce } from "./made-once";
import { identify } from "./process-identity";
import { claimRun } from "./run-record";

let top: string;
let root: string;
let kept: Kept;
const NAME = "a".repeat(32);
const report = () => ({ signal: new AbortController().signal, log: () => {} });
const DAY_MS = 86_400_000;
const now = new Date("2026-03-02T00:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);

beforeAll(async () => {
  top = await mkdtemp(path.join(tmpdir(), "wm-kept-"));
});
beforeEach(async () => {
  root = await mkdtemp(path.join(top, "root-"));
  kept = new Kept(root);
});
afterAll(() => rm(top, { recursive: true, force: true }));

const isComplete = async (place: string) => (await readFile(path.join(place, "whole"), "utf8").catch(() => null)) !== null;
const making = () => new MadeOnce(isComplete, kept);
const make = async (part: string) => {
  await mkdir(path.join(part, "deep"));
  await writeFile(path.join(part, "deep/data"), "x".repeat(1_000));
  await writeFile(path.join(part, "whole"), "");
};
const sources = () => mkdtemp(path.join(top, "app-"));
const ensure = (app: string, name = NAME, once = making()) => once.ensure(path.join(root, name), app, report(), "Waiting.", make);
const usedAt = (name: string, at: Date) => utimes(path.join(root, "uses", `${name}.used`), at, at);
const there = async () => (await readdir(root)).filter((name) => name !== "uses");

describe("what is kept", () => {
  test("is listed with its size and last use, and is in use for as long as the sources are there", async () => {
    const app = await sources();
    await ensure(app);
    await usedAt(NAME, daysAgo(40));
    expect(await kept.list()).toEqual([{ name: NAME, kind: "packages", bytes: 1_000, lastUsedAt: daysAgo(40), isInUse: true }]);
    expect(await kept.removeUnused(daysAgo(30))).toEqual([]);
    await rm(app, { recursive: true });
    await usedAt(NAME, daysAgo(40));
    expect(await kept.removeUnused(daysAgo(41))).toEqual([]);
    expect(await kept.removeUnused(daysAgo(30))).toMatchObject([{ kind: "packages", bytes: 1_000, isInUse: false }]);
    expect(await there()).toEqual([]);
    expect(await readdir(path.join(root, "uses"))).toEqual([]);
  });

  test("of several users the last one counts, and a use makes it young again", async () => {
    const [one, two] = [await sources(), await sources()];
    const build = `build-${"b".repeat(32)}`;
    await ensure(one, build);
    expect(await ensure(two, build)).toBe(false);
    await rm(one, { recursive: true });
    await usedAt(build, daysAgo(99));
    expect(await kept.removeUnused(daysAgo(30))).toEqual([]);
    await rm(two, { recursive: true });
    await usedAt(build, daysAgo(99));
    expect(await kept.removeUnused(daysAgo(30))).toMatchObject([{ kind: "build" }]);
    const later = await sources();
    expect(await ensure(later, build)).toBe(true);
    await rm(later, { recursive: true });
    expect(await kept.removeUnused(daysAgo(30))).toEqual([]);
  });

  test("from before uses were noted goes by its own age; what is no kept folder is left alone", async () => {
    for (const name of [NAME, "etc", "node-v20.1.0", `${NAME}.part-00ff`]) await mkdir(path.join(root, name));
    await utimes(path.join(root, NAME), daysAgo(50), daysAgo(50));
    expect(await kept.removeUnused(daysAgo(60))).toEqual([]);
    expect(await kept.removeUnused(daysAgo(30))).toHaveLength(1);
    expect((await there()).sort()).toEqual([`${NAME}.part-00ff`, "etc", "node-v20.1.0"].sort());
  });

  test("what a removal left that broke off goes at the next one", async () => {
    await mkdir(path.join(root, `${NAME}.gone-00ff`, "deep"), { recursive: true });
    await kept.removeUnused(now);
    expect(await there()).toEqual([]);
  });

  test("is looked after once a day, the first time a day after the beginning", async () => {
    const at = (hours: number) => kept.isDue(new Date(now.getTime() + hours * 3_600_000));
    expect([await at(0), await at(23), await at(24), await at(25), await at(49)]).toEqual([false, false, true, false, true]);
  });
});

describe("a use and a removal at the same time", () => {
  /** A folder that nothing uses and that is old. */
  async function old(): Promise<void> {
    const app = await sources();
    await ensure(app);
    await rm(app, { recursive: true });
    await usedAt(NAME, daysAgo(99));
  }

  test("whoever wants it while it is being removed waits, and makes it anew", async () => {
    await old();
    const lock = path.join(root, `${NAME}.lock`);
    const self = await identify(process.pid);
    if (!self) throw new Error("no identity");
    // A removal that has looked at the marks and not yet taken the folder away.
    expect(await claimRun(lock, { ...self, environmentId: REMOVAL })).toBeNull();
    const app = await sources();
    let made: boolean | null = null;
    const wanting = ensure(app).then((result) => {
      made = result;
    });
    await expect.poll(async () => (await readdir(path.join(root, "uses"))).some((name) => name.startsWith(`${NAME}.`) && !/\.(used|bytes)$/.test(name))).toBe(true);
    expect(made).toBeNull();
    await rm(path.join(root, NAME), { recursive: true });
    await rm(lock);
    await wanting;
    expect(made).toBe(true);
    expect(await isComplete(path.join(root, NAME))).toBe(true);
  });

  test("what somebody makes at this moment is not touched", async () => {
    await old();
    const self = await identify(process.pid);
    if (!self) throw new Error("no identity");
    await claimRun(path.join(root, `${NAME}.lock`), { ...self, environmentId: "env_making" });
    expect(await kept.removeUnused(daysAgo(30))).toEqual([]);
    expect(await isComplete(path.join(root, NAME))).toBe(true);
  });

  test("a removal that died holds nobody up", async () => {
    await old();
    await writeFile(path.join(root, `${NAME}.lock`), JSON.stringify({ pid: 2 ** 22 + 1, startTime: "0", bootId: "", environmentId: REMOVAL }));
    expect(await ensure(await sources())).toBe(false);
  });

  test("however they meet, who asked has a whole folder, and it stays", async () => {
    for (let round = 0; round < 60; round++) {
      await old();
      const [app, other] = [await sources(), await sources()];
      const once = making();
      // Two instances of each, as in two processes of the machine.
      const [removed] = await Promise.all([kept.removeUnused(daysAgo(30)), new Kept(root).removeUnused(daysAgo(30)), ensure(app, NAME, once), ensure(other)]);
      expect(await isComplete(path.join(root, NAME)), `round ${round}, removed ${removed.length}`).toBe(true);
      await usedAt(NAME, daysAgo(99));
      expect(await kept.removeUnused(daysAgo(30))).toEqual([]);
      await Promise.all([app, other].map((folder) => rm(folder, { recursive: true })));
    }
  });

  test("a mark that is forgotten while its sources are written again is back", async () => {
    for (let round = 0; round < 60; round++) {
      const app = path.join(top, `again-${round}`);
      await kept.use(path.join(root, NAME), app);
      const write = mkdir(app).then(() => ensure(app));
      await Promise.all([kept.removeUnused(daysAgo(30)), write]);
      expect([...(await kept.users())]).toContain(app);
      await rm(app, { recursive: true });
      await kept.removeUnused(daysAgo(30));
    }
  });
});

test("sources that run since before uses were noted get their mark from what they need", async () => {
  const app = await sources();
  await writeFile(path.join(app, "package.json"), JSON.stringify({ name: "x", dependencies: { ms: "2.1.3" } }));
  await writeFile(path.join(app, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages: { "node_modules/ms": { version: "2.1.3" } } }));
  const wanted = await wantedFor(app);
  await mkdir(path.join(root, wanted?.key ?? ""));
  await utimes(path.join(root, wanted?.key ?? ""), daysAgo(99), daysAgo(99));
  await new DependencyCache(root, kept).note(app);
  expect(await kept.list()).toMatchObject([{ name: wanted?.key, isInUse: true }]);
  expect(await kept.removeUnused(daysAgo(30))).toEqual([]);
});
