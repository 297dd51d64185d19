import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { DEFAULT_RULES } from "@/lib/metrics/rules-shape";
import { api, hostToken } from "../setup/command-line";
import { askAs } from "../setup/fast-sign-in";
import { until } from "../setup/until";

// Walks what the build really contains: a route or server action that nobody thought of is tried as well.

const routes = Object.values(JSON.parse(readFileSync(".next/app-path-routes-manifest.json", "utf8")) as Record<string, string>).filter((path) => path.startsWith("/api/"));
const actions = Object.keys((JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8")) as { node: Record<string, unknown> }).node);
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Open to anybody, each for a reason: probes, the sign-in dance, the device flow's first half, the API's description, the frame that diagrams are drawn in. */
const OPEN = [/^\/api\/health\//, /^\/api\/auth\//, /^\/api\/v1\/device\//, /^\/api\/v1\/openapi\.json$/, /^\/api\/diagram(\/script)?$/];

describe("nobody", () => {
  it("gets nothing from any route", async () => {
    expect(routes.length).toBeGreaterThan(30);
    const exposed: string[] = [];
    for (const route of routes.filter((path) => !OPEN.some((open) => open.test(path)))) {
      const path = route.replace(/\[[^\]]+\]/g, "anything");
      for (const method of METHODS) {
        const { status } = await fetch(`${inject("portal").url}${path}`, { method, ...(method === "GET" ? {} : { headers: { "content-type": "application/json" }, body: "{}" }) });
        if (![401, 404, 405].includes(status)) exposed.push(`${method} ${route} ${status}`);
      }
    }
    expect(exposed).toEqual([]);
  });

  it("gets nothing from any server action", async () => {
    expect(actions.length).toBeGreaterThan(10);
    const exposed: string[] = [];
    for (const id of actions) {
      const answer = await fetch(`${inject("portal").url}/sign-in`, {
        method: "POST",
        redirect: "manual",
        headers: { "next-action": id, "content-type": "text/plain;charset=UTF-8", accept: "text/x-component" },
        body: "[{}]",
      });
      const text = await answer.text();
      if (answer.status < 400 && text.includes('"ok":true')) exposed.push(`${id} ${text.slice(0, 200)}`);
      if (answer.status >= 500) exposed.push(`${id} ${answer.status}`);
    }
    expect(exposed).toEqual([]);
  });
});

type Who = "ada" | "olga" | "bo" | "max" | "pat";
const PEOPLE: Who[] = ["ada", "olga", "bo", "max", "pat"];
const tokens = new Map<Who, string>();
const made = new Map<string, { id: string; run: string }>();
let proposal = "";

beforeAll(async () => {
  for (const who of PEOPLE) tokens.set(who, await hostToken(who, who === "pat" ? "read,env:write,admin" : "read,env:write"));
  const waiting = await api(tokens.get("pat") ?? "", "GET", "/golden-path-proposals?status=submitted&goldenPath=node-express");
  proposal = (waiting.body.items as { id: string }[])[0]?.id ?? "";
  for (const [label, who] of [
    ["ada's", "ada"],
    ["olga's", "olga"],
  ] as const) {
    const { status, body } = await api(tokens.get(who) ?? "", "POST", "/environments", { goldenPath: "node-express", ttl: "1h", name: `access-${who}` });
    expect(status).toBe(202);
    const { environment, run } = body as unknown as { environment: { id: string }; run: { id: string } };
    made.set(label, { id: environment.id, run: run.id });
    await until(`${label} environment`, async () => (await api(tokens.get(who) ?? "", "GET", `/environments/${environment.id}`)).body.status === "ready");
  }
});

// Written by hand from the authorization matrix: ada is an engineer and olga an owner of checkout, bo an engineer of
// another team, max the manager of checkout's division, pat a platform admin.
const EXPECTED: [string, "ada's" | "olga's", Record<Who, number>][] = [
  ["GET /environments/:id", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /environments/:id/deployments", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["POST /environments/:id/deployments", "ada's", { ada: 409, olga: 409, bo: 404, max: 409, pat: 409 }],
  ["GET /environments/:id/logs", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /environments/:id/variables", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /environments/:id/credentials", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /environments/:id/traffic", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /environments/:id/telemetry", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /telemetry/summary?environmentId=:id", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /telemetry/traces?environmentId=:id", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /telemetry/summary?entityRef=component:default/checkout-api", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /telemetry/traces/00000000000000000000000000000001", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /environments/:id/receipt", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /runs/:run", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /runs/:run/logs", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["PATCH /environments/:id", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["PATCH /environments/:id", "olga's", { ada: 403, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["POST /environments/:id/restart", "olga's", { ada: 403, olga: 202, bo: 404, max: 409, pat: 409 }],
  ["POST /runs/:run/cancel", "olga's", { ada: 403, olga: 409, bo: 404, max: 409, pat: 409 }],
  ["DELETE /environments/:id", "olga's", { ada: 403, bo: 404, olga: 202, max: 202, pat: 202 }],
  ["GET /settings", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /integrations/github", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /integrations/github/test", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 409 }],
  ["GET /integrations/opa", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["PUT /integrations/opa", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 422 }],
  ["POST /integrations/opa/test", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 409 }],
  ["GET /integrations/hosts", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["PUT /integrations/hosts/gitlab", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 422 }],
  ["POST /integrations/hosts/gitlab/test", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 409 }],
  ["DELETE /integrations/hosts/gitea", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /runs/:run/archive", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /integrations/channels", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["PUT /integrations/mail", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 422 }],
  ["PUT /integrations/chat", "ada's", { ada: 422, olga: 422, bo: 422, max: 422, pat: 422 }],
  ["POST /integrations/channels/chat/test", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 409 }],
  ["DELETE /integrations/channels/chat", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["DELETE /integrations/github", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /users", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /teams", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /entities", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /catalog/findings", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /catalog/findings/owners", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /catalog/repositories", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["PUT /locations/loc_missing", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["POST /locations/loc_missing/read", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["POST /entities/component/default/receipts/confirm", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /entities/component/default/receipts/keep", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /entities/component/default/receipts/edit", "ada's", { ada: 409, olga: 409, bo: 409, max: 409, pat: 409 }],
  ["DELETE /entities/component/default/receipts", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["GET /golden-paths", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /golden-paths/node-express/versions", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /golden-paths/node-express/draft", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["POST /golden-paths/nothing-here/draft", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["GET /golden-paths/node-express/archive?draft=1", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["GET /golden-paths/node-express/draft/test-runs", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /golden-paths/node-express/draft/test-runs", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["POST /golden-path-test-runs", "ada's", { ada: 422, olga: 422, bo: 403, max: 422, pat: 422 }],
  // The demo company's one is checkout's.
  ["GET /golden-path-proposals", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /golden-path-proposals/:proposal", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /golden-path-proposals/:proposal/diff", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /golden-path-proposals/:proposal/test-runs", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["POST /golden-path-proposals/:proposal/check", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["POST /golden-path-proposals/:proposal/review", "ada's", { ada: 403, olga: 403, bo: 404, max: 403, pat: 409 }],
  // These tokens lack repo:create.
  ["POST /golden-path-proposals/:proposal/withdraw", "ada's", { ada: 403, olga: 403, bo: 404, max: 403, pat: 403 }],
  ["POST /golden-path-proposals/:proposal/comments", "ada's", { ada: 403, olga: 403, bo: 404, max: 403, pat: 403 }],
  ["POST /golden-path-proposals", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /golden-path-proposals/prp_missing/submit", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  // Only in the browser.
  ["POST /golden-paths/node-express/forms", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["GET /repositories", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /repositories/checkout/nothing", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /repositories/checkout/nothing/pulls", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["POST /repositories/checkout/nothing/pulls/1/merge", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /services/nothing/golden-path", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /services/checkout-api/decommission", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /services/checkout-api/decommission", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["GET /decommissions/run_nothing", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["POST /decommissions/run_nothing/undo", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /step-actions", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /step-actions/acme:no:thing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["POST /step-actions/acme:no:thing/secret", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["POST /step-callbacks/wmk_step_nothing", "ada's", { ada: 401, olga: 401, bo: 401, max: 401, pat: 401 }],
  ["GET /golden-paths/node-express/services", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /golden-paths/node-express/services", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 202 }],
  ["POST /services", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /golden-paths/node-express/dry-run", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /surveys", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /surveys/current", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /surveys/schedule", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /me/survey-preferences", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /surveys/history?node=group:default/checkout", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /surveys/one-tap", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /surveys/one-tap/results?node=group:default/checkout", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /surveys/changes", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /surveys/changes/targets", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /surveys/form", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /surveys/svy_missing/close", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["PUT /surveys/svy_missing/tags", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["PUT /surveys/form", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 422 }],
  ["POST /surveys/one-tap", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["PUT /me/survey-preferences", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["GET /surveys/svy_missing/results", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /feedback", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /feedback/fbk_missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["GET /metrics/nps?node=group:default/checkout", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["GET /metrics/non-core-time?node=group:default/foundations", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 200 }],
  ["GET /metrics/lead-time?node=org", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /metrics/lead-time?node=group:default/checkout", "ada's", { ada: 200, olga: 200, bo: 403, max: 200, pat: 200 }],
  ["GET /metrics/lead-time/rows?node=component:default/checkout-api", "ada's", { ada: 200, olga: 200, bo: 403, max: 200, pat: 200 }],
  ["GET /metrics/deployment-frequency/export?node=group:default/commerce", "ada's", { ada: 403, olga: 403, bo: 403, max: 200, pat: 200 }],
  ["GET /deployments", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["POST /incidents/inc_missing/resolve", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /delivery-annotations?node=group:default/checkout", "ada's", { ada: 200, olga: 200, bo: 403, max: 200, pat: 200 }],
  ["POST /delivery-annotations", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 201 }],
  ["DELETE /delivery-annotations/ann_missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /delivery-ai-signals?node=group:default/checkout", "ada's", { ada: 200, olga: 200, bo: 403, max: 200, pat: 200 }],
  ["GET /delivery-report?node=group:default/checkout", "ada's", { ada: 200, olga: 200, bo: 403, max: 200, pat: 200 }],
  ["GET /delivery-health?node=org", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /delivery-health?node=group:default/checkout", "ada's", { ada: 200, olga: 200, bo: 403, max: 200, pat: 200 }],
  ["POST /delivery-history", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["GET /delivery-rules", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /delivery-rules/preview", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /webhook-sources", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /webhook-deliveries", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /webhook-comparison", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /webhook-comparison", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 409 }],
  ["GET /webhook-deliveries/whd_missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["POST /webhook-deliveries/whd_missing/replay", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["POST /webhook-sources/whs_missing/rotate", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["GET /scorecards", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /scorecards?scope=all", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /scorecards/production-readiness", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /scorecards/production-readiness/results", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /scorecards/production-readiness/exceptions", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /scorecards/production-readiness/campaigns", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["POST /scorecards/production-readiness/campaigns", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 422 }],
  ["PATCH /scorecards/production-readiness/campaigns/scc_missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["POST /scorecards/production-readiness/campaigns/scc_missing/end", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["GET /scorecards/production-readiness/definition", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /entities/component/default/receipts/scorecards", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["POST /scorecards/evaluate", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /scorecards", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 409 }],
  ["PUT /scorecards/nothing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["DELETE /scorecards/missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  // These tokens lack catalog:write.
  ["POST /scorecards/production-readiness/exceptions", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["DELETE /scorecards/production-readiness/exceptions/sce_missing", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /guardrails", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /guardrails?scope=all", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /guardrails/sandbox-lifetime", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /guardrails/sandbox-lifetime/definition", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /guardrails/sandbox-lifetime/exceptions", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /guardrails/decisions", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /guardrails/decisions/gdd_missing", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /runs/:run/guardrails", "ada's", { ada: 200, olga: 200, bo: 404, max: 200, pat: 200 }],
  ["POST /guardrails", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 409 }],
  ["POST /guardrails/preview", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["PUT /guardrails/nothing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["DELETE /guardrails/missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /guardrails/missing/exceptions", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["DELETE /guardrails/sandbox-lifetime/exceptions/gre_missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /guardrails/check/environment.create", "ada's", { ada: 200, olga: 200, bo: 403, max: 200, pat: 200 }],
  // These tokens lack repo:create and actions:run.
  ["POST /guardrails/check/service.create", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /guardrails/check/golden-path.run", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /guardrails/check/action.run", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["GET /actions", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /actions?scope=all", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["GET /actions/add-database", "ada's", { ada: 200, olga: 200, bo: 200, max: 200, pat: 200 }],
  ["GET /actions/add-database/definition", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 200 }],
  ["POST /actions/add-database/test", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 422 }],
  ["POST /actions/no-such-action/secret", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 404 }],
  ["POST /actions/no-such-action/runs", "ada's", { ada: 404, olga: 404, bo: 404, max: 404, pat: 404 }],
  ["POST /runs/:run/callback", "ada's", { ada: 401, olga: 401, bo: 401, max: 401, pat: 401 }],
  // Only in the browser, after a fresh sign-in.
  ["GET /provisioning-connections", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /provisioning-connections", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["GET /provisioning-connections/scx_missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["DELETE /provisioning-connections/scx_missing", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /provisioning-connections/scx_missing/token", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["DELETE /provisioning-connections/scx_missing/token", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["GET /me/sessions", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
  ["POST /tokens", "ada's", { ada: 403, olga: 403, bo: 403, max: 403, pat: 403 }],
];

const SOME_GUARDRAIL = {
  title: "Again",
  why: "So.",
  abilities: ["environment.create"],
  condition: "request.ttlHours < 72",
  effect: "off",
  message: "Too long.",
  fix: "Ask for less.",
};

/** Bodies of writes that are not about an environment. */
const SENT: Record<string, unknown> = {
  "/entities/component/default/receipts/edit": { base: "0".repeat(40), yaml: "kind: Component" },
  "/scorecards": {
    name: "production-readiness",
    definition: {
      title: "Again",
      levels: [{ name: "bronze", title: "Bronze" }],
      checks: [{ id: "docs", title: "Docs", level: "bronze", condition: "docs.present", why: "So.", fix: "Write." }],
    },
  },
  "/scorecards/evaluate": { checks: [{ id: "docs", condition: "docs.present" }] },
  "/provisioning-connections": { name: "Okta" },
  "/scorecards/nothing": { revision: 1 },
  "/scorecards/production-readiness/campaigns/scc_missing": { title: "Renamed" },
  "/scorecards/production-readiness/campaigns": { title: "Nothing", why: "To be refused.", level: "nothing", until: "2099-01-01" },
  "/scorecards/production-readiness/exceptions": { entityRef: "component:default/receipts", check: "docs", reason: "Later.", until: "2099-01-01" },
  "/guardrails": { name: "sandbox-lifetime", definition: SOME_GUARDRAIL },
  "/guardrails/nothing": { revision: 1, definition: SOME_GUARDRAIL },
  "/guardrails/preview": { abilities: ["environment.create"], condition: "request.ttlHours < 72" },
  "/guardrails/missing/exceptions": { team: "checkout", reason: "Later.", until: "2099-01-01" },
  "/guardrails/check/environment.create": { goldenPath: "node-express", team: "checkout" },
  "/guardrails/check/service.create": { goldenPath: "node-express", team: "checkout", values: { name: "access-sample" } },
  "/guardrails/check/golden-path.run": { name: "node-express", team: "checkout" },
  "/guardrails/check/action.run": { name: "no-such-action" },
  "/delivery-annotations": { day: "2025-01-06", note: "A move to another region" },
  // These tokens lack events:write.
  "/delivery-history": { service: "component:default/checkout-api", source: "address", address: "https://git.example/a/b" },
  "/delivery-rules/preview": { rules: DEFAULT_RULES },
  "/integrations/opa": { url: "https://10.0.0.1", path: "waymark/guardrails", abilities: ["action.run"] },
  "/integrations/hosts/gitlab": { owner: "acme" },
  "/locations/loc_missing": { target: "https://example.com/catalog-info.yaml" },
  "/integrations/mail": { from: "waymark@example.com" },
  "/integrations/chat": {},
  "/surveys/svy_missing/tags": { item: "comment", node: "org", place: 0, tags: ["ci"] },
  "/services/checkout-api/decommission": { confirm: "checkout-api" },
  "/surveys/form": { items: [{ question: { item: "hours", kind: "text", text: "How many hours?" }, on: true }], audience: { kind: "everybody" }, windowDays: 7, basedOn: 0 },
  "/surveys/one-tap": { answer: null },
  "/me/survey-preferences": {},
  "/services": { goldenPath: "node-express", team: "checkout", values: { name: "access-sample" } },
  "/golden-paths/node-express/draft/test-runs": { revision: 1, team: "checkout" },
  "/golden-path-test-runs": { files: [{ path: "README.md", content: "no path" }], team: "checkout" },
  "/golden-path-proposals": { goldenPath: "node-express", title: "Another title", reason: "Because of it", team: "checkout" },
  "/golden-path-proposals/prp_missing/submit": { revision: 1 },
  "/golden-path-proposals/:proposal/review": { decision: "accept", revision: 1 },
  "/golden-path-proposals/:proposal/comments": { comment: "What for?" },
  "/golden-paths/node-express/forms": { version: "1.0.0", form: "0123456789abcdef", state: "open" },
  "/golden-paths/node-express/dry-run": { team: "checkout", values: { name: "access-sample" } },
};

describe("each role on its own and another's things", () => {
  it.each(EXPECTED)("%s of %s environment", async (operation, whose, expected) => {
    const [method = "", template = ""] = operation.split(" ");
    const target = made.get(whose);
    const path = template
      .replace(":id", target?.id ?? "")
      .replace(":run", target?.run ?? "")
      .replace(":proposal", proposal);
    const sent = method === "GET" ? undefined : (SENT[path] ?? SENT[template] ?? (operation === "POST /environments/:id/deployments" ? { ref: "main" } : undefined));
    const body = method === "PATCH" && !(path in SENT) ? { ttl: "2h" } : method === "POST" && path === "/tokens" ? { name: "x", scopes: ["read"] } : sent;
    for (const [who, status] of Object.entries(expected)) {
      const answer = await api(tokens.get(who as Who) ?? "", method, path, body);
      expect(`${who} ${answer.status}`).toBe(`${who} ${status}`);
    }
  });

  it.each([
    "/admin/delivery-rules",
    "/admin/scorecards",
    "/admin/scorecards/production-readiness",
    "/admin/guardrails",
    "/admin/guardrails/sandbox-lifetime",
    "/admin/webhooks",
    "/admin/webhooks/whd_missing",
  ])("the page %s shows nothing to others than platform admins", async (page) => {
    for (const who of ["ada", "olga", "bo", "max"] as const) {
      const ask = await askAs(inject("portal").url, who);
      const text = await (await ask(new URL(page, inject("portal").url))).text();
      expect(text).toContain("Only platform admins may see this");
      expect(text).not.toMatch(/incidentWindowHours|Add a source|docs\.present|ttlHours|x-hub-signature/i);
    }
  });

  it("the data doctor of a team is not for others", async () => {
    const { url } = inject("portal");
    const asked = new URL("/delivery/health?node=group:default/checkout&data=demo", url);
    expect(await (await (await askAs(url, "bo"))(asked)).text()).not.toContain("/catalog/default/component/");
    expect(await (await (await askAs(url, "ada"))(asked)).text()).toContain("/catalog/default/component/");
  });

  it("a token without the scope may not, whatever its owner's role", async () => {
    const readOnly = await hostToken("pat", "read");
    expect((await api(readOnly, "PATCH", `/environments/${made.get("ada's")?.id}`, { ttl: "2h" })).status).toBe(403);
    expect((await api(readOnly, "GET", "/settings")).status).toBe(403);
  });
});
