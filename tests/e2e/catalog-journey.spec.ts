import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { closeBrowser, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";

let folder = "";
const yaml = (name: string, owner: string, extra = "") =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: experimental\n  owner: ${owner}\n${extra}`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-e2e-catalog-"));
});
afterAll(async () => {
  await closeBrowser();
  await rm(folder, { recursive: true, force: true });
});

it("imports files, finds the entity, reads who to ask, edits it and sees what was done", async () => {
  const { page, complaints } = await visitor("ada");
  await page.goto("/catalog/import");
  await page.getByRole("button", { name: "Upload files" }).click();
  const text = `${yaml("gift-cards", "checkout", "  dependsOn: [component:ledger, resource:nowhere]\n")}---\nkind: Component\nmetadata: {name: "Web UI (happa)"}\n---\n${yaml("ledger", "checkout")}`;
  await page.getByLabel("Files").setInputFiles([{ name: "catalog-info.yaml", mimeType: "application/yaml", buffer: Buffer.from(text) }]);
  await page.getByRole("button", { name: "Check documents" }).click();
  await page.getByText("1 accepted, 1 of them with findings, 2 refused").waitFor();
  await page.getByText("component:default/ledger belongs to group:default/payments.").waitFor();
  await page.getByRole("button", { name: "Import 1 entity" }).click();
  await page.getByRole("link", { name: "component:default/gift-cards" }).click();
  await page.getByRole("heading", { level: 1, name: "gift-cards" }).waitFor();
  await page.getByText("Olga Marin").first().waitFor();
  await page.getByRole("link", { name: "ledger", exact: true }).first().waitFor();
  await page.getByText("not in the catalog").first().waitFor();

  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("Description").fill("Sells and redeems gift cards");
  await page.getByLabel("Depends on").fill("component:ledger");
  await page.getByRole("button", { name: "Save entity" }).click();
  await page.getByText("Sells and redeems gift cards").waitFor();
  await page.getByRole("link", { name: "Activity" }).first().click();
  await page.getByText("changed its definition").waitFor();

  await page.goto("/catalog");
  await page.getByLabel("Search the catalog").fill("gift cads");
  await page.getByRole("link", { name: "gift-cards" }).waitFor();
  await page.waitForURL(/q=gift/);
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder(/environment/i).fill("checkout-api");
  await page
    .getByRole("option", { name: /checkout-api/ })
    .first()
    .click();
  await page.getByRole("heading", { level: 2, name: "README.md" }).waitFor();
  expect(complaints).toEqual([]);
});

it("takes folders from the command line, says what is refused, and keeps other teams' entities", async () => {
  const [ada, bo] = [await hostToken("ada", "read,catalog:write"), await hostToken("bo", "read,catalog:write")];
  await writeFile(path.join(folder, "catalog-info.yaml"), `${yaml("wrapping", "checkout")}---\nkind: ""\n`);
  const checked = await commandLine("waymark", ["catalog", "check", folder], ada);
  expect([checked.code, checked.stdout.trim()]).toEqual([1, "component:default/wrapping  new"]);
  expect(checked.stderr).toContain("catalog-info.yaml:10: refused:");
  await writeFile(path.join(folder, "catalog-info.yaml"), yaml("wrapping", "checkout"));
  const imported = await commandLine("waymark", ["catalog", "import", folder, "--json"], ada);
  expect([imported.code, JSON.parse(imported.stdout).accepted.length]).toEqual([0, 1]);
  expect((await commandLine("waymark", ["catalog", "get", "wrapping"], bo)).stdout).toContain("group:default/checkout");
  await writeFile(path.join(folder, "catalog-info.yaml"), yaml("wrapping", "search"));
  const taken = await commandLine("waymark", ["catalog", "import", folder], bo);
  expect([taken.code, taken.stderr.includes("belongs to group:default/checkout")]).toEqual([1, true]);
  expect((await commandLine("waymark", ["catalog", "get", "nothing-here"], bo)).code).toBe(1);
  expect((await commandLine("waymark", ["catalog", "import", "/nowhere"], bo)).code).toBe(2);
});

it("answers bad input in words, whatever comes", async () => {
  const token = await hostToken("ada", "read,catalog:write");
  const send = async (body: BodyInit, type: string) => {
    const answer = await fetch(`${inject("portal").url}/api/v1/catalog/import`, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": type }, body });
    return answer.status;
  };
  expect(await send(yaml("by-yaml", "checkout"), "application/yaml")).toBe(200);
  expect(await send(Buffer.from([0xff, 0xfe, 0x41]), "application/yaml")).toBe(400);
  expect(await send("x", "multipart/form-data; boundary=nothing")).toBe(400);
  expect(await send("<x/>", "application/xml")).toBe(415);
  expect(await send("[".repeat(100_000), "application/yaml")).toBe(200);
  for (const query of ["cursor=x", "limit=0", "scope=everybody", "colour=red"]) expect((await api(token, "GET", `/entities?${query}`)).status).toBe(422);
  for (const name of ["..%2Fx", "-rf", "%3Cscript%3E", "x".repeat(64)]) expect([404, 422]).toContain((await api(token, "GET", `/entities/component/default/${name}`)).status);
  for (const q of ["'", "%", "\\", "a & | ! :*", "<script>", "x".repeat(100), "é ✓"]) expect((await api(token, "GET", `/entities?q=${encodeURIComponent(q)}`)).status).toBe(200);
  expect((await api(token, "POST", "/locations", { target: "https://169.254.169.254/latest" })).status).toBe(403);
});
