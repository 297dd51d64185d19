import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { runSteps, runs } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { enqueue } from "@/lib/core/jobs";
import { mutation } from "@/lib/core/operation";
import { RunId } from "./contract";
import { requestCancel } from "./enqueue";
import { runSubject } from "./queries";

export const cancelRun = mutation({
  name: "run.cancel",
  summary: "Stop a queued or running run.",
  input: RunId,
  subject: (on, input) => runSubject(on, input.id),
  run: async (tx, { id }, ctx) => {
    const [row] = await tx.select().from(runs).where(eq(runs.id, id)).for("update");
    if (row?.status === "cancelled") return { id };
    const who = ctx.actor.type === "user" ? ctx.actor.handle : "the platform";
    const asked = await requestCancel(tx, { runId: id }, `Cancelled by ${who}.`, ctx.now);
    if (!asked) throw new DomainError("conflict", `The run has already ended (${row?.status}). There is nothing to cancel.`);
    return { id };
  },
  audit: ({ id }) => ({ target: { type: "run", id } }),
});

export const retryRun = mutation({
  name: "run.retry",
  summary: "Do a failed or cancelled run again from its first unfinished step.",
  input: RunId,
  subject: (on, input) => runSubject(on, input.id),
  run: async (tx, { id }, ctx) => {
    const [row] = await tx.select().from(runs).where(eq(runs.id, id)).for("update");
    if (!row || (row.status !== "failed" && row.status !== "cancelled")) {
      throw new DomainError("conflict", `Only a failed or cancelled run can be retried; this one is ${row?.status}.`);
    }
    if (row.retryUntil && row.retryUntil <= ctx.now) {
      throw new DomainError("conflict", "What the finished steps had made is removed by now, so there is nothing to retry from. Start a new one.");
    }
    if (row.exclusiveKey) {
      const [other] = await tx
        .select({ id: runs.id })
        .from(runs)
        .where(and(eq(runs.exclusiveKey, row.exclusiveKey), sql`${runs.status} in ('queued', 'running')`));
      if (other) throw new DomainError("conflict", `Another run (${other.id}) is already working on this. Wait for it to end, or cancel it first.`);
    }
    await tx
      .update(runs)
      .set({
        status: "queued",
        attempt: sql`${runs.attempt} + 1`,
        cancelRequestedAt: null,
        cancelReason: null,
        outcome: null,
        finishedAt: null,
        retryUntil: null,
        deadlineAt: new Date(ctx.now.getTime() + row.deadlineMs),
      })
      .where(eq(runs.id, id));
    await tx
      .update(runSteps)
      .set({ status: "pending", startedAt: null, finishedAt: null })
      .where(and(eq(runSteps.runId, id), sql`${runSteps.status} <> 'succeeded'`));
    await enqueue(tx, "run", { runId: id }, { jobKey: id });
    await tx.execute(sql`select pg_notify('waymark_run', ${id})`);
    return { id, attempt: row.attempt + 1 };
  },
  audit: ({ id }, result) => ({ target: { type: "run", id }, detail: { attempt: result.attempt } }),
});
