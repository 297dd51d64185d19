import { createHash, createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { copyFloor } from "./floor/copy";
import { openDatabase } from "./setup/database";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// What comes in from outside: signed webhooks at a fixed rate, whether or not earlier ones were answered, and deployments with
// their commits in batches until the figures hold them all. The floor is the same rows copied into the same tables.

const PER_SECOND = 50;
const WEBHOOKS = 1_000;
const SERVICES = 20;
const BATCHES = 100;
const BATCH = 100;
const COMMITS_PER_DEPLOYMENT = 2;
const DAY_MS = 86_400_000;

const portal = await benchPortal();
const pat = portal.token("pat", "read,events:write,catalog:write,admin");
const sql = openDatabase(portal);
const sha = (text: string) => createHash("sha1").update(text).digest("hex");
const now = Date.now();

const push = (index: number) => ({
  ref: "refs/heads/main",
  before: sha(`push ${index}`),
  after: sha(`push ${index + 1}`),
  repository: { full_name: "load/webhooks", default_branch: "main" },
  commits: [
    {
      id: sha(`push ${index + 1}`),
      message: "Change",
      timestamp: new Date(now - DAY_MS).toISOString(),
      author: { name: `Load ${index % 7}` },
      added: ["a.ts"],
      removed: [],
      modified: [],
    },
  ],
});

async function webhooks(): Promise<void> {
  const { address, secret } = await portal.call<{ address: string; secret: string }>(pat, "POST", "/webhook-sources", { name: "Load" });
  const target = new URL(new URL(address).pathname + new URL(address).search, portal.url);
  const samples: number[] = [];
  const sent: Promise<void>[] = [];
  const begun = performance.now();
  for (let index = 0; index < WEBHOOKS; index++) {
    const body = JSON.stringify(push(index));
    const headers = {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-github-delivery": `load-${index}`,
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    };
    await wait(Math.max(0, begun + (index * 1_000) / PER_SECOND - performance.now()));
    const one = timed(async () => {
      const answer = await fetch(target, { method: "POST", headers, body });
      if (answer.status !== 202) throw new Error(`webhook: ${answer.status} ${await answer.text()}`);
    });
    sent.push(one.then((ms) => void samples.push(ms)));
  }
  await Promise.all(sent);
  const p99 = samples.sort((a, b) => a - b)[Math.floor(samples.length * 0.99)] ?? 0;
  report(`webhook-accepted-p99-at-${PER_SECOND}-a-second`, "ms", samples, { value: p99 });
}

const each = (BATCHES * BATCH) / SERVICES;
const momentOf = (deployment: number) => now - (each - deployment) * (DAY_MS / 3);
const common = (service: number) => ({ service: `component:default/ingest-${service}`, repository: `load/ingest-${service}` });

function deploymentRow(service: number, deployment: number) {
  const at = new Date(momentOf(deployment)).toISOString();
  const commit = sha(`${service} ${(deployment + 1) * COMMITS_PER_DEPLOYMENT - 1}`);
  return { ...common(service), external_id: `i${deployment}`, environment: "production", tier: "production", status: "success", commit, started_at: at, finished_at: at };
}

function commitRow(service: number, commit: number) {
  const at = new Date(momentOf(Math.floor(commit / COMMITS_PER_DEPLOYMENT)) - 3_600_000 * (1 + (commit % 50))).toISOString();
  const parents = commit > 0 ? [sha(`${service} ${commit - 1}`)] : [];
  return { ...common(service), sha: sha(`${service} ${commit}`), parents, authored_at: at, committed_at: at, author: `Load ${commit % 7}`, message: "Change" };
}

async function ingest(): Promise<void> {
  const documents = Array.from({ length: SERVICES }, (_, n) =>
    ["apiVersion: backstage.io/v1alpha1", "kind: Component", `metadata: {name: ingest-${n}}`, "spec: {type: service, lifecycle: production, owner: checkout}"].join("\n"),
  );
  const headers = { authorization: `Bearer ${pat}`, "content-type": "application/yaml" };
  await fetch(`${portal.url}/api/v1/catalog/import`, { method: "POST", headers, body: documents.join("\n---\n") });
  const changes = BATCHES * BATCH * COMMITS_PER_DEPLOYMENT;
  const counted = async () => (await sql<{ n: number }[]>`select count(*)::int as n from delivery_changes where counted and service like 'component:default/ingest-%'`)[0]?.n ?? 0;
  const begun = performance.now();
  for (let batch = 0; batch < BATCHES; batch++) {
    const [service, first] = [batch % SERVICES, Math.floor(batch / SERVICES) * BATCH];
    const deployments = Array.from({ length: BATCH }, (_, index) => deploymentRow(service, first + index));
    const commits = Array.from({ length: BATCH * COMMITS_PER_DEPLOYMENT }, (_, index) => commitRow(service, first * COMMITS_PER_DEPLOYMENT + index));
    await portal.call(pat, "POST", "/commits", commits);
    await portal.call(pat, "POST", "/deployments", deployments);
  }
  const acceptedMs = performance.now() - begun;
  // The first deployment of a service is the baseline: what it brought counts for nothing.
  while ((await counted()) < changes - SERVICES * COMMITS_PER_DEPLOYMENT) await wait(100);
  const visibleMs = performance.now() - begun;
  const floor = await copyFloor(sql, ["delivery_deployments", "delivery_commits", "delivery_changes"]);
  report("ingest-accepted", "changes/s", [acceptedMs], { value: (changes / acceptedMs) * 1_000 });
  report("ingest-in-the-figures", "changes/s", [visibleMs], { value: (changes / visibleMs) * 1_000 });
  report("ingest-accepted-against-copy", "ms", [acceptedMs], { floor });
}

try {
  await webhooks();
  await ingest();
} finally {
  await sql.end();
  await portal.stop();
}
