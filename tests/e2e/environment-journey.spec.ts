import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { askSandbox } from "../setup/sandbox-request";
import { until } from "../setup/until";

let ada: Visitor;
let token = "";

beforeAll(async () => {
  ada = await visitor("ada");
  token = await hostToken("ada");
});

afterAll(async () => {
  await closeBrowser();
});

async function environmentNamed(name: string): Promise<{ id: string; status: string; expiresAt: string }> {
  const { body } = await api(token, "GET", `/environments?q=${name}`);
  const found = (body.items as { id: string; name: string; status: string; expiresAt: string }[]).find((one) => one.name === name);
  if (!found) throw new Error(`no environment ${name}`);
  return found;
}

it("create-sandbox makes one and prints only its address", async () => {
  const made = await commandLine("create-sandbox", ["--template", "node-express", "--ttl", "48h", "--name", "from-terminal"], token);
  expect(made).toMatchObject({ code: 0 });
  expect(made.stdout.trim()).toMatch(/^http:\/\/from-terminal\.localhost:\d+$/);
  expect(await askSandbox("from-terminal", "/readyz")).toMatchObject({ status: 200 });
  const json = await commandLine("waymark", ["env", "create", "--template", "node-express", "--ttl", "1m", "--name", "short-lived", "--json"], token);
  const { environment, run } = JSON.parse(json.stdout) as { environment: { status: string }; run: { status: string } };
  expect([environment.status, run.status]).toEqual(["ready", "succeeded"]);
});

it("an engineer creates an environment in the browser and opens it", async () => {
  const { page, complaints } = ada;
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "home-light-1440");
  await page.getByRole("link", { name: "Create environment" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("basket-a11y");
  await screenshot(page, "create-environment-light-1440");
  await page.getByRole("button", { name: "Create environment" }).click();
  await page.getByText("basket-a11y is ready after").waitFor();
  await screenshot(page, "run-succeeded-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  const answer = await askSandbox("basket-a11y", "/readyz");
  expect(answer).toMatchObject({ status: 200 });
  expect(complaints).toEqual([]);
});

it("its page shows address, time left, traffic and log; extending moves the end", async () => {
  const { page, complaints } = ada;
  await page.getByRole("link", { name: "Open environment" }).click();
  await page.getByRole("heading", { level: 1, name: "basket-a11y" }).waitFor();
  const before = await environmentNamed("basket-a11y");
  await page.getByRole("button", { name: "7d" }).click();
  await page.getByText("basket-a11y now ends in 7d.").waitFor();
  const after = await environmentNamed("basket-a11y");
  expect(Date.parse(after.expiresAt) - Date.parse(before.expiresAt)).toBeGreaterThan(4 * 86_400_000);
  await page.getByRole("button", { name: "Reveal" }).click();
  await page.getByText("DATABASE_URL").waitFor();
  await screenshot(page, "environment-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("link", { name: "Logs" }).click();
  await page.getByRole("log").getByText('"message":"ready"').waitFor();
  await screenshot(page, "environment-logs-light-1440");
  expect(complaints).toEqual([]);
});

it("deleting removes everything and leaves a receipt", async () => {
  const { page, complaints } = ada;
  const { id } = await environmentNamed("basket-a11y");
  await page.goto(`/environments/${id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete environment" }).click();
  await page.getByText(/basket-a11y was deleted/).waitFor();
  await page.goto(`/environments/${id}?tab=receipt`);
  await page.getByRole("cell", { name: "database" }).first().waitFor();
  await screenshot(page, "receipt-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  expect((await askSandbox("basket-a11y")).status).toBe(410);
  expect(complaints).toEqual([]);
});

it.each([
  ["worker-queue", "queue-sample", "/api/jobs", '"waiting":0'],
  ["nextjs-web", "web-sample", "/", "Whom to greet"],
])(
  "from the form to a running %s",
  async (path, name, address, shown) => {
    const { page, complaints } = ada;
    await page.goto("/environments/new");
    await page.getByRole("radio", { name: new RegExp(`^${path}`) }).check();
    await page.getByText(`${path} 1.0.0`).waitFor();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await screenshot(page, `create-${path}-light-1440`);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Create environment" }).click();
    // The first time, its sources are built.
    await page.getByText(`${name} is ready after`).waitFor({ timeout: 150_000 });
    expect(await askSandbox(name, address)).toMatchObject({ status: 200, body: expect.stringContaining(shown) });
    expect((await api(token, "DELETE", `/environments/${(await environmentNamed(name)).id}`)).status).toBe(202);
    expect(complaints).toEqual([]);
  },
  180_000,
);

// What it waits for began with the first test.
it("an environment with a minute to live ends by itself, with a receipt", async () => {
  const gone = await until(
    "the expiry of short-lived",
    async () => {
      const { body } = await api(token, "GET", "/environments?status=deleted&q=short-lived");
      return (body.items as { id: string; statusReason: string }[])[0] ?? null;
    },
    130_000,
  );
  expect(gone.statusReason).toContain("time to live ended");
  expect((await api(token, "GET", `/environments/${gone.id}/receipt`)).body.items).not.toEqual([]);
});

it("somebody of another team does not learn that it exists; the platform admin finds all of it in the audit log", async () => {
  const { id } = await environmentNamed("from-terminal");
  const bo = await hostToken("bo");
  expect((await api(bo, "GET", `/environments/${id}`)).status).toBe(404);
  expect((await api(bo, "DELETE", `/environments/${id}`)).status).toBe(404);
  const pat = await hostToken("pat", "read,admin");
  const { body } = await api(pat, "GET", "/audit-events?limit=200");
  const names = (body.items as { name: string; result: string; target: { label: string } | null }[])
    .filter((event) => event.result === "done")
    .map((event) => `${event.name} ${event.target?.label}`);
  expect(names).toEqual(
    expect.arrayContaining([
      "environment.create basket-a11y",
      "environment.extend basket-a11y",
      "environment.reveal-credentials basket-a11y",
      "environment.delete basket-a11y",
      "environment.deleted short-lived",
      "environment.create from-terminal",
    ]),
  );
});
