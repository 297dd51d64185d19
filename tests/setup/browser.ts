import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { atPortal } from "./at-portal";

const BROWSERS = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];
/** How long something may take to appear on a slow machine. */
const PATIENCE_MS = 60_000;
const SHOTS = "test-results/screens";
const require = createRequire(import.meta.url);

let browser: Browser | null = null;

async function launched(): Promise<Browser> {
  const executablePath = BROWSERS.find((file) => file && existsSync(file));
  if (!executablePath) throw new Error("no browser was found");
  browser ??= await chromium.launch({
    executablePath,
    args: ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  return browser;
}

/** Closes the browser of this test file. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = null;
}

export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** What the browser complained about: script errors and refused content. Must stay empty. */
  complaints: string[];
}

/** A new visitor; with a name, already signed in as that demo person. */
export async function visitor(person?: string, options: { width?: number; height?: number; theme?: "light" | "dark" } = {}): Promise<Visitor> {
  const { url } = atPortal();
  const context = await (await launched()).newContext({
    baseURL: url,
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.theme ?? "light",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/favicon/.test(message.text() + message.location().url)) complaints.push(`${message.text()} ${message.location().url}`.trim());
  });
  if (person) await signIn(page, person);
  return { page, context, complaints };
}

/** Picks a demo person on the sign-in page and lands on home. */
export async function signIn(page: Page, person: string): Promise<void> {
  await page.goto("/sign-in");
  await page.locator(`button[value="${person}"]`).click();
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
}

/** Keeps a picture of the page for people to judge. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

/**
 * What axe finds wrong with the page, in one line each. The title is waited for and not left to axe:
 * a page that reads itself again is without one for a moment.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.waitForFunction(() => document.title !== "");
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> } }).axe;
    const { violations } = await axe.run({ resultTypes: ["violations"], rules: { "document-title": { enabled: false } } });
    return violations.map((violation) => `${violation.id}: ${violation.help} — ${violation.nodes[0]?.html.slice(0, 160)}`);
  });
}
