import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { usePortal } from "../setup/at-portal";
import { closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, hostToken } from "../setup/command-line";
import { fastSignIn } from "../setup/fast-sign-in";
import { startIssuer, type TestIssuer } from "../setup/issuer";
import { askSandbox } from "../setup/sandbox-request";
import { type StartedPortal, startPortal } from "../setup/start-portal";

// A company moves in: its own identity provider, no demo, an empty platform, and everybody's day from the first sign-in to the numbers.

const NAME = "gift-cards";
const PAGE = `/catalog/default/component/${NAME}`;
const REF = `component:default/${NAME}`;
const CATALOG = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ledger, description: Books every payment}
spec: {type: service, lifecycle: production, owner: checkout}
`;
const PEOPLE: Record<string, { name: string; groups: string[] }> = {
  grace: { name: "Grace Moor", groups: ["platform-admins"] },
  mia: { name: "Mia Manager", groups: ["commerce-managers"] },
  otto: { name: "Otto Owner", groups: ["checkout-owners"] },
  ...Object.fromEntries(["eva", "emil", "esra", "enzo", "edda"].map((one) => [one, { name: `${one[0]?.toUpperCase()}${one.slice(1)} Engineer`, groups: ["checkout-engineers"] }])),
};

const work = mkdtempSync(path.join(tmpdir(), "wm-e2e-company-"));
let issuer: TestIssuer;
let portal: StartedPortal;
let grace: Visitor;
let eva: Visitor;
let token = "";
const complaints = () => [...grace.complaints, ...eva.complaints];

function next(handle: string): void {
  const { name, groups } = PEOPLE[handle] ?? { name: handle, groups: [] };
  issuer.person = { sub: `sub-${handle}`, claims: { name, preferred_username: handle, email: `${handle}@company.example`, email_verified: true, groups } };
}

/** A person of the company in a browser of their own, at the page that follows the sign-in. */
async function arrive(handle: string): Promise<Visitor> {
  next(handle);
  const arrived = await visitor();
  await arrived.page.goto("/sign-in");
  await arrived.page.getByRole("button", { name: "Sign in with your company account" }).click();
  await arrived.page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  return arrived;
}

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Eva", "-c", "user.email=eva@company.example", ...args], { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

function push(message: string): string {
  appendFileSync(path.join(work, "README.md"), `\n${message}\n`);
  git("commit", "--quiet", "-am", message);
  git("push", "--quiet", "origin", "HEAD");
  return git("rev-parse", "HEAD");
}

const stage = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

/** Presses a step of a stage and follows its run to the end, which has to read like that. */
async function step(page: Page, tier: string, button: string, end: RegExp): Promise<void> {
  await page.goto(PAGE);
  await stage(page, tier).getByRole("button", { name: button }).click();
  await page.waitForURL(/\/runs\//);
  await page
    .getByText(end)
    .first()
    .waitFor()
    .catch(async () => {
      throw new Error(`${button} came to this at ${page.url()}: ${await page.getByRole("main").innerText()}`);
    });
}

beforeAll(async () => {
  portal = await startPortal(async (url) => {
    issuer = await startIssuer(url);
    return {
      WAYMARK_DEMO: "0",
      WAYMARK_ADMIN_GROUP: "platform-admins",
      OIDC_ISSUER: issuer.url,
      OIDC_CLIENT_ID: issuer.clientId,
      OIDC_CLIENT_SECRET: issuer.clientSecret,
      OIDC_ALLOW_HTTP: "1",
    };
  });
  usePortal(portal);
});

afterAll(async () => {
  await closeBrowser();
  await portal?.stop();
  await issuer?.close();
  rmSync(work, { recursive: true, force: true });
});

it("the platform admin finds an empty platform and says who is who", async () => {
  grace = await arrive("grace");
  const { page } = grace;
  await page.goto("/catalog");
  await page.getByRole("heading", { level: 1, name: "Catalog" }).waitFor();
  await screenshot(page, "catalog-first-day-light-1440");
  for (const [name, title, parent] of [
    ["commerce", "Commerce", ""],
    ["checkout", "Checkout", "commerce"],
  ] as const) {
    await page.goto("/admin/teams");
    await page.getByRole("textbox", { name: /^Name/ }).fill(name);
    await page.getByRole("textbox", { name: /^Title/ }).fill(title);
    if (parent) await page.getByLabel("Part of").selectOption(parent);
    await page.getByRole("button", { name: "Create team" }).click();
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
  }
  await page.goto("/admin/role-rules");
  for (const [index, [group, team, membership, role]] of (
    [
      ["checkout-engineers", "checkout", "member", ""],
      ["checkout-owners", "checkout", "owner", ""],
      ["commerce-managers", "commerce", "member", "manager"],
    ] as const
  ).entries()) {
    await page.getByRole("button", { name: "Add rule" }).click();
    const of = (part: string) => page.getByLabel(`${part} of rule ${index + 1}`, { exact: true });
    await of("Group").fill(group);
    await of("Team").selectOption(team);
    await of("Membership").selectOption(membership);
    await of("Role").selectOption(role);
  }
  await page.getByRole("button", { name: "Save rules" }).click();
  await page.getByText("Saved. The rules count from each person's next sign-in or push.").waitFor();
});

it("an engineer imports the catalog and makes a service", async () => {
  eva = await arrive("eva");
  const { page } = eva;
  await screenshot(page, "home-first-day-light-1440");
  await page.goto("/catalog/import");
  await page.getByRole("button", { name: "Upload files" }).click();
  await page.getByLabel("Files").setInputFiles([{ name: "catalog-info.yaml", mimeType: "application/yaml", buffer: Buffer.from(CATALOG) }]);
  await page.getByRole("button", { name: "Check documents" }).click();
  await page.getByRole("button", { name: "Import 1 entity" }).click();
  await page.getByRole("link", { name: "component:default/ledger" }).waitFor();
  await page.goto("/services/new?path=node-express");
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("What it is for").fill("Sells and redeems gift cards");
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByText("Files of the first commit").waitFor();
  await page.getByRole("button", { name: "Create service" }).click();
  await page.getByText(`${NAME} is ready to be cloned`).waitFor();
});

it("she clones it, pushes, sees it in development and takes it to production", async () => {
  const { page } = eva;
  token = await hostToken("eva", "read,env:write,repo:create,catalog:write,actions:run");
  git("clone", "--quiet", `${portal.url.replace("://", `://eva:${token}@`)}/git/checkout/${NAME}.git`, ".");
  push("Sell a card");
  await page.goto(PAGE);
  // The subject stands beside what serves; a commit that is still being deployed is named without it.
  await stage(page, "Development").getByText("Sell a card").waitFor();
  await stage(page, "Staging").getByRole("button", { name: "Create staging" }).waitFor();
  expect(await askSandbox(`${NAME}-development`, "/readyz")).toMatchObject({ status: 200 });
  await step(page, "Staging", "Create staging", / is ready after /);
  await step(page, "Production", "Create production", / is ready after /);
  const second = push("Redeem a card");
  await page.goto(PAGE);
  await stage(page, "Development").getByText("1 commit ahead of staging").waitFor();
  const runsSecond = new RegExp(`runs ${second.slice(0, 7)}`);
  await step(page, "Development", "Promote to staging", runsSecond);
  await step(page, "Staging", "Promote to production", runsSecond);
  await page.goto(PAGE);
  await stage(page, "Production").getByText(second.slice(0, 7)).waitFor();
  await page.goto(`${PAGE}/delivery`);
  await page.getByRole("button", { name: "Declare incident" }).click();
  await page.getByLabel("What is wrong").fill("Cards are sold twice");
  await page.getByRole("button", { name: "Declare incident" }).click();
  const incident = page.locator("tr[data-row]", { hasText: "Cards are sold twice" });
  await incident.getByRole("button", { name: "Resolve" }).click();
  await incident.getByText("Open").waitFor({ state: "detached" });
});

it("she runs an action on a sandbox of a branch and deletes it; the receipt stays", async () => {
  const { page } = eva;
  const { body } = await api(token, "POST", "/environments", { goldenPath: "node-express", ttl: "1h", name: "try-cards" });
  const { id } = body.environment as { id: string };
  await page.goto(`/environments/${id}`);
  await page.getByRole("button", { name: "Run action" }).click();
  await page.getByRole("menuitem", { name: "Rotate database password" }).click();
  await page.getByRole("button", { name: "Rotate database password" }).click();
  await page.waitForURL(/\/runs\//);
  await page.getByText("Succeeded").first().waitFor();
  await page.goto(`/environments/${id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete environment" }).click();
  await page.getByText(/try-cards was deleted/).waitFor();
  await page.goto(`/environments/${id}?tab=receipt`);
  await page.getByRole("cell", { name: "database" }).first().waitFor();
});

it("the platform admin changes the golden path and publishes 1.1.0", async () => {
  const { page } = grace;
  await page.goto("/admin/golden-paths");
  await page.getByRole("link", { name: "node-express" }).click();
  await page.getByRole("button", { name: "Edit golden path" }).click();
  await page.getByRole("textbox", { name: "template.yaml" }).waitFor();
  await page.getByRole("button", { name: "README.md" }).click();
  const editor = page.getByRole("textbox", { name: "skeleton/README.md" });
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("\nAsk the platform team in #platform.\n");
  await page.getByText("1 file changed").waitFor();
  await page.getByRole("button", { name: "Publish 1.1.0" }).click();
  await page.getByLabel("What changes").fill("Says whom to ask");
  await page.getByRole("dialog").getByRole("button", { name: "Publish 1.1.0" }).click();
  await page.getByRole("heading", { level: 1, name: /versions and use/ }).waitFor();
  expect((await api(token, "GET", "/golden-paths/node-express")).body.version).toBe("1.1.0");
});

it("eight people answer the survey; she closes it", async () => {
  const { page } = grace;
  // Who has never signed in is not asked.
  for (const handle of Object.keys(PEOPLE)) {
    next(handle);
    await fastSignIn(handle);
  }
  await page.goto("/admin/surveys");
  await page.getByRole("button", { name: "Open survey now" }).click();
  await page.getByText(/survey is open\. 8 people were invited\./).waitFor();
  const survey = String((await api(token, "GET", "/surveys/current")).body.id);
  for (const [index, handle] of Object.keys(PEOPLE).entries()) {
    next(handle);
    const ask = await fastSignIn(handle);
    expect((await ask("POST", `/surveys/${survey}/responses`, { answers: { score: index < 6 ? 9 : 3, hours: "1-2", outcome: "4" } })).status).toBe(201);
  }
  await page.reload();
  await page.getByText("8 of 8").first().waitFor();
  await page.getByRole("button", { name: "Close survey" }).first().click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Close survey" }).click();
  await page.getByText(/survey is closed\. Its results are published\./).waitFor();
});

it("the manager reads lead time, frequency and NPS and opens the commit behind the last point, as git tells it", async () => {
  const mia = await arrive("mia");
  const { page } = mia;
  await screenshot(page, "home-manager-live-light-1440");
  await page.goto(`/delivery?node=group:default/checkout&service=${REF}`);
  const sha = git("rev-parse", "HEAD");
  const row = page.locator("tr[data-row]", { hasText: "Redeem a card" });
  await row.getByText(sha.slice(0, 7)).waitFor();
  expect(await page.locator("tr[data-row]").count()).toBe(1);
  const { body } = await api(await hostToken("mia", "read"), "GET", `/metrics/lead-time?node=${REF}`);
  const deployed = ((await api(token, "GET", `/deployments?service=${REF}&tier=production`)).body.items as { commit: string; finished_at: string }[]).find(
    (one) => one.commit === sha,
  );
  const authored = Date.parse(git("show", "-s", "--format=%aI", sha));
  expect((body as { summary: { value: number } }).summary.value).toBeCloseTo((Date.parse(deployed?.finished_at ?? "") - authored) / 1000, 0);
  await page.goto("/delivery?node=group:default/commerce");
  await page.getByRole("region", { name: "Developer NPS" }).waitFor();
  await screenshot(page, "delivery-company-light-1440");
  await page.goto(`/delivery?node=group:default/checkout&service=${REF}`);
  await row.getByRole("link").first().click();
  await page.getByText("+Redeem a card").waitFor();
  expect([...mia.complaints, ...complaints()]).toEqual([]);
});

it("all of it is in the audit log", async () => {
  const { body } = await api(await hostToken("grace", "read,admin"), "GET", "/audit-events?limit=200");
  const names = (body.items as { name: string }[]).map(({ name }) => name);
  for (const name of [
    "team.create",
    "role-rule.edit",
    "entity.import",
    "service.create",
    "environment.deploy",
    "incident.declare",
    "incident.resolve",
    "environment.delete",
    "golden-path.publish",
    "survey.manage",
  ])
    expect(names).toContain(name);
  const text = JSON.stringify(body.items);
  expect(text).not.toContain(token);
  expect(text).not.toContain(issuer.clientSecret);
});
