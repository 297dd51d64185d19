// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template code under test
import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, type Visitor, visitor } from "../setup/browser";
import { api, commandLine, hostToken } from "../setup/command-line";
import { askSandbox } from "../setup/sandbox-request";
import { until } from "../setup/until";

// A path of its own, so that other journeys find node-express as it ships.
const NAME = "greeter";
let token = "";

type Page = Visitor["page"];
const editor = (page: Page, file: string) => page.getByRole("textbox", { name: file });
const versionOf = async () => String((await api(token, "GET", `/golden-paths/${NAME}`)).body.version);

async function setText(page: Page, file: string, text: string): Promise<void> {
  await editor(page, file).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

beforeAll(async () => {
  token = await hostToken("pat", "read,env:write,admin");
  expect((await api(token, "POST", `/golden-paths/${NAME}/draft`, { from: "example" })).status).toBe(201);
});
afterAll(closeBrowser);

const draftFile = async (path: string) => String((await api(token, "GET", `/golden-paths/${NAME}/draft/file?path=${encodeURIComponent(path)}`)).body.text);

it("pat tries a draft in an environment that is thrown away, is told why a broken one does not start, and publishes what passed", async () => {
  const { page, complaints } = await visitor("pat");
  await page.goto(`/admin/golden-paths/${NAME}`);
  await editor(page, "template.yaml").waitFor();
  await page.getByRole("button", { name: "server.js" }).click();
  const working = await draftFile("skeleton/server.js");
  await setText(page, "skeleton/server.js", 'console.error("the table baskets is missing");\nprocess.exit(1);\n');
  await page.getByRole("button", { name: "Test run" }).first().click();
  const preview = page.getByRole("region", { name: "Preview" });
  const outcome = preview.getByRole("region", { name: "Outcome" });
  await outcome.waitFor();
  await outcome.getByText("Cause").waitFor();
  await preview.getByText("the table baskets is missing").first().waitFor();
  await screenshot(page, "test-run-failed-light-1440");
  expect(await accessibilityProblems(page)).toEqual([]);

  await setText(page, "skeleton/server.js", working);
  await until("the text is saved", async () => (await draftFile("skeleton/server.js")) === working);
  await page.getByRole("button", { name: /^Publish \d/ }).click();
  await page
    .getByRole("dialog")
    .getByText(/has not passed a test run/)
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

  await preview.getByRole("button", { name: "Form" }).click();
  await preview.getByLabel("Greeting").fill("Good morning");
  // The second click of two is not a second run.
  await page.getByRole("button", { name: "Test run" }).first().dblclick();
  await preview.getByText("Passed").waitFor();
  expect((await api(token, "GET", `/golden-paths/${NAME}/draft/test-runs`)).body.items).toHaveLength(2);
  const address = await preview
    .getByRole("link", { name: /localhost/ })
    .first()
    .getAttribute("href");
  expect((await askSandbox(new URL(address ?? "").hostname.replace(".localhost", ""))).body).toBe("Good morning");
  await screenshot(page, "test-run-passed-light-1440");

  await page.getByRole("button", { name: /^Publish \d/ }).click();
  await page
    .getByRole("dialog")
    .getByText(/of revision \d+ passed: pat/)
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.reload();
  await editor(page, "template.yaml").waitFor();
  await preview.getByRole("button", { name: "Test run" }).click();
  await preview.getByRole("button", { name: "Delete now" }).click();
  await preview.getByText(/is (being )?deleted/).waitFor();
  const { body } = await api(token, "GET", "/environments?q=greeter-test");
  for (const { testOf } of body.items as { testOf: { goldenPath: string } }[]) expect(testOf.goldenPath).toBe(NAME);

  await page.getByRole("button", { name: /^Publish \d/ }).click();
  await page.getByLabel("What changes").fill("The first one");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Publish \d/ })
    .click();
  await page.getByRole("heading", { level: 1, name: /versions and use/ }).waitFor();
  await page.getByText("not used yet").first().waitFor();
  expect(complaints.filter((text) => !/404/.test(text))).toEqual([]);
});

it("ada proposes a change, tries it and submits it; pat asks for more, then publishes it; ada hears of it", async () => {
  const { page, complaints } = await visitor("ada");
  const version = await versionOf();
  await page.goto(`/golden-paths/${NAME}`);
  await page.getByRole("button", { name: "Propose a change" }).click();
  await page.getByRole("button", { name: "Start proposal" }).click();
  await page.getByText("Say in one line what changes.").waitFor();
  await page.getByLabel("What changes").fill("Say where to ask in the README");
  await page.getByLabel("Why").fill("New people ask us the same three things every week.");
  await page.getByRole("button", { name: "Start proposal" }).click();
  await editor(page, "template.yaml").waitFor();
  await page.getByRole("button", { name: "README.md" }).click();
  await setText(page, "skeleton/README.md", "# ${{ values.name }}\n\nAsk in #help-greeter.\n");
  await page.getByText("1 file changed").waitFor();
  await page.getByRole("button", { name: "Test run" }).first().click();
  const preview = page.getByRole("region", { name: "Preview" });
  await preview.getByText("Passed").waitFor();
  await preview.getByRole("button", { name: "Delete now" }).click();
  await page.getByRole("button", { name: "Submit for review" }).click();
  await page
    .getByRole("dialog")
    .getByText(/of revision \d+ passed: ada/)
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Submit for review" }).click();
  await page.getByRole("heading", { level: 1, name: "Say where to ask in the README" }).waitFor();
  await page.getByText("Waits for review").first().waitFor();
  const address = page.url();
  expect(await accessibilityProblems(page)).toEqual([]);

  const reviewer = await visitor("pat");
  await reviewer.page.goto("/admin/golden-paths?tab=proposals");
  await reviewer.page.getByRole("link", { name: "Say where to ask in the README" }).click();
  await reviewer.page.getByText("Ask in #help-greeter.").waitFor();
  await screenshot(reviewer.page, "proposal-review-light-1440");
  await reviewer.page.getByRole("button", { name: "Ask for changes" }).click();
  await reviewer.page.getByRole("dialog").getByRole("button", { name: "Ask for changes" }).click();
  await reviewer.page.getByText("Say what should change.").waitFor();
  await reviewer.page.getByLabel("What should change").fill("Name the on-call as well.");
  await reviewer.page.getByRole("dialog").getByRole("button", { name: "Ask for changes" }).click();
  await reviewer.page.getByText("Changes wanted").first().waitFor();

  await page.goto(address);
  await page.getByText("Name the on-call as well.").waitFor();
  await page.getByRole("link", { name: "Open editor" }).click();
  await page.getByRole("button", { name: "README.md" }).click();
  await setText(page, "skeleton/README.md", "# ${{ values.name }}\n\nAsk in #help-greeter, at night the on-call.\n");
  await page.getByRole("button", { name: "Submit for review" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Submit for review" }).click();
  await page.getByText("Waits for review").first().waitFor();

  await reviewer.page.reload();
  await reviewer.page.getByText("at night the on-call").waitFor();
  await reviewer.page.getByRole("button", { name: "Accept" }).click();
  await reviewer.page.getByLabel(/a new version, at once/).check();
  await reviewer.page
    .getByRole("dialog")
    .getByRole("button", { name: /^Publish \d/ })
    .click();
  await reviewer.page.getByText("Published", { exact: true }).first().waitFor();
  expect(await versionOf()).not.toBe(version);
  const notices = await api(await hostToken("ada"), "GET", "/notifications");
  expect(JSON.stringify(notices.body)).toContain("is published with greeter");
  expect([...complaints, ...reviewer.complaints].filter((text) => !/404/.test(text))).toEqual([]);
});

it("counts forms that were opened and sent, with the name of the last question and nothing else", async () => {
  const { page, complaints } = await visitor("ada");
  const sent: { body: Record<string, unknown> }[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(`/golden-paths/${NAME}/forms`)) sent.push({ body: request.postDataJSON() as Record<string, unknown> });
  });
  await page.goto(`/services/new?path=${NAME}`);
  await page.getByLabel("Greeting").fill("a secret greeting");
  await until("the question that was touched arrived", async () => sent.some(({ body }) => body.field === "greeting"));
  expect(new Set(sent.map(({ body }) => body.form)).size).toBe(1);
  expect(JSON.stringify(sent)).not.toContain("secret greeting");
  await page.reload();
  await page.getByLabel("Greeting").waitFor();
  const uses = async () => (await api(token, "GET", `/golden-paths/${NAME}/versions`)).body.items as { isCurrent: boolean; forms: { opened: number; abandoned: number } }[];
  await until("it is counted", async () => (await uses()).find(({ isCurrent }) => isCurrent)?.forms.opened === 1);
  const admin = await visitor("pat");
  await admin.page.goto(`/admin/golden-paths/${NAME}/history`);
  await admin.page.getByText("1 opened, 0 abandoned").waitFor();
  expect(complaints.filter((text) => !/404/.test(text))).toEqual([]);
});

it("the command line tries a folder, and tells why it does not start", async () => {
  const { mkdtemp, rm, writeFile, mkdir } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const path = await import("node:path");
  const ada = await hostToken("ada", "read,env:write");
  const dir = await mkdtemp(path.join(tmpdir(), "waymark-folder-"));
  await mkdir(path.join(dir, "skeleton"));
  expect((await api(token, "POST", `/golden-paths/${NAME}/draft`, {})).status).toBe(201);
  const file = async (name: string) => String((await api(token, "GET", `/golden-paths/${NAME}/draft/file?path=${encodeURIComponent(name)}`)).body.text);
  for (const name of ["template.yaml", "skeleton/server.js", "skeleton/waymark.yaml", "skeleton/package.json"]) await writeFile(path.join(dir, name), await file(name));
  await api(token, "DELETE", `/golden-paths/${NAME}/draft?revision=1`);

  const passed = await commandLine("waymark", ["path", "test", dir, "--run", "--json", "--set", "greeting=Hello from a folder"], ada);
  expect(passed.stderr).toBe("");
  const { environment, run } = JSON.parse(passed.stdout) as { environment: { id: string; name: string }; run: { status: string } };
  expect([passed.code, run.status]).toEqual([0, "succeeded"]);
  expect((await askSandbox(environment.name)).body).toBe("Hello from a folder");
  expect((await commandLine("waymark", ["env", "delete", environment.id], ada)).code).toBe(0);

  await writeFile(path.join(dir, "skeleton/server.js"), 'console.error("no such table"); process.exit(1);\n');
  const failed = await commandLine("waymark", ["path", "test", dir, "--run"], ada);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/Cause|exit/i);
  expect((await commandLine("waymark", ["path", "test", dir, "--ttl", "1h"], ada)).code).toBe(2);
  const listed = await commandLine("waymark", ["path", "proposals"], ada);
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining("Say where to ask in the README") });
  await rm(dir, { recursive: true });
});
