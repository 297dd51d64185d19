import "server-only";
import { and, asc, count, desc, eq, ilike, inArray, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { deployments, environments, environmentTraffic, teams } from "@/db/schema";
import { ownTeamIds } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/ctx";
import { decodeCursor, encodeCursor } from "@/lib/core/cursor";
import { DomainError } from "@/lib/core/errors";
import { quantileMs } from "@/lib/core/latency";
import { query } from "@/lib/core/operation";
import { teamsWithin } from "@/lib/core/policy";
import { commitInfo, commitsBetween, listBranches, resolveCommit } from "@/lib/repositories/source";
import {
  type CommitChoice,
  CommitChoiceInput,
  type DeployChoices,
  type Deployment,
  DeploymentListInput,
  type Environment,
  EnvironmentId,
  EnvironmentListInput,
  type EnvironmentVariable,
  type KeptStorage,
  LogsInput,
  type Quota,
  type Receipt,
  ServiceDeploymentsInput,
  ServiceEnvironmentsInput,
  type TrafficPoint,
} from "./contract";
import { presentDeployment, selectDeployments } from "./deployments";
import { allDrivers, driverNamed } from "./drivers";
import { presentEnvironment } from "./present";

import { teamQuota } from "./quota";
import { readEnvironment, selectEnvironments } from "./read";
import { serviceRepository } from "./service-environment";
import { readServiceEnvironments } from "./stages";
import { environmentSubject, livingEnvironment } from "./subject";
import { readVariables } from "./variables";

export { checkCreateEnvironment, checkDeployToEnvironment, checkExtendEnvironment } from "./guarded";

/** Environments of teams that the caller may see. */
function visibleEnvironments(ctx: Ctx): SQL | undefined {
  const reach = teamsWithin(ctx.actor, "environment.read");
  return reach === "all" ? undefined : reach.length ? inArray(environments.teamId, reach) : sql`false`;
}

function scoped(ctx: Ctx, scope: "mine" | "team" | "all" | undefined): SQL | undefined {
  if (ctx.actor.type !== "user" || !scope || scope === "all") return undefined;
  if (scope === "mine") return eq(environments.ownerId, ctx.actor.id);
  const ids = ownTeamIds(ctx.actor);
  return ids.length ? inArray(environments.teamId, ids) : sql`false`;
}

export const listEnvironments = query({
  name: "environment.list",
  summary: "Environments you may see, newest first; deleted ones only when asked for by status.",
  input: EnvironmentListInput,
  subject: () => null,
  run: async (on, input, ctx): Promise<{ items: Environment[]; nextCursor: string | null; total: number }> => {
    const filter = and(
      visibleEnvironments(ctx),
      scoped(ctx, input.scope),
      input.status ? eq(environments.status, input.status) : ne(environments.status, "deleted"),
      input.goldenPath ? eq(environments.goldenPath, input.goldenPath) : undefined,
      input.team ? or(eq(teams.name, input.team), eq(teams.ref, input.team)) : undefined,
      input.q ? ilike(environments.name, `%${input.q.replace(/[%_\\]/g, "\\$&")}%`) : undefined,
    );
    const after = input.cursor ? decodeCursor(input.cursor) : null;
    const page = after ? or(lt(environments.createdAt, after.at), and(eq(environments.createdAt, after.at), lt(environments.id, after.id))) : undefined;
    const [rows, [totals]] = await Promise.all([
      selectEnvironments(on)
        .where(and(filter, page))
        .orderBy(desc(environments.createdAt), desc(environments.id))
        .limit(input.limit + 1),
      on.select({ n: count() }).from(environments).innerJoin(teams, eq(teams.id, environments.teamId)).where(filter),
    ]);
    const shown = rows.slice(0, input.limit);
    const last = shown.at(-1)?.row;
    return {
      items: shown.map(presentEnvironment),
      nextCursor: rows.length > input.limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null,
      total: totals?.n ?? 0,
    };
  },
});

export const getEnvironment = query({
  name: "environment.read",
  summary: "One environment; also for 30 days after its deletion.",
  input: EnvironmentId,
  subject: (on, input, ctx) => environmentSubject(on, input.id, ctx),
  run: (on, { id }) => readEnvironment(on, id),
});

type DeploymentPage = { items: Deployment[]; nextCursor: string | null; total: number };

/** One page of deployments, newest first. */
async function deploymentPage(on: Connection, filter: SQL | undefined, input: { limit: number; cursor?: string | undefined }): Promise<DeploymentPage> {
  const after = input.cursor ? decodeCursor(input.cursor) : null;
  const page = after ? or(lt(deployments.createdAt, after.at), and(eq(deployments.createdAt, after.at), lt(deployments.id, after.id))) : undefined;
  const [rows, [totals]] = await Promise.all([
    selectDeployments(on)
      .where(and(filter, page))
      .orderBy(desc(deployments.createdAt), desc(deployments.id))
      .limit(input.limit + 1),
    on.select({ n: count() }).from(deployments).innerJoin(environments, eq(environments.id, deployments.environmentId)).where(filter),
  ]);
  const shown = rows.slice(0, input.limit);
  const last = shown.at(-1)?.row;
  return { items: shown.map(presentDeployment), nextCursor: rows.length > input.limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null, total: totals?.n ?? 0 };
}

export const listDeployments = query({
  name: "environment.read",
  summary: "What was deployed to an environment, newest first.",
  input: DeploymentListInput,
  subject: (on, input, ctx) => environmentSubject(on, input.id, ctx),
  run: (on, input) => deploymentPage(on, eq(deployments.environmentId, input.id), input),
});

export const listServiceDeployments = query({
  name: "deployment.list",
  summary: "What was deployed of a service, over all of its environments, newest first.",
  input: ServiceDeploymentsInput,
  subject: () => null,
  run: (on, input) => {
    const filter = and(
      eq(environments.entityRef, input.entityRef),
      input.tier ? eq(environments.tier, input.tier) : undefined,
      input.status ? eq(deployments.status, input.status) : undefined,
    );
    return deploymentPage(on, filter, input);
  },
});

export const listServiceEnvironments = query({
  name: "deployment.list",
  summary: "What runs where: the stages of a service with their commit, health and traffic, and its sandboxes.",
  input: ServiceEnvironmentsInput,
  subject: () => null,
  run: (on, { entityRef }, ctx) => readServiceEnvironments(on, entityRef, visibleEnvironments(ctx)),
});

export const listDeployChoices = query({
  name: "deployment.list",
  summary: "The branches and the newest commits that can be deployed of a service.",
  input: ServiceEnvironmentsInput,
  subject: () => null,
  run: async (on, { entityRef }): Promise<DeployChoices> => {
    const { repository } = await serviceRepository(on, entityRef);
    const branches = (await listBranches(repository)).map((branch) => branch.name);
    const recent = branches.includes(repository.defaultBranch) ? await commitsBetween(repository, null, repository.defaultBranch, RECENT_COMMITS) : [];
    return { defaultBranch: repository.defaultBranch, branches, recent: recent.map(({ sha, message }) => ({ commit: sha, subject: message.split("\n")[0] ?? "" })) };
  },
});

export const readCommitChoice = query({
  name: "deployment.list",
  summary: "The commit that a branch, tag or commit id of a service means now.",
  input: CommitChoiceInput,
  subject: () => null,
  run: async (on, { entityRef, ref }): Promise<CommitChoice> => {
    const { repository } = await serviceRepository(on, entityRef);
    const { sha, ...info } = await commitInfo(repository, await resolveCommit(repository, ref));
    return { ref, commit: sha, ...info };
  },
});

export const getReceipt = query({
  name: "environment.read",
  summary: "What was removed at the end of an environment, and how its absence was verified.",
  input: EnvironmentId,
  subject: (on, input, ctx) => environmentSubject(on, input.id, ctx),
  run: async (_on, _input, _ctx, { row }): Promise<Receipt> => {
    if (!row.receipt) throw new DomainError("not_found", `There is no receipt yet: the environment is ${row.status}.`);
    return { environmentId: row.id, name: row.name, ...row.receipt };
  },
});

export const listVariables = query({
  name: "environment.read-variables",
  summary: "The variables of an environment; secret values are not shown.",
  input: EnvironmentId,
  subject: (on, input, ctx) => environmentSubject(on, input.id, ctx),
  run: async (on, { id }): Promise<{ items: EnvironmentVariable[]; nextCursor: null; total: number }> => {
    const rows = await readVariables(on, id);
    const items = rows
      .sort((a, b) => a.name.localeCompare(b.name))
      .map((row) => ({
        name: row.name,
        value: row.isSecret ? null : row.value,
        secret: row.isSecret,
        source: row.source,
        description: null,
        updatedAt: row.updatedAt.toISOString(),
      }));
    return { items, nextCursor: null, total: items.length };
  },
});

export const readLogs = query({
  name: "environment.read-logs",
  summary: "Lines of the process log after an offset, or the last ones.",
  input: LogsInput,
  subject: (on, input, ctx) => livingEnvironment(on, input.id, ctx),
  run: async (_on, { after, tail, limit }, _ctx, { row }) => {
    const options = after === undefined ? { tail: tail ?? 200 } : { after, limit };
    const items = await driverNamed(row.driver).logs({ environmentId: row.id, name: row.name, handle: row.handle }, options);
    return { items, nextAfter: items.at(-1)?.offset ?? after ?? 0 };
  },
});

const RECENT_COMMITS = 8;
const TRAFFIC_MINUTES = 120;

export const readTraffic = query({
  name: "environment.read",
  summary: "Requests, errors and 95th percentile per minute of the last two hours, measured at the sandbox address.",
  input: EnvironmentId,
  subject: (on, input, ctx) => environmentSubject(on, input.id, ctx),
  run: async (on, { id }): Promise<{ items: TrafficPoint[]; nextCursor: null; total: number }> => {
    const rows = await on
      .select()
      .from(environmentTraffic)
      .where(and(eq(environmentTraffic.environmentId, id), sql`${environmentTraffic.minute} > now() - ${TRAFFIC_MINUTES} * interval '1 minute'`))
      .orderBy(asc(environmentTraffic.minute));
    const items = rows.map(({ minute, requests, errors, buckets }) => ({ minute: minute.toISOString(), requests, errors, p95Ms: quantileMs(buckets, 0.95) }));
    return { items, nextCursor: null, total: items.length };
  },
});

export const listQuotas = query({
  name: "environment.list",
  summary: "What your teams use of their quotas.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on, _input, { actor }): Promise<{ items: Quota[] }> => ({ items: actor.type === "user" ? await Promise.all(actor.teams.map((team) => teamQuota(on, team))) : [] }),
});

const LEVEL_WORDS = { bubblewrap: "Own namespaces (bubblewrap)", "own-user": "Own user account", process: "Plain process", container: "Container", cluster: "Cluster" };

export const describeDrivers = query({
  name: "environment.list",
  summary: "How environments are kept apart on this installation.",
  input: z.strictObject({}),
  subject: () => null,
  run: async () => {
    const items = await Promise.all(
      allDrivers().map(async (driver) => {
        const [isolation, missing] = await Promise.all([driver.isolation(), driver.unavailable()]);
        const network = isolation.network === "own" ? "own network, no outgoing connections" : "shared network";
        return { name: driver.name, title: driver.title, missing, isolation, summary: `${LEVEL_WORDS[isolation.level]}, ${network}` };
      }),
    );
    return { items };
  },
});

export const readStorage = query({
  name: "settings.read",
  summary: "What the drivers keep on disk for environments to come: packages and builds, and the room that is left.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (): Promise<{ items: KeptStorage[] }> => {
    const found = await Promise.all(
      allDrivers().map(async (driver) => ((await driver.unavailable()) ? null : { driver: driver.name, title: driver.title, storage: await driver.storage() })),
    );
    return { items: found.flatMap((one) => (one?.storage ? [{ driver: one.driver, title: one.title, ...one.storage }] : [])) };
  },
});

export const environmentScope = query({
  name: "environment.read",
  summary: "Whose environment it is, for asking what the reader may do with it.",
  input: EnvironmentId,
  subject: (on, input, ctx) => environmentSubject(on, input.id, ctx),
  run: async (_on, _input, _ctx, { teamId, ownerId }) => ({ teamId, ownerId }),
});

export const hasDemoData = query({
  name: "settings.read",
  summary: "Whether the demo company's history is still there.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on) => Boolean(await on.query.environments.findFirst({ where: eq(environments.isDemo, true), columns: { id: true } })),
});

export { checkTelemetry } from "./telemetry";
export { listDraftTests, listProposalTests } from "./test-runs/queries";
