import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { askSandbox } from "../setup/sandbox-request";
import { until } from "../setup/until";

const NAME = "seen-at-once";
let ada: Visitor;
let token = "";
let id = "";

const runEnded = (runId: string) => until("the run", async () => (await api(token, "GET", `/runs/${runId}`)).body.status === "succeeded");
const check = async () => (await api(token, "GET", `/environments/${id}/telemetry`)).body as unknown as { state: string; summary: string; endpoint: string };

beforeAll(async () => {
  token = await hostToken("ada", "read,env:write");
  ada = await visitor("ada");
  const { status, body } = await api(token, "POST", "/environments", { goldenPath: "node-express", ttl: "1h", name: NAME });
  expect(status).toBe(202);
  const { environment, run } = body as unknown as { environment: { id: string }; run: { id: string } };
  id = environment.id;
  await runEnded(run.id);
});

afterAll(async () => {
  await api(token, "DELETE", `/environments/${id}`);
  await closeBrowser();
});

it("a sandbox that nobody set up shows its first request as a trace, with its queries and its log, and proves that all three signals arrive", async () => {
  expect((await askSandbox(NAME)).status).toBe(200);
  await until("a span, a metric and a log record", async () => {
    const { body } = await api(token, "GET", `/telemetry/summary?environmentId=${id}`);
    const [source] = body.sources as { lastSpanAt: string | null; lastMetricAt: string | null; lastLogAt: string | null }[];
    return Boolean(source?.lastSpanAt && source.lastMetricAt && source.lastLogAt);
  });
  const { page } = ada;
  await page.goto(`/environments/${id}?tab=telemetry`);
  await page.getByText("Telemetry arrives.", { exact: true }).waitFor();
  await page.getByRole("table", { name: "Requests by route" }).getByRole("link", { name: "GET /", exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "telemetry-environment");

  await page.getByRole("table", { name: "Traces" }).getByRole("link", { name: "GET /", exact: true }).first().click();
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  const spans = page.getByRole("table", { name: "Spans of the trace" });
  await spans
    .getByRole("link", { name: /^pg\.query/ })
    .first()
    .focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: /^pg\.query/ }).waitFor();
  await page
    .getByRole("definition")
    .filter({ hasText: /^postgresql$/i })
    .first()
    .waitFor();
  await page
    .getByText(/"message":"request"/)
    .first()
    .waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "telemetry-trace");
  expect(ada.complaints).toEqual([]);
});

it("with the exporter at a wrong port the page says that nothing comes, why, and what to do", async () => {
  const variables = [{ name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://127.0.0.1:9" }];
  expect((await api(token, "PUT", `/environments/${id}/variables`, { variables })).status).toBe(200);
  const { body } = await api(token, "POST", `/environments/${id}/restart`);
  await runEnded((body.run as unknown as { id: string }).id);
  expect((await askSandbox(NAME)).status).toBe(200);
  expect(await check()).toMatchObject({ state: "elsewhere", endpoint: "http://127.0.0.1:9" });
  const { page } = ada;
  await page.goto(`/environments/${id}?tab=telemetry`);
  await page.getByText(/No telemetry has come here since [\d:]+ UTC: the variable OTEL_EXPORTER_OTLP_ENDPOINT of this environment sends it to http:\/\/127\.0\.0\.1:9\./).waitFor();
  await page.getByRole("link", { name: "Test the receiver" }).click();
  await page.getByText(/took a test in \d+ ms/).waitFor();
  await screenshot(page, "telemetry-wrong-port");
  const told = await commandLine("waymark", ["env", "telemetry", NAME], token);
  expect(told.stdout).toContain("Remove OTEL_EXPORTER_OTLP_ENDPOINT under Variables");
});
