import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { until } from "../setup/until";

let ada: Visitor;
let olga: Visitor;
let pat: Visitor;
let token = "";
const ENTITY = "/catalog/default/component/order-mailer";

beforeAll(async () => {
  [ada, olga, pat] = [await visitor("ada"), await visitor("olga"), await visitor("pat")];
  token = await hostToken("ada", "read,catalog:write");
});
afterAll(closeBrowser);

it("an admin makes a scorecard: a typing error is told at its place, and how many would pass before it is saved", async () => {
  const { page, complaints } = pat;
  await page.goto("/admin/scorecards/new");
  await page.getByLabel("Title", { exact: false }).first().fill("Findable");
  await page.getByRole("button", { name: "Remove level Silver" }).click();
  await page.getByRole("button", { name: "Remove level Gold" }).click();
  await page.getByRole("button", { name: "Has an owner that exists" }).click();
  await page.getByText(/^\d+ of \d+ pass$/).waitFor();
  await page.getByRole("button", { name: "Add level" }).click();
  await page.getByLabel("Title of level 2").fill("Found");
  await page.getByRole("button", { name: "Add check", exact: true }).click();
  const check = page.getByRole("group", { name: "check 2" });
  await check.getByLabel("Title").fill("Is tagged mail");
  const tagged = page.getByRole("group", { name: "Is tagged mail" });
  await tagged.getByLabel("Level").selectOption("found");
  await tagged.getByLabel("Why it matters").fill("People look for it.");
  await tagged.getByLabel("How to make it pass").fill("Add the tag `mail`.");
  await tagged.getByLabel("Action that makes it pass").selectOption("restart-environment");
  const editor = tagged.getByRole("textbox", { name: "Condition of Is tagged mail" });
  await editor.click();
  await page.keyboard.type('has(entity.metadata.tags) && "mail" in entity.metadata.tags && docs.presnt');
  await tagged.getByRole("alert").getByText("docs has no presnt. Did you mean present?").waitFor();
  await screenshot(page, "scorecard-editor-problem-light-1440");
  for (let n = 0; n < " && docs.presnt".length; n += 1) await page.keyboard.press("Backspace");
  await tagged.getByText(/Would pass 0 of \d+\./).waitFor();
  await page.getByLabel("Look at one entity").fill("component:default/order-mailer");
  await tagged.getByText("Fails").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "Create scorecard" }).click();
  await page.waitForURL(/\/scorecards\/findable$/);
  expect(complaints).toEqual([]);
});

it("its level is on the entity's page; who mends the definition sees it pass", async () => {
  await until("the evaluation", async () =>
    ((await api(token, "GET", "/entities/component/default/order-mailer/scorecards")).body.items as { name: string }[]).some(({ name }) => name === "findable"),
  );
  const { page, complaints } = ada;
  await page.goto(`${ENTITY}/scorecard`);
  await page.getByText("Is tagged mail").first().waitFor();
  const remedy = page.locator("li[id^=findable-]").getByRole("link", { name: "Restart environment" });
  expect(await remedy.getAttribute("href")).toBe("/actions/restart-environment?entity=component%3Adefault%2Forder-mailer");
  await screenshot(page, "entity-scorecard-journey-light-1440");
  expect((await commandLine("waymark", ["scorecard", "check", "order-mailer", "--scorecard", "findable", "--level", "found"], token)).code).toBe(1);
  const { body } = await api(token, "GET", "/entities/component/default/order-mailer");
  const definition = body.definition as { metadata: object };
  const owner = await hostToken("olga", "read,catalog:write");
  const saved = await api(owner, "PUT", "/entities/component/default/order-mailer", {
    definition: { ...definition, metadata: { ...definition.metadata, tags: ["node", "mail"] } },
  });
  expect(saved.status).toBe(200);
  await until("the check to pass", async () => {
    const cards = (await api(token, "GET", "/entities/component/default/order-mailer/scorecards")).body.items as { name: string; level: { name: string | null } }[];
    return cards.find(({ name }) => name === "findable")?.level.name === "found";
  });
  await page.reload();
  await page.getByRole("link", { name: /Findable.*Found/ }).waitFor();
  const checked = await commandLine("waymark", ["scorecard", "check", "order-mailer", "--scorecard", "findable", "--level", "found", "--json"], token);
  expect(checked.code).toBe(0);
  expect(JSON.parse(checked.stdout)).toMatchObject({ items: [{ name: "findable", level: { index: 2 } }] });
  expect(complaints).toEqual([]);
});

it("a team owner lets a service off a check until a day, and takes it back", async () => {
  const { page, complaints } = olga;
  await page.goto("/catalog/default/component/receipts/scorecard");
  const row = page.getByRole("listitem").filter({ hasText: "Is tagged mail" });
  await row
    .first()
    .getByRole("button", { name: /Grant exception/ })
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Grant exception" }).click();
  await dialog.getByText("Say why it need not pass for now").waitFor();
  await dialog.getByLabel("Reason").fill("It sends none.");
  await dialog.getByLabel("Last day").fill(new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
  await dialog.getByRole("button", { name: "Grant exception" }).click();
  await row.first().getByText("Exempt", { exact: true }).waitFor();
  await page.goto("/scorecards/findable?tab=checks&check=is-tagged-mail");
  await page.getByText("It sends none.").waitFor();
  await screenshot(page, "scorecard-exception-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "End exception" }).click();
  await page.getByText("The exception is taken back.").waitFor();
  await page.getByText("It sends none.").waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
});

it("the admin starts a campaign; who has something to do finds it on home, and what it still waits for behind it", async () => {
  const { page, complaints } = pat;
  await page.goto("/scorecards/findable");
  await page.getByRole("button", { name: "Start campaign" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("Mail is found");
  await dialog.getByLabel("What has to be reached").selectOption({ label: "Pass “Is tagged mail”" });
  await dialog.getByLabel("Last day").fill("2020-01-01");
  await dialog.getByLabel("Why now").fill("The mail move begins next month.");
  await dialog.getByRole("button", { name: "Start campaign" }).click();
  await dialog.getByText("Give a day that is still to come.").waitFor();
  await dialog.getByLabel("Last day").fill(new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
  await dialog.getByRole("button", { name: "Start campaign" }).click();
  await page.getByText("The campaign has begun.").waitFor();
  await page.locator("summary").filter({ hasText: "Mail is found" }).click();
  await screenshot(page, "scorecard-campaign-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await ada.page.goto("/");
  await ada.page.getByRole("link", { name: "Mail is found" }).click();
  await ada.page.getByRole("link", { name: "checkout-api" }).waitFor();
  await ada.page.getByRole("link", { name: "order-mailer" }).waitFor({ state: "detached" });
  expect((await commandLine("waymark", ["scorecard", "show", "findable"], token)).stdout).toMatch(/Mail is found\s+by \d{4}-/);
  expect([...complaints, ...ada.complaints]).toEqual([]);
});

it("and the admin deletes it by its name", async () => {
  const { page, complaints } = pat;
  await page.goto("/admin/scorecards/findable");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Type findable to confirm").fill("findable");
  await dialog.getByRole("button", { name: "Delete scorecard" }).click();
  await page.waitForURL(/\/admin\/scorecards$/);
  expect((await api(token, "GET", "/scorecards/findable")).status).toBe(404);
  expect(complaints).toEqual([]);
});
