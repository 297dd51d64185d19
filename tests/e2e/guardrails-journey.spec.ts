import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";

let ada: Visitor;
let bo: Visitor;
let pat: Visitor;
let token = "";
let admin = "";

beforeAll(async () => {
  [ada, bo, pat] = [await visitor("ada"), await visitor("bo"), await visitor("pat")];
  token = await hostToken("ada", "read,env:write");
  admin = await hostToken("pat", "read,admin");
});
afterAll(async () => {
  for (const name of ["telling-names", "short-extensions", "usual-extensions", "sandboxes-of-checkout-are-short"]) await api(admin, "DELETE", `/guardrails/${name}`);
  await closeBrowser();
});

it("an admin writes a guardrail and sees what it would have said, before anybody notices it", async () => {
  const { page, complaints } = pat;
  for (const ttl of ["24h", "60h"]) expect((await api(token, "POST", "/guardrails/check/environment.create", { goldenPath: "node-express", ttl })).status).toBe(200);
  await page.goto("/admin/guardrails/new");
  await page.getByRole("button", { name: "Sandboxes end within three days" }).click();
  await page.getByLabel("Title", { exact: false }).first().fill("Sandboxes of checkout are short");
  await page.getByLabel("Extend a sandbox").uncheck();
  await page.getByText(/Would have refused \d+ of the last \d+ requests\./).waitFor();
  const before = await page.getByText(/Would have refused/).textContent();
  const condition = page.getByRole("textbox", { name: "Condition of the guardrail" });
  await condition.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("request.ttlHour <= 30");
  await page.getByRole("alert").getByText("request has no ttlHour. Did you mean ttlHours?").waitFor();
  await screenshot(page, "guardrail-editor-problem-light-1440");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("request.ttlHours <= 30");
  await page.getByText(/^Would have refused/).waitFor();
  await page.waitForFunction((text) => document.body.textContent?.includes("Would have refused") && !document.body.textContent.includes(text ?? ""), before);
  const example = page.getByRole("group", { name: "Two days" });
  await example.getByText(/Does not pass, and should/).waitFor();
  await example.getByLabel("Facts").fill("request.ttlHours = 24");
  await example.getByText(/Passes$/).waitFor();
  await page
    .getByRole("group", { name: "Extended by a week" })
    .getByRole("button", { name: /Remove/ })
    .click();
  await page.getByLabel("Teams", { exact: false }).fill("checkout");
  await page.getByLabel(/^Refuse/).check();
  await page.getByRole("textbox", { name: /^Message/ }).fill("Sandboxes of checkout live 30 hours at most.");
  await page.getByLabel("What to do instead").fill("Ask for 30h or less.");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "Create guardrail" }).click();
  await page.waitForURL(/\/admin\/guardrails\/sandboxes-of-checkout-are-short$/);
  await page.getByRole("heading", { level: 1, name: "Sandboxes of checkout are short" }).waitFor();
  expect(complaints).toEqual([]);
});

it("an engineer sees it beside the field while typing, corrects it and goes on; the terminal says the same", async () => {
  const { page, complaints } = ada;
  const definition = {
    title: "Names say what for",
    why: "So.",
    abilities: ["environment.create"],
    condition: '!request.name.startsWith("guarded-")',
    effect: "warn",
    message: "That name says little.",
    fix: "Name it after what it is for.",
    examples: [
      { title: "Named", expect: "pass", facts: { "request.name": "vouchers" } },
      { title: "Guarded", expect: "fail", facts: { "request.name": "guarded-basket" } },
    ],
  };
  expect(await api(admin, "POST", "/guardrails", { name: "telling-names", definition })).toMatchObject({ status: 201 });
  await page.goto("/environments/new?path=node-express");
  const ttl = page.getByLabel("Ends after");
  await ttl.fill("48h");
  const told = page.locator("#ttl-error");
  await told.getByText("Sandboxes of checkout live 30 hours at most. Ask for 30h or less.").waitFor();
  const part = page.getByRole("region", { name: "Guardrails" });
  await part.getByText("1 refuses", { exact: false }).waitFor();
  await screenshot(page, "guardrail-beside-field-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  const refused = await commandLine("waymark", ["env", "create", "--template", "node-express", "--ttl", "48h"], token);
  expect(refused).toMatchObject({ code: 4, stdout: "" });
  expect(refused.stderr).toContain("--ttl: Sandboxes of checkout live 30 hours at most. Ask for 30h or less. (guardrail sandboxes-of-checkout-are-short)");
  const checked = await commandLine("waymark", ["guardrail", "check", "environment.create", "--set", "goldenPath=node-express", "--set", "ttl=48h"], token);
  expect(checked.code).toBe(4);
  expect(checked.stdout).toContain("REFUSES");
  await page.getByLabel("Name", { exact: true }).fill("guarded-basket");
  await page.getByRole("button", { name: "Create environment" }).click();
  await told.waitFor();
  expect(new URL(page.url()).pathname).toBe("/environments/new");
  await page.getByRole("button", { name: "24h" }).click();
  await told.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Create environment" }).click();
  await page.waitForURL(/\/runs\/run_/);
  await page.getByText(/guarded-basket is ready/).waitFor();
  // What was only warned of in the form is said again where one lands.
  await page.getByRole("region", { name: "Guardrails" }).getByText("That name says little. Name it after what it is for.").waitFor();
  expect(complaints).toEqual([]);
});

it("extending is judged while somebody looks at a button or chooses in the dialog, and what is only warned of is said with it", async () => {
  const { page, complaints } = ada;
  const [made] = (await api(token, "GET", "/environments?q=guarded-basket")).body.items as { id: string }[];
  const examples = [
    { title: "Two days", expect: "pass", facts: { "request.ttlHours": 48 } },
    { title: "A week", expect: "fail", facts: { "request.ttlHours": 168 } },
  ];
  const rule = { abilities: ["environment.extend"], why: "Memory is short.", field: "ttl", examples };
  const refusing = { ...rule, title: "Extensions are short", condition: "request.ttlHours <= 72.0", effect: "refuse", message: "A week is too long.", fix: "Extend by 48h." };
  const warning = {
    ...rule,
    title: "A day is usual",
    condition: "request.ttlHours != 168.0 && request.ttlHours != 48.0",
    effect: "warn",
    message: "That is long.",
    fix: "Take a day.",
  };
  const warned = { ...warning, examples: [{ title: "A day", expect: "pass", facts: { "request.ttlHours": 24 } }, examples[1]] };
  for (const [name, definition] of Object.entries({ "short-extensions": refusing, "usual-extensions": warned }))
    expect(await api(admin, "POST", "/guardrails", { name, definition })).toMatchObject({ status: 201 });
  await page.goto(`/environments/${made?.id}`);
  const group = page.getByRole("group", { name: "Extend, from now on" });
  const part = page.getByRole("region", { name: "Guardrails" });
  await group.waitFor();
  expect(await part.count()).toBe(0);
  await group.getByRole("button", { name: "7d" }).hover();
  await part.getByText("A week is too long. Extend by 48h.").waitFor();
  await part.getByText("That is long. Take a day.").waitFor();
  await screenshot(page, "guardrail-extend-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await group.getByRole("button", { name: "7d" }).click();
  await page.getByRole("alert").getByText("A week is too long. Extend by 48h.").waitFor();
  await group.getByRole("button", { name: "48h" }).click();
  await page.getByText("guarded-basket now ends in 48h. That is long. Take a day.").waitFor();
  await page.goto("/environments?q=guarded-basket");
  await page.getByRole("button", { name: "More for guarded-basket" }).click();
  await page.getByRole("menuitem", { name: "Extend…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Ends after").selectOption("7d");
  await dialog.locator("#ttl-error").getByText("A week is too long. Extend by 48h.").waitFor();
  await dialog.getByRole("region", { name: "Guardrails" }).getByText("1 refuses, 1 warns").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByLabel("Ends after").selectOption("24h");
  await dialog.locator("#ttl-error").waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "Extend environment" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("guarded-basket now ends in 24h.").waitFor();
  await api(token, "DELETE", `/environments/${made?.id}`);
  expect(complaints).toEqual([]);
});

it("another team is not concerned, and an exception lets a team through until its day", async () => {
  await bo.page.goto("/environments/new?path=node-express");
  await bo.page.getByLabel("Ends after").fill("48h");
  await bo.page.getByRole("region", { name: "Guardrails" }).getByText("Sandboxes begin with three days at most").waitFor();
  expect(await bo.page.locator("#ttl-error").count()).toBe(0);
  const { page, complaints } = pat;
  await page.goto("/admin/guardrails/sandboxes-of-checkout-are-short");
  await page.getByRole("button", { name: "Let a team through" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Let team through" }).click();
  await dialog.getByText("Say why it is let through for now").waitFor();
  await dialog.getByLabel("Team").selectOption({ label: "Checkout" });
  await dialog.getByLabel("Reason").fill("The load test runs over the weekend.");
  await dialog.getByLabel("Last day").fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10));
  await dialog.getByRole("button", { name: "Let team through" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await (await api(token, "POST", "/guardrails/check/environment.create", { goldenPath: "node-express", ttl: "48h" })).body.outcome).toBe("allowed");
  await ada.page.goto("/guardrails/sandboxes-of-checkout-are-short");
  await ada.page.getByText("The load test runs over the weekend.").waitFor();
  await screenshot(ada.page, "guardrail-light-1440");
  expect(await accessibilityProblems(ada.page)).toEqual([]);
  await page.goto("/admin/guardrails/sandboxes-of-checkout-are-short?tab=exceptions");
  await page.getByRole("button", { name: "End exception of Checkout" }).click();
  await page.getByText("Checkout has to keep within it again.").waitFor();
  expect((await api(token, "POST", "/guardrails/check/environment.create", { goldenPath: "node-express", ttl: "48h" })).body.outcome).toBe("refused");
  expect(complaints).toEqual([]);
});

it("what was refused can be opened with what it saw, and the admin deletes the guardrail by its name", async () => {
  const { page, complaints } = ada;
  await page.goto("/guardrails/requests?guardrail=sandboxes-of-checkout-are-short");
  await page.getByRole("link", { name: "guarded-basket" }).first().click();
  const detail = page.getByRole("complementary", { name: "Selected request" });
  await detail.getByText("request.ttlHours").waitFor();
  await screenshot(page, "guardrail-request-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await pat.page.goto("/admin/guardrails/sandboxes-of-checkout-are-short");
  await pat.page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = pat.page.getByRole("alertdialog");
  await dialog.getByLabel("Type sandboxes-of-checkout-are-short to confirm").fill("sandboxes-of-checkout-are-short");
  await dialog.getByRole("button", { name: "Delete guardrail" }).click();
  await pat.page.waitForURL(/\/admin\/guardrails$/);
  expect((await api(token, "GET", "/guardrails/sandboxes-of-checkout-are-short")).status).toBe(404);
  expect(complaints).toEqual([]);
});
