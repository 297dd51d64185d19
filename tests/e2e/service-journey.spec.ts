import { execFile } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), "service-journey-"));
const SERVICE = "basket-offers";
let ada: Visitor;
let token = "";

beforeAll(async () => {
  ada = await visitor("ada");
  token = await hostToken("ada", "read,repo:create");
});
afterAll(async () => {
  await closeBrowser();
  rmSync(folder, { recursive: true, force: true });
});

const address = (secret: string) => `${inject("portal").url.replace("://", `://git:${secret}@`)}/git/checkout/${SERVICE}.git`;

async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? "", HOME: folder, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1", NODE_ENV: "test" as const };
  const { stdout, stderr } = await run("git", ["-c", "user.name=Ada Lind", "-c", "user.email=ada@fellside.example", ...args], { cwd, env });
  return stdout + stderr;
}

it("an engineer makes a service: golden path, answers, review of every file, run", async () => {
  const { page, complaints } = ada;
  await page.goto("/services/new");
  await page.getByRole("heading", { level: 1, name: "Create service" }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "new-service-path-light-1440");
  await page.getByRole("button", { name: "Answer its questions" }).click();
  await page.getByLabel("Name").fill("Basket Offers");
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByText('"Basket Offers" does not fit.').waitFor();
  await page.getByLabel("Name").fill(SERVICE);
  await page.getByLabel("What it is for").fill("Discounts that a basket gets");
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "new-service-answers-light-1440");
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByText("Files of the first commit").waitFor();
  await page.getByRole("button", { name: "catalog-info.yaml" }).click();
  await page.getByText(`name: "${SERVICE}"`, { exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "new-service-review-light-1440");
  await page.getByRole("button", { name: "Create service" }).click();
  await page.getByText(`${SERVICE} is ready to be cloned`).waitFor();
  await screenshot(page, "new-service-run-light-1440");
  expect(complaints).toEqual([]);
});

it("clones it with git, pushes a change and sees it in the history", async () => {
  const { page, complaints } = ada;
  const work = path.join(folder, SERVICE);
  await git(folder, "clone", "-q", address(token), work);
  expect(JSON.parse(readFileSync(path.join(work, ".waymark/provenance.json"), "utf8"))).toMatchObject({ goldenPath: { name: "node-express" }, answers: { name: SERVICE } });
  appendFileSync(path.join(work, "README.md"), "\nThe discounts of spring.\n");
  await git(work, "commit", "-q", "-a", "-m", "Say what spring brings");
  expect(await git(work, "push", "origin", "main")).toContain("main -> main");
  await page.getByRole("link", { name: "Repository", exact: true }).click();
  await page.getByText("The discounts of spring.").waitFor();
  await page.getByText("Say what spring brings").first().waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "repository-light-1440");
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("link", { name: "Say what spring brings" }).click();
  await page.getByText("+The discounts of spring.").waitFor();
  await page.getByText("pushed by ada").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "commit-light-1440");
  expect(complaints).toEqual([]);
});

it("is refused what is not hers: a foreign repository, a token without the scope, a large body keeps its length", async () => {
  const work = path.join(folder, SERVICE);
  const bo = await hostToken("bo", "read,repo:create");
  await expect(git(work, "push", address(bo), "main:refs/heads/x")).rejects.toThrow(/Your role does not allow/);
  await expect(git(work, "push", address(await hostToken("ada", "read")), "main:refs/heads/x")).rejects.toThrow(/lacks the scope repo:create/);
  await expect(git(folder, "clone", address("wrong"), "nope")).rejects.toThrow(/Authentication failed/);
  await run("sh", ["-c", "head -c 13000000 /dev/urandom > big.bin"], { cwd: work });
  await git(work, "checkout", "-q", "-b", "big");
  await git(work, "add", "big.bin");
  await git(work, "commit", "-q", "-m", "Thirteen megabytes");
  expect(await git(work, "push", "origin", "big")).toContain("[new branch]");
});

it("waymark new makes one too; its dry run makes nothing", async () => {
  const dry = await commandLine("waymark", ["new", "node-express", "--set", "name=from-terminal", "--dry-run"], token);
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining("src/server.js") });
  expect((await api(token, "GET", "/repositories/checkout/from-terminal")).status).toBe(404);
  const made = await commandLine("waymark", ["new", "node-express", "--set", "name=from-terminal", "--json"], token);
  expect(made.code).toBe(0);
  const { service, run: ended } = JSON.parse(made.stdout) as { service: { repository: { cloneUrl: string } }; run: { status: string } };
  expect([service.repository.cloneUrl, ended.status]).toEqual([`${inject("portal").url}/git/checkout/from-terminal.git`, "succeeded"]);
  const taken = await commandLine("waymark", ["new", "node-express", "--set", "name=from-terminal"], token);
  expect(taken.code).not.toBe(0);
  expect(taken.stderr).toContain("Choose another name");
});
