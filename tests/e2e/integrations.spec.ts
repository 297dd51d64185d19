import { afterAll, beforeAll, expect, it } from "vitest";
import { aScene, type Scene } from "../github/scene";
import { accessibilityProblems, closeBrowser, screenshot, visitor } from "../setup/browser";
import { api, hostToken } from "../setup/command-line";

let scene: Scene;
beforeAll(async () => {
  scene = await aScene();
});
afterAll(async () => {
  // Nothing of it may be left for the other journeys.
  await api(await hostToken("pat", "read,admin"), "DELETE", "/integrations/github");
  await closeBrowser();
  await scene.fake.stop();
  expect(scene.fake.violations).toEqual([]);
});

it("a platform admin connects GitHub, reads what is missing, mends it, and disconnects; secrets are never shown", async () => {
  if (scene.app.type !== "app") throw new Error("the scene has no App");
  const { page, context, complaints } = await visitor("pat");
  await page.goto("/admin/integrations");
  await page.getByText("Not connected. New services").waitFor();
  await page.getByLabel(/Owner/).fill("../x");
  await page.getByRole("button", { name: "Connect GitHub" }).click();
  await page.getByText("Enter the login of an organisation").waitFor();
  await page.getByLabel(/Owner/).fill("acme");
  await page.getByLabel(/App id/).fill(scene.app.appId);
  await page.getByLabel(/Private key/).fill(scene.app.privateKey);
  await page.getByLabel(/API address/).fill(scene.fake.apiUrl);
  const { workflows = "", ...less } = scene.installation.permissions;
  scene.installation.permissions = less;
  await page.getByRole("button", { name: "Connect GitHub" }).click();
  await page.getByText("The App lacks Workflows (read and write).").waitFor();
  await screenshot(page, "integrations-missing-permission");
  scene.installation.permissions = { ...less, workflows };
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("Connected", { exact: true }).waitFor();
  await screenshot(page, "integrations-connected");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.reload();
  await page.getByText("Connected", { exact: true }).waitFor();
  expect(await page.content()).not.toContain("PRIVATE KEY-----");
  await page.getByRole("button", { name: "Disconnect GitHub" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disconnect GitHub" }).click();
  await page.getByText("Not connected. New services").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it("a platform admin connects another host, is told what is wrong beside the field and by the host, and disconnects it", async () => {
  const { page, context, complaints } = await visitor("pat");
  await page.goto("/admin/integrations");
  await page.getByRole("button", { name: "Connect Azure DevOps" }).click();
  await page.getByLabel(/Organisation and project/).fill("acme");
  await page
    .getByLabel(/^Token/)
    .last()
    .fill("azure-secret-token");
  await page.getByRole("button", { name: "Connect Azure DevOps" }).click();
  await page.getByText("Write organisation and project, such as acme/Shop.").waitFor();
  await page.getByLabel(/^Address/).fill("http://10.0.0.8");
  await page.getByLabel(/Organisation and project/).fill("acme/Shop");
  await page.getByRole("button", { name: "Connect Azure DevOps" }).click();
  await page.getByText("unless the operator lists the host in WAYMARK_PRIVATE_HOSTS").waitFor();
  await screenshot(page, "integrations-host-form");
  // A name that leads nowhere: what a host says that does not answer.
  await page.getByLabel(/^Address/).fill("https://azure.invalid");
  await page.getByRole("button", { name: "Connect Azure DevOps" }).click();
  await page.getByText("acme/Shop").waitFor();
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("Azure DevOps did not show the project acme/Shop").waitFor();
  await screenshot(page, "integrations-host-connected");
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await page.content()).not.toContain("azure-secret-token");
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Connect Azure DevOps" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
