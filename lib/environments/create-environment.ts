import type { z } from "zod";
import type { Tx } from "@/db/client";
import { environments } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { loadGoldenPathVersion } from "@/lib/golden-paths/queries";
import type { GuardrailWarning } from "@/lib/guardrails/contract";
import { type Remote, requireGuardrails, tieDecision } from "@/lib/guardrails/mutations";
import { loadSettings } from "@/lib/platform/queries";
import type { Repository } from "@/lib/repositories/contract";
import { commitInfo, resolveCommit } from "@/lib/repositories/source";
import { startRun } from "@/lib/runs/enqueue";
import { sealAnswers } from "./answers";
import type { CreateEnvironmentInput } from "./contract";
import { driverNamed } from "./drivers";
import { sandboxFacts } from "./guarded-facts";
import { CREATE_DEADLINE_MS, CREATE_STEPS_BEFORE } from "./limits";
import { reserveQuota } from "./quota";
import { environmentName, insertServiceEnvironment } from "./service-environment";
import { ttlMinutes } from "./ttl";

type Input = z.output<typeof CreateEnvironmentInput>;
type Team = { id: string; name: string };

export interface ChosenCommit {
  ref: string;
  commit: string;
  subject: string | null;
}

const NO_SOURCE = "Name a golden path, for example node-express, or the entityRef of a service.";
const refuse = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

/** Throws invalid for a mixture of the two ways to ask for an environment. */
export function refuseMixture(input: Input): void {
  if (!input.goldenPath && !input.entityRef) throw refuse("goldenPath", NO_SOURCE);
  if (input.goldenPath && input.entityRef) throw refuse("entityRef", "Name either a golden path or a service, not both.");
  if (input.entityRef) {
    for (const field of ["version", "values", "team"] as const)
      if (input[field] !== undefined) throw refuse(field, `An environment of a service takes no ${field}: it runs a commit of the service's repository and belongs to its team.`);
    if (input.tier && input.tier !== "sandbox" && input.ttl !== undefined) throw refuse("ttl", "A permanent environment does not expire. Leave the time to live out.");
    return;
  }
  for (const field of ["ref", "tier"] as const)
    if (input[field] !== undefined && input[field] !== "sandbox") throw refuse(field, `Only an environment of a service has a ${field}; name one in entityRef.`);
}

/** The commit that a ref means now. Throws invalid naming the branches and tags that exist. */
export async function chooseCommit(repository: Repository, ref: string | undefined): Promise<ChosenCommit> {
  const wanted = ref ?? repository.defaultBranch;
  const commit = await resolveCommit(repository, wanted);
  const { subject } = await commitInfo(repository, commit);
  return { ref: wanted, commit, subject };
}

function person(ctx: Ctx): string {
  if (ctx.actor.type !== "user") throw new DomainError("forbidden", "Only people create environments.");
  return ctx.actor.id;
}

/** A sandbox rendered from a golden path. Returns the ids of the environment and its run. */
export async function insertPathEnvironment(tx: Tx, input: Input, ctx: Ctx, { team, remote }: { team: Team; remote: Remote }): Promise<MadeEnvironment> {
  const path = await loadGoldenPathVersion(tx, input.goldenPath ?? "", input.version);
  const id = newId("environment", ctx.now.getTime());
  const name = input.name ?? `${path.name}-${id.slice(-5)}`.slice(-40);
  const values = await path.validateValues({ ...input.values }, { name });
  const ttl = ttlMinutes(input.ttl, await loadSettings(tx));
  const madeFrom = { goldenPath: path.name, goldenPathVersion: path.version };
  return insertSandbox(tx, ctx, {
    id,
    name,
    team,
    values: path.splitSecrets(values),
    ttl,
    memoryMib: path.memoryMiB,
    driver: input.driver,
    madeFrom,
    remote,
    run: { kind: "environment.create", title: `Create environment ${name}` },
  });
}

export interface MadeEnvironment {
  id: string;
  runId: string;
  /** Of guardrails that let it through all the same. */
  warnings: GuardrailWarning[];
}

export interface NewSandbox {
  id: string;
  name: string;
  team: Team;
  values: { open: Record<string, unknown>; secret: Record<string, unknown> };
  /** Minutes. */
  ttl: number;
  memoryMib: number;
  driver: string | undefined;
  /** What a policy agent said of it. */
  remote?: Remote;
  madeFrom: { goldenPath: string; goldenPathVersion: string } | { testRunId: string };
  run: { kind: string; title: string };
}

/** Asks the guardrails, takes the quota, and writes the environment and the run that makes it. Throws forbidden, and conflict for a taken name and a full quota. */
export async function insertSandbox(tx: Tx, ctx: Ctx, { id, name, team, values, ttl, memoryMib, driver: asked, remote, madeFrom, run }: NewSandbox): Promise<MadeEnvironment> {
  const driver = driverNamed(asked ?? "local");
  const request = sandboxFacts({ name, ttlMinutes: ttl, driver: driver.name, memoryMiB: memoryMib, values: values.open, ...madeFrom });
  const letThrough = await requireGuardrails(tx, ctx, { ability: "environment.create", teamId: team.id, request }, remote);
  await reserveQuota(tx, team, { memoryMiB: memoryMib, isPermanent: false });
  const ownerId = person(ctx);
  const [row] = await tx
    .insert(environments)
    .values({
      id,
      name,
      lifetime: "ephemeral",
      tier: "sandbox",
      status: "queued",
      ...madeFrom,
      ...sealAnswers(id, values),
      ownerId,
      teamId: team.id,
      driver: driver.name,
      memoryMib,
      ttlMinutes: ttl,
      createdAt: ctx.now,
      expiresAt: new Date(ctx.now.getTime() + ttl * 60_000),
    })
    .onConflictDoNothing()
    .returning();
  if (!row) {
    const message = `The name "${name}" is taken by another living environment. Choose another one.`;
    throw new DomainError("conflict", message, { fields: [{ path: "name", message }] });
  }
  const runId = await startRun(tx, {
    ...run,
    input: { environmentId: id },
    plan: [...CREATE_STEPS_BEFORE, ...driver.provisionSteps],
    deadlineMs: CREATE_DEADLINE_MS,
    requestedBy: ownerId,
    teamId: team.id,
    environmentId: id,
    exclusiveKey: id,
    now: ctx.now,
  });
  await tieDecision(tx, letThrough, { subjectId: id, runId });
  return { id, runId, warnings: letThrough.warnings };
}

/** An environment of a service that runs a commit of its repository: permanent for a stage, with a time to live for a sandbox. */
export async function insertForService(
  tx: Tx,
  input: Input,
  ctx: Ctx,
  source: { repository: Repository; team: Team; chosen: ChosenCommit; remote: Remote },
): Promise<MadeEnvironment> {
  const tier = input.tier ?? "sandbox";
  const id = newId("environment", ctx.now.getTime());
  const entityRef = input.entityRef ?? "";
  const ownerId = person(ctx);
  const { runId, warnings } = await insertServiceEnvironment(tx, ctx, {
    id,
    name: input.name ?? (tier === "sandbox" ? environmentName(entityRef, source.chosen.ref, id.slice(-4)) : environmentName(entityRef, tier)),
    tier,
    repository: source.repository,
    entityRef,
    team: source.team,
    ...source.chosen,
    remote: source.remote,
    ownerId,
    requestedBy: ownerId,
    driver: driverNamed(input.driver ?? "local").name,
    ttlMinutes: tier === "sandbox" ? ttlMinutes(input.ttl, await loadSettings(tx)) : null,
  });
  return { id, runId, warnings };
}
