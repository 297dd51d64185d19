import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { until } from "../setup/until";

// The end of a service and the way back; and an action of the platform team's own.

const NAME = "fading-api";
let olga: Visitor;
let pat: Visitor;
let token = "";

beforeAll(async () => {
  [olga, pat] = [await visitor("olga"), await visitor("pat")];
  token = await hostToken("olga", "read,env:write,repo:create");
  const made = await commandLine("waymark", ["new", "node-express", "--set", `name=${NAME}`, "--json"], token);
  expect(made.code, made.stderr).toBe(0);
  await until("its development environment", async () =>
    ((await api(token, "GET", `/environments?q=${NAME}`)).body.items as { status: string }[]).some(({ status }) => status === "ready"),
  );
});
afterAll(closeBrowser);

it("its owner sees every part, decides, types the name, and watches it end", async () => {
  const { page, complaints } = olga;
  await page.goto(`/catalog/default/component/${NAME}`);
  await page.getByRole("button", { name: `More for ${NAME}` }).click();
  await page.getByRole("menuitem", { name: "Decommission" }).click();
  await page.getByRole("heading", { level: 2, name: "Decommission" }).waitFor();
  const row = (text: string) => page.locator("tr[data-row]", { hasText: text });
  await row(`${NAME}-development/main`).getByText("Shares the fate of its environment.").waitFor();
  await page.getByLabel(`What to do with checkout/${NAME}`).selectOption("delete");
  await row(`checkout/${NAME}`).getByText("Nobody can bring them back.").waitFor();
  await page.getByLabel(`What to do with checkout/${NAME}`).selectOption("archive");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: `Decommission ${NAME}` }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByText(`Deleted for good: ${NAME}-development.`).waitFor();
  await dialog.getByRole("button", { name: `Decommission ${NAME}` }).click();
  await dialog.getByText(`Type ${NAME} to confirm.`).waitFor();
  await dialog.getByLabel(`Type ${NAME} to confirm`).fill(NAME);
  await dialog.getByRole("button", { name: `Decommission ${NAME}` }).click();
  await page.getByRole("link", { name: "Receipt" }).click();
  await page.getByRole("heading", { level: 1, name: `Receipt of ${NAME}` }).waitFor();
  await page.getByText("Asked for by Olga Marin").waitFor();
  for (const [part, became] of [
    [`${NAME}-development`, "Deleted"],
    [`checkout/${NAME}`, "Archived"],
    [`component:default/${NAME}`, "Removed"],
  ] as const)
    await row(part).first().getByText(became, { exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "decommission-receipt");
  expect(complaints).toEqual([]);
});

it("takes it back: the entry is in the lists again, and the repository takes pushes", async () => {
  const { page, complaints } = olga;
  await page.goto(`/catalog/default/component/${NAME}`);
  // What has ended offers nothing new.
  await page.getByRole("region", { name: "Development" }).getByText("Nothing runs here any more.").waitFor();
  for (const name of ["Create development", "Create sandbox", "Leave the path", "Declare incident", "Run action"]) expect(await page.getByRole("button", { name }).count()).toBe(0);
  expect(await page.getByRole("link", { name: "Edit", exact: true }).count()).toBe(0);
  await page.getByText("The service has ended, so none can be declared.").waitFor();
  await page.getByRole("link", { name: "Open receipt" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Taken back by olga").waitFor();
  await page.goto(`/catalog?q=${NAME}`);
  await page.getByRole("link", { name: NAME, exact: true }).first().waitFor();
  const { body } = await api(token, "GET", `/repositories/checkout/${NAME}`);
  expect(JSON.stringify(body)).toContain('"status":"ready"');
  expect(complaints).toEqual([]);
});

it("the platform team declares an action for steps beside the built-in ones", async () => {
  const { page, complaints } = pat;
  await page.goto("/admin/step-actions");
  await page.getByRole("link", { name: "New step action" }).first().click();
  await page.getByLabel("Id", { exact: true }).fill("fetch:plain");
  await page.getByLabel("Title", { exact: true }).fill("Open a ticket");
  await page.getByLabel("Address", { exact: true }).fill("https://tickets.example/waymark");
  await page.getByRole("button", { name: "Create action" }).click();
  await page.getByText("fetch:plain is an action of Waymark itself.").waitFor();
  await page.getByLabel("Id", { exact: true }).fill("fellside:ticket:create");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "Create action" }).click();
  await page.getByText("Signing secret, shown this once.").waitFor();
  await page.getByRole("link", { name: "Open action" }).click();
  await page.getByText("Used by no golden path").waitFor();
  await page.goto("/admin/step-actions");
  await page.locator("tr[data-row]", { hasText: "fellside:ticket:create" }).getByText("HTTP call").waitFor();
  await page.locator("tr[data-row]", { hasText: "publish:github:pull-request" }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
