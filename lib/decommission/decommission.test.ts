import { existsSync } from "node:fs";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, decommissions, environments, notifications, pullRequests, repositories, runs } from "@/db/schema";
import { registerEntities } from "@/lib/catalog/mutations";
import { findEntity, listEntities } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { newId } from "@/lib/core/id";
import { createEnvironment } from "@/lib/environments/mutations";
import { bareRepositoryDir } from "@/lib/git/bare";
import { renderer } from "@/lib/golden-paths/engine/renderer";
import { readPathFolder, serviceCreateRun } from "@/lib/golden-paths/jobs";
import { createService, publishFiles } from "@/lib/golden-paths/mutations";
import { readRun } from "@/lib/runs/read";
import { aService, type Cast, theCast } from "@/tests/setup/action-world";
import { forgetWorker, workAndDie } from "@/tests/setup/killed-worker";
import { outcome } from "@/tests/setup/people";
import { useSampleWorld } from "@/tests/setup/sample-world";
import type { Choice } from "./contract";
import { decommissionRun } from "./jobs";
import { decommissionService, undoDecommission } from "./mutations";
import { getDecommission, planDecommission } from "./queries";

const world = useSampleWorld([serviceCreateRun as never, decommissionRun as never]);
let cast: Cast;

beforeAll(async () => {
  cast = await theCast();
  const files = await readPathFolder("golden-paths/node-express");
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: "test", publishedBy: null, now }));
});
afterAll(() => renderer().close());

/** A service on the own git server with one environment and an open pull request. */
async function aWholeService(name: string) {
  const { run, service } = await createService({ ...cast.ada, now: await databaseNow() }, { goldenPath: "node-express", values: { name } });
  expect(await world.settle(run.id)).toMatchObject({ status: "succeeded" });
  const environment = await world.environment(cast.ada, { name: `${name}-development`, entityRef: service.entityRef });
  const repositoryId = service.repository.id;
  await db()
    .insert(pullRequests)
    .values({
      id: newId("pullRequest"),
      repositoryId,
      number: 1,
      title: "Try it",
      sourceBranch: "try",
      targetBranch: "main",
      status: "open",
      head: "a".repeat(40),
      base: "b".repeat(40),
    });
  return { ref: service.entityRef, repositoryId, environment };
}

const ask = async (service: string, choices: Record<string, Choice> = {}, who = cast.olga) =>
  decommissionService({ ...who, now: await databaseNow() }, { service, confirm: service, choices });
const receiptOf = async (id: string) => getDecommission(cast.ada, { id });
const stateOf = async (id: string) => (await db().select({ status: repositories.status }).from(repositories).where(eq(repositories.id, id)))[0]?.status ?? "gone";

describe("the end of a service", () => {
  it("is listed with everything that belongs to it, done by a run, and taken back for what was kept", async () => {
    const { ref, repositoryId, environment } = await aWholeService("old");
    const dependant = `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: caller\nspec:\n  type: service\n  lifecycle: production\n  owner: group:default/checkout\n  dependsOn: [${ref}]\n`;
    const now = await databaseNow();
    await db().transaction((tx) => registerEntities(tx, { text: dependant, file: "caller.yaml", source: { type: "upload", label: "test" }, registeredBy: null, by: null, now }));

    const plan = await planDecommission(cast.olga, { service: "old" });
    expect(plan.items.map(({ kind, name, choices }) => [kind, name, choices.map(({ value }) => value)])).toEqual([
      ["environment", environment.name, ["delete", "keep"]],
      ["database", `${environment.name}/main`, []],
      ["pull-request", "checkout/old#1", []],
      ["repository", "checkout/old", ["archive", "delete", "keep"]],
      ["entity", ref, ["remove", "keep"]],
      ["entity", "api:default/old-api", ["remove", "keep"]],
      ["entity", "resource:default/old-database", ["remove", "keep"]],
      ["dependant", "component:default/caller", []],
    ]);

    const { run } = await ask("old");
    expect(await world.settle(run.id)).toMatchObject({ status: "succeeded", outcome: { evidence: [{ title: "Receipt", url: `/decommissions/${run.id}` }] } });
    const receipt = await receiptOf(run.id);
    expect(receipt).toMatchObject({ requestedBy: { handle: "olga" }, completedAt: expect.any(String), undoUntil: expect.any(String) });
    const results = receipt.results.map(({ kind, name, result }) => `${kind} ${name} ${result}`);
    expect(results).toEqual(
      expect.arrayContaining([
        `environment ${environment.name} deleted`,
        "pull-request checkout/old#1 closed",
        "repository checkout/old archived",
        `entity ${ref} removed`,
        "dependant component:default/caller told",
      ]),
    );
    expect(receipt.results.filter(({ kind }) => kind === "database").map(({ name }) => name)).toEqual([`${environment.name}/main`]);
    expect((await listEntities(cast.ada, { q: "old" })).items.map((one) => one.ref)).not.toContain(ref);
    expect(await stateOf(repositoryId)).toBe("archived");
    expect(await db().select().from(notifications).where(eq(notifications.kind, "dependency-decommissioned"))).toMatchObject([{ href: "/catalog/default/component/caller" }]);
    const [asked] = await db().select().from(auditEvents).where(eq(auditEvents.name, "service.decommission"));
    const [ended] = await db().select().from(auditEvents).where(eq(auditEvents.name, "service.decommissioned"));
    expect(asked).toMatchObject({ actorLabel: "olga", detail: { run: run.id } });
    expect(ended?.detail).toMatchObject({ receipt: expect.arrayContaining(["repository checkout/old archived"]) });
    expect(await outcome(ask("old"))).toBe("conflict");
    expect(await outcome(createEnvironment({ ...cast.olga, now: await databaseNow() }, { entityRef: ref, tier: "development" }))).toBe("conflict");

    const presses = await Promise.allSettled([1, 2].map(async () => undoDecommission({ ...cast.olga, now: await databaseNow() }, { id: run.id })));
    const [undone] = presses.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(presses.flatMap((one) => (one.status === "rejected" ? [(one.reason as Error).message] : []))).toEqual(["It was taken back already. Reload the page to see by whom."]);
    expect(undone).toEqual({ id: run.id, restored: expect.arrayContaining([ref]), repositoryReopened: true });
    expect(await findEntity(db(), ref)).toMatchObject({ goneAt: null, source: { type: "git" } });
    expect(await stateOf(repositoryId)).toBe("ready");
    expect(await outcome(undoDecommission(cast.olga, { id: run.id }))).toBe("conflict");
  });

  it("follows what was chosen for each part, and a deleted repository is gone with its history", async () => {
    const { ref, repositoryId, environment } = await aWholeService("gone");
    const { run } = await ask("gone", { [`environment:${environment.id}`]: "keep", [`repository:${repositoryId}`]: "delete" });
    expect(await world.settle(run.id)).toMatchObject({ status: "succeeded" });
    const { results } = await receiptOf(run.id);
    expect(results).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: "environment", result: "kept" }),
        expect.objectContaining({ kind: "repository", result: "deleted", verified: "its files are gone from the git server" }),
      ]),
    );
    expect([await stateOf(repositoryId), existsSync(bareRepositoryDir(repositoryId))]).toEqual(["gone", false]);
    expect(await world.ask(environment.id, "/readyz")).toBe("ready");
    // Without its repository the entry comes back as one that is edited here.
    await undoDecommission({ ...cast.olga, now: await databaseNow() }, { id: run.id });
    expect(await findEntity(db(), ref)).toMatchObject({ goneAt: null, source: { type: "upload" }, repositoryId: null });
  });

  it("also of a component that nobody made here", async () => {
    await aService("by-hand", "checkout");
    const plan = await planDecommission(cast.pat, { service: "component:default/by-hand" });
    expect(plan.items.map(({ kind }) => kind)).toEqual(["entity"]);
    const { run } = await ask("by-hand", {}, cast.pat);
    expect(await world.settle(run.id)).toMatchObject({ status: "succeeded", outcome: { summary: expect.stringContaining("no repository") } });
  });

  it.each([
    ["another team's member", "bo", "search-api", "confirm", "checkout-api", "forbidden"],
    ["a member who did not register it", "ada", "checkout-api", "checkout-api", "checkout-api", "forbidden"],
    ["a wrong confirmation", "olga", "checkout-api", "checkout", "checkout-api", "invalid"],
    ["an unknown service", "olga", "nope", "nope", "nope", "not_found"],
    ["a hostile name", "olga", "../../etc", "x", "../../etc", "not_found"],
  ] as const)("%s is refused, and nothing begins", async (_what, who, _own, confirm, service, code) => {
    const before = await db().$count(runs);
    expect(await outcome(decommissionService(cast[who], { service, confirm }))).toBe(code);
    expect(await db().$count(runs)).toBe(before);
  });

  it("refuses choices that a part does not have, and what was added since the person looked", async () => {
    const bad = decommissionService(cast.olga, { service: "checkout-api", confirm: "checkout-api", choices: { "entity:component:default/checkout-api": "delete" } });
    await expect(bad).rejects.toMatchObject({
      code: "invalid",
      fields: [{ path: "choices.entity:component:default/checkout-api", message: expect.stringContaining("Possible: remove, keep") }],
    });
    expect(await outcome(decommissionService(cast.olga, { service: "checkout-api", confirm: "checkout-api", digest: "0".repeat(32) }))).toBe("conflict");
    // An environment that is made between the request and its run stops the run before it touches anything.
    const late = await world.environment(cast.ada, { name: "late-development" });
    const { run } = await ask("checkout-api");
    await db().update(environments).set({ entityRef: "component:default/checkout-api" }).where(eq(environments.id, late.id));
    expect(await world.settle(run.id)).toMatchObject({ status: "failed", outcome: { causeCode: "environments-made-since", failingStep: "check" } });
    expect(await findEntity(db(), "component:default/checkout-api")).toMatchObject({ goneAt: null });
    expect(await receiptOf(run.id)).toMatchObject({ completedAt: null, results: [] });
    expect(await db().select({ status: environments.status }).from(environments).where(eq(environments.id, late.id))).toEqual([{ status: "ready" }]);
  });

  it("goes on where it was, wherever its worker is killed, and does nothing twice", async () => {
    const { ref, repositoryId, environment } = await aWholeService("killed");
    const { run } = await ask("killed");
    for (const death of ["environments:after", "open-work:after", "catalog:after"]) {
      expect([death, await workAndDie(world.appUrl(), run.id, `wrk_${death}`, death)]).toEqual([death, "SIGKILL"]);
      await forgetWorker(`wrk_${death}`);
    }
    expect(await workAndDie(world.appUrl(), run.id, "wrk_last", "")).toBeNull();
    expect(await readRun(db(), run.id)).toMatchObject({ status: "succeeded" });
    const { results } = await receiptOf(run.id);
    expect(results.filter(({ kind }) => ["environment", "pull-request", "repository"].includes(kind)).map(({ kind, result }) => `${kind} ${result}`)).toEqual([
      "environment deleted",
      "pull-request closed",
      "repository archived",
    ]);
    expect([await stateOf(repositoryId), (await findEntity(db(), ref))?.goneAt === null]).toEqual(["archived", false]);
    expect(await db().$count(runs, eq(runs.environmentId, environment.id))).toBe(2);
    expect(await db().$count(auditEvents, eq(auditEvents.name, "service.decommissioned"))).toBe(await db().$count(decommissions));
  });
});
