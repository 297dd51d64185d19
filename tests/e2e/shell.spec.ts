import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, visitor } from "../setup/browser";

// What the frame of every page opens, whose code comes at the first sign that somebody wants it.

afterAll(closeBrowser);

const CODE = "**/_next/static/chunks/**";

/** The crumbs are drawn by the browser: once they are there, buttons answer. */
const ready = (page: Page) => page.locator("#crumbs").getByText("Home").waitFor();

it("a press before the code is here is not lost, and what lies beside the button does not move", async () => {
  const { page, complaints } = await visitor("ada");
  await ready(page);
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route(CODE, async (route) => {
    await arrived;
    await route.continue();
  });
  const tell = page.getByRole("button", { name: "Tell the platform team" });
  const before = await tell.boundingBox();
  const asked = page.waitForRequest(CODE);
  await tell.hover();
  await asked;
  await tell.click();
  expect(await page.getByRole("dialog").count()).toBe(0);
  arrive();
  await page.getByRole("dialog", { name: "Tell the platform team" }).waitFor();
  await page.getByLabel("What works, what does not, what is missing").fill("Half a sentence");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await tell.evaluate((button) => button === document.activeElement)).toBe(true);
  expect(await tell.boundingBox()).toEqual(before);
  await tell.click();
  expect(await page.getByLabel("What works, what does not, what is missing").inputValue()).toBe("Half a sentence");
  expect(complaints).toEqual([]);
});

it("menus work by keyboard alone, and give the focus back to their button", async () => {
  const { page, complaints } = await visitor("ada");
  await ready(page);
  const account = page.getByRole("button", { name: /Ada/ });
  for (const key of ["Enter", "ArrowDown"]) {
    await account.focus();
    await page.keyboard.press(key);
    await page.getByRole("menu", { name: "Account" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    expect(await account.evaluate((button) => button === document.activeElement)).toBe(true);
  }
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await page.locator("html[data-theme=dark]").waitFor();
  const notices = page.getByRole("button", { name: /Notices/ });
  await notices.click();
  await page.getByRole("dialog", { name: "Notices" }).waitFor();
  expect(await notices.getAttribute("aria-expanded")).toBe("true");
  expect(await accessibilityProblems(page)).toEqual([]);
  await notices.click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
});

it("on a phone the navigation opens at the first tap and closes with the page", async () => {
  const { page, complaints } = await visitor("ada", { width: 390, height: 844 });
  await ready(page);
  await page.getByRole("button", { name: "Open navigation" }).click();
  const sheet = page.getByRole("dialog", { name: "Navigation" });
  await sheet.waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await sheet.getByRole("button", { name: /Ada/ }).click();
  await page.getByRole("menuitem", { name: "Account" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await sheet.getByRole("link", { name: "Catalog" }).click();
  await page.getByRole("heading", { level: 1, name: "Catalog" }).waitFor();
  await sheet.waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
});

it("says so where the code does not come, and opens at the next press", async () => {
  const { page } = await visitor("ada");
  await ready(page);
  await page.route(CODE, (route) => route.abort());
  const tell = page.getByRole("button", { name: "Tell the platform team" });
  await tell.click();
  await page.getByText("It did not arrive. Look at the connection and try again.").waitFor();
  await page.unroute(CODE);
  await tell.click();
  await page.getByRole("dialog", { name: "Tell the platform team" }).waitFor();
});
