import { createHash, createHmac } from "node:crypto";
import { afterAll, expect, it } from "vitest";
import { closeBrowser, visitor } from "../setup/browser";
import { api, hostToken } from "../setup/command-line";
import { until } from "../setup/until";

// What a program reports in the morning, the manager of the team reads, opens and takes away.

afterAll(closeBrowser);

const sha = (name: string) => createHash("sha1").update(name).digest("hex");
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Math.floor(Date.now() / 1000) * 1000 - hours * HOUR).toISOString();
const SERVICE = "component:default/checkout-api";

const commit = (name: string, author: string, hours: number, ...parents: string[]) => ({
  sha: sha(name),
  parents: parents.map(sha),
  repository: "fellside/journey",
  service: SERVICE,
  authored_at: ago(hours),
  committed_at: ago(hours),
  author,
  message: `${name} of the journey`,
});
const deployment = (externalId: string, name: string, hours: number) => ({
  external_id: externalId,
  service: SERVICE,
  environment: "production",
  status: "success",
  commit: sha(name),
  repository: "fellside/journey",
  started_at: ago(hours),
  finished_at: ago(hours),
});

it("events become figures that lead back to the commits behind them", async () => {
  const ada = await hostToken("ada", "read,events:write");
  // In the wrong order on purpose, and twice.
  for (let twice = 0; twice < 2; twice++) {
    expect((await api(ada, "POST", "/deployments", [deployment("journey-2", "third", 1), deployment("journey-1", "first", 30)] as never)).status).toBe(202);
    expect(
      (
        await api(ada, "POST", "/commits", [
          commit("fourth", "Cy", 4, "second"),
          commit("third", "Bo", 3, "fourth"),
          commit("second", "Ada", 6, "first"),
          commit("first", "Ada", 40),
        ] as never)
      ).status,
    ).toBe(202);
  }
  await until(
    "the figures hold the three changes",
    async () => {
      const { body } = await api(ada, "GET", `/metrics/lead-time?node=${SERVICE}`);
      return (body as { data: string; summary: { n: number } }).data === "live" && (body as { summary: { n: number } }).summary.n === 3;
    },
    20_000,
  );

  const { page, complaints } = await visitor("max");
  await page.goto("/delivery?node=group:default/checkout");
  await page.getByText("Live data only.").waitFor();
  // The team may have other services by now; what is counted here is one service's.
  await page.goto(`/delivery?node=${SERVICE}`);
  await page.getByRole("heading", { name: /Changes behind lead time/ }).waitFor();
  const rows = page.locator("tr[data-row]");
  expect(await rows.count()).toBe(3);
  expect(await rows.first().innerText()).toMatch(/second of the journey/);
  expect(await rows.first().innerText()).toMatch(/5\.0 h/);

  // The point's deployment tells what it brought.
  await rows.first().locator('a[href^="/delivery/deployments/"]').click();
  await page.getByRole("heading", { name: "checkout-api to production" }).waitFor();
  expect(await page.locator("tr[data-row]").count()).toBe(3);

  // Frequency, as a table, then the demo history, by keyboard alone.
  await page.goto("/delivery?node=group:default/checkout&metric=deployment-frequency&view=table");
  await page.getByRole("heading", { name: /Deployments behind frequency/ }).waitFor();
  await page.getByRole("link", { name: "Show the demo history" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Demo history: made up for the demo company").waitFor();

  const csv = await page.request.get(`/api/v1/metrics/lead-time/export?node=${SERVICE}`);
  expect(csv.headers()["content-type"]).toContain("text/csv");
  const lines = (await csv.text()).trim().split("\r\n");
  expect(lines[0]).toMatch(/^metric,node,data,from,to/);
  expect(lines.at(-1)).toContain(SERVICE);
  expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
});

it("an incident is declared and resolved on the service's page", async () => {
  const { page } = await visitor("ada");
  await page.goto("/catalog/default/component/checkout-api/delivery");
  await page.getByRole("button", { name: "Declare incident" }).click();
  await page.getByRole("button", { name: "Declare incident" }).click();
  await page.getByText("Name the incident in a few words.").waitFor();
  await page.getByLabel("What is wrong").fill("Orders wait <b>too long</b>");
  await page.getByRole("button", { name: "Declare incident" }).click();
  const row = page.locator("tr[data-row]", { hasText: "Orders wait <b>too long</b>" });
  await row.getByText("Open").waitFor();
  await row.getByRole("button", { name: "Resolve" }).click();
  await row.getByText("Open").waitFor({ state: "detached" });
});

it("a signed delivery of GitHub arrives, a forged one does not", async () => {
  const pat = await hostToken("pat", "read,admin");
  const { body } = await api(pat, "POST", "/webhook-sources", { name: "journey" });
  const { secret, address } = body as { secret: string; address: string };
  const payload = JSON.stringify({ zen: "Design for failure." });
  const send = (signature: string) =>
    fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "x-github-event": "ping", "x-github-delivery": "journey-ping", "x-hub-signature-256": signature },
      body: payload,
    });
  expect((await send(`sha256=${"0".repeat(64)}`)).status).toBe(401);
  expect((await send(`sha256=${createHmac("sha256", secret).update(payload).digest("hex")}`)).status).toBe(202);
  const { page } = await visitor("pat");
  await page.goto("/admin/webhooks");
  await page.getByText("Ping: the webhook reaches Waymark.").waitFor();
  expect(await page.content()).not.toContain(secret);
});
