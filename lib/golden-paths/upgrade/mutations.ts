import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { pathEjections } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { startRun } from "@/lib/runs/enqueue";
import { readRun } from "@/lib/runs/read";
import { EjectInput, RejoinInput, UpgradeManyInput, UpgradeServiceInput } from "../contract";
import { loadGoldenPathVersion } from "../load-version";
import { concernsOf, WHOLE_PATH_FILES } from "./concerns";
import { listServicesOf } from "./read-services";
import { FLEET_DEADLINE_MS, UPGRADE_DEADLINE_MS, UPGRADE_STEPS, type UpgradeInput } from "./run-upgrade";
import { type PathService, pathService, requireUpgradable } from "./service";
import { pathVersions } from "./versions-behind";

const personOf = ({ actor }: Ctx) => (actor.type === "user" ? actor.id : null);
const target = ({ entityRef, repository }: PathService) => ({ type: "service", id: entityRef, label: repository.name });

export const upgradeService = mutation({
  name: "service.upgrade",
  summary: "Open or refresh the pull request that brings a service to another version of its golden path, the current one unless named.",
  input: UpgradeServiceInput,
  subject: pathService,
  run: async (tx, { version, values }, ctx, service) => {
    requireUpgradable(service);
    const { version: to } = await loadGoldenPathVersion(tx, service.goldenPath.name, version);
    return { run: await start(tx, ctx, service, { version: to, values, rejoins: [] }) };
  },
  audit: (_input, { run }, service) => ({ target: target(service), detail: { from: service.goldenPath.version, run: run.id } }),
});

/** Starts the run; throws conflict while another one upgrades the same repository. */
async function start(tx: Tx, ctx: Ctx, { repository, entityRef }: PathService, input: Omit<UpgradeInput, "repositoryId">) {
  const runId = await startRun(tx, {
    kind: "service.upgrade",
    title: `Upgrade ${repository.name} to ${input.version}`,
    input: { repositoryId: repository.id, ...input },
    plan: UPGRADE_STEPS,
    deadlineMs: input.isBackground ? FLEET_DEADLINE_MS : UPGRADE_DEADLINE_MS,
    requestedBy: personOf(ctx),
    teamId: repository.teamId,
    entityRef,
    exclusiveKey: `upgrade:${repository.id}`,
    now: ctx.now,
  });
  return readRun(tx, runId);
}

export const upgradeServices = mutation({
  name: "service.upgrade-many",
  summary: "Open the upgrade pull requests of many services of a golden path, one run each; those that need none are left out.",
  input: UpgradeManyInput,
  subject: () => null,
  run: async (tx, { name, services }, ctx) => {
    const all = (await listServicesOf(tx, name)).items;
    const wanted = services ? all.filter(({ entityRef }) => services.includes(entityRef)) : all;
    const open = wanted.filter((one) => one.behind && !one.isBusy && !one.hasLeft);
    const current = (await pathVersions(tx, name))?.current;
    if (!current) throw new DomainError("not_found", `There is no golden path "${name}".`);
    const runs = [];
    for (const { entityRef } of open)
      runs.push({ entityRef, run: (await start(tx, ctx, await pathService(tx, { service: entityRef }), { version: current, values: {}, rejoins: [], isBackground: true })).id });
    return { started: runs, skipped: wanted.filter((one) => !open.includes(one)).map(({ entityRef }) => entityRef) };
  },
  audit: ({ name }, { started, skipped }) => ({ target: { type: "golden-path", id: name, label: name }, detail: { started: started.length, skipped: skipped.length } }),
});

export const ejectConcern = mutation({
  name: "service.eject",
  summary: "Take a concern of the golden path, or all of it, into the team's own hands: upgrades leave its files alone from now on.",
  input: EjectInput,
  subject: pathService,
  run: async (tx, { concern, reason }, ctx, service) => {
    requireUpgradable(service);
    const { repository, goldenPath } = service;
    const known = concernsOf((await loadGoldenPathVersion(tx, goldenPath.name, goldenPath.version)).definition);
    const files = concern === null ? WHOLE_PATH_FILES : known.find(({ name }) => name === concern)?.files;
    if (!files) {
      const message = `${goldenPath.name} has no concern "${concern}". It has ${known.map(({ name }) => name).join(", ")}.`;
      throw new DomainError("invalid", message, { fields: [{ path: "concern", message }] });
    }
    const [row] = await tx
      .insert(pathEjections)
      .values({
        id: newId("ejection"),
        repositoryId: repository.id,
        goldenPath: goldenPath.name,
        concern,
        files,
        reason,
        version: goldenPath.version,
        ejectedBy: personOf(ctx),
        ejectedAt: ctx.now,
      })
      .onConflictDoNothing()
      .returning();
    if (!row) throw new DomainError("conflict", concern === null ? "The service has left the path already." : `The team looks after ${concern} already.`);
    return { id: row.id, concern, files, reason };
  },
  audit: (_input, { id, concern, reason }, service) => ({ target: target(service), detail: { ejection: id, concern: concern ?? "whole path", reason } }),
});

export const rejoinConcern = mutation({
  name: "service.eject",
  summary: "Follow the golden path again with a concern that the team had taken: opens a pull request, and counts once that is merged.",
  input: RejoinInput,
  subject: pathService,
  run: async (tx, { ejection }, ctx, service) => {
    requireUpgradable(service);
    const [row] = await tx
      .select()
      .from(pathEjections)
      .where(and(eq(pathEjections.id, ejection), eq(pathEjections.repositoryId, service.repository.id), isNull(pathEjections.rejoinedAt)));
    if (!row) throw new DomainError("not_found", "The team has nothing of this kind in its own hands.");
    const { version } = await loadGoldenPathVersion(tx, service.goldenPath.name);
    return { run: await start(tx, ctx, service, { version, values: {}, rejoins: [row.id] }) };
  },
  audit: ({ ejection }, { run }, service) => ({ target: target(service), detail: { rejoins: ejection, run: run.id } }),
});
