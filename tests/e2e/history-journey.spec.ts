import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { closeBrowser, screenshot, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";

// A repository with tags becomes history; the manager adds a measure, goes down to one commit, takes the figures away and opens them again by their link.

const NAME = "journey-till";
const REF = `component:default/${NAME}`;
const work = mkdtempSync(path.join(tmpdir(), "wm-e2e-history-"));
const HOUR = 3_600_000;
const START = Math.floor(Date.now() / HOUR) * HOUR - 20 * 24 * HOUR;

function git(args: string[], { by = "Ada", at = Date.now() } = {}): string {
  const date = new Date(at).toISOString();
  const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  return execFileSync("git", ["-c", `user.name=${by}`, "-c", `user.email=${by}@fellside.example`, ...args], {
    cwd: work,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

function commit(message: string, by: string, at: number): string {
  appendFileSync(path.join(work, "README.md"), `\n${message}\n`);
  git(["commit", "--quiet", "-am", message], { by, at });
  return git(["rev-parse", "HEAD"]);
}

afterAll(async () => {
  await closeBrowser();
  rmSync(work, { recursive: true, force: true });
});

it("tags become deployments by the command line, first only to look", async () => {
  const ada = await hostToken("ada", "read,env:write,repo:create,events:write");
  const made = await commandLine("waymark", ["new", "node-express", "--set", `name=${NAME}`, "--set", "owner=group:default/checkout", "--json"], ada);
  expect(made.code, made.stderr).toBe(0);
  const { service } = JSON.parse(made.stdout) as { service: { repository: { cloneUrl: string } } };
  git(["clone", "--quiet", service.repository.cloneUrl.replace("://", `://ada:${ada}@`), "."]);
  git(["tag", "-a", "-m", "v1", "v1.0"], { at: START });
  for (const [index, by] of ["Ada", "Bo", "Cy", "Ada"].entries()) {
    commit(`Change ${index + 1} of the till`, by, START + (24 * index + 1) * HOUR);
    git(["tag", "-a", "-m", "release", `v1.${index + 1}`], { at: START + (24 * index + 3 + index) * HOUR });
  }
  git(["push", "--quiet", "origin", "HEAD", "--tags"]);
  const look = await commandLine("waymark", ["delivery", "backfill", NAME, "--dry-run"], ada);
  expect(look.code, look.stderr).toBe(0);
  expect(look.stdout).toContain("Would load 5 new deployments of 5");
  const load = await commandLine("waymark", ["delivery", "backfill", NAME], ada);
  expect(load.code, load.stderr).toBe(0);
  expect(load.stdout).toContain("5 production deployments with 4 changes");
  expect((await commandLine("waymark", ["delivery", "backfill", NAME], ada)).stdout).toContain("0 new deployments of 5, 0 new commits");
  const { body } = await api(ada, "GET", `/metrics/lead-time/rows?node=${REF}`);
  const rows = body.changes as { sha: string; leadSeconds: number }[];
  expect(rows).toHaveLength(4);
  for (const [index, tag] of ["v1.1", "v1.2", "v1.3", "v1.4"].entries()) {
    const [sha = "", authored = "0"] = git(["log", "--no-merges", "--format=%H %at", `v1.${index}..${tag}`]).split(" ");
    const tagged = Number(git(["for-each-ref", "--format=%(creatordate:unix)", `refs/tags/${tag}`]));
    expect(rows.find((row) => row.sha === sha)?.leadSeconds).toBe(tagged - Number(authored));
  }
});

it("the manager adds a measure, finds one commit, exports, and opens the same view by its link", async () => {
  const { page, complaints } = await visitor("max");
  await page.goto(`/delivery?node=group:default/checkout&service=${REF}`);
  await page.getByRole("button", { name: "Add measure" }).click();
  await page.getByLabel(/Deployment rework rate/).check();
  await page.getByRole("button", { name: "Show measures" }).click();
  await page.getByRole("link", { name: "Deployment rework rate" }).click();
  await page.getByRole("heading", { name: /Deployments that repaired/ }).waitFor();
  await page.getByRole("link", { name: "Change lead time" }).click();
  await page.getByRole("heading", { name: /Changes behind lead time/ }).waitFor();
  await page.locator("tr[data-row]", { hasText: "Change 4 of the till" }).waitFor();
  await screenshot(page, "delivery-loaded-history-light-1440");
  const link = page.url();
  const figures = await page.locator(".tile .number").allInnerTexts();

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export CSV" }).click()]);
  const csv = await (await download.createReadStream()).toArray();
  const lines = Buffer.concat(csv).toString("utf8").trim().split("\r\n");
  expect(lines[0]).toContain("what_happened");
  expect(lines.filter((line) => line.includes(REF)).length).toBeGreaterThan(3);
  expect(lines.join("\n")).toContain(`${NAME} was created from the golden path node-express`);

  const row = page.locator("tr[data-row]", { hasText: "Change 4 of the till" });
  await row.locator('a[href*="/commit/"]').click();
  await page.getByText("+Change 4 of the till").waitFor();

  const other = await visitor("max");
  await other.page.goto(link);
  await other.page.locator("tr[data-row]", { hasText: "Change 4 of the till" }).waitFor();
  expect(await other.page.locator(".tile .number").allInnerTexts()).toEqual(figures);
  expect([...complaints, ...other.complaints]).toEqual([]);
});

it("what would be loaded is seen in the browser before it is loaded; the month fits on a page", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto(`/delivery/history?service=${REF}`);
  await page.getByLabel("Tags").fill("v1.1*");
  await page.getByRole("button", { name: "Look what it would load" }).click();
  await page.waitForURL(/\/runs\//);
  await page
    .getByText(/Would load 0 new deployments of 1/)
    .first()
    .waitFor();
  await page.getByRole("link", { name: "Load it" }).click();
  await page.getByText(/Would load 0 new deployments of 1/).waitFor();
  expect(await page.getByLabel("Tags").inputValue()).toBe("v1.1*");
  await screenshot(page, "delivery-history-looked-light-1440");
  await page.goto("/delivery/report?node=group:default/checkout&data=demo");
  await page.getByRole("heading", { level: 1, name: /^Checkout, / }).waitFor();
  await page.emulateMedia({ media: "print" });
  expect(await page.getByRole("button", { name: "Print" }).isVisible()).toBe(false);
  for (const month of ["", `&month=${new Date().toISOString().slice(0, 7)}`]) {
    await page.goto(`/delivery/report?node=org${month}`);
    await page.getByRole("heading", { level: 2, name: "What happened" }).waitFor();
    const printed = await page.pdf({ path: "test-results/report.pdf", format: "A4" });
    expect(printed.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g), `pages of the report${month}`).toHaveLength(1);
  }
  expect(complaints).toEqual([]);
});
