import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";
import { browserPath } from "../../scripts/launcher/test-tools.mjs";

/** Starts the machine's browser. Throws where there is none. */
export async function benchBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (!executablePath) throw new Error("No browser was found. Set CHROMIUM_PATH.");
  return chromium.launch({ executablePath });
}

/** What a new context needs to be this demo person at the portal, already signed in, with an empty cache. */
export async function signedIn(browser: Browser, url: string, person: string): Promise<BrowserContextOptions> {
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.locator(`button[value="${person}"]`).click();
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  const storageState = await context.storageState();
  await context.close();
  return { baseURL: url, storageState };
}
