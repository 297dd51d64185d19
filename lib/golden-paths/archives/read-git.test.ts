import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { gitHttpBackend, send } from "@/tests/github/git-backend";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, type SignedIn, signedIn } from "@/tests/setup/people";
import { importDraft } from "../mutations";
import { getDraftFile } from "../queries";

// Drafts from a real repository that git serves over HTTP.

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "read-git-"));
const work = path.join(parent, "work");
const git = (...args: string[]) => execFileSync("git", ["-C", work, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { encoding: "utf8" });
let server: Server;
let base = "";
let pat: SignedIn;
let ada: SignedIn;

function commit(branch: string, files: Record<string, string>) {
  git("checkout", "-q", "--orphan", branch);
  git("rm", "-rfq", "--ignore-unmatch", ".");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
    writeFileSync(path.join(work, name), text, { mode: name.endsWith(".sh") ? 0o755 : 0o644 });
  }
  if (branch === "linked") symlinkSync("/etc/passwd", path.join(work, "link"));
  git("add", "-A");
  git("commit", "-q", "-m", branch);
}

const template = (name: string) => `apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  steps: []\n`;

const SHARING = `${template("sharing").replace("steps: []", "steps:")}    - { id: code, action: "fetch:template", input: { url: ./skeleton, values: {} } }
    - id: catalog
      action: fetch:template
      input:
        url: ../../skeletons/catalog/ # shared by all
        values: {}
    - id: ci
      action: fetch:plain:file
      input:
        url: "../../skeletons/ci.yaml"
        targetPath: .github/workflows/ci.yaml
    - { id: flow, action: "fetch:plain", input: { url: ../../skeletons/catalog, targetPath: x } }
    - { id: out, action: "fetch:plain", input: { url: ../../../elsewhere } }
`;

beforeAll(async () => {
  mkdirSync(work);
  git("init", "-q", "-b", "main");
  commit("main", { "README.md": "# Templates\n", "one/template.yaml": template("one"), "one/skeleton/run.sh": "#!/bin/sh\n", "two/template.yaml": template("two") });
  commit("next", { "template.yaml": template("whole"), "docs/a.md": "a\n" });
  commit("linked", { "template.yaml": template("linked") });
  commit("large", { "template.yaml": template("large"), "large.bin": "x".repeat(1_100_000) });
  commit("sharing", {
    "skeletons/catalog/catalog-info.yaml": "kind: Component\n",
    "skeletons/ci.yaml": "on: push\n",
    "secret/key.txt": "nobody names this\n",
    "templates/java/template.yaml": SHARING,
    "templates/java/skeleton/App.java": "class App {}\n",
  });
  git("checkout", "-q", "main");
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", base);
    const at = /^\/templates\.git(\/.*)$/.exec(url.pathname);
    if (!at) return void response.writeHead(404).end();
    const asked = { dir: path.join(work, ".git"), pathInfo: at[1] ?? "", query: url.search.slice(1), mayPushWorkflows: false, protectedRef: null };
    void gitHttpBackend(request, asked).then((answer) => send(response, answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  env().privateHosts = [new URL(base).host];
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  ada = await signedIn(await aPerson("ada"));
});
afterAll(() => {
  server.close();
  rmSync(parent, { recursive: true, force: true });
});

const from = (over: { url?: string; branch?: string; path?: string } = {}, who = pat) => importDraft(who, { git: { url: `${base}/templates.git`, ...over } });

async function refusal(call: Promise<unknown>): Promise<string[]> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isDomainError(error)) throw error ?? new Error("it was accepted");
  return [error.code, ...error.fields.map((field) => `${field.path}: ${field.message}`)];
}

test("a folder of the default branch, and the whole of another branch", async () => {
  const one = await from({ path: "/one/" });
  expect([one.name, one.files.map((file) => file.path).sort()]).toEqual(["one", ["skeleton/run.sh", "template.yaml"]]);
  const whole = await from({ branch: "next" });
  expect([whole.name, whole.files.map((file) => file.path).sort()]).toEqual(["whole", ["docs/a.md", "template.yaml"]]);
});

test("what a template shares with others of its repository comes along, and nothing that it does not name", async () => {
  const { files } = await from({ branch: "sharing", path: "templates/java" });
  expect(files.map((file) => file.path).sort()).toEqual([
    "from-repository/skeletons/catalog/catalog-info.yaml",
    "from-repository/skeletons/ci.yaml",
    "skeleton/App.java",
    "template.yaml",
  ]);
  const { text } = await getDraftFile(pat, { name: "sharing", path: "template.yaml" });
  expect(text).toBe(
    SHARING.replace("../../skeletons/catalog/ #", "./from-repository/skeletons/catalog #").replaceAll(
      /\.\.\/\.\.\/skeletons\/(ci\.yaml|catalog,)/g,
      "./from-repository/skeletons/$1",
    ),
  );
});

test("what cannot be taken is said beside its field", async () => {
  expect(await refusal(from({ branch: "none" }))).toEqual(["invalid", expect.stringMatching(/^git\.branch: .* has no branch none\.$/)]);
  expect(await refusal(from({ path: "three" }))).toEqual(["invalid", "git.path: There is no folder three in the repository."]);
  expect(await refusal(from({ path: "../.." }))).toEqual(["invalid", "git.path: There is no folder ../.. in the repository."]);
  expect(await refusal(from({ branch: "linked" }))).toEqual(["invalid", expect.stringMatching(/^git\.path: link is a link\./)]);
  expect(await refusal(from({ branch: "large" }))).toEqual(["invalid", expect.stringMatching(/^git\.path: large\.bin is larger than 1 MB\./)]);
  expect(await refusal(from({ url: `${base}/nothing.git` }))).toEqual(["invalid", expect.stringMatching(/^git\.url: .* is no public git repository: /)]);
  expect(await refusal(from({ url: "https://name:secret@example.com/x.git" }))).toEqual(["invalid", expect.stringMatching(/^git\.url: .*may not contain a name or password/)]);
  expect(await refusal(from({ url: "--upload-pack=touch /tmp/x" }))).toEqual(["invalid", expect.stringMatching(/^git\.url: .*is no address/)]);
  expect(await refusal(from({ url: "http://169.254.169.254/x.git" }))).toEqual(["invalid", expect.stringMatching(/^git\.url: .*only https/)]);
  // Several templates at the same depth: the general words of an import.
  expect((await refusal(from()))[0]).toBe("invalid");
});

test("only the platform team, and either files or a repository", async () => {
  expect((await refusal(from({ path: "two" }, ada)))[0]).toBe("forbidden");
  expect((await refusal(importDraft(pat, {})))[0]).toBe("invalid");
  expect((await refusal(importDraft(pat, { files: [{ path: "template.yaml", content: template("x") }], git: { url: `${base}/templates.git` } })))[0]).toBe("invalid");
});
