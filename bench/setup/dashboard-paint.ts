import { benchBrowser, signedIn } from "./browser";
import { report } from "./measure";

const LOADS = 12;

/** Runs in the page: notes when a tile first shows a figure, and when the first chart is drawn. */
function noteFigures(): void {
  const seen = window as unknown as { figureMs?: number; chartMs?: number };
  const look = setInterval(() => {
    if (/\d/.test(document.querySelector(".tile .number")?.textContent ?? "")) seen.figureMs ??= performance.now();
    if (document.querySelector(".tile .recharts-surface path")) seen.chartMs ??= performance.now();
    if (seen.figureMs && seen.chartMs) clearInterval(look);
  }, 5);
}

/** Opens the dashboard with an empty cache as somebody who sees the whole organisation, and reports when figures and charts are there. */
export async function measureDashboard(url: string, query: string): Promise<void> {
  const browser = await benchBrowser();
  try {
    const pat = await signedIn(browser, url, "pat");
    const figures: number[] = [];
    const charts: number[] = [];
    for (let round = 0; round <= LOADS; round++) {
      const context = await browser.newContext({ ...pat, viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      await page.addInitScript(noteFigures);
      await page.goto(`/delivery${query}`);
      await page.waitForFunction(() => "figureMs" in window && "chartMs" in window);
      const { figure, chart } = await page.evaluate(() => {
        const { figureMs, chartMs } = window as unknown as { figureMs: number; chartMs: number };
        return { figure: figureMs, chart: chartMs };
      });
      await context.close();
      // The first one compiles what the server has not needed yet.
      if (round === 0) continue;
      figures.push(figure);
      charts.push(chart);
    }
    report("dashboard-figures-painted", "ms", figures);
    report("dashboard-charts-drawn", "ms", charts);
  } finally {
    await browser.close();
  }
}
