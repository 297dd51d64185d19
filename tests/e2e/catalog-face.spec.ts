import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { atPortal } from "../setup/at-portal";
import { accessibilityProblems, closeBrowser, screenshot, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";

afterAll(closeBrowser);

const CHECKOUT = "/catalog/default/component/checkout-api";

it("stars, orders and keeps a view; all of it is in the address and at hand in the palette", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto("/catalog?kind=component");
  await page.getByRole("button", { name: "Star checkout-api" }).click();
  await page.getByRole("button", { name: "Remove the star of checkout-api" }).waitFor();
  await page.getByRole("columnheader", { name: "Owner" }).getByRole("link").click();
  await page.waitForURL(/sort=owner/);
  await page.locator('th[aria-sort="ascending"]', { hasText: "Owner" }).waitFor();
  await page.getByRole("columnheader", { name: "Owner" }).getByRole("link").click();
  await page.waitForURL(/sort=-owner/);
  await page.getByRole("button", { name: "Save this view" }).click();
  await page.getByLabel("Name", { exact: false }).last().fill("Services by owner");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("link", { name: "Services by owner" }).waitFor();

  await page.goto("/catalog");
  await page.getByRole("link", { name: "Services by owner" }).click();
  await page.waitForURL((url) => url.searchParams.get("kind") === "component" && url.searchParams.get("sort") === "-owner");
  await page.getByRole("link", { name: /^Starred/ }).click();
  await page.waitForURL(/scope=starred/);
  await page.getByRole("link", { name: "checkout-api", exact: true }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: /checkout-api/ }).waitFor();
  await page.keyboard.press("Escape");
  await page.goto("/catalog");
  await page.getByRole("button", { name: "Remove view Services by owner" }).click();
  await page.getByRole("link", { name: "Services by owner" }).waitFor({ state: "hidden" });
  await page.goto(CHECKOUT);
  await page.getByRole("button", { name: "Remove the star of checkout-api" }).click();
  await page.getByRole("button", { name: "Star checkout-api" }).waitFor();
  expect(complaints).toEqual([]);
});

it("shows who needs whom as a graph that the keyboard walks, as a table, and what breaks", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto(`${CHECKOUT}/dependencies`);
  const root = page.locator('[data-node="component:default/checkout-api"]');
  await root.waitFor();
  await root.focus();
  await page.keyboard.press("ArrowRight");
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.node ?? "");
  await page.waitForFunction(() => (document.activeElement as HTMLElement | null)?.dataset.node !== "component:default/checkout-api");
  const next = await focused();
  expect(next).toMatch(/:default\//);
  await page.keyboard.press("Home");
  await page.waitForFunction(() => (document.activeElement as HTMLElement | null)?.dataset.node === "component:default/checkout-api");

  await page.getByRole("link", { name: "What breaks if it goes" }).click();
  await page.waitForURL(/show=impact/);
  await page.getByText(/If checkout-api goes/).waitFor();
  await page.getByRole("link", { name: "Table", exact: true }).click();
  await page.getByRole("row", { name: /storefront.*needs it|storefront.*depends on it/ }).waitFor();
  await page.getByRole("link", { name: "Graph", exact: true }).click();
  await page.locator('[data-node="component:default/storefront"]').focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/component\/storefront\/dependencies\?.*show=impact/);
  await page.getByRole("heading", { level: 1, name: "storefront" }).waitFor();
  expect(complaints).toEqual([]);
});

it("reads documents with their navigation, headings and diagrams, and searches them", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto(`${CHECKOUT}/docs`);
  const diagram = page.frameLocator('iframe[title^="Diagram"]');
  await diagram.getByText("reserve lines").first().waitFor();
  expect(await page.locator('iframe[title^="Diagram"]').getAttribute("sandbox")).toBe("allow-scripts");
  await page.getByLabel("On this page").getByRole("link", { name: "When it hurts" }).click();
  await page.waitForURL(/#doc-when-it-hurts/);
  await page.getByRole("navigation", { name: "Documents" }).getByRole("link", { name: "Runbook" }).click();
  await page.getByRole("heading", { name: "Orders are slow" }).waitFor();
  await page.getByLabel("Search these documents").fill("provider timeout");
  await page.keyboard.press("Enter");
  await page
    .getByRole("link", { name: /Decisions/ })
    .last()
    .click();
  await page.getByRole("heading", { name: "One payment provider at a time" }).waitFor();
  expect(complaints).toEqual([]);
});

it("reads an API: operations, fields, the definition, who provides and uses it", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto(`${CHECKOUT}/apis`);
  await page.locator("a.name", { hasText: /^checkout$/ }).click();
  await page.getByLabel("Path, field, description").fill("cursor");
  await page.waitForURL(/q=cursor/);
  await page.getByText("1 of 4").waitFor();
  await page.getByText("GET", { exact: true }).click();
  await page.getByText("integer, in query").waitFor();
  await page.getByRole("link", { name: "Definition", exact: true }).last().click();
  await page.locator(".cm-content", { hasText: "openapi" }).waitFor();
  await page.getByRole("link", { name: "checkout-api", exact: true }).waitFor();
  expect(complaints).toEqual([]);
});

it("an edit of a service from our own git server becomes a commit there, and the catalog follows", async () => {
  const token = await hostToken("ada", "read,repo:create,catalog:write");
  expect((await commandLine("waymark", ["new", "node-express", "--set", "name=edited-here"], token)).code).toBe(0);
  const { page, complaints } = await visitor("ada");
  await page.goto("/catalog/default/component/edited-here/edit");
  await page.getByRole("button", { name: "YAML", exact: true }).click();
  await page.locator(".cm-content", { hasText: "edited-here" }).waitFor();
  await page.getByRole("button", { name: "Form", exact: true }).click();
  await page.getByLabel("Description").fill("Edited in the catalog");
  await page.getByRole("button", { name: "Commit change" }).click();
  await page.waitForURL(/\/runs\/run_/);
  await page
    .getByText(/The change of .* is in its repository/)
    .first()
    .waitFor();
  await expect.poll(async () => ((await api(token, "GET", "/entities/component/default/edited-here")).body as { description: string }).description).toBe("Edited in the catalog");
  await page.goto("/repositories/checkout/edited-here/tree/main/catalog-info.yaml");
  await page.getByText("Edited in the catalog").first().waitFor();
  expect(complaints).toEqual([]);
});

it("a file that breaks keeps its last good version, and is put right from the inbox", async () => {
  const token = await hostToken("ada", "read,repo:create,catalog:write");
  expect((await commandLine("waymark", ["new", "node-express", "--set", "name=broken-once"], token)).code).toBe(0);
  const work = mkdtempSync(path.join(tmpdir(), "wm-broken-"));
  const git = (...args: string[]) => execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: work, stdio: "pipe" });
  git("clone", "-q", `${atPortal().url.replace("://", `://ada:${token}@`)}/git/checkout/broken-once.git`, ".");
  const file = path.join(work, "catalog-info.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^spec:$/m, "spec: ["));
  git("commit", "-qam", "Break it");
  git("push", "-q", "origin", "HEAD");
  rmSync(work, { recursive: true, force: true });
  const inbox = async () => ((await api(token, "GET", "/catalog/findings?refused=true")).body as { items: { ofFile?: string[] }[] }).items.flatMap(({ ofFile = [] }) => ofFile);
  await expect.poll(inbox).toContain("component:default/broken-once");
  const { page, complaints } = await visitor("ada");
  await page.goto("/catalog/findings?scope=all");
  await page.getByRole("link", { name: "component:default/broken-once" }).click();
  await page.getByText("What the repository holds cannot be read.").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "entity-edit-broken-light-1440");
  await page.getByRole("button", { name: "Take last good version" }).click();
  await page.getByRole("button", { name: "Commit change" }).click();
  await page.waitForURL(/\/runs\/run_/);
  await expect.poll(inbox).toEqual([]);
  expect(complaints).toEqual([]);
});

it("what nobody confirmed for long asks for it, until its owner does", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto("/catalog/default/component/cart-worker");
  await page.getByText(/^Last changed or confirmed/).waitFor();
  await screenshot(page, "entity-unconfirmed-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "Still right" }).click();
  await page.getByText("Thank you. It holds from today.").waitFor();
  await page.getByText(/^Last changed or confirmed/).waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
});

it("finds people and teams: how to reach them, what they own", async () => {
  const { page, complaints } = await visitor("bo");
  await page.goto("/teams/checkout");
  await page.getByRole("link", { name: "Schedule", exact: true }).waitFor();
  await page.getByRole("link", { name: /Olga Marin/ }).click();
  await page.getByRole("heading", { level: 1, name: "Olga Marin" }).waitFor();
  await page.getByRole("link", { name: "Checkout", exact: true }).waitFor();
  await page.getByRole("link", { name: "checkout-api", exact: true }).waitFor();
  expect(complaints).toEqual([]);
});
