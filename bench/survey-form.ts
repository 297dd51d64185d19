import { setTimeout as wait } from "node:timers/promises";
import type { BrowserContextOptions, Locator } from "playwright-core";
import { benchBrowser, signedIn } from "./setup/browser";
import { report } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// The form of the survey as a person meets it: how soon it takes an answer on a phone, and how long it takes by keyboard alone.

/** Lighthouse's phone: a processor four times slower. Networks as in the browser's own tools, with the time that a request takes. */
const CPU = 4;
const PHONE = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const NETWORKS = {
  "4g": { latency: 165, downloadThroughput: 1_012_500, uploadThroughput: 168_750 },
  "slow-4g": { latency: 150, downloadThroughput: 180_000, uploadThroughput: 84_375 },
};
const LOADS = 10;

/** Pace of a person: a key of a moderate typist and making up one's mind by the keystroke-level model, reading at 238 words a minute. */
const KEY_MS = 280;
const THINK_MS = 1_350;
const WORD_MS = 60_000 / 238;
const REASON = "Sandboxes are up before my coffee is, but access takes days.";

const portal = await benchPortal();
const browser = await benchBrowser();

/** Runs in the page: taps the score over and over, from the first moment it is there, until the form counts it. */
function tapUntilCounted(): void {
  const tap = setInterval(() => {
    for (const value of ["9", "8"]) document.getElementById(`score-${value}`)?.click();
    if (!document.querySelector("form.survey")?.textContent?.includes("1 of ")) return;
    clearInterval(tap);
    (window as unknown as { interactiveMs: number }).interactiveMs = performance.now();
  }, 10);
}

/** Milliseconds from asking for the page, with an empty cache, to the first answer that counted; and to the first paint with content. */
async function load(asPerson: BrowserContextOptions, network: (typeof NETWORKS)["4g"]): Promise<{ interactive: number; painted: number }> {
  const context = await browser.newContext({ ...asPerson, ...PHONE });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", { offline: false, ...network });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU });
  await page.addInitScript(tapUntilCounted);
  await page.goto("/survey", { waitUntil: "commit" });
  await page.waitForFunction(() => "interactiveMs" in window);
  const times = await page.evaluate(() => ({
    interactive: (window as unknown as { interactiveMs: number }).interactiveMs,
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  }));
  await context.close();
  return times;
}

/** Waits as long as a person would take. Kept by the clock, so that what the machine takes for a key does not slow the person down. */
function pace(): (ms: number) => Promise<void> {
  let due = performance.now();
  return async (ms) => {
    due += ms;
    await wait(Math.max(0, due - performance.now()));
  };
}

/** Milliseconds from the open page to the thanks, reading everything and answering every question, words included, without a mouse. */
async function complete(asPerson: BrowserContextOptions): Promise<number> {
  const context = await browser.newContext({ ...asPerson, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto("/survey");
  const questions = page.locator("section.q");
  await questions.first().waitFor();
  const begun = performance.now();
  const take = pace();
  const read = async (texts: Locator) => take((await texts.allTextContents()).join(" ").split(/\s+/).filter(Boolean).length * WORD_MS);
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await take(KEY_MS);
      await page.keyboard.press(key === " " ? "Space" : key);
    }
  };
  const n = await questions.count();
  for (let i = 0; i < n; i++) {
    await read(questions.nth(i).locator("h2, p, label, .ends span"));
    await take(THINK_MS);
    await press(...(i === 0 ? ["1", "0"] : ["2"]), "Tab");
    if ((await questions.nth(i).locator("textarea").count()) === 0) continue;
    await take(THINK_MS);
    await press(...REASON, "Tab");
  }
  await page.getByText(`${n} of ${n} answered`).waitFor();
  await read(page.locator(".ask section").first().locator("h2, li"));
  await take(THINK_MS);
  await press("Control+Enter");
  await page.getByRole("heading", { name: "Your answers are in" }).waitFor();
  const took = performance.now() - begun;
  await context.close();
  return took;
}

try {
  const ada = await signedIn(browser, portal.url, "ada");
  const warm = await browser.newContext(ada);
  await (await warm.newPage()).goto("/survey");
  await warm.close();
  for (const [name, network] of Object.entries(NETWORKS)) {
    const loads: { interactive: number; painted: number }[] = [];
    for (let i = 0; i < LOADS; i++) loads.push(await load(ada, network));
    report(
      `survey-form-painted-phone-${name}`,
      "ms",
      loads.map(({ painted }) => painted),
    );
    report(
      `survey-form-interactive-phone-${name}`,
      "ms",
      loads.map(({ interactive }) => interactive),
    );
  }
  const taken = await Promise.all(["ada", "bo", "olga"].map(async (person) => complete(await signedIn(browser, portal.url, person))));
  report(
    "survey-form-by-keyboard",
    "s",
    taken.map((ms) => ms / 1_000),
  );
} finally {
  await browser.close();
  await portal.stop();
}
