import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { askSandbox } from "../setup/sandbox-request";
import { until } from "../setup/until";

const NAME = "voucher-box";
const PAGE = `/catalog/default/component/${NAME}`;
const work = mkdtempSync(path.join(tmpdir(), "wm-e2e-git-"));
const commits: string[] = [];
let ada: Visitor;
let token = "";

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const short = (commit: string | undefined) => (commit ?? "").slice(0, 7);

async function push(message: string): Promise<string> {
  appendFileSync(path.join(work, "README.md"), `\n${message}\n`);
  git("commit", "--quiet", "-am", message);
  git("push", "--quiet", "origin", "HEAD");
  const commit = git("rev-parse", "HEAD").trim();
  commits.push(commit);
  return commit;
}

async function serving(tier: string, commit: string | undefined): Promise<boolean> {
  const { body } = await api(token, "GET", `/environments?q=${NAME}`);
  return (body.items as { tier: string; status: string; commit: string | null }[]).some((one) => one.tier === tier && one.status === "ready" && one.commit === commit);
}

const stage = (name: string) => ada.page.getByRole("region", { name, exact: true });

/** Presses a step of a stage and waits on the run's page until it has succeeded. */
async function step(tier: string, button: string | RegExp): Promise<void> {
  await ada.page.goto(PAGE);
  await stage(tier).getByRole("button", { name: button }).click();
  await ada.page.waitForURL(/\/runs\//);
  await ada.page
    .getByText(/^(.* runs [0-9a-f]{7}|.* is ready after .*)$/)
    .first()
    .waitFor();
}

beforeAll(async () => {
  token = await hostToken("ada", "read,env:write,repo:create,catalog:write");
  ada = await visitor("ada");
  const { status, body } = await api(token, "POST", "/services", { goldenPath: "node-express", values: { name: NAME } });
  expect(status).toBe(202);
  const { service, run } = body as unknown as { service: { repository: { owner: string; name: string } }; run: { id: string } };
  await until("the service", async () => (await api(token, "GET", `/runs/${run.id}`)).body.status === "succeeded");
  const { host } = new URL(inject("portal").url);
  git("clone", "--quiet", `http://ada:${token}@${host}/git/${service.repository.owner}/${service.repository.name}.git`, ".");
});

afterAll(async () => {
  rmSync(work, { recursive: true, force: true });
  await closeBrowser();
});

it("a push is in development by itself, as the pusher's", async () => {
  const commit = await push("Say hello in French");
  await until("development to serve it", () => serving("development", commit));
  expect(await askSandbox(`${NAME}-development`, "/readyz")).toMatchObject({ status: 200 });
  await ada.page.goto(PAGE);
  await stage("Development").getByText(short(commit)).waitFor();
  await stage("Development").getByText("by ada").waitFor();
  await screenshot(ada.page, "service-development-light-1440");
  expect(await accessibilityProblems(ada.page)).toEqual([]);
});

it("staging and production are made from what runs before them", async () => {
  await step("Staging", "Create staging");
  await step("Production", "Create production");
  await ada.page.goto(PAGE);
  await stage("Staging").getByText("Same commit as production").waitFor();
  expect(await serving("production", commits[0])).toBe(true);
});

it("a change goes through the stages by promotion and comes back by a rollback", async () => {
  const commit = await push("Say goodbye in French");
  await until("development to serve it", () => serving("development", commit));
  await ada.page.goto(PAGE);
  // The page reads itself again until the deployment has ended.
  await stage("Development").getByText("1 commit ahead of staging").waitFor();
  await step("Development", "Promote to staging");
  await step("Staging", "Promote to production");
  expect(await serving("production", commit)).toBe(true);
  await step("Production", `Roll back to ${short(commits[0])}`);
  expect(await serving("production", commits[0])).toBe(true);
  await ada.page.goto(PAGE);
  await stage("Production").getByText(short(commits[0])).waitFor();
  await screenshot(ada.page, "service-stages-light-1440");
  expect(await accessibilityProblems(ada.page)).toEqual([]);
});

it("the dialog says at once what a ref means, or what exists", async () => {
  const { page } = ada;
  await stage("Development").getByRole("button", { name: "Deploy…" }).click();
  const field = page.getByLabel("Branch, tag or commit");
  await field.fill("no-such-branch");
  await page.getByText(/has no branch, tag or commit "no-such-branch"/).waitFor();
  await field.fill(short(commits[0]));
  await page.getByRole("dialog").getByText("Say hello in French").waitFor();
  await screenshot(page, "deploy-dialog-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press("Escape");
});

it("the list of deployments and the environment's own page tell the same", async () => {
  const { page, complaints } = ada;
  await page.goto(`${PAGE}/deployments`);
  await page.getByRole("table").getByText("Rollback").waitFor();
  await screenshot(page, "service-deployments-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.goto(`${PAGE}/environments`);
  await page.getByRole("heading", { name: "Sandboxes", exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.goto(PAGE);
  await stage("Production").getByRole("heading").getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: `${NAME}-production` }).waitFor();
  await screenshot(page, "environment-production-light-1440");
  await page.getByRole("link", { name: /^Deployments/ }).click();
  await page.getByRole("table").getByText("Promotion").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete environment" }).click();
  await page.getByText(`Type ${NAME}-production to confirm.`).waitFor();
  await page.keyboard.press("Escape");
  expect(complaints).toEqual([]);
});

it("the command line deploys and names what is wrong", async () => {
  const refused = await commandLine("waymark", ["env", "deploy", `${NAME}-staging`, "--ref", "nope"], token);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain("main");
  const done = await commandLine("waymark", ["env", "deploy", `${NAME}-staging`, "--rollback", "--json"], token);
  expect(done.code).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ deployment: { kind: "rollback", status: "succeeded", commit: commits[0] }, run: { status: "succeeded" } });
});
