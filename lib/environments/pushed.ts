import { and, desc, eq, ne } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { deployments, environments, memberships } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { type Ctx, databaseNow } from "@/lib/core/ctx";
import { type DomainError, isDomainError, RefusedByRules } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { log } from "@/lib/core/log";
import { requireGuardrails, tieDecision } from "@/lib/guardrails/mutations";
import { notify } from "@/lib/notifications/notify";
import type { Repository } from "@/lib/repositories/contract";
import { commitInfo, resolveCommit } from "@/lib/repositories/source";
import { lockForDeployment, queueDeployment, startDeployment } from "./begin-deployment";
import { short } from "./deployments";
import { deploymentFacts } from "./guarded-facts";
import { environmentName, insertServiceEnvironment, serviceRepository } from "./service-environment";

export interface PushedCommit {
  repository: Repository;
  /** Branch, short or full name. */
  ref: string;
  commit: string;
  subject?: string | null;
  pushedBy: string | null;
  now: Date;
}

/** Deploys a push to the default branch to the service's development environment, which is made if there is none. Repeatable. */
export async function deployPushed(tx: Tx, push: PushedCommit): Promise<void> {
  const { repository } = push;
  const branch = push.ref.replace(/^refs\/heads\//, "");
  if (!repository.entityRef || branch !== repository.defaultBranch || repository.status !== "ready") return;
  const [known] = await tx
    .select({ id: environments.id, status: environments.status })
    .from(environments)
    .where(and(eq(environments.entityRef, repository.entityRef), eq(environments.tier, "development"), eq(environments.lifetime, "permanent"), ne(environments.status, "deleted")));
  if (known && ["deleting", "leaked"].includes(known.status)) return;
  if (known) await deployTo(tx, known.id, { ...push, ref: branch });
  else await makeDevelopment(tx, repository.entityRef, { ...push, ref: branch });
}

/** The same as a job after a push: the branch's newest commit counts, in whatever order the jobs of several pushes come. */
export async function deployDefaultBranch(push: { repository: Repository; ref: string; after: string | null; pushedBy: string | null }): Promise<void> {
  const { repository, ref, after, pushedBy } = push;
  if (after === null || ref !== `refs/heads/${repository.defaultBranch}` || !repository.entityRef) return;
  const commit = await resolveCommit(repository, repository.defaultBranch);
  const { subject } = await commitInfo(repository, commit);
  const now = await databaseNow();
  await db().transaction((tx) => deployPushed(tx, { repository, ref, commit, subject, pushedBy, now }));
}

async function deployTo(tx: Tx, environmentId: string, { repository, ref, commit, subject, pushedBy, now }: PushedCommit): Promise<void> {
  const { row, busy } = await lockForDeployment(tx, environmentId);
  const [newest] = await tx.select({ commit: deployments.commit }).from(deployments).where(eq(deployments.environmentId, row.id)).orderBy(desc(deployments.version)).limit(1);
  // The same push told twice, or one that brought nothing new here.
  if (newest?.commit === commit) return;
  const wanted = { kind: "deploy" as const, ref, commit, subject: subject ?? null, requestedBy: pushedBy, now };
  const request = await deploymentFacts(tx, row, wanted, { repository, isPush: true });
  try {
    const letThrough = await requireGuardrails(tx, ctxOf(now), { ability: "environment.deploy", teamId: row.teamId, request, onBehalfOf: pushedBy });
    const deploymentId = busy ? await queueDeployment(tx, row, wanted) : (await startDeployment(tx, row, wanted)).deploymentId;
    await tieDecision(tx, letThrough, { subjectId: deploymentId });
  } catch (error) {
    if (!(error instanceof RefusedByRules)) throw error;
    return tellRefusal(tx, error, { repository, commit, toWhom: pushedBy ?? row.ownerId, what: "" });
  }
  await record(tx, "environment.deploy", row, { commit, pushedBy, now, waitsFor: busy?.runId });
}

/** What a person has to solve: trying again by itself would not help. */
async function tellRefusal(
  tx: Tx,
  error: DomainError,
  { repository, commit, toWhom, what }: { repository: Repository; commit: string; toWhom: string; what: string },
): Promise<void> {
  if (error instanceof RefusedByRules) await error.about.remember();
  await notify(tx, [toWhom], {
    kind: "deployment-failed",
    title: `${short(commit)} of ${repository.name} was not deployed`,
    body: `${what}${error.message}`,
    href: "/environments",
    dedupeKey: `pushed:${repository.id}:${commit}`,
  });
}

async function makeDevelopment(tx: Tx, entityRef: string, push: PushedCommit): Promise<void> {
  const { repository, ref, commit, subject, pushedBy, now } = push;
  const ownerId = pushedBy ?? (await ownerOf(tx, repository.teamId));
  if (!ownerId) return log().warn({ repository: `${repository.owner}/${repository.name}` }, "a push has nobody to own its development environment");
  const { team } = await serviceRepository(tx, entityRef);
  const id = newId("environment", now.getTime());
  const plain = environmentName(entityRef, "development");
  const [taken] = await tx
    .select({ id: environments.id })
    .from(environments)
    .where(and(eq(environments.name, plain), ne(environments.status, "deleted")));
  const name = taken ? environmentName(entityRef, "development", id.slice(-4)) : plain;
  const wanted = {
    id,
    name,
    tier: "development" as const,
    repository,
    entityRef,
    team,
    ref,
    commit,
    subject: subject ?? null,
    ownerId,
    requestedBy: pushedBy,
    driver: "local",
    ttlMinutes: null,
  };
  try {
    const { row } = await tx.transaction((inner) => insertServiceEnvironment(inner, ctxOf(now), wanted));
    await record(tx, "environment.create", row, { commit, pushedBy, now });
  } catch (error) {
    if (!isDomainError(error) || !(error.code === "conflict" || error instanceof RefusedByRules)) throw error;
    await tellRefusal(tx, error, { repository, commit, toWhom: ownerId, what: "There is no development environment: " });
  }
}

const ctxOf = (now: Date): Ctx => ({ actor: { type: "system", name: "git" }, now, requestId: newId("request"), ipPrefix: null });

async function ownerOf(tx: Tx, teamId: string): Promise<string | null> {
  const [first] = await tx
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(eq(memberships.teamId, teamId))
    .orderBy(desc(memberships.membership), memberships.userId)
    .limit(1);
  return first?.userId ?? null;
}

async function record(
  tx: Tx,
  name: string,
  row: { id: string; name: string; teamId: string },
  { now, ...detail }: { commit: string; pushedBy: string | null; now: Date; waitsFor?: string | undefined },
): Promise<void> {
  await writeAudit(tx, ctxOf(now), name, "done", { target: { type: "environment", id: row.id, label: row.name }, teamId: row.teamId, detail });
}
