import { eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { runs } from "@/db/schema";
import { loadEntity } from "@/lib/catalog/queries";
import { DomainError } from "@/lib/core/errors";
import { DECOMMISSION_KIND, planOf, settleChoices, startDecommission } from "@/lib/decommission/mutations";
import type { Outcome } from "@/lib/runs/contract";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import type { ActionRunInput } from "../run-input";
import type { PlatformFunction } from "./function";

type Run = EngineRun<ActionRunInput>;

const AGAIN_MS = 1_000;

function entityOf(run: Run): string {
  if (run.input.entityRef) return run.input.entityRef;
  throw new StepFailure({ causeCode: "bad-input", cause: "The run names no service.", whoCanFix: "platform-team", nextAction: "Run the action again." });
}

/** Begins it with the safe choices. A repeat after a crash finds the run that it began. */
async function begin(run: Run): Promise<string> {
  const entity = await loadEntity(db(), entityOf(run));
  const plan = await planOf(db(), entity);
  return run.commit(async (tx) => {
    const [own] = await tx.select({ teamId: runs.teamId, createdAt: runs.createdAt }).from(runs).where(eq(runs.id, run.runId));
    const begun = await tx.query.runs.findFirst({
      where: (row, { and, eq: equals, gte, inArray: among }) =>
        and(
          equals(row.kind, DECOMMISSION_KIND),
          equals(row.entityRef, entity.ref),
          gte(row.createdAt, own?.createdAt ?? run.now),
          among(row.status, ["queued", "running", "succeeded"]),
        ),
      columns: { id: true },
    });
    if (begun) return begun.id;
    return startDecommission(tx, { entity, plan, choices: settleChoices(plan, {}), requestedBy: run.requestedBy, teamId: own?.teamId ?? null, now: run.now });
  });
}

/** Its outcome once it is over. Throws StepFailure with its cause. */
async function endOf(tx: Tx, runId: string): Promise<Outcome | null> {
  const { status, outcome } = await readRun(tx, runId);
  if (!outcome || status === "queued" || status === "running") return null;
  if (status === "succeeded") return outcome;
  throw new StepFailure({
    causeCode: "service-left",
    cause: outcome.cause ?? outcome.summary,
    whoCanFix: outcome.whoCanFix ?? "platform-team",
    nextAction: `${outcome.nextAction ?? "Read its log."} Then retry: what is gone already is not touched again.`,
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
    { name: "service", title: "Begin to end the service" },
    { name: "ended", title: "Delete environments, archive the repository, leave the catalog" },
  ],
  exclusiveKey: ({ entity }) => `action.decommission:${entity?.ref}`,
  async execute(run) {
    const runId = await run.step("service", async (step) => {
      const id = await begin(run);
      step.log("Began with the safe choices: environments are deleted, the repository is archived and kept.");
      return id;
    });
    const end = await run.step("ended", () => run.waitOutside((tx) => endOf(tx, runId), { againAfterMs: AGAIN_MS }));
    return { summary: end.summary, evidence: end.evidence };
  },
};
