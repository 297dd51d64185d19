import { and, eq, ne } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { deployments, environments, teams } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import type { GuardrailWarning } from "@/lib/guardrails/contract";
import { type Remote, requireGuardrails, tieDecision } from "@/lib/guardrails/mutations";
import type { Repository } from "@/lib/repositories/contract";
import { findRepository } from "@/lib/repositories/queries";
import { startRun } from "@/lib/runs/enqueue";
import type { Tier } from "./contract";
import { driverNamed } from "./drivers";
import { serviceEnvironmentFacts } from "./guarded-facts";
import { CREATE_DEADLINE_MS, CREATE_STEPS_BEFORE, DEFAULT_MEMORY_MIB } from "./limits";
import { reserveQuota } from "./quota";
import type { EnvironmentRow } from "./subject";

const NAME_CHARS = 40;

/** The repository of a service and the team that owns it. Throws invalid when there is nothing to deploy. */
export async function serviceRepository(on: Connection, entityRef: string): Promise<{ repository: Repository; team: { id: string; name: string } }> {
  const repository = await findRepository(on, { entityRef });
  const [team] = repository ? await on.select({ id: teams.id, name: teams.name }).from(teams).where(eq(teams.id, repository.teamId)) : [];
  if (repository && team) return { repository, team };
  const message = `${entityRef} has no repository here, so there is no commit to run. Create the service from a golden path, or name one that was.`;
  throw new DomainError("invalid", message, { fields: [{ path: "entityRef", message }] });
}

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");

const cut = (text: string, chars: number) => text.slice(0, Math.max(0, chars)).replace(/-+$/, "");

/** `<service>-<what>` and, with a suffix, `<service>-<what>-<suffix>` as a host name of at most 40 characters; where it is too long, both words give way. */
export function environmentName(entityRef: string, what: string, suffix = ""): string {
  const tail = suffix ? `-${suffix}` : "";
  const room = NAME_CHARS - tail.length - 1;
  const [service, ending] = [slug(entityRef.split("/").at(-1) ?? "") || "service", slug(what) || "branch"];
  const forService = Math.max(room - ending.length, Math.floor(room / 2));
  const first = cut(service, forService);
  return `${first}-${cut(ending, room - first.length)}${tail}`;
}

export interface NewServiceEnvironment {
  id: string;
  name: string;
  tier: Tier;
  repository: Repository;
  entityRef: string;
  team: { id: string; name: string };
  ref: string;
  commit: string;
  subject: string | null;
  ownerId: string;
  requestedBy: string | null;
  driver: string;
  ttlMinutes: number | null;
  /** What a policy agent said of it. */
  remote?: Remote;
}

async function refuseSecondStage(tx: Tx, entityRef: string, tier: Tier): Promise<void> {
  const [known] = await tx
    .select({ name: environments.name })
    .from(environments)
    .where(and(eq(environments.entityRef, entityRef), eq(environments.tier, tier), eq(environments.lifetime, "permanent"), ne(environments.status, "deleted")));
  if (!known) return;
  const message = `${entityRef} has a ${tier} environment already: ${known.name}. Deploy to it instead.`;
  throw new DomainError("conflict", message, { fields: [{ path: "tier", message }] });
}

/**
 * The environment, its first deployment, and the run that makes both. Throws forbidden where a guardrail refuses, and conflict: taken name,
 * second of a tier, quota.
 */
export async function insertServiceEnvironment(
  tx: Tx,
  ctx: Ctx,
  wanted: NewServiceEnvironment,
): Promise<{ row: EnvironmentRow; runId: string; deploymentId: string; warnings: GuardrailWarning[] }> {
  const { repository, team, ref, commit, subject, requestedBy, ttlMinutes, remote, ...own } = wanted;
  const { now } = ctx;
  const isPermanent = own.tier !== "sandbox";
  const driver = driverNamed(own.driver);
  const request = serviceEnvironmentFacts({ ...own, driver: driver.name, ttlMinutes, memoryMiB: DEFAULT_MEMORY_MIB, repository, ref });
  const letThrough = await requireGuardrails(tx, ctx, { ability: "environment.create", teamId: team.id, request, onBehalfOf: requestedBy }, remote);
  await reserveQuota(tx, team, { memoryMiB: DEFAULT_MEMORY_MIB, isPermanent });
  if (isPermanent) await refuseSecondStage(tx, own.entityRef, own.tier);
  const [row] = await tx
    .insert(environments)
    .values({
      ...own,
      lifetime: isPermanent ? "permanent" : "ephemeral",
      status: "queued",
      goldenPath: repository.goldenPath?.name ?? null,
      goldenPathVersion: repository.goldenPath?.version ?? null,
      repositoryId: repository.id,
      ref,
      commit,
      teamId: team.id,
      memoryMib: DEFAULT_MEMORY_MIB,
      ttlMinutes,
      createdAt: now,
      expiresAt: ttlMinutes === null ? null : new Date(now.getTime() + ttlMinutes * 60_000),
    })
    .onConflictDoNothing()
    .returning();
  if (!row) {
    const message = `The name "${own.name}" is taken by another living environment. Choose another one.`;
    throw new DomainError("conflict", message, { fields: [{ path: "name", message }] });
  }
  const runId = await startRun(tx, {
    kind: "environment.create",
    title: `Create environment ${row.name}`,
    input: { environmentId: row.id },
    plan: [...CREATE_STEPS_BEFORE, ...driver.provisionSteps.map((step) => (step.name === "render" ? { ...step, title: "Export commit" } : step))],
    deadlineMs: CREATE_DEADLINE_MS,
    requestedBy,
    teamId: team.id,
    environmentId: row.id,
    entityRef: own.entityRef,
    exclusiveKey: row.id,
    now,
  });
  const deploymentId = newId("deployment");
  await tx
    .insert(deployments)
    .values({ id: deploymentId, environmentId: row.id, version: 0, kind: "deploy", status: "running", ref, commit, subject, requestedBy, runId, startedAt: now, createdAt: now });
  await tieDecision(tx, letThrough, { subjectId: row.id, runId });
  return { row, runId, deploymentId, warnings: letThrough.warnings };
}
