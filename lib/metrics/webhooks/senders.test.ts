import { createHmac } from "node:crypto";
import examples from "@octokit/webhooks-examples";
import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { deliveryRules, incidents, webhookDeliveries } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { WEBHOOK_TYPES, type WebhookType } from "../contract";
import { drainDirty } from "../drain";
import { createWebhookSource, receiveWebhook } from "../mutations";
import { DEFAULT_RULES } from "../rules-shape";
import { processDelivery } from "./process";
import { isSignedBy } from "./signature";

// Every kind of sender: what its events become, that order and repeats change nothing, and that nothing unsigned is kept.

useOwnDatabase();

let pat: SignedIn;
const secrets = new Map<WebhookType, string>();
let count = 0;

beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  for (const type of WEBHOOK_TYPES) secrets.set(type, (await createWebhookSource(pat, { name: type, type })).secret);
  const rules = { ...DEFAULT_RULES, workflows: [{ workflow: "*", environment: "production" }], releases: true, incidentLabels: ["bug"] };
  await db().insert(deliveryRules).values({ version: 1, rules, note: "everything counts" });
});

const mac = (secret: string, body: string) => createHmac("sha256", secret).update(body).digest("hex");
const SIGN: Record<WebhookType, (secret: string, body: string) => Record<string, string>> = {
  github: (secret, body) => ({ "x-hub-signature-256": `sha256=${mac(secret, body)}` }),
  pagerduty: (secret, body) => ({ "x-pagerduty-signature": `v1=${"0".repeat(64)},v1=${mac(secret, body)}` }),
  grafana: (secret, body) => ({ "x-grafana-alerting-timestamp": "1700000000", "x-grafana-alerting-signature": mac(secret, `1700000000:${body}`) }),
  alertmanager: (secret) => ({ authorization: `Bearer ${secret}` }),
  argocd: (secret) => ({ authorization: `Bearer ${secret}` }),
};

async function deliver(type: WebhookType, payload: unknown, more: Record<string, string> = {}) {
  const body = JSON.stringify(payload);
  const { id } = await receiveWebhook({ type, body: Buffer.from(body), headers: new Headers({ ...SIGN[type](secrets.get(type) ?? "", body), ...more }) });
  await processDelivery(id);
  const [row] = await db().select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id));
  return { status: row?.status, result: row?.result };
}
const github = (event: string, payload: unknown) => deliver("github", payload, { "x-github-event": event, "x-github-delivery": `d-${++count}` });

const kept = async () => {
  await drainDirty();
  const table = async (columns: string, from: string) => [...(await db().execute(sql.raw(`select ${columns} from ${from} order by 1, 2, 3`)))];
  return {
    deployments: await table("service, external_id, environment, tier, status, commit, finished_at, kind", "delivery_deployments"),
    commits: await table("repository, sha, service, subject, authored_at", "delivery_commits"),
    pulls: await table("repository, number, state, merge_commit", "delivery_pull_requests"),
    incidents: await table("service, external_id, severity, opened_at, resolved_at", "incidents"),
  };
};

/** The same in a random but repeatable order. */
const shuffled = <T>(list: T[], seed: number) => fc.sample(fc.shuffledSubarray(list, { minLength: list.length }), { numRuns: 1, seed })[0] ?? list;

test("every example of every GitHub event is understood or ignored, and sent again, shuffled, changes nothing", async () => {
  const all = examples.flatMap(({ name, examples: list }) => list.map((payload) => [name, payload] as const));
  expect(all.length).toBeGreaterThan(300);
  const failed: unknown[] = [];
  for (const [event, payload] of all) {
    const { status, result } = await github(event, payload);
    if (status === "failed") failed.push([event, result]);
  }
  expect(failed).toEqual([]);
  const before = await kept();
  expect(before.deployments.length).toBeGreaterThan(1);
  expect(before.pulls.length).toBeGreaterThan(0);
  const used = all.filter(([event]) => ["push", "pull_request", "deployment_status", "workflow_run", "release", "issues"].includes(event));
  for (const [event, payload] of shuffled(used, 7)) await github(event, payload);
  const after = await kept();
  expect({ deployments: after.deployments, commits: after.commits, incidents: after.incidents }).toEqual({
    deployments: before.deployments,
    commits: before.commits,
    incidents: before.incidents,
  });
}, 240_000);

const run = (conclusion: string, attempt: number, more: object = {}) => ({
  workflow_run: {
    id: 7,
    name: "Deploy",
    run_attempt: attempt,
    status: "completed",
    conclusion,
    head_sha: "a".repeat(40),
    created_at: "2026-03-02T08:00:00Z",
    updated_at: `2026-03-02T08:0${attempt}:00Z`,
    ...more,
  },
  repository: { full_name: "acme/runner" },
});

test("runs of a deploying workflow are deployments, each attempt its own; what was cancelled or goes on is not", async () => {
  await github("workflow_run", run("failure", 1));
  await github("workflow_run", run("success", 2));
  expect(await github("workflow_run", run("cancelled", 3))).toMatchObject({ status: "ignored" });
  const rows = await db().execute(sql`select external_id, status, tier from delivery_deployments where service = 'component:default/runner' order by 1`);
  expect([...rows]).toEqual([
    { external_id: "workflow-7-1", status: "failure", tier: "production" },
    { external_id: "workflow-7-2", status: "success", tier: "production" },
  ]);
});

const pager = (type: string, at: string, data: object = {}) => ({
  event: {
    id: `${type}-${at}`,
    event_type: `incident.${type}`,
    occurred_at: at,
    data: { id: "PX1", title: "Checkout slow", created_at: "2026-03-02T10:00:00Z", urgency: "high", service: { id: "PS1", summary: "Shop API" }, ...data },
  },
});
const PAGER = [
  pager("triggered", "2026-03-02T10:00:01Z"),
  pager("acknowledged", "2026-03-02T10:05:00Z"),
  pager("resolved", "2026-03-02T11:00:00Z"),
  pager("reopened", "2026-03-02T11:10:00Z"),
  pager("resolved", "2026-03-02T12:00:00Z"),
];

test("a PagerDuty incident lasts from its making to its latest resolution, in whatever order that is told", async () => {
  for (let seed = 1; seed <= 4; seed++) {
    await db().delete(incidents).where(eq(incidents.externalId, "pagerduty-PX1"));
    await db().delete(webhookDeliveries).where(eq(webhookDeliveries.type, "pagerduty"));
    for (const event of shuffled([...PAGER, ...PAGER], seed)) expect((await deliver("pagerduty", event)).status).not.toBe("failed");
    const [row] = await db().select().from(incidents).where(eq(incidents.externalId, "pagerduty-PX1"));
    expect(row).toMatchObject({
      service: "component:default/shop-api",
      severity: "high",
      openedAt: new Date("2026-03-02T10:00:00Z"),
      resolvedAt: new Date("2026-03-02T12:00:00Z"),
      title: "Checkout slow",
    });
  }
});

const alert = (fingerprint: string, severity: string, status: "firing" | "resolved") => ({
  status,
  labels: { alertname: "HighErrorRate", severity, service: "till" },
  annotations: { summary: "Errors above 5 %" },
  startsAt: "2026-03-02T10:00:00.123Z",
  endsAt: status === "firing" ? "0001-01-01T00:00:00Z" : "2026-03-02T10:30:00Z",
  generatorURL: "http://prometheus/x",
  fingerprint,
});

test.each(["alertmanager", "grafana"] as const)(
  "%s: only severe alerts become incidents; a group that is sent again and the end before the beginning change nothing",
  async (type) => {
    const group = (...alerts: object[]) => ({ version: "4", groupKey: "{}", status: "firing", receiver: "waymark", alerts });
    for (const body of [
      group(alert("f1", "critical", "resolved")),
      group(alert("f1", "critical", "firing"), alert("f2", "warning", "firing")),
      group(alert("f1", "critical", "firing"), alert("f2", "warning", "firing")),
    ])
      expect((await deliver(type, body)).status).toBe("processed");
    expect(await deliver(type, group(alert("f3", "info", "firing")))).toMatchObject({ status: "ignored" });
    const rows = await db().execute(sql`select service, severity, title, opened_at, resolved_at from incidents where source = ${type}`);
    expect([...rows]).toMatchObject([{ service: "component:default/till", severity: "critical", title: "Errors above 5 %" }]);
    expect(new Date(String(rows[0]?.resolved_at)).toISOString()).toBe("2026-03-02T10:30:00.000Z");
  },
);

test("Argo CD: a synchronisation that ended is a deployment of the source's commit", async () => {
  const sync = (phase: string, more: object = {}) => ({
    app: "till-prod",
    phase,
    revision: "c".repeat(40),
    repository: "https://github.com/acme/config.git",
    commit: "d".repeat(40),
    source_repository: "https://github.com/acme/till",
    service: "till",
    environment: "production",
    started_at: "2026-03-02T10:00:00Z",
    finished_at: "2026-03-02T10:02:00Z",
    ...more,
  });
  await deliver("argocd", sync("Succeeded"));
  await deliver("argocd", sync("Succeeded"));
  expect(await deliver("argocd", sync("Running", { finished_at: "" }))).toMatchObject({ status: "ignored" });
  expect(await deliver("argocd", sync("Failed", { commit: "<no value>", revision: "<no value>" }))).toMatchObject({ status: "ignored" });
  const rows = await db().execute(sql`select service, repository, commit, status from delivery_deployments where source = 'argocd'`);
  expect([...rows]).toEqual([{ service: "component:default/till", repository: "acme/till", commit: "d".repeat(40), status: "success" }]);
});

test.each(WEBHOOK_TYPES)("%s: no altered signature is accepted, and nothing of it is kept", async (type) => {
  const body = JSON.stringify({ a: 1 });
  const secret = secrets.get(type) ?? "";
  const good = SIGN[type](secret, body);
  const [name = ""] = Object.keys(good).slice(-1);
  const value = good[name] ?? "";
  // The secret or the last signature is what is altered; what precedes it names the scheme.
  const start = value.length - (type === "alertmanager" || type === "argocd" ? secret.length : 64);
  fc.assert(
    fc.property(fc.integer({ min: start, max: value.length - 1 }), fc.constantFrom(..."0123456789abcdefgZ-_ ,="), (place, char) => {
      const altered = value.slice(0, place) + char + value.slice(place + 1);
      if (altered !== value) expect(isSignedBy(type, secret, Buffer.from(body), new Headers({ ...good, [name]: altered }))).toBe(false);
    }),
    { numRuns: 2_000 },
  );
  const before = await db().$count(webhookDeliveries);
  for (const wrong of ["", value.slice(0, -1), `${value}0`, value.replace(/^\S+[ =]/, "")])
    expect(await outcome(receiveWebhook({ type, body: Buffer.from(body), headers: new Headers({ [name]: wrong }) }))).toBe("unauthenticated");
  expect(await db().$count(webhookDeliveries)).toBe(before);
});

test.each(WEBHOOK_TYPES)("%s: what is no event of it is refused or kept as failed, never an error of ours", async (type) => {
  for (const payload of [
    [],
    null,
    {},
    { alerts: [{}] },
    { event: { id: "x", event_type: "incident.triggered", occurred_at: "NaN", data: {} } },
    { app: "a", phase: "Succeeded", started_at: "1970" },
  ]) {
    const result = await deliver(type, payload, { "x-github-event": "push", "x-github-delivery": `bad-${++count}` }).then(
      ({ status }) => status,
      (error: { code?: string }) => error.code,
    );
    expect(["failed", "invalid", "ignored"]).toContain(result);
  }
});

test("what is said to have happened in the future is kept as failed and moves no figure; a subject cut in the middle of an emoji is kept", async () => {
  const sha = "c".repeat(40);
  const at = "2199-01-01T00:00:00Z";
  const repository = { full_name: "acme/ahead" };
  const deployment = { id: 9, sha, environment: "production", created_at: at, updated_at: at, production_environment: true, transient_environment: false };
  expect(await github("deployment_status", { deployment, deployment_status: { state: "success", created_at: at }, repository })).toMatchObject({
    status: "failed",
    result: expect.stringContaining("2199-01-01T00:00:00.000Z lies in the future"),
  });
  expect([...(await db().execute(sql`select 1 from delivery_deployments where service = 'component:default/ahead'`))]).toEqual([]);
  const author = { name: "Ada", email: "ada@acme.example" };
  const commit = { id: sha, message: `${"a".repeat(199)}😀 and more`, timestamp: "2026-03-02T10:00:00Z", author, committer: author, added: [], removed: [], modified: [] };
  const push = { ref: "refs/heads/main", before: "0".repeat(40), after: sha, forced: false, commits: [commit], head_commit: commit, repository };
  expect(await github("push", push)).toMatchObject({ status: "processed" });
  expect([...(await db().execute(sql`select subject from delivery_commits where sha = ${sha} and repository = 'acme/ahead'`))]).toEqual([{ subject: "a".repeat(199) }]);
});
