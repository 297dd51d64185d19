import { setTimeout as wait } from "node:timers/promises";
import { and, eq, inArray, notInArray } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { environments } from "@/db/schema";
import { startDelete } from "@/lib/environments/mutations";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import type { DecommissionResult } from "./contract";
import type { DecommissionRunInput } from "./start";

type Run = EngineRun<DecommissionRunInput>;
type On = Tx | ReturnType<typeof db>;

const POLL_MS = 100;
/** As long as this a worker waits by itself; removals that take longer are looked at every few seconds. */
const PATIENCE_MS = 3_000;
const AGAIN_MS = 2_000;

/** Throws StepFailure where an environment was made after the person had looked: nobody decided about it. */
export async function refuseUndecided({ input }: Run): Promise<null> {
  const decided = input.choices.filter(({ kind }) => kind === "environment").map(({ key }) => key.slice("environment:".length));
  const rows = await db()
    .select({ name: environments.name })
    .from(environments)
    .where(and(eq(environments.entityRef, input.entityRef), notInArray(environments.status, ["deleted", "deleting"]), notInArray(environments.id, decided)));
  if (rows.length === 0) return null;
  throw new StepFailure({
    causeCode: "environments-made-since",
    cause: `An environment was made since: ${rows.map(({ name }) => name).join(", ")}.`,
    whoCanFix: "you",
    nextAction: "Nothing was touched. Look at the list again and decide about it.",
  });
}

/** Begins to delete the environments that were chosen. Returns their ids; a repeat leaves what is under way as it is. */
export async function beginRemovals(run: Run): Promise<string[]> {
  const ids = run.input.choices.filter(({ kind, choice }) => kind === "environment" && choice === "delete").map(({ key }) => key.slice("environment:".length));
  const why = { reason: `${run.input.title} is decommissioned.`, requestedBy: run.requestedBy, now: run.now };
  await run.commit(async (tx) => {
    for (const id of ids) await startDelete(tx, id, why);
  });
  return ids;
}

/** Waits until they are gone. Returns what each left in its receipt. Throws StepFailure for one that would not go. */
export async function removalsDone(run: Run, ids: string[]): Promise<DecommissionResult[]> {
  if (ids.length === 0) return [];
  const look = (on: On) => removedOf(on, ids);
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    const found = await look(db());
    if (found) return found;
    await wait(POLL_MS, undefined, { signal: run.signal });
  }
  // What it waits for may need this worker.
  return run.waitOutside(look, { againAfterMs: AGAIN_MS });
}

async function removedOf(on: On, ids: string[]): Promise<DecommissionResult[] | null> {
  const rows = await on.select().from(environments).where(inArray(environments.id, ids)).orderBy(environments.name);
  const leaked = rows.find((row) => row.status === "leaked");
  if (leaked) {
    throw new StepFailure({
      causeCode: "leaked",
      cause: `${leaked.name} could not be removed: ${leaked.statusReason ?? "the reason is in its history"}`,
      whoCanFix: "platform-team",
      nextAction: "Help its removal, then retry: what is gone already is not touched again.",
      evidence: [{ title: leaked.name, url: `/environments/${leaked.id}` }],
    });
  }
  if (!rows.every((row) => row.status === "deleted")) return null;
  return rows.flatMap(({ id, name, receipt, deletedAt }): DecommissionResult[] => {
    const at = (deletedAt ?? new Date(0)).toISOString();
    const href = `/environments/${id}?tab=receipt`;
    const items = receipt?.items ?? [];
    const databases = items.filter(({ kind }) => kind === "database");
    return [
      { kind: "environment", name, result: "deleted", verified: `${items.length} things removed and verified`, href, at },
      ...databases.map(
        (one): DecommissionResult => ({
          kind: "database",
          name: one.title ? `${name}/${one.title}` : one.name,
          result: "deleted",
          verified: one.verified,
          href,
          at: one.removedAt,
        }),
      ),
    ];
  });
}
