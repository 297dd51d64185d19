import { and, eq, inArray, isNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { decommissions, entities, memberships, repositories, runs, teams } from "@/db/schema";
import { entityHref, GRACE_DAYS } from "@/lib/catalog/contract";
import { forgetOwnRepository, retireEntity } from "@/lib/catalog/mutations";
import { writeAudit } from "@/lib/core/audit";
import { newId } from "@/lib/core/id";
import { notify } from "@/lib/notifications/notify";
import { repositoryProvider } from "@/lib/repositories/jobs";
import { archiveRepository, forgetRepository } from "@/lib/repositories/mutations";
import type { OpenWork } from "@/lib/repositories/provider";
import { type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import type { DecommissionChoice, DecommissionResult } from "./contract";
import { beginRemovals, refuseUndecided, removalsDone } from "./removals";
import { DECOMMISSION_DEADLINE_MS, DECOMMISSION_KIND, DECOMMISSION_STEPS, type DecommissionRunInput } from "./start";

// Every step finds what an earlier attempt did: removals are runs of their own, closing and archiving look first, and the catalog,
// the repository's row and the receipt change in one transaction at the end. Killed at any instant, the run goes on where it was.

type Run = EngineRun<DecommissionRunInput>;

/** Runs that write to the repository; ending it under their hands would leave half of their work. */
const WRITERS = ["pull-request.merge", "service.upgrade", "service.create", "entity.edit"];

export const decommissionRun: RunKind<DecommissionRunInput> = {
  kind: DECOMMISSION_KIND,
  deadlineMs: DECOMMISSION_DEADLINE_MS,
  plan: () => DECOMMISSION_STEPS,
  async execute(run) {
    const open = await run.step("check", () => check(run));
    const ids = await run.step("environments", async (step) => {
      const begun = await beginRemovals(run);
      step.log(begun.length === 0 ? "There are none to delete." : `Began to remove ${begun.length} ${begun.length === 1 ? "environment" : "environments"}.`);
      return begun;
    });
    const removed = await run.step("removed", async (step) => {
      const gone = await removalsDone(run, ids);
      for (const { kind, name, verified } of gone) step.log(`${kind} ${name}: ${verified}.`);
      return gone;
    });
    const closed = await run.step("open-work", (step) => closeWork(run, open, step.log));
    const repository = await run.step("repository", (step) => endRepository(run, step.log));
    const results = await run.step("catalog", (step) => finish(run, [...removed, ...kept(run), ...closed, ...repository], step.log));
    const count = (kind: string) => results.filter((one) => one.kind === kind && one.result !== "kept").length;
    return {
      summary: `${run.input.title} is decommissioned: ${plural(count("environment"), "environment")} deleted, ${plural(count("entity"), "catalog entry", "catalog entries")} removed, ${repositoryWords(repository)}`,
      evidence: [{ title: "Receipt", url: `/decommissions/${run.runId}` }],
    };
  },
};

const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const repositoryWords = ([one]: DecommissionResult[]) => (one ? `the repository is ${one.result}` : "no repository");
const chosen = (run: Run, kind: DecommissionChoice["kind"]) => run.input.choices.filter((one) => one.kind === kind);
const stamp = (run: Run) => run.now.toISOString();

/** Refuses to begin, or says what is open and about to be closed: noted before it is closed, so that a repeat still knows it. */
async function check(run: Run): Promise<OpenWork> {
  await refuseUndecided(run);
  const busy = await db()
    .select({ id: runs.id, title: runs.title })
    .from(runs)
    .where(and(eq(runs.entityRef, run.input.entityRef), inArray(runs.kind, WRITERS), inArray(runs.status, ["queued", "running"])));
  const [first] = busy;
  if (first)
    throw new StepFailure({
      causeCode: "service-busy",
      cause: `Another run works on the service: ${first.title}.`,
      whoCanFix: "you",
      nextAction: "Wait until it has ended, then retry.",
      evidence: [{ title: first.title, url: `/runs/${first.id}` }],
    });
  const row = await rowOf(run);
  const isEnding = chosen(run, "repository").some(({ choice }) => choice !== "keep");
  return row && isEnding && row.status === "ready" ? repositoryProvider(row.provider).openWork(row) : { pullRequests: [], webhooks: [] };
}

async function rowOf({ input }: Run) {
  if (!input.repositoryId) return null;
  const [row] = await db().select().from(repositories).where(eq(repositories.id, input.repositoryId));
  return row ?? null;
}

/** What the person wanted to keep, for the receipt. */
function kept(run: Run): DecommissionResult[] {
  return chosen(run, "environment")
    .filter(({ choice }) => choice === "keep")
    .map(({ key, name }) => ({ kind: "environment", name, result: "kept", verified: "as asked", href: `/environments/${key.slice("environment:".length)}`, at: stamp(run) }));
}

async function closeWork(run: Run, known: OpenWork, log: (text: string) => void): Promise<DecommissionResult[]> {
  const row = await rowOf(run);
  const isEnding = chosen(run, "repository").some(({ choice }) => choice !== "keep");
  if (!row || !isEnding) return [];
  const more = row.status === "ready" ? await repositoryProvider(row.provider).closeWork(run, row) : { pullRequests: [], webhooks: [] };
  const pullRequests = [...new Map([...known.pullRequests, ...more.pullRequests].map((one) => [one.number, one])).values()];
  const webhooks = [...new Map([...known.webhooks, ...more.webhooks].map((one) => [one.id, one])).values()];
  const results = [
    ...pullRequests.map(
      ({ number, title, url }): DecommissionResult => ({
        kind: "pull-request",
        name: `${row.owner}/${row.name}#${number}`,
        result: "closed",
        verified: title,
        href: url,
        at: stamp(run),
      }),
    ),
    ...webhooks.map(({ url }): DecommissionResult => ({ kind: "webhook", name: url, result: "removed", verified: "gone from the repository", href: null, at: stamp(run) })),
  ];
  for (const { kind, name, result } of results) log(`${kind} ${name}: ${result}.`);
  return results;
}

async function endRepository(run: Run, log: (text: string) => void): Promise<DecommissionResult[]> {
  const [one] = chosen(run, "repository");
  if (!one) return [];
  const { foreign } = run.input;
  if (foreign) {
    const at = { kind: "repository" as const, name: one.name, href: foreign.url, at: stamp(run) };
    if (one.choice !== "archive") return [{ ...at, result: "kept", verified: "as asked" }];
    const { verified } = await repositoryProvider("github").archive(run, { id: null, ...foreign });
    log(`${one.name}: ${verified}.`);
    return [{ ...at, result: "archived", verified }];
  }
  const row = await rowOf(run);
  if (!row) return [{ kind: "repository", name: one.name, result: "deleted", verified: "it was already gone", href: null, at: stamp(run) }];
  const provider = repositoryProvider(row.provider);
  const href = row.provider === "waymark" ? `/repositories/${row.owner}/${row.name}` : row.webUrl;
  const at = { kind: "repository" as const, name: one.name, at: stamp(run) };
  if (one.choice === "keep") return [{ ...at, href, result: "kept", verified: "as asked; it takes pushes" }];
  // From here on nobody pushes, also while its files go.
  await run.commit((tx) => archiveRepository(tx, row.id, { completedAt: stamp(run), items: [] }, run.now));
  if (one.choice === "delete" && provider.remove) {
    const { verified } = await provider.remove(run, row);
    log(`${one.name}: ${verified}.`);
    return [{ ...at, href: null, result: "deleted", verified }];
  }
  const { verified } = await provider.archive(run, row);
  log(`${one.name}: ${verified}.`);
  return [{ ...at, href, result: "archived", verified }];
}

/** The catalog, the repository's row, the receipt, the audit event and the news for dependants: together or not at all. */
async function finish(run: Run, before: DecommissionResult[], log: (text: string) => void): Promise<DecommissionResult[]> {
  return run.commit(async (tx) => {
    const results = [...before];
    const { repositoryId } = run.input;
    if (repositoryId && before.some(({ kind, result }) => kind === "repository" && result === "deleted")) {
      await forgetRepository(tx, repositoryId);
      await forgetOwnRepository(tx, repositoryId);
    }
    for (const { name, choice } of chosen(run, "entity")) {
      const at = { kind: "entity" as const, name, at: stamp(run) };
      if (choice === "keep") results.push({ ...at, result: "kept", verified: "as asked", href: entityHref(name) });
      else {
        const until = await retireEntity(tx, name, run.now);
        const verified = until ? `out of the lists; removed for good on ${until.toISOString().slice(0, 10)}, ${GRACE_DAYS} days later` : "was gone already";
        results.push({ ...at, result: "removed", verified, href: until ? entityHref(name) : null });
      }
      log(`${name}: ${choice === "keep" ? "kept" : "out of the catalog's lists"}.`);
    }
    results.push(...(await tellDependants(tx, run)));
    await tx
      .update(decommissions)
      .set({ results, completedAt: run.now })
      .where(and(eq(decommissions.runId, run.runId), isNull(decommissions.completedAt)));
    await auditEnd(tx, run, results);
    return results;
  });
}

async function tellDependants(tx: Tx, run: Run): Promise<DecommissionResult[]> {
  const { dependants, title, entityRef } = run.input;
  if (dependants.length === 0) return [];
  const rows = await tx
    .select({ ref: entities.ref, title: entities.title, team: teams.name, userId: memberships.userId })
    .from(entities)
    .leftJoin(teams, eq(teams.ref, entities.ownerRef))
    .leftJoin(memberships, and(eq(memberships.teamId, teams.id), eq(memberships.membership, "owner")))
    .where(inArray(entities.ref, dependants));
  const results: DecommissionResult[] = [];
  for (const ref of dependants) {
    const own = rows.filter((row) => row.ref === ref);
    const people = own.flatMap(({ userId }) => userId ?? []);
    await notify(tx, people, {
      kind: "dependency-decommissioned",
      title: `${title} was decommissioned`,
      body: `${own[0]?.title ?? ref} depends on it. Take the reference out of its definition, or put something else there.`,
      href: entityHref(ref),
      dedupeKey: `decommissioned:${run.runId}:${ref}`,
    });
    const verified = people.length > 0 ? `${plural(people.length, "owner")} of ${own[0]?.team} told` : "nobody to tell: no team owns it";
    results.push({ kind: "dependant", name: ref, result: "told", verified, href: entityHref(ref), at: stamp(run) });
  }
  const told = results.length;
  run.log(`${plural(told, "dependant")} of ${entityRef} looked at.`);
  return results;
}

async function auditEnd(tx: Tx, run: Run, results: DecommissionResult[]): Promise<void> {
  const [row] = await tx.select({ teamId: decommissions.teamId }).from(decommissions).where(eq(decommissions.runId, run.runId));
  const ctx = { actor: { type: "system" as const, name: "worker" }, now: run.now, requestId: newId("request"), ipPrefix: null };
  await writeAudit(tx, ctx, "service.decommissioned", "done", {
    target: { type: "service", id: run.input.entityRef, label: run.input.title },
    teamId: row?.teamId ?? null,
    detail: { entityRef: run.input.entityRef, run: run.runId, receipt: results.map(({ kind, name, result }) => `${kind} ${name} ${result}`) },
  });
}
