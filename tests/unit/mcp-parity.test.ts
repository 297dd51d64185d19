import { readFile } from "node:fs/promises";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as actionRuns from "@/app/api/v1/actions/[name]/runs/route";
import * as entityRoute from "@/app/api/v1/entities/[kind]/[namespace]/[name]/route";
import * as environmentDeployments from "@/app/api/v1/environments/[id]/deployments/route";
import * as environmentRestart from "@/app/api/v1/environments/[id]/restart/route";
import * as environmentRoute from "@/app/api/v1/environments/[id]/route";
import * as environmentsRoute from "@/app/api/v1/environments/route";
import * as meRoute from "@/app/api/v1/me/route";
import * as metricRoute from "@/app/api/v1/metrics/[metric]/route";
import * as runCancel from "@/app/api/v1/runs/[id]/cancel/route";
import * as runRoute from "@/app/api/v1/runs/[id]/route";
import * as servicesRoute from "@/app/api/v1/services/route";
import { db } from "@/db/client";
import { auditEvents, rateLimits, runs } from "@/db/schema";
import type { Scope } from "@/lib/core/actor";
import { newId } from "@/lib/core/id";
import { PERMISSIONS } from "@/lib/core/policy";
import { TOOLS } from "@/lib/mcp/tools";
import { type Cast, publish, theCast, webhookDefinition } from "../setup/action-world";
import { anEnvironmentRow, aToken, callTool } from "../setup/mcp-world";
import { useOwnDatabase } from "../setup/own-database";

// An agent is refused what its person is refused over the HTTP API, with the same code and the same words.

useOwnDatabase();
type Who = keyof Cast;
let cast: Cast;
const ids = { olgas: "", adas: "", run: "" };
const tokens = new Map<string, string>();

beforeAll(async () => {
  cast = await theCast();
  await publish(cast.pat, "owners-only", webhookDefinition("https://hooks.example/x", { title: "Owners only", whoMayRun: "team-owners" }));
  [ids.adas, ids.olgas] = [await anEnvironmentRow(cast.ada.actor.id, "checkout"), await anEnvironmentRow(cast.olga.actor.id, "checkout")];
  ids.run = newId("run");
  await db().insert(runs).values({
    id: ids.run,
    kind: "environment.create",
    title: "x",
    status: "succeeded",
    finishedAt: new Date(),
    input: {},
    teamId: "tea_checkout",
    requestedBy: cast.olga.actor.id,
    deadlineMs: 1,
    deadlineAt: new Date(),
    createdAt: new Date(),
  });
});
beforeEach(async () => {
  await db().delete(rateLimits);
});

async function tokenOf(who: Who, scopes: Scope[]): Promise<string> {
  const key = `${who} ${scopes.join()}`;
  const known = tokens.get(key) ?? (await aToken(cast[who].actor.id, scopes)).token;
  tokens.set(key, known);
  return known;
}

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
interface Door {
  handler: Handler;
  method: string;
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
}

async function byApi(token: string, { handler, method, params = {}, query = "", body }: Door) {
  const request = new Request(`http://localhost:3000/api/v1/x${query}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const { code, detail } = (await response.json()) as { code?: string; detail?: string };
  return response.ok ? { decision: "allowed" } : { decision: "refused", status: response.status, code, detail };
}

async function byAgent(token: string, tool: string, args: Record<string, unknown>) {
  const { structuredContent } = await callTool(token, tool, args);
  const { problem } = structuredContent ?? {};
  return problem ? { decision: "refused", status: problem.status, code: problem.code, detail: problem.detail } : { decision: "allowed" };
}

const READ: Scope[] = ["read"];
const ENV: Scope[] = ["read", "env:write"];
const ALL: Scope[] = ["read", "env:write", "repo:create", "actions:run"];

/** Ability, who with which scopes, decision, and the two doors. */
const CASES: [what: string, who: Who, scopes: Scope[], expected: string, tool: string, args: () => Record<string, unknown>, door: () => Door][] = [
  ["who am I", "ada", READ, "allowed", "me", () => ({}), () => ({ handler: meRoute.GET, method: "GET" })],
  ["who am I without read", "ada", ["env:write"], "forbidden", "me", () => ({}), () => ({ handler: meRoute.GET, method: "GET" })],
  [
    "read a colleague's environment",
    "ada",
    READ,
    "allowed",
    "environment_get",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentRoute.GET, method: "GET", params: { id: ids.olgas } }),
  ],
  [
    "read another team's environment",
    "bo",
    READ,
    "not_found",
    "environment_get",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentRoute.GET, method: "GET", params: { id: ids.olgas } }),
  ],
  [
    "read it as their manager",
    "max",
    READ,
    "allowed",
    "environment_get",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentRoute.GET, method: "GET", params: { id: ids.olgas } }),
  ],
  [
    "extend a colleague's environment",
    "ada",
    ENV,
    "forbidden",
    "environment_extend",
    () => ({ id: ids.olgas, ttl: "7d" }),
    () => ({ handler: environmentRoute.PATCH, method: "PATCH", params: { id: ids.olgas }, body: { ttl: "7d" } }),
  ],
  [
    "extend one's own",
    "ada",
    ENV,
    "allowed",
    "environment_extend",
    () => ({ id: ids.adas, ttl: "7d" }),
    () => ({ handler: environmentRoute.PATCH, method: "PATCH", params: { id: ids.adas }, body: { ttl: "7d" } }),
  ],
  [
    "extend one's own without the scope",
    "ada",
    READ,
    "forbidden",
    "environment_extend",
    () => ({ id: ids.adas, ttl: "7d" }),
    () => ({ handler: environmentRoute.PATCH, method: "PATCH", params: { id: ids.adas }, body: { ttl: "7d" } }),
  ],
  [
    "extend beyond the limit",
    "olga",
    ENV,
    "invalid",
    "environment_extend",
    () => ({ id: ids.olgas, ttl: "300d" }),
    () => ({ handler: environmentRoute.PATCH, method: "PATCH", params: { id: ids.olgas }, body: { ttl: "300d" } }),
  ],
  [
    "delete a colleague's environment",
    "ada",
    ENV,
    "forbidden",
    "environment_delete",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentRoute.DELETE, method: "DELETE", params: { id: ids.olgas } }),
  ],
  [
    "delete another team's environment",
    "bo",
    ENV,
    "not_found",
    "environment_delete",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentRoute.DELETE, method: "DELETE", params: { id: ids.olgas } }),
  ],
  [
    "delete what is not there",
    "pat",
    ENV,
    "not_found",
    "environment_delete",
    () => ({ id: "env_none" }),
    () => ({ handler: environmentRoute.DELETE, method: "DELETE", params: { id: "env_none" } }),
  ],
  [
    "roll back another team's",
    "bo",
    ENV,
    "not_found",
    "environment_roll_back",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentDeployments.POST, method: "POST", params: { id: ids.olgas }, body: { rollback: true } }),
  ],
  [
    "roll back where nothing ran before",
    "olga",
    ENV,
    "conflict",
    "environment_roll_back",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentDeployments.POST, method: "POST", params: { id: ids.olgas }, body: { rollback: true } }),
  ],
  [
    "deploy nothing",
    "olga",
    ENV,
    "invalid",
    "environment_deploy",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentDeployments.POST, method: "POST", params: { id: ids.olgas }, body: {} }),
  ],
  [
    "restart a colleague's",
    "ada",
    ENV,
    "forbidden",
    "environment_restart",
    () => ({ id: ids.olgas }),
    () => ({ handler: environmentRestart.POST, method: "POST", params: { id: ids.olgas } }),
  ],
  [
    "create for another team",
    "ada",
    ENV,
    "forbidden",
    "environment_create",
    () => ({ goldenPath: "x", team: "search" }),
    () => ({ handler: environmentsRoute.POST, method: "POST", body: { goldenPath: "x", team: "search" } }),
  ],
  [
    "create from a path that is not there",
    "ada",
    ENV,
    "invalid",
    "environment_create",
    () => ({ goldenPath: "none" }),
    () => ({ handler: environmentsRoute.POST, method: "POST", body: { goldenPath: "none" } }),
  ],
  [
    "create with a field that is not there",
    "ada",
    ENV,
    "invalid",
    "environment_create",
    () => ({ goldenPath: "x", owner: "pat" }),
    () => ({ handler: environmentsRoute.POST, method: "POST", body: { goldenPath: "x", owner: "pat" } }),
  ],
  ["read a run of another team", "bo", READ, "not_found", "run_get", () => ({ id: ids.run }), () => ({ handler: runRoute.GET, method: "GET", params: { id: ids.run } })],
  ["wait for a run of another team", "bo", READ, "not_found", "run_wait", () => ({ id: ids.run }), () => ({ handler: runRoute.GET, method: "GET", params: { id: ids.run } })],
  ["read a run of one's team", "ada", READ, "allowed", "run_wait", () => ({ id: ids.run }), () => ({ handler: runRoute.GET, method: "GET", params: { id: ids.run } })],
  ["cancel a colleague's run", "ada", ENV, "forbidden", "run_cancel", () => ({ id: ids.run }), () => ({ handler: runCancel.POST, method: "POST", params: { id: ids.run } })],
  ["cancel what has ended", "olga", ENV, "conflict", "run_cancel", () => ({ id: ids.run }), () => ({ handler: runCancel.POST, method: "POST", params: { id: ids.run } })],
  [
    "run an action for owners",
    "ada",
    ALL,
    "forbidden",
    "action_run",
    () => ({ name: "owners-only", entityRef: "component:default/checkout-api" }),
    () => ({ handler: actionRuns.POST, method: "POST", params: { name: "owners-only" }, body: { entityRef: "component:default/checkout-api" } }),
  ],
  [
    "run an action without the scope",
    "olga",
    ENV,
    "forbidden",
    "action_run",
    () => ({ name: "owners-only", entityRef: "component:default/checkout-api" }),
    () => ({ handler: actionRuns.POST, method: "POST", params: { name: "owners-only" }, body: { entityRef: "component:default/checkout-api" } }),
  ],
  [
    "create a service for another team",
    "ada",
    ALL,
    "forbidden",
    "service_create",
    () => ({ goldenPath: "x", team: "search" }),
    () => ({ handler: servicesRoute.POST, method: "POST", body: { goldenPath: "x", team: "search" } }),
  ],
  [
    "read any entity",
    "bo",
    READ,
    "allowed",
    "entity_get",
    () => ({ ref: "component:default/checkout-api" }),
    () => ({ handler: entityRoute.GET, method: "GET", params: { kind: "component", namespace: "default", name: "checkout-api" } }),
  ],
  [
    "figures of another team",
    "bo",
    READ,
    "forbidden",
    "metric_get",
    () => ({ metric: "lead-time", node: "group:default/checkout" }),
    () => ({ handler: metricRoute.GET, method: "GET", params: { metric: "lead-time" }, query: "?node=group:default/checkout" }),
  ],
  [
    "figures of one's own team",
    "olga",
    READ,
    "allowed",
    "metric_get",
    () => ({ metric: "lead-time", node: "group:default/checkout" }),
    () => ({ handler: metricRoute.GET, method: "GET", params: { metric: "lead-time" }, query: "?node=group:default/checkout" }),
  ],
];

describe("an agent and the HTTP API decide the same", () => {
  test.each(CASES)("%s: %s with %j is %s", async (_what, who, scopes, expected, tool, args, door) => {
    const token = await tokenOf(who, scopes);
    const [api, agent] = [await byApi(token, door()), await byAgent(token, tool, args())];
    expect(agent).toEqual(api);
    expect(api.decision === "allowed" ? "allowed" : (api as { code?: string }).code).toBe(expected);
  });

  test("and write the same refusals down, the agent's with its name", async () => {
    await db().delete(rateLimits);
    const token = await tokenOf("ada", ENV);
    await byApi(token, { handler: environmentRestart.POST, method: "POST", params: { id: ids.olgas } });
    await byAgent(token, "environment_restart", { id: ids.olgas });
    const refusals = (await db().select().from(auditEvents))
      .filter(({ name, result, actorLabel }) => name === "environment.restart" && result === "refused" && actorLabel === "ada")
      .slice(-2);
    expect(refusals.map(({ mcpClient, detail, teamId }) => [mcpClient, detail, teamId])).toEqual([
      [null, { reason: "forbidden" }, "tea_checkout"],
      ["Unnamed agent", { reason: "forbidden" }, "tea_checkout"],
    ]);
  });
});

test("the page about agents lists every tool with its ability and scope", async () => {
  const page = await readFile("docs/integrations/mcp.md", "utf8");
  const lines = TOOLS.map(
    ({ name, permission, annotations: { readOnlyHint } }) => `| \`${name}\` | \`${permission}\` | \`${PERMISSIONS[permission].scope}\` | ${readOnlyHint ? "reads" : "changes"} |`,
  );
  expect(lines.filter((line) => !page.includes(line))).toEqual([]);
  expect(page.match(/^\| `[a-z_]+` \|/gm)).toHaveLength(TOOLS.length);
});
