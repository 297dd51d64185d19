import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { deliveryRules, webhookDeliveries } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { stubGithub } from "@/tests/setup/stub-github";
import { DEFAULT_RULES } from "../contract";
import { compareGithubNow } from "../mutations";
import { getGithubComparison, listDeployments } from "../queries";
import { compareWithGithub, isComparisonDue } from "./compare-github";
import { forgetOldDeliveries, processDelivery } from "./process";

useOwnDatabase();

const sha = (digit: string) => digit.repeat(40);
let pat: SignedIn;
let ago: (hours: number) => string;
let left = 5_000;
const states: Record<number, { state: string; created_at: string }[]> = {};
const listed: object[] = [];
const pulls: object[] = [];
const runs: object[] = [];
const issues: object[] = [];
const headers = () => ({ "x-ratelimit-limit": "5000", "x-ratelimit-remaining": String(left), "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 600) });
const answer = async (data: unknown) => ({ data, status: 200, headers: headers() });
const rest = {
  rateLimit: { get: () => answer({}) },
  repos: {
    listDeployments: ({ page }: { page: number }) => answer(page === 1 ? listed : []),
    listDeploymentStatuses: ({ deployment_id: id }: { deployment_id: number }) => answer(states[id] ?? []),
    listReleases: () => answer([]),
  },
  pulls: { list: ({ page }: { page: number }) => answer(page === 1 ? pulls : []) },
  actions: { listWorkflowRunsForRepo: () => answer({ workflow_runs: runs }) },
  issues: { listForRepo: () => answer(issues) },
};
const deployment = (id: number, hours: number) => ({
  id,
  sha: sha(String(id)),
  environment: "production",
  created_at: ago(hours),
  updated_at: ago(hours - 0.1),
  production_environment: true,
});

beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  ago = (hours) => new Date(pat.now.getTime() - hours * 3_600_000).toISOString();
  stubGithub("https://github.example", "Acme", rest);
  await db()
    .insert(deliveryRules)
    .values({ version: 1, rules: { ...DEFAULT_RULES, workflows: [{ workflow: "Deploy", environment: "live" }], incidentLabels: ["incident"] }, note: "n", createdAt: pat.now });
  await db().execute(sql`insert into delivery_deployments (id, service, environment, external_id, tier, status, repository, commit, started_at, finished_at, source, received_at)
    values ('dep_1', 'component:default/till', 'production', 'github-1', 'production', 'success', 'acme/till', ${sha("1")}, ${ago(30)}, ${ago(30)}, 'github', ${ago(29)})`);
});

const work = async () => {
  const rows = await db().select({ id: webhookDeliveries.id }).from(webhookDeliveries);
  for (const { id } of rows) await processDelivery(id);
  return rows.length;
};

test("what did not come is kept as a delivery and counted; what came is not; a second comparison finds nothing", async () => {
  listed.push(deployment(1, 30), deployment(2, 20), deployment(3, 10));
  states[2] = [
    { state: "success", created_at: ago(19.9) },
    { state: "in_progress", created_at: ago(20) },
  ];
  states[3] = [{ state: "in_progress", created_at: ago(10) }];
  pulls.push({
    number: 4,
    title: "Round",
    state: "closed",
    user: { login: "bo" },
    created_at: ago(40),
    updated_at: ago(20),
    merged_at: ago(20),
    closed_at: ago(20),
    merge_commit_sha: sha("4"),
  });
  runs.push({
    id: 5,
    name: "Deploy",
    run_attempt: 1,
    status: "completed",
    conclusion: "success",
    head_sha: sha("5"),
    run_started_at: ago(9),
    created_at: ago(9),
    updated_at: ago(8),
  });
  runs.push({
    id: 6,
    name: "Tests",
    run_attempt: 1,
    status: "completed",
    conclusion: "success",
    head_sha: sha("5"),
    run_started_at: ago(9),
    created_at: ago(9),
    updated_at: ago(8),
  });
  issues.push({ number: 7, title: "Tills are down", state: "open", created_at: ago(7), updated_at: ago(7), closed_at: null, labels: [{ name: "incident" }] });
  expect(await isComparisonDue(pat.now)).toBe(true);
  expect(await compareWithGithub()).toMatchObject({ repositories: 1, missed: 4, problem: null });
  expect(await work()).toBe(4);
  const { items } = await listDeployments(pat, {});
  expect(items.map((one) => [one.external_id, one.environment, one.status])).toEqual([
    ["workflow-5-1", "live", "success"],
    ["github-2", "production", "success"],
    ["github-1", "production", "success"],
  ]);
  expect(await compareWithGithub()).toMatchObject({ missed: 0 });
  expect(await isComparisonDue(pat.now)).toBe(false);
  expect((await getGithubComparison(pat, {})).last).toMatchObject({ missed: 0 });
});

test("the end of what was under way is found the next night; with the reserve reached it says so and stops", async () => {
  states[3] = [{ state: "failure", created_at: ago(9) }];
  expect(await compareWithGithub()).toMatchObject({ missed: 1 });
  left = 900;
  expect(await compareWithGithub()).toMatchObject({ repositories: 0, problem: expect.stringContaining("kept for people") });
  left = 5_000;
});

test("only the platform team may ask for it", async () => {
  const bo = await signedIn(await aPerson("bo"));
  expect(await outcome(compareGithubNow(bo, {}))).toBe("forbidden");
  expect(await outcome(compareGithubNow(pat, {}))).toBe("done");
});

test("deliveries are forgotten after 90 days, however many there are", async () => {
  await db().execute(sql`insert into webhook_deliveries (id, type, delivery_key, event, body, received_at, status, repeats)
    select 'whd_old' || n, 'github', 'old' || n, 'push', '{}', now() - interval '91 days', 'processed', 0 from generate_series(1, 2500) n`);
  const before = await db().$count(webhookDeliveries);
  expect(await forgetOldDeliveries()).toBe(2_500);
  expect(await db().$count(webhookDeliveries)).toBe(before - 2_500);
});
