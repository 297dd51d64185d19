import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";

// Each theme and each width sees every screen once; the two other pairs see those that differ most between them.
const LOOKS = [
  { theme: "light", width: 1440, height: 900, all: true },
  { theme: "dark", width: 1440, height: 900, all: false },
  { theme: "light", width: 390, height: 844, all: false },
  { theme: "dark", width: 390, height: 844, all: true },
] as const;
const KEY = new Set([
  "sign-in",
  "home",
  "environments",
  "catalog",
  "entity",
  "delivery",
  "new-service-answers",
  "repository-file",
  "survey",
  "survey-results",
  "path-editor",
  "audit",
]);

const SCREENS: [person: string | undefined, name: string, path: string][] = [
  [undefined, "sign-in", "/sign-in"],
  ["ada", "home", "/"],
  ["ada", "environments", "/environments?scope=team"],
  ["ada", "environments-filtered-empty", "/environments?scope=mine&status=leaked"],
  ["ada", "create-environment", "/environments/new"],
  ["ada", "catalog", "/catalog"],
  ["ada", "catalog-filtered", "/catalog?scope=team&kind=component&type=service"],
  ["ada", "catalog-filtered-empty", "/catalog?q=zzzzzz"],
  ["ada", "catalog-import", "/catalog/import"],
  ["ada", "catalog-findings", "/catalog/findings"],
  ["ada", "catalog-check", "/catalog/check"],
  ["ada", "catalog-sources-reader", "/catalog/sources"],
  ["pat", "catalog-sources", "/catalog/sources"],
  ["ada", "entity", "/catalog/default/component/checkout-api"],
  ["ada", "entity-telemetry", "/catalog/default/component/checkout-api/telemetry"],
  ["ada", "entity-telemetry-sending", "/catalog/default/component/screen-sample/telemetry?range=24h"],
  ["ada", "entity-docs", "/catalog/default/component/checkout-api/docs/docs/runbook.md"],
  ["ada", "entity-dependencies", "/catalog/default/component/checkout-api/dependencies"],
  ["ada", "entity-dependencies-table", "/catalog/default/component/checkout-api/dependencies?show=both&view=table"],
  ["ada", "entity-impact", "/catalog/default/component/ledger/dependencies?show=impact"],
  ["ada", "entity-docs-search", "/catalog/default/component/checkout-api/docs?q=outbox"],
  ["ada", "entity-apis", "/catalog/default/component/checkout-api/apis"],
  ["ada", "api-operations", "/catalog/default/api/checkout/api"],
  ["ada", "api-definition", "/catalog/default/api/products/api?view=text"],
  ["ada", "catalog-starred-empty", "/catalog?scope=starred"],
  ["ada", "person", "/people/olga"],
  ["ada", "scorecards", "/scorecards"],
  ["ada", "scorecard", "/scorecards/production-readiness"],
  ["ada", "scorecard-filtered-empty", "/scorecards/production-readiness?q=zzzzzz"],
  ["pat", "scorecard-checks", "/scorecards/production-readiness?tab=checks&check=deployed"],
  ["olga", "entity-scorecard", "/catalog/default/component/checkout-api/scorecard"],
  ["ada", "entity-scorecard-none", "/catalog/default/system/order-flow/scorecard"],
  ["pat", "scorecards-admin", "/admin/scorecards"],
  ["pat", "scorecard-new", "/admin/scorecards/new"],
  ["pat", "scorecard-edit", "/admin/scorecards/production-readiness"],
  ["pat", "scorecard-history", "/admin/scorecards/production-readiness?tab=history"],
  ["ada", "guardrails", "/guardrails"],
  ["ada", "guardrail", "/guardrails/production-paths"],
  ["ada", "guardrail-requests", "/guardrails/requests"],
  ["ada", "guardrail-requests-filtered-empty", "/guardrails/requests?ability=action.run&outcome=warned"],
  ["ada", "guardrails-admins-only", "/admin/guardrails"],
  ["pat", "guardrails-admin", "/admin/guardrails"],
  ["pat", "guardrail-new", "/admin/guardrails/new"],
  ["pat", "guardrail-edit", "/admin/guardrails/sandbox-lifetime"],
  ["pat", "guardrail-history", "/admin/guardrails/sandbox-lifetime?tab=history"],
  ["pat", "guardrail-exceptions", "/admin/guardrails/production-paths?tab=exceptions"],
  ["ada", "entity-activity", "/catalog/default/component/checkout-api/activity"],
  ["ada", "entity-definition", "/catalog/default/component/checkout-api/definition"],
  ["ada", "entity-edit", "/catalog/default/component/checkout-api/edit"],
  ["olga", "entity-decommission", "/catalog/default/component/checkout-api/decommission"],
  ["ada", "entity-group", "/catalog/default/group/checkout"],
  ["ada", "team", "/teams/checkout"],
  ["ada", "golden-paths", "/golden-paths"],
  ["ada", "golden-path", "/golden-paths/node-express"],
  ["ada", "new-service", "/services/new"],
  ["ada", "new-service-answers", "/services/new?path=node-express"],
  ["ada", "repositories", "/repositories"],
  ["ada", "repositories-filtered-empty", "/repositories?q=nothing-like-this"],
  ["ada", "repository", "/repositories/checkout/screen-sample"],
  ["ada", "repository-file", "/repositories/checkout/screen-sample/tree/main/src/app.js"],
  ["ada", "repository-history", "/repositories/checkout/screen-sample/commits/main"],
  ["ada", "pull-requests", "/repositories/checkout/screen-sample/pulls"],
  ["ada", "pull-requests-empty", "/repositories/checkout/screen-sample/pulls?status=closed"],
  ["ada", "pull-request", "/repositories/checkout/screen-sample/pulls/1"],
  ["ada", "actions", "/actions"],
  ["ada", "actions-filtered-empty", "/actions?q=nothing-like-this"],
  ["ada", "action-run", "/actions/add-database"],
  ["ada", "action-locked", "/actions/decommission-service"],
  ["ada", "actions-admins-only", "/admin/actions"],
  ["ada", "runs", "/runs?scope=team"],
  ["ada", "account", "/account"],
  ["ada", "account-tokens", "/account?tab=tokens"],
  ["ada", "account-sessions", "/account?tab=sessions"],
  ["pat", "audit-agents-filtered-empty", "/admin/audit?door=mcp"],
  ["ada", "device", "/device"],
  ["ada", "api-docs", "/docs/api"],
  ["ada", "delivery", "/delivery?data=demo"],
  ["ada", "delivery-all-measures", "/delivery?data=demo&measures=change-fail-rate,recovery-time,rework-rate,adoption,provisioning-time,non-core-time"],
  ["ada", "delivery-health", "/delivery/health?data=demo"],
  ["ada", "delivery-history", "/delivery/history?service=component:default/checkout-api"],
  ["ada", "delivery-report", "/delivery/report?node=group:default/checkout&data=demo"],
  ["ada", "delivery-ai", "/delivery/ai?data=demo"],
  ["ada", "delivery-table", "/delivery?data=demo&view=table&metric=deployment-frequency"],
  ["ada", "delivery-insufficient", "/delivery?node=component:default/cart-worker&data=live"],
  ["ada", "service-delivery", "/catalog/default/component/checkout-api/delivery?data=demo"],
  ["ada", "survey", "/survey"],
  ["ada", "survey-confidentiality", "/survey/confidentiality"],
  ["ada", "survey-results", "/survey/results?data=demo"],
  ["ada", "survey-results-table", "/survey/results?data=demo&view=table"],
  ["ada", "own-feedback", "/feedback"],
  ["ada", "surveys-admins-only", "/admin/surveys"],
  ["ada", "not-found", "/environments/env_missing"],
  ["pat", "people", "/admin/people"],
  ["pat", "teams", "/admin/teams"],
  ["pat", "role-rules", "/admin/role-rules"],
  ["pat", "provisioning-empty", "/admin/provisioning"],
  ["ada", "provisioning-admins-only", "/admin/provisioning"],
  ["pat", "admin-golden-paths", "/admin/golden-paths"],
  ["pat", "path-proposals", "/admin/golden-paths?tab=proposals"],
  ["pat", "path-proposals-filtered-empty", "/admin/golden-paths?tab=proposals&status=declined"],
  ["pat", "path-history", "/admin/golden-paths/node-express/history"],
  ["pat", "path-services", "/admin/golden-paths/node-express/services"],
  ["pat", "path-new", "/admin/golden-paths/new"],
  ["pat", "path-editor", "/admin/golden-paths/drafted"],
  ["pat", "integrations", "/admin/integrations"],
  ["pat", "webhooks", "/admin/webhooks"],
  ["pat", "delivery-rules", "/admin/delivery-rules"],
  ["pat", "step-actions", "/admin/step-actions"],
  ["pat", "step-action-new", "/admin/step-actions/new"],
  ["pat", "actions-admin", "/admin/actions"],
  ["pat", "action-new", "/admin/actions/new"],
  ["pat", "action-edit", "/admin/actions/rotate-database-password"],
  ["pat", "action-history", "/admin/actions/rotate-database-password?tab=history"],
  ["pat", "settings", "/admin/settings"],
  ["pat", "surveys-admin", "/admin/surveys"],
  ["pat", "survey-form", "/admin/surveys/form"],
  ["pat", "feedback", "/admin/feedback"],
  ["pat", "feedback-filtered", "/admin/feedback?state=answered"],
  ["pat", "audit", "/admin/audit"],
];

let failedRun = "";
/** One that waits for review, and one that ada still edits. */
const proposals = { waiting: "", own: "" };

beforeAll(async () => {
  const { body } = await api(await hostToken("ada"), "GET", "/runs?status=failed");
  failedRun = (body.items as { id: string }[])[0]?.id ?? "";
  expect(failedRun).not.toBe("");
  const token = await hostToken("ada", "read,repo:create");
  await commandLine("waymark", ["new", "node-express", "--set", "name=screen-sample"], token);
  pushBranch(token, "louder");
  expect(
    (await api(token, "POST", "/repositories/checkout/screen-sample/pulls", { title: "Say more at the start", sourceBranch: "louder", body: "The log names the **port**." }))
      .status,
  ).toBe(201);
  const admin = await hostToken("pat", "read,admin");
  await api(admin, "POST", "/golden-paths/drafted/draft", { from: "example" });
  const waiting = await api(admin, "GET", "/golden-path-proposals?status=submitted&goldenPath=node-express");
  proposals.waiting = (waiting.body.items as { id: string }[])[0]?.id ?? "";
  const begun = await api(token, "POST", "/golden-path-proposals", { goldenPath: "node-express", title: "Run the tests on two Node versions", reason: "Node 26 is next." });
  expect(begun.status).toBe(201);
  proposals.own = String(begun.body.id);
});

/** A branch of the sample with one changed and one new file, pushed as a person would. */
function pushBranch(token: string, branch: string): void {
  const dir = mkdtempSync(path.join(tmpdir(), "waymark-branch-"));
  const git = (...args: string[]) => execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: dir, stdio: "pipe" });
  git("clone", "-q", `${inject("portal").url.replace("://", `://any:${token}@`)}/git/checkout/screen-sample.git`, ".");
  git("checkout", "-q", "-b", branch);
  appendFileSync(path.join(dir, "README.md"), "\nIt says its port at the start.\n");
  writeFileSync(path.join(dir, "src/greeting.js"), "export const greeting = (port) => `listening on ${port}`;\n");
  git("add", "-A");
  git("commit", "-q", "-m", "Say more at the start");
  git("push", "-q", "origin", branch);
  rmSync(dir, { recursive: true, force: true });
}

afterAll(closeBrowser);

describe.each(LOOKS)("screens, $theme at $width", ({ theme, width, height, all }) => {
  it("passes axe, does not scroll sideways, and the browser has nothing to complain about", async () => {
    const problems: string[] = [];
    for (const person of [undefined, "ada", "pat"]) {
      const { page, context, complaints } = await visitor(person, { theme, width, height });
      const screens: [string, string][] = SCREENS.filter(([who, name]) => who === person && (all || KEY.has(name))).map(([, name, path]) => [name, path]);
      const proposal = `/golden-paths/node-express/proposals/${proposals.waiting}`;
      if (person === "ada")
        screens.push(["run-failed", `/runs/${failedRun}`], ["proposal-editor", `/golden-paths/node-express/proposals/${proposals.own}/edit`], ["proposal-own-team", proposal]);
      if (person === "pat") screens.push(["proposal-review", proposal]);
      for (const [name, path] of screens) {
        await page.goto(path);
        const isThere = await page
          .getByRole("heading", { level: 1 })
          .first()
          .waitFor()
          .then(
            () => true,
            () => false,
          );
        await page.waitForFunction(() => !document.querySelector("[data-loading]"));
        await screenshot(page, `${name}-${theme}-${width}`);
        if (!isThere) problems.push(`${name}: no heading at ${page.url()}: ${(await page.locator("body").innerText()).slice(0, 200)}`);
        for (const problem of await accessibilityProblems(page)) problems.push(`${name}: ${problem}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (overflow > 0) problems.push(`${name}: scrolls ${overflow} px sideways`);
      }
      problems.push(...complaints.filter((text) => !/404/.test(text)));
      await context.close();
    }
    expect(problems).toEqual([]);
  }, 900_000);
});

it("works by keyboard alone: palette, shortcuts, rows, dialogs", async () => {
  const { page, complaints } = await visitor("ada");
  const palette = page.getByPlaceholder("Service, repository, environment, action, run, page");
  // A key that is pressed before the page has woken up is lost, on a busy machine for seconds.
  for (let turn = 0; turn < 20 && !(await palette.isVisible()); turn++) {
    await page.keyboard.press("Control+k");
    await palette.waitFor({ timeout: 1_500 }).catch(() => undefined);
  }
  await palette.fill("golden");
  await page
    .getByRole("option", { name: /Golden paths/ })
    .first()
    .waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
  await page.keyboard.press("j");
  const focused = await page.evaluate(() => document.activeElement?.closest("tr") !== null);
  expect(focused).toBe(true);
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor({ state: "hidden" });
  expect(complaints).toEqual([]);
});
