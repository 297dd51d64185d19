import { actionRun } from "@/lib/actions/jobs";
import { importUrlRun } from "@/lib/catalog/jobs";
import { decommissionRun } from "@/lib/decommission/jobs";
import { createRun, deleteRun, deployRun, restartRun, testRun } from "@/lib/environments/jobs";
import { goldenPathRun, serviceCreateRun, upgradeRun } from "@/lib/golden-paths/jobs";
import { loadHistoryRun } from "@/lib/metrics/jobs";
import { editEntityRun, mergeRun } from "@/lib/repositories/jobs";
import type { RunKind } from "@/lib/runs/engine/types";

/** Every kind of run that this build can do. */
export const runKinds = new Map<string, RunKind>(
  [
    actionRun,
    createRun,
    decommissionRun,
    deleteRun,
    deployRun,
    editEntityRun,
    goldenPathRun,
    importUrlRun,
    loadHistoryRun,
    mergeRun,
    restartRun,
    serviceCreateRun,
    testRun,
    upgradeRun,
  ].map((kind) => [kind.kind, kind as unknown as RunKind]),
);
