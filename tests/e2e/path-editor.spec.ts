import { afterAll, expect, inject, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { until } from "../setup/until";

afterAll(closeBrowser);

type Page = Visitor["page"];
const editor = (page: Page, file: string) => page.getByRole("textbox", { name: file });

/** Replaces a text in the open editor by searching it in the page's own state: the whole text is set, as by a paste. */
async function replaceText(page: Page, file: string, change: (text: string) => string, saved: () => Promise<string>): Promise<void> {
  const text = await saved();
  const changed = change(text);
  expect(changed).not.toBe(text);
  await editor(page, file).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(changed);
}

it("pat changes node-express, tries it, publishes 1.1.0, an environment uses it, and she goes back to 1.0.0", async () => {
  const token = await hostToken("pat", "read,env:write,admin");
  const draftText = async (path: string) => String((await api(token, "GET", `/golden-paths/node-express/draft/file?path=${encodeURIComponent(path)}`)).body.text);
  const { page, complaints } = await visitor("pat");
  const before = String((await api(token, "GET", "/golden-paths/node-express")).body.version);
  const [major, minor] = before.split(".").map(Number);
  const next = `${major}.${Number(minor) + 1}.0`;

  await page.goto("/admin/golden-paths");
  await page.getByRole("link", { name: "node-express" }).click();
  await page.getByRole("button", { name: "Edit golden path" }).click();
  await editor(page, "template.yaml").waitFor();
  const template = () => draftText("template.yaml");

  // A mistake is shown on its line, and the preview keeps up.
  await replaceText(
    page,
    "template.yaml",
    (text) => text.replace("action: fetch:template", "action: fetch:tempalte").replace("title: Who can reach it", "title: Reachable by"),
    template,
  );
  await page.getByRole("button", { name: "1 error" }).click();
  await page.getByText("There is no action fetch:tempalte. Did you mean fetch:template?").first().waitFor();
  await page.getByRole("region", { name: "Preview" }).getByText("Reachable by").first().waitFor();
  await screenshot(page, "path-editor-error");
  await until("the mistake is saved", async () => (await template()).includes("tempalte"));
  await replaceText(page, "template.yaml", (text) => text.replace("fetch:tempalte", "fetch:template"), template);
  await page.getByText("1 file changed").waitFor();
  await until("no error is left", async () => (await page.locator(".pe-foot .t-danger").count()) === 0);

  // A file.
  await page.getByRole("button", { name: "README.md" }).click();
  await editor(page, "skeleton/README.md").waitFor();
  await replaceText(
    page,
    "skeleton/README.md",
    (text) => `${text}\nMade by the path editor for \${{ values.name }}.\n`,
    () => draftText("skeleton/README.md"),
  );
  await page.getByText("2 files changed").waitFor();

  // Keyboard: Tab indents, Escape and Tab leave.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest(".cm-editor") === null)).toBe(true);

  await page.getByRole("button", { name: "Dry run" }).first().click();
  await page.getByRole("region", { name: "Content of README.md" }).getByText("Made by the path editor for my-service.").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.getByRole("button", { name: `Publish ${next}` }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Publish ${next}` })
    .click();
  await page.getByText("Say in a few words what changes").waitFor();
  await page.getByLabel("What changes").fill("Shorter question, a line in the README");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Publish ${next}` })
    .click();
  await page.getByRole("heading", { level: 1, name: /versions and use/ }).waitFor();
  expect((await api(token, "GET", "/golden-paths/node-express")).body.version).toBe(next);

  const made = await api(token, "POST", "/environments", { goldenPath: "node-express", ttl: "1h", name: "from-editor", team: "platform" });
  expect(made.status).toBe(202);
  const { environment } = made.body as { environment: { id: string; goldenPath: { version: string } } };
  expect(environment.goldenPath.version).toBe(next);
  await until("the environment is ready", async () => (await api(token, "GET", `/environments/${environment.id}`)).body.status === "ready");

  await page.reload();
  await page
    .getByRole("row", { name: new RegExp(`^${next}`) })
    .getByText("1 environment")
    .waitFor();
  await page.getByRole("button", { name: `Roll back to ${before}` }).click();
  await page.getByLabel("Why").fill("The old question was clearer");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Roll back to ${before}` })
    .click();
  await page.getByText(`made ${before} current again, instead of ${next}`).waitFor();
  expect((await api(token, "GET", "/golden-paths/node-express")).body.version).toBe(before);
  await page.goto("/golden-paths/node-express");
  await page.getByRole("heading", { level: 2, name: "What it asks" }).waitFor();
  expect(complaints.filter((text) => !/404/.test(text))).toEqual([]);
});

it("takes archives in and gives them out, and refuses what is none", async () => {
  const token = await hostToken("pat", "read,admin");
  const at = (path: string) => `${inject("portal").url}/api/v1${path}`;
  const headers = { authorization: `Bearer ${token}` };
  const send = (body: Buffer | string, type = "application/zip") =>
    fetch(at("/golden-paths"), { method: "POST", headers: { ...headers, "content-type": type }, body: typeof body === "string" ? body : new Uint8Array(body) });

  expect((await api(token, "POST", "/golden-paths/exported/draft", { from: "example" })).status).toBe(201);
  const archive = Buffer.from(await (await fetch(at("/golden-paths/exported/archive?draft=1&format=zip"), { headers })).arrayBuffer());
  expect((await send(archive)).status).toBe(409);
  expect((await api(token, "DELETE", "/golden-paths/exported/draft?revision=1")).status).toBe(200);
  const back = await send(archive);
  expect(back.status).toBe(201);
  const draft = (await back.json()) as { name: string; files: { path: string }[] };
  expect([draft.name, draft.files.length]).toEqual(["exported", 6]);

  expect((await send("not an archive")).status).toBe(422);
  expect((await send(archive.subarray(0, 200))).status).toBe(422);
  expect((await send("[", "application/json")).status).toBe(422);
  expect((await send(Buffer.alloc(25 * 1024 * 1024))).status).toBe(413);
  for (const name of ["..%2Fx", "-rf", "%3Cscript%3E", "=cmd", "a".repeat(10_000)])
    expect([404, 414, 422, 431]).toContain((await api(token, "GET", `/golden-paths/${name}/draft`)).status);

  const folder = await commandLine("waymark", ["path", "test", "golden-paths/node-express"], token);
  expect(folder).toMatchObject({ code: 0, stdout: expect.stringContaining("waymark.yaml") });
  const taken = await commandLine("waymark", ["path", "publish", "golden-paths/node-express", "--note", "again"], token);
  expect(taken).toMatchObject({ code: 4, stderr: expect.stringContaining("published already") });
});
