import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { type Receiver, startReceiver } from "../setup/receiver";
import { until } from "../setup/until";

let receiver: Receiver;
let ada: Visitor;
let pat: Visitor;
let token = "";

beforeAll(async () => {
  receiver = await startReceiver(inject("portal").receiverPort);
  [ada, pat] = [await visitor("ada"), await visitor("pat")];
  token = await hostToken("ada", "read,env:write,repo:create,actions:run");
  const { status, body } = await api(token, "POST", "/services", { goldenPath: "node-express", values: { name: "voucher-api", owner: "group:default/checkout" } });
  expect({ status, body }).toMatchObject({ status: 202 });
  const { id } = body.run as { id: string };
  await until("the service", async () => (await api(token, "GET", `/runs/${id}`)).body.status === "succeeded");
});
afterAll(async () => {
  await closeBrowser();
  await receiver.close();
});

const report = (body: object) => {
  const { callback } = receiver.calls.at(-1)?.json ?? { callback: { url: "", token: "" } };
  return fetch(callback.url, { method: "POST", headers: { authorization: `Bearer ${callback.token}`, "content-type": "application/json" }, body: JSON.stringify(body) });
};

it("the platform team makes an action, tries it and publishes it", async () => {
  const { page, complaints } = pat;
  await page.goto("/admin/actions");
  await page.getByRole("link", { name: "New action" }).first().click();
  await page.getByLabel("Name").fill("purge-cache");
  await page.getByLabel("Title").fill("Purge cache");
  await page.getByLabel("Address").fill(receiver.url);
  await page.getByRole("button", { name: "Create draft" }).click();
  await page.getByText("Signing secret, shown this once.").waitFor();
  await page.getByRole("link", { name: "Open action" }).click();
  await page.getByRole("heading", { level: 1, name: "Purge cache" }).waitFor();
  await page.getByLabel("Run on", { exact: true }).last().fill("component:default/voucher-api");
  receiver.answers = [{ status: 200, body: { summary: "The test arrived" } }];
  await page.getByRole("button", { name: "Test call" }).click();
  await page.getByText("The test arrived").waitFor();
  expect(receiver.calls.at(-1)?.json.run.isTest).toBe(true);
  await page.getByLabel("What changed").fill("First version.");
  await page.getByRole("button", { name: "Publish version 1" }).click();
  await page.getByText("Version 1 is published.").waitFor();
  await screenshot(page, "action-published-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it("an engineer runs it on a service and sees what comes by callback, live, to the outcome", async () => {
  receiver.answers = [{ status: 202 }];
  const before = receiver.calls.length;
  const { page, complaints } = ada;
  await page.goto("/catalog/default/component/voucher-api");
  await page.getByRole("button", { name: "Run action" }).click();
  await page.getByRole("menuitem", { name: "Purge cache" }).click();
  await page.waitForURL(/entity=/);
  await page.getByLabel("Reason").fill("Prices changed");
  await screenshot(page, "action-run-form-light-1440");
  await page.getByRole("button", { name: "Purge cache" }).click();
  await page.waitForURL(/\/runs\/run_/);
  await until("the call", async () => receiver.calls.length > before);
  expect(receiver.calls.at(-1)?.json.values).toEqual({ reason: "Prices changed" });
  expect((await report({ log: ["emptied 3 nodes"], steps: [{ name: "edge", title: "Purge the edge", status: "running" }] })).status).toBe(202);
  await page.getByRole("log").getByText("emptied 3 nodes").waitFor();
  await page.getByText("Purge the edge").first().waitFor();
  await screenshot(page, "action-running-light-1440");
  expect((await report({ status: "succeeded", summary: "Purged 42 keys" })).status).toBe(202);
  await page.getByText("Purged 42 keys").waitFor();
  expect((await report({ log: ["too late"] })).status).toBe(409);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it("and rotates a database password, from the environment's menu and the command line", async () => {
  const { body } = await api(token, "POST", "/environments", { goldenPath: "node-express", ttl: "1h", name: "vouchers" });
  const { id } = body.environment as { id: string };
  await until("the environment", async () => (await api(token, "GET", `/environments/${id}`)).body.status === "ready");
  const address = async () =>
    ((await api(token, "GET", `/environments/${id}/credentials`)).body.credentials as { name: string; value: string }[]).find((one) => one.name === "DATABASE_URL")?.value ?? "";
  const old = await address();
  const { page, complaints } = ada;
  await page.goto(`/environments/${id}`);
  await page.getByRole("button", { name: "Run action" }).click();
  await page.getByRole("menuitem", { name: "Rotate database password" }).click();
  await page.getByRole("button", { name: "Rotate database password" }).click();
  await page
    .getByText(/has a new password, the old one is refused/)
    .first()
    .waitFor();
  // The log says so before the run has ended, and an environment has one run at a time.
  await until("the run to have ended", async () =>
    ((await api(token, "GET", `/runs?environmentId=${id}`)).body.items as { status: string }[]).every((run) => run.status === "succeeded"),
  );
  const signIn = async (url: string) => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    const answer = await sql`select 1`.then(
      () => "works",
      (error: { code?: string }) => error.code,
    );
    await sql.end({ timeout: 1 });
    return answer;
  };
  const fresh = await address();
  expect([await signIn(old), await signIn(fresh)]).toEqual(["28P01", "works"]);
  const added = await commandLine("waymark", ["action", "run", "add-database", "--set", "environment=vouchers", "--set", "name=gift_cards", "--json"], token);
  expect(JSON.parse(added.stdout)).toMatchObject({ run: { status: "succeeded" } });
  expect((await commandLine("waymark", ["action", "run", "add-database", "--set", "environment=vouchers", "--set", "name=../x"], token)).code).toBe(2);
  await api(token, "DELETE", `/environments/${id}`);
  expect(complaints).toEqual([]);
});
