import { isUtf8 } from "node:buffer";
import path from "node:path";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import type { TemplateFile } from "../../archive";
import { type Renderer, RenderFailure } from "../renderer";
import { safeSegments } from "../safe-path";
import { type StepArgs, stepAction } from "../step-action";
import { filesBelow } from "../template-source";

const EMPTY = Buffer.alloc(0);
const PDF = Buffer.from("%PDF-");
const patterns = z.array(z.string("expected a pattern"), "expected a list of patterns");
const flag = z.boolean("expected true or false").default(false);

/** What the actions that render several files have in common. */
export const RenderInput = z.looseObject({
  targetPath: z.string("expected a path").default("./"),
  values: z.record(z.string(), z.unknown()).default({}),
  copyWithoutTemplating: patterns.optional(),
  /** Older name: neither path nor content is rendered. */
  copyWithoutRender: patterns.optional(),
  templateFileExtension: z.union([z.boolean(), z.string()], "expected true or an extension such as .njk").optional(),
  cookiecutterCompat: flag,
  replace: flag,
  trimBlocks: flag,
  lstripBlocks: flag,
});
type RenderInput = z.output<typeof RenderInput>;

const NOT_BOTH = { path: ["templateFileExtension"], message: "cannot be combined with copyWithoutTemplating or cookiecutterCompat; keep one of them" };
const isOneWay = (input: RenderInput) => !input.templateFileExtension || !(input.copyWithoutTemplating || input.cookiecutterCompat);

export const fetchTemplate = stepAction({
  id: "fetch:template",
  ignored: { token: "only files beside template.yaml are fetched" },
  effect: "workspace",
  input: RenderInput.extend({ url: z.string("expected a folder such as ./skeleton") }).refine(isOneWay, NOT_BOTH),
  run: async (args) => {
    await renderFiles(args, filesBelow(args.files, args.input.url), args.input.url);
    return undefined;
  },
});

/** Cookiecutter templates: what lies in the folder `{{ cookiecutter.… }}` is rendered into the target. Hooks and extensions of Python do not run. */
export const fetchCookiecutter = stepAction({
  id: "fetch:cookiecutter",
  ignored: { extensions: "extensions of Python do not run", imageName: "it is rendered here, not in a container" },
  effect: "workspace",
  input: RenderInput.extend({ url: z.string("expected a folder such as ./skeleton") }),
  run: async (args) => {
    const { url, ...input } = args.input;
    const all = filesBelow(args.files, url);
    for (const ignored of ["hooks", "cookiecutter.json"])
      if ([...all.keys()].some((name) => name === ignored || name.startsWith(`${ignored}/`)))
        args.log(`${ignored} of ${url} has no effect here: answers come from values.`, "warn");
    const roots = [...new Set([...all.keys()].filter((name) => name.includes("/")).map((name) => name.slice(0, name.indexOf("/"))))].filter((name) =>
      name.includes("cookiecutter."),
    );
    const [root] = roots;
    if (!root || roots.length > 1) throw new DomainError("invalid", `${url} needs exactly one folder whose name holds {{ cookiecutter.… }}; it has ${roots.length}.`);
    const source = new Map([...all].filter(([name]) => name.startsWith(`${root}/`)).map(([name, file]) => [name.slice(root.length + 1), file]));
    await renderFiles({ ...args, input: { ...input, cookiecutterCompat: true } }, source, url);
    return undefined;
  },
});

/** The same with files that an earlier step put into the folder. */
export const workspaceTemplate = stepAction({
  id: "workspace:template",
  effect: "workspace",
  input: RenderInput.extend({ sourcePath: z.string("expected a folder of the workspace") }).refine(isOneWay, NOT_BOTH),
  run: async (args) => {
    const { workspace, input } = args;
    const prefix = safeSegments(input.sourcePath)
      .map((segment) => `${segment}/`)
      .join("");
    const paths = (await workspace.list()).filter((file) => file.startsWith(prefix));
    const source = new Map<string, TemplateFile>();
    for (const file of paths) source.set(file.slice(prefix.length), { content: await workspace.read(file), mode: await workspace.mode(file) });
    await renderFiles(args, source, input.sourcePath);
    return undefined;
  },
});

async function renderFiles({ input, workspace, renderer, log, signal }: StepArgs<RenderInput>, source: Map<string, TemplateFile>, from: string): Promise<void> {
  if (input.copyWithoutRender) log("copyWithoutRender is an old name. Use copyWithoutTemplating, which still renders paths.", "warn");
  const render = await fileRenderer(renderer, input, [...source.keys()], signal);
  let written = 0;
  let kept = 0;
  for (const folder of foldersOf(source.keys())) {
    const rendered = await render(`${folder}/`, null);
    if (rendered) await workspace.makeFolder(`${input.targetPath || "."}/${rendered.name}`);
  }
  for (const [name, file] of source) {
    signal.throwIfAborted();
    const rendered = await render(name, file);
    if (!rendered) continue;
    if (await workspace.write(`${input.targetPath || "."}/${rendered.name}`, rendered.content, file.mode, input.replace)) written += 1;
    else kept += 1;
  }
  log(`Wrote ${written} files from ${from}.${kept > 0 ? ` Left ${kept} that were there already.` : ""}`);
}

/** Folders are made even when all of their files are optional and left out. */
function foldersOf(names: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const name of names) for (let at = name.indexOf("/"); at > 0; at = name.indexOf("/", at + 1)) folders.add(name.slice(0, at));
  return folders;
}

type Rendered = { name: string; content: Buffer } | null;

/** Renders path and content of one file; null where the path renders to nothing, which is how files are made optional. */
async function fileRenderer(renderer: Renderer, input: RenderInput, paths: string[], signal: AbortSignal): Promise<(name: string, file: TemplateFile | null) => Promise<Rendered>> {
  const select = async (patterns: string[] = []) => new Set(patterns.length > 0 ? (await renderer.ask("match", { paths, patterns }, { signal })).selected : []);
  const contentsAsIs = await select(input.copyWithoutTemplating);
  const asIs = await select(input.copyWithoutRender);
  const extension = extensionOf(input.templateFileExtension);
  const { cookiecutterCompat, trimBlocks, lstripBlocks, values } = input;
  const context = { [cookiecutterCompat ? "cookiecutter" : "values"]: values };
  const isTemplate = cookiecutterCompat ? /\{\{|\{%|\{#/ : /\$\{\{|\{%|\{#/;

  async function text(source: string, where: string): Promise<string> {
    // A text without any tag renders to itself, so it need not visit the worker.
    if (!isTemplate.test(source)) return source;
    try {
      const { texts } = await renderer.ask("texts", { sources: [source], context, options: { cookiecutterCompat, trimBlocks, lstripBlocks } }, { signal });
      return texts[0] ?? "";
    } catch (error) {
      if (!(error instanceof RenderFailure)) throw error;
      throw new DomainError("invalid", `${where} cannot be rendered: ${error.message}`, { cause: error });
    }
  }

  return async (name, file) => {
    if (asIs.has(name)) return { name, content: file?.content ?? EMPTY };
    const hasExtension = extension !== null && path.extname(name) === extension;
    const target = await text(hasExtension ? name.slice(0, -extension.length) : name, `The name of ${name}`);
    if (target === "" || target.startsWith("/") || target.includes("//")) return null;
    if (!file) return { name: target, content: EMPTY };
    const isRendered = extension === null ? !contentsAsIs.has(name) : hasExtension;
    if (!isRendered || isBinary(file.content)) return { name: target, content: file.content };
    return { name: target, content: Buffer.from(await text(file.content.toString("utf8"), name)) };
  };
}

function extensionOf(setting: boolean | string | undefined): string | null {
  if (!setting) return null;
  if (setting === true) return ".njk";
  return setting.startsWith(".") ? setting : `.${setting}`;
}

function isBinary(content: Buffer): boolean {
  return content.includes(0) || !isUtf8(content) || content.subarray(0, 5).equals(PDF);
}
