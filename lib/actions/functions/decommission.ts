import { setTimeout as wait } from "node:timers/promises";
import { eq, inArray } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { environments, runs } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { startDelete } from "@/lib/environments/mutations";
import { startDecommission } from "@/lib/golden-paths/mutations";
import type { Outcome } from "@/lib/runs/contract";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import type { ActionRunInput } from "../run-input";
import { environmentsOfEntity } from "../target";
import type { PlatformFunction } from "./function";

type Run = EngineRun<ActionRunInput>;
type On = Tx | ReturnType<typeof db>;

interface Removed {
  id: string;
  name: string;
  things: number;
}

const POLL_MS = 100;
/** As long as this a worker waits by itself; removals that take longer are looked at every few seconds. */
const PATIENCE_MS = 3_000;
const AGAIN_MS = 2_000;

function entityOf(run: Run): string {
  if (run.input.entityRef) return run.input.entityRef;
  throw new StepFailure({ causeCode: "bad-input", cause: "The run names no service.", whoCanFix: "platform-team", nextAction: "Run the action again." });
}

async function beginRemovals(run: Run): Promise<string[]> {
  return run.commit(async (tx) => {
    const own = await environmentsOfEntity(tx, entityOf(run));
    const why = { reason: `${run.input.entityRef} is decommissioned.`, requestedBy: run.requestedBy, now: run.now };
    for (const { id } of own) await startDelete(tx, id, why);
    return own.map((environment) => environment.id);
  });
}

/** A repeat after a crash finds the run that it began. */
async function beginService(tx: Tx, run: Run, entityRef: string): Promise<string> {
  const [own] = await tx.select({ teamId: runs.teamId, createdAt: runs.createdAt }).from(runs).where(eq(runs.id, run.runId));
  const since = own?.createdAt ?? run.now;
  const begun = await tx.query.runs.findFirst({
    where: (row, { and, eq: equals, gte, inArray: among }) =>
      and(equals(row.kind, "service.decommission"), equals(row.entityRef, entityRef), gte(row.createdAt, since), among(row.status, ["queued", "running", "succeeded"])),
    columns: { id: true },
  });
  if (begun) return begun.id;
  return startDecommission(tx, { entityRef, requestedBy: run.requestedBy, teamId: own?.teamId ?? null, now: run.now });
}

/** The receipts once all are gone, null while one is under way. Throws StepFailure for one that would not go. */
async function removedOf(on: On, ids: string[]): Promise<Removed[] | null> {
  if (ids.length === 0) return [];
  const rows = await on
    .select({ id: environments.id, name: environments.name, status: environments.status, reason: environments.statusReason, receipt: environments.receipt })
    .from(environments)
    .where(inArray(environments.id, ids))
    .orderBy(environments.name);
  const leaked = rows.find((row) => row.status === "leaked");
  if (leaked) {
    const evidence = [{ title: leaked.name, url: `/environments/${leaked.id}` }];
    throw new StepFailure({
      causeCode: "leaked",
      cause: `${leaked.name} could not be removed: ${leaked.reason ?? "the reason is in its history"}`,
      whoCanFix: "platform-team",
      nextAction: "Help its removal, then retry: what is gone already is not touched again.",
      evidence,
    });
  }
  return rows.every((row) => row.status === "deleted") ? rows.map(({ id, name, receipt }) => ({ id, name, things: receipt?.items.length ?? 0 })) : null;
}

/** Looks for a moment itself, then lets go of the worker: what it waits for may need it. */
async function patiently<T>(run: Run, look: (on: On) => Promise<T | null>): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    const found = await look(db());
    if (found !== null) return found;
    await wait(POLL_MS, undefined, { signal: run.signal });
  }
  return run.waitOutside(look, { againAfterMs: AGAIN_MS });
}

/** The outcome of the service's own end once it is there. Throws StepFailure with its cause. */
async function endOf(on: On, runId: string): Promise<Outcome | null> {
  const { status, outcome } = await readRun(on, runId);
  if (!outcome || status === "queued" || status === "running") return null;
  if (status === "succeeded") return outcome;
  throw new StepFailure({
    causeCode: "service-left",
    cause: outcome.cause ?? outcome.summary,
    whoCanFix: outcome.whoCanFix ?? "platform-team",
    nextAction: `${outcome.nextAction ?? "Read its log."} Retry its run; the environments are gone already.`,
    evidence: [{ title: "Run that ends the service", url: `/runs/${runId}` }],
  });
}

export const decommission: PlatformFunction = {
  title: "Decommission a service",
  target: "component",
  inputs: ["confirm"],
  async check(_on, { entity }, values) {
    const name = entity?.ref.slice(entity.ref.indexOf("/") + 1) ?? "";
    if (values.confirm === name) return;
    const message = `Type ${name} to confirm: its environments and their data are removed for good.`;
    throw new DomainError("invalid", message, { fields: [{ path: "values.confirm", message }] });
  },
  plan: () => [
    { name: "environments", title: "Delete environments" },
    { name: "removed", title: "Wait until they are gone" },
    { name: "service", title: "Archive its repository, take it out of the catalog" },
    { name: "ended", title: "Wait until that is done" },
  ],
  exclusiveKey: ({ entity }) => `action.decommission:${entity?.ref}`,
  async execute(run) {
    const ref = entityOf(run);
    const ids = await run.step("environments", async (step) => {
      const begun = await beginRemovals(run);
      step.log(begun.length === 0 ? "It has no environments." : `Began to remove ${begun.length} ${begun.length === 1 ? "environment" : "environments"}.`);
      return begun;
    });
    const removed = await run.step("removed", async (step) => {
      const done = await patiently(run, (on) => removedOf(on, ids));
      for (const one of done) step.log(`${one.name}: ${one.things} things removed and verified.`);
      return done;
    });
    const service = await run.step("service", async (step) => {
      const runId = await run.commit((tx) => beginService(tx, run, ref));
      step.log("Began to archive the repository and to take it out of the catalog.");
      return { runId };
    });
    const end = await run.step("ended", async (step) => {
      const outcome = await patiently(run, (on) => endOf(on, service.runId));
      step.log(`${outcome.summary}.`);
      return outcome;
    });
    const things = removed.reduce((sum, one) => sum + one.things, 0);
    return {
      summary: `${ref} is decommissioned: ${removed.length} ${removed.length === 1 ? "environment" : "environments"} with ${things} things removed and verified; its repository is archived and kept`,
      evidence: [
        ...removed.map(({ id, name }) => ({ title: `Receipt of ${name}`, url: `/environments/${id}?tab=receipt` })),
        ...end.evidence,
        { title: "Receipt of the service", url: `/runs/${service.runId}` },
      ],
    };
  },
};
