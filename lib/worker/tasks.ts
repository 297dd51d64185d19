import type { TaskList } from "graphile-worker";
import { followDelivery, readLocation, readRepositoryOrWait } from "@/lib/catalog/jobs";
import { followMergedPull } from "@/lib/golden-paths/jobs";
import { compareWithGithub, drainDirty, processDelivery } from "@/lib/metrics/jobs";
import { onPush } from "./on-push";
import { refreshCatalog } from "./refresh-catalog";
import { tendAllScorecards } from "./tend-scorecards";

/** Every job that this build can do, by name; what a run does is in run-kinds.ts. */
export function tasks(executeRun: (runId: string) => Promise<void>): TaskList {
  return {
    run: (payload) => executeRun(textOf(payload, "runId")),
    "repository.pushed": (payload) => onPush(textOf(payload, "pushId")),
    "webhook.received": async (payload) => {
      const deliveryId = textOf(payload, "deliveryId");
      await processDelivery(deliveryId);
      await followDelivery(deliveryId);
      const merged = await followMergedPull(deliveryId);
      if (merged) await refreshCatalog(merged);
    },
    "catalog.read-location": (payload) => readLocation(textOf(payload, "locationId"), { force: isSet(payload, "force") }),
    "catalog.read-repository": (payload) => readRepositoryOrWait(textOf(payload, "key"), isSet(payload, "force")),
    "delivery.compare-github": async () => {
      await compareWithGithub();
    },
    "scorecards.tend": () => tendAllScorecards({ waits: true }),
    "metrics.roll-up": async () => {
      await drainDirty();
    },
  };
}

const isSet = (payload: unknown, name: string): boolean => typeof payload === "object" && payload !== null && (payload as Record<string, unknown>)[name] === true;

function textOf(payload: unknown, name: string): string {
  const value = typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>)[name] : undefined;
  if (typeof value !== "string") throw new Error(`the job's payload lacks ${name}`);
  return value;
}
