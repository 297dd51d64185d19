import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { parse, stringify } from "yaml";
import { parseDefinition } from "@/lib/golden-paths/definition";
import { materialize } from "@/lib/golden-paths/engine/materialize";
import type { readTemplateFolder } from "@/lib/golden-paths/engine/template-folder";
import { benchBrowser, signedIn } from "./setup/browser";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// What a golden path costs the person at the screen: rendering 60 files, the dry run of the wizard, and a letter typed in the editor
// until remarks and preview are those of the new text.

const FILES = 60;
const ROUNDS = 30;
const LETTERS = 40;
const title = "Colour";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the code of templates
const TEMPLATE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: sixty, title: Sixty files, annotations: { waymark.dev/version: "1.0.0" } }
spec:
  type: library
  parameters:
    - properties: { name: { type: string } }
  steps:
    - { id: write, action: "fetch:template", input: { url: ./skeleton, values: { name: "\${{ parameters.name }}" } } }
`;
const LINE = "export const name = '${{ values.name }}'; // ${{ values.name | upper }}\n";

const NAME = "${{ values.name }}";
const UPPER = "${{ values.name | upper }}";
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the code of templates

async function rendering(): Promise<void> {
  const text = (content: string) => ({ content: Buffer.from(content), mode: 0o644 });
  const files = new Map([["template.yaml", text(TEMPLATE)]]) as Awaited<ReturnType<typeof readTemplateFolder>>;
  for (let index = 0; index < FILES; index++) files.set(`skeleton/src/part-${index}/\${{ values.name }}.js`, text(LINE.repeat(40)));
  const definition = parseDefinition(TEMPLATE);
  const product: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const dir = await mkdtemp(path.join(tmpdir(), "wm-render-bench-"));
    const context = { runId: "run_bench", user: { ref: "user:default/ada", name: "Ada" }, environment: { name: "bench" } };
    const args = { files, definition, values: { name: "sixty" }, targetDir: path.join(dir, "a"), context, scope: "dry-run", signal: new AbortController().signal, log: () => {} };
    mkdirSync(args.targetDir);
    product.push(
      await timed(async () => {
        const made = await materialize(args as Parameters<typeof materialize>[0]);
        if (made.files.length !== FILES) throw new Error(`${made.files.length} files were made`);
      }),
    );
    bare.push(
      await timed(async () => {
        for (let index = 0; index < FILES; index++) {
          const into = path.join(dir, "b/src", `part-${index}`);
          mkdirSync(into, { recursive: true });
          writeFileSync(path.join(into, "sixty.js"), LINE.repeat(40).replaceAll(NAME, "sixty").replaceAll(UPPER, "SIXTY"));
        }
      }),
    );
    await rm(dir, { recursive: true });
  }
  report("render-60-files", "ms", product, { floor: bare.sort((a, b) => a - b)[ROUNDS / 2] ?? 0 });
}

/** Milliseconds until the preview shows what was typed just now. */
async function typed(page: Page, letter: string, shown: string): Promise<number> {
  const preview = page.getByRole("region", { name: "Preview" }).getByText(shown).first();
  return timed(async () => {
    await page.keyboard.type(letter);
    await preview.waitFor();
  });
}

/** The shipped path with a question more, whose title ends the text: the cursor stands behind it. */
function endingIn(title: string): string {
  const { spec, ...document } = parse(readFileSync("golden-paths/node-express/template.yaml", "utf8"));
  const { parameters, ...rest } = spec;
  return stringify({ ...document, spec: { ...rest, parameters: [...parameters, { title: "Last", properties: { last: { type: "string", title } } }] } }).trimEnd();
}

async function editing(url: string): Promise<void> {
  const browser = await benchBrowser();
  try {
    const page = await browser.newPage({ ...(await signedIn(browser, url, "pat")), viewport: { width: 1440, height: 900 } });
    await page.goto("/admin/golden-paths/node-express");
    await page.getByRole("button", { name: "Edit golden path" }).click();
    const editor = page.getByRole("textbox", { name: "template.yaml" });
    await editor.waitFor();
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(endingIn(title));
    await page.getByRole("region", { name: "Preview" }).getByText(title).first().waitFor();
    let now = title;
    const samples: number[] = [];
    for (let index = 0; index < LETTERS; index++) {
      const letter = String.fromCharCode(97 + (index % 26));
      now += letter;
      samples.push(await typed(page, letter, now));
    }
    report("editor-keystroke-to-preview", "ms", samples);
  } finally {
    await browser.close();
  }
}

await rendering();
const portal = await benchPortal();
try {
  const ada = portal.token("ada", "read,repo:create");
  const ask = () => portal.call(ada, "POST", "/golden-paths/node-express/dry-run", { values: { name: "dry" } });
  await ask();
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) samples.push(await timed(ask));
  report("dry-run", "ms", samples);
  await editing(portal.url);
} finally {
  await portal.stop();
}
process.exit(0);
