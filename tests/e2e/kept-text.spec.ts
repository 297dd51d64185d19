import { afterAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, hostToken } from "../setup/command-line";

// What somebody types for a golden path outlives the tab that they type in.

afterAll(closeBrowser);

const NAME = "kept-text";
const editor = (page: Visitor["page"]) => page.getByRole("textbox", { name: "template.yaml" });

it("what was typed in a tab that died is offered on return, put back and saved; what is discarded stays away", async () => {
  const token = await hostToken("pat", "read,admin");
  expect((await api(token, "POST", `/golden-paths/${NAME}/draft`, { from: "example" })).status).toBe(201);
  const saved = async () => String((await api(token, "GET", `/golden-paths/${NAME}/draft/file?path=template.yaml`)).body.text);
  const { page, context, complaints } = await visitor("pat");
  // Saving does not get through any more: the tab dies before its text is anywhere else.
  const typeAndDie = async (tab: Visitor["page"], text: string) => {
    await tab.route("**/*", (route) => (route.request().method() === "POST" ? route.abort() : route.fallback()));
    await editor(tab).click();
    await tab.keyboard.press("Control+Home");
    await tab.keyboard.insertText(text);
    // Kept with the key, not with the saving a second later.
    await tab.waitForFunction((typed) => Object.values(localStorage).some((value) => value.includes(typed)), text.trim(), { timeout: 1_000 });
    // Killed, not closed: nothing is told that it ends.
    const crashed = tab.waitForEvent("crash");
    const devtools = await tab.context().newCDPSession(tab);
    void devtools.send("Page.crash").catch(() => undefined);
    await crashed;
    await tab.close();
  };
  const ready = async (tab: Visitor["page"]) => {
    await tab.goto(`/admin/golden-paths/${NAME}`);
    await editor(tab).waitFor();
    await tab.locator("#crumbs").getByText(NAME).waitFor();
  };
  await ready(page);
  await typeAndDie(page, "# half a sentence\n");
  expect(await saved()).not.toContain("half a sentence");

  const second = await context.newPage();
  await ready(second);
  await second.getByText(/What you typed in template\.yaml .* was not saved before the page was closed\./).waitFor();
  expect(await accessibilityProblems(second)).toEqual([]);
  await screenshot(second, "path-editor-kept-text-light-1440");
  await second.getByRole("button", { name: "Put it back" }).click();
  await editor(second).getByText("# half a sentence").waitFor();
  await expect.poll(saved).toContain("# half a sentence\n");
  await expect.poll(() => second.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("waymark.typed.")))).toEqual([]);

  await typeAndDie(second, "# nobody wants this\n");
  const third = await context.newPage();
  await ready(third);
  await third.getByRole("button", { name: "Discard it" }).click();
  await third.reload();
  await editor(third).getByText("# half a sentence").waitFor();
  expect(await third.getByRole("button", { name: "Discard it" }).count()).toBe(0);
  expect(await saved()).not.toContain("nobody wants this");
  expect(complaints.filter((text) => !/ERR_FAILED/.test(text))).toEqual([]);
});

it("the import of a repository shows what is wrong beside its field, and the first of them has the focus", async () => {
  const { page } = await visitor("pat");
  await page.goto("/admin/golden-paths/new");
  await page.locator("#crumbs").getByText("New").waitFor();
  await page.getByLabel("Address").fill("ftp://nowhere");
  await page.getByRole("button", { name: "Import repository" }).click();
  await page.locator("#git-url-error").waitFor();
  expect(await page.getByLabel("Address").evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await page.getByLabel("Address").inputValue()).toBe("ftp://nowhere");
  expect(await accessibilityProblems(page)).toEqual([]);
});
