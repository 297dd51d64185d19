import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { measureDashboard } from "./setup/dashboard-paint";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// The dashboard's figures over 100,000 production deployments with 200,000 changes, sent through the events API as a company would
// send them, and how long a deployment takes from being reported to being in the figures. The floor is the cheapest signed-in answer.

const SERVICES = 100;
const DEPLOYMENTS = 100_000;
const COMMITS_PER_DEPLOYMENT = 2;
const DAYS = 365;
const ROUNDS = 200;
const VISIBLE_ROUNDS = 15;
const BATCH = 1_500;
const TEAMS = ["checkout", "search", "payments", "growth", "platform", "identity"];

interface Figure {
  summary: { count?: number; n: number; value: number | null };
}

const portal = await benchPortal();
const pat = portal.token("pat", "read,events:write,catalog:write,admin");
const nameOf = (service: number) => `load-${service}`;
const shaOf = (service: number, commit: number) => createHash("sha1").update(`${service} ${commit}`).digest("hex");
const now = Date.now();
const each = DEPLOYMENTS / SERVICES;
const momentOf = (service: number, deployment: number) => now - (DAYS - (deployment * DAYS) / each) * 86_400_000 - service * 1_000;

async function importServices(): Promise<void> {
  const documents = Array.from({ length: SERVICES }, (_, service) =>
    [
      "apiVersion: backstage.io/v1alpha1",
      "kind: Component",
      `metadata: {name: ${nameOf(service)}}`,
      `spec: {type: service, lifecycle: production, owner: ${TEAMS[service % TEAMS.length]}}`,
    ].join("\n"),
  );
  const answer = await fetch(`${portal.url}/api/v1/catalog/import`, {
    method: "POST",
    headers: { authorization: `Bearer ${pat}`, "content-type": "application/yaml" },
    body: documents.join("\n---\n"),
  });
  if (!answer.ok) throw new Error(`catalog import: ${answer.status} ${await answer.text()}`);
}

const deploymentRow = (service: number, deployment: number) => {
  const at = new Date(momentOf(service, deployment)).toISOString();
  const base = { service: `component:default/${nameOf(service)}`, environment: "production", tier: "production", status: "success" };
  return {
    ...base,
    external_id: `d${deployment}`,
    commit: shaOf(service, deployment * COMMITS_PER_DEPLOYMENT),
    repository: `load/${nameOf(service)}`,
    started_at: at,
    finished_at: at,
  };
};

const commitRow = (service: number, commit: number) => {
  const deployed = momentOf(service, Math.ceil(commit / COMMITS_PER_DEPLOYMENT));
  const at = new Date(deployed - (0.5 + ((commit * 37 + service * 11) % 700) / 10) * 3_600_000).toISOString();
  const parents = commit > 0 ? [shaOf(service, commit - 1)] : [];
  return { sha: shaOf(service, commit), parents, repository: `load/${nameOf(service)}`, authored_at: at, committed_at: at, author: `Load ${commit % 4}`, message: "Change" };
};

async function send(path: string, rows: unknown[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) await portal.call(pat, "POST", path, rows.slice(at, at + BATCH));
}

const count = async () => (await portal.call<Figure>(pat, "GET", "/metrics/deployment-frequency?node=org&data=live")).summary.n;

try {
  await importServices();
  const begun = performance.now();
  for (let service = 0; service < SERVICES; service++) {
    await send(
      "/commits",
      Array.from({ length: each * COMMITS_PER_DEPLOYMENT }, (_, commit) => commitRow(service, commit)),
    );
    await send(
      "/deployments",
      Array.from({ length: each }, (_, deployment) => deploymentRow(service, deployment)),
    );
  }
  while ((await count()) < DEPLOYMENTS) await wait(250);
  report("delivery-load-100k", "ms", [performance.now() - begun]);

  const floor: number[] = [];
  for (let i = 0; i < ROUNDS; i++) floor.push(await timed(() => portal.call(pat, "GET", "/me")));
  const median = [...floor].sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  for (const metric of ["lead-time", "deployment-frequency"]) {
    for (const [label, node] of [
      ["organisation", "org"],
      ["division", "group:default/commerce"],
      ["team", "group:default/checkout"],
      ["service", `component:default/${nameOf(0)}`],
    ]) {
      const samples: number[] = [];
      for (let i = 0; i < ROUNDS / 2; i++) samples.push(await timed(() => portal.call(pat, "GET", `/metrics/${metric}?node=${node}&data=live`)));
      report(`${metric}-${label}-100k`, "ms", samples, { floor: median });
    }
  }

  await measureDashboard(portal.url, "?node=org&data=live");

  const visible: number[] = [];
  for (let round = 0; round < VISIBLE_ROUNDS; round++) {
    const before = await count();
    const at = new Date().toISOString();
    visible.push(
      await timed(async () => {
        await portal.call(pat, "POST", "/deployments", { ...deploymentRow(0, 0), external_id: `visible-${round}`, started_at: at, finished_at: at });
        while ((await count()) === before) await wait(20);
      }),
    );
  }
  report("deployment-to-visible-100k", "ms", visible);
} finally {
  await portal.stop();
}
