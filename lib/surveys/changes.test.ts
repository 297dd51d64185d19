import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { deliveryDeployments, goldenPaths, goldenPathVersions, runs } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { addChange, removeChange } from "./mutations";
import { listChanges, listChangeTargets } from "./queries";

useOwnDatabase();
let pat: SignedIn;
let ada: SignedIn;
let bo: SignedIn;
const AT = new Date("2026-03-02T14:05:00Z");

beforeAll(async () => {
  for (const team of ["checkout", "search"]) await aTeam(team);
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
  const path = { name: "node-express", title: "Node service", description: "A service.", ownerRef: "group:default/platform" };
  await db()
    .insert(goldenPaths)
    .values([
      { ...path, currentVersion: "1.1.0" },
      { ...path, name: "probe", currentVersion: "1.0.0", isInternal: true },
    ]);
  const version = { definition: {}, archive: Buffer.from(""), contentHash: "x", createdAt: AT };
  await db()
    .insert(goldenPathVersions)
    .values([
      { ...version, name: "node-express", version: "1.0.0", createdAt: new Date("2026-01-05T00:00:00Z") },
      { ...version, name: "node-express", version: "1.1.0" },
      { ...version, name: "probe", version: "1.0.0" },
    ]);
  const run = { kind: "golden-path.run", input: {}, deadlineAt: AT, deadlineMs: 1, startedAt: AT, finishedAt: AT };
  await db()
    .insert(runs)
    .values([
      { ...run, id: "run_nightly", title: "Refresh staging data", status: "succeeded", teamId: "tea_checkout" },
      { ...run, id: "run_sandbox", title: "Create environment", status: "succeeded", kind: "environment.create", teamId: "tea_checkout" },
      { ...run, id: "run_broken", title: "Broken", status: "failed", teamId: "tea_checkout" },
    ]);
  const deployment = { service: "component:default/checkout-api", environment: "production", tier: "production" as const, repository: "r", commit: "c", source: "api" };
  await db()
    .insert(deliveryDeployments)
    .values([
      { ...deployment, id: "dep_good", externalId: "1", status: "success", startedAt: AT, finishedAt: AT, receivedAt: AT, releaseId: "v1.4.0" },
      { ...deployment, id: "dep_bad", externalId: "2", status: "failure", startedAt: AT, finishedAt: AT, receivedAt: AT },
    ]);
});

const tell = (more: object, title = "Staging data is refreshed") => addChange(pat, { title, detail: "", ...more });
const latest = async (who = ada) => (await listChanges(who, {})).items;

test("the list to choose from has what people can have by now", async () => {
  expect((await listChangeTargets(pat, {})).items).toEqual([
    { kind: "deployment", href: "/delivery/deployments/dep_good", label: "checkout-api v1.4.0 in production, 2 March 2026" },
    { kind: "golden-path", href: "/golden-paths/node-express?version=1.1.0", label: "Node service 1.1.0, 2 March 2026" },
    { kind: "golden-path", href: "/golden-paths/node-express?version=1.0.0", label: "Node service 1.0.0, 5 January 2026" },
    { kind: "run", href: "/runs/run_nightly", label: "Refresh staging data, 2 March 2026" },
  ]);
  expect(await outcome(listChangeTargets(ada, {}))).toBe("forbidden");
});

test.each([
  ["/delivery/deployments/dep_good", "checkout-api v1.4.0 in production", "2026-03-02"],
  ["/golden-paths/node-express?version=1.0.0", "Node service 1.0.0", "2026-01-05"],
  ["/golden-paths/node-express", "Node service 1.1.0", "2026-03-02"],
  ["/docs/api", "/docs/api", null],
  ["https://wiki.example/staging data", "wiki.example", null],
])("%s is shown to everybody as %s, with the day of it", async (href, label, day) => {
  const { id } = await tell({ href });
  const today = pat.now.toISOString().slice(0, 10);
  expect((await latest(bo)).find((one) => one.id === id)).toMatchObject({ changedOn: day ?? today, link: { href: expect.stringMatching(/^(\/|https:)/), label } });
  await removeChange(pat, { id });
});

test("a run leads on for those who may open it; the others read what it was", async () => {
  const { id } = await tell({ href: "/runs/run_nightly" });
  const of = async (who: SignedIn) => (await latest(who)).find((one) => one.id === id)?.link;
  expect(await of(ada)).toEqual({ href: "/runs/run_nightly", label: "Refresh staging data" });
  expect(await of(pat)).toEqual({ href: "/runs/run_nightly", label: "Refresh staging data" });
  expect(await of(bo)).toEqual({ href: null, label: "Refresh staging data" });
});

test("without a link there is none; a day may be given, but none to come", async () => {
  await tell({ changedOn: "2025-12-31" }, "An older one");
  expect((await latest()).find(({ title }) => title === "An older one")).toMatchObject({ link: null, changedOn: "2025-12-31" });
  expect(await outcome(tell({ changedOn: "2199-01-01" }))).toBe("invalid");
  expect(await outcome(tell({ changedOn: "31.12.2025" }))).toBe("invalid");
});

test.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "//evil.example",
  "/\\evil.example",
  "https://user:secret@wiki.example",
  "ftp://files.example",
  "wiki",
  "/runs/run_missing",
  "/delivery/deployments/dep_missing",
  "/golden-paths/none",
  "/golden-paths/node-express?version=9.9.9",
  "/a b",
  `https://wiki.example/${"x".repeat(500)}`,
])("the link %s is refused", async (href) => {
  const before = (await latest()).length;
  expect(await outcome(tell({ href }))).toBe("invalid");
  expect((await latest()).length).toBe(before);
});
