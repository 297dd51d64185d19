import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { closeBrowser, screenshot, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { askSandbox } from "../setup/sandbox-request";
import { until } from "../setup/until";

// The whole card once: what an engineer pushes is what runs, what the manager counts, and what the audit log tells.

const NAME = "loyalty-points";
const REF = `component:default/${NAME}`;
const work = mkdtempSync(path.join(tmpdir(), "wm-e2e-platform-"));
let ada = "";

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@fellside.example", ...args], { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

function push(message: string): string {
  appendFileSync(path.join(work, "README.md"), `\n${message}\n`);
  git("commit", "--quiet", "-am", message);
  git("push", "--quiet", "origin", "HEAD");
  return git("rev-parse", "HEAD");
}

interface Listed {
  id: string;
  tier: string;
  status: string;
  commit: string | null;
}
const environmentOf = async (tier: string) => ((await api(ada, "GET", `/environments?q=${NAME}`)).body.items as Listed[]).find((one) => one.tier === tier);
const runs = (tier: string, commit: string) =>
  until(`${tier} to run ${commit.slice(0, 7)}`, async () => {
    const found = await environmentOf(tier);
    return found?.status === "ready" && found.commit === commit ? found : null;
  });

beforeAll(async () => {
  ada = await hostToken("ada", "read,env:write,repo:create,catalog:write,events:write,actions:run");
});
afterAll(async () => {
  await closeBrowser();
  rmSync(work, { recursive: true, force: true });
});

it("an engineer takes an idea to production from the terminal", async () => {
  const made = await commandLine("waymark", ["new", "node-express", "--set", `name=${NAME}`, "--set", "owner=group:default/checkout", "--json"], ada);
  expect(made.code, made.stderr).toBe(0);
  const { service } = JSON.parse(made.stdout) as { service: { repository: { cloneUrl: string } } };
  git("clone", "--quiet", service.repository.cloneUrl.replace("://", `://ada:${ada}@`), ".");
  const first = push("Count points per order");
  const development = await runs("development", first);
  expect(await askSandbox(`${NAME}-development`, "/readyz")).toMatchObject({ status: 200 });
  expect((await api(ada, "POST", "/environments", { entityRef: REF, tier: "production", ref: first })).status).toBe(202);
  const production = await runs("production", first);
  const second = push("Round points down");
  await runs("development", second);
  expect((await api(ada, "POST", `/environments/${production.id}/deployments`, { promoteFrom: development.id })).status).toBe(202);
  await runs("production", second);
});

it("the team finds exactly the pushed commit behind the newest point, as git tells it", async () => {
  const sha = git("rev-parse", "HEAD");
  const authored = Date.parse(git("show", "-s", "--format=%aI", sha));
  const max = await hostToken("max", "read");
  const lead = await until("the change to be counted", async () => {
    const { body } = await api(ada, "GET", `/metrics/lead-time?node=${REF}`);
    const { summary } = body as { summary: { n: number; value: number | null } };
    return summary.n === 1 ? summary : null;
  });
  const { body } = await api(max, "GET", `/deployments?service=${REF}&tier=production`);
  const deployed = (body.items as { commit: string; finished_at: string }[]).find((one) => one.commit === sha);
  // The median of one change is that change: deployed minus authored, in whole seconds as git writes them.
  expect(lead.value).toBeCloseTo((Date.parse(deployed?.finished_at ?? "") - authored) / 1000, 0);

  const { page, complaints } = await visitor("ada");
  await page.goto(`/delivery?node=group:default/checkout&service=${REF}&data=live`);
  const row = page.locator("tr[data-row]", { hasText: "Round points down" });
  await row.getByText(sha.slice(0, 7)).waitFor();
  expect(await page.locator("tr[data-row]").count()).toBe(1);
  await screenshot(page, "delivery-live-light-1440");
  await row.getByRole("link").first().click();
  await page.getByText("+Round points down").waitFor();
  expect(complaints).toEqual([]);
});

it("an incident is told and ended; the service's page shows what runs where", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto(`/catalog/default/component/${NAME}`);
  const production = page.getByRole("region", { name: "Production", exact: true });
  await production.getByText(git("rev-parse", "HEAD").slice(0, 7)).waitFor();
  await screenshot(page, "service-light-1440");
  await page.goto(`/catalog/default/component/${NAME}/delivery`);
  await page.getByRole("button", { name: "Declare incident" }).click();
  await page.getByLabel("What is wrong").fill("Points are counted twice");
  await page.getByRole("button", { name: "Declare incident" }).click();
  const row = page.locator("tr[data-row]", { hasText: "Points are counted twice" });
  await row.getByRole("button", { name: "Resolve" }).click();
  await row.getByText("Open").waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
});

it("all of it is in the audit log, by whom, and nothing of it holds a secret", async () => {
  const pat = await hostToken("pat", "read,admin");
  const { body } = await api(pat, "GET", "/audit-events?limit=200");
  const told = (body.items as { name: string; actor: { label: string } }[]).map(({ name }) => name);
  for (const name of ["service.create", "environment.create", "environment.deploy", "incident.declare", "incident.resolve"]) expect(told).toContain(name);
  const text = JSON.stringify(body.items);
  expect(text).not.toContain(ada);
  expect(text).not.toMatch(/postgres:\/\/[^"]+:[^"]+@/);
});

it("decommissioning leaves a receipt and nothing that runs", async () => {
  const olga = await hostToken("olga", "read,env:write,repo:create,actions:run");
  const asked = await commandLine("waymark", ["action", "run", "decommission-service", "--entity", REF, "--set", `confirm=${NAME}`, "--json"], olga);
  expect(asked.code, asked.stderr).toBe(0);
  expect(JSON.parse(asked.stdout)).toMatchObject({ run: { status: "succeeded" } });
  expect((await api(olga, "GET", `/environments?q=${NAME}`)).body.items).toEqual([]);
  expect((await fetch(`${inject("portal").url}/git/checkout/${NAME}.git/info/refs?service=git-receive-pack`)).status).toBe(401);
  expect(() => push("Too late")).toThrow();
});
