// @ts-nocheck
import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";
const url = "http://localhost:4290";
const out = "/tmp/m/shots"; mkdirSync(out, { recursive: true });
const pages = process.env.PAGES.split(",");
const who = process.env.WHO ?? "pat";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium" });
for (const [theme, width] of [["dark", 1440], ["light", 390], ["light", 1440], ["dark", 390]].filter(([t, w]) => !process.env.ONLY || process.env.ONLY.includes(`${t}${w}`))) {
  const ctx = await b.newContext({ baseURL: url, viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme: theme });
  const page = await ctx.newPage();
  await page.goto("/sign-in");
  await page.locator(`button[value="${who}"]`).click();
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  for (const p of pages) {
    await page.goto(p);
    await page.waitForLoadState("networkidle").catch(() => {});
    await page.waitForTimeout(600);
    await page.screenshot({ path: `${out}/${p.replace(/\W+/g, "-")}-${theme}-${width}.png`, fullPage: !process.env.FOLD });
  }
  await ctx.close();
}
await b.close();
