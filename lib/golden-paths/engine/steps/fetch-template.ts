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

/** Files rendered with one question to the thread, and written side by side. */
const AT_ONCE = 16;

async function renderFiles({ input, workspace, renderer, log, signal }: StepArgs<RenderInput>, source: Map<string, TemplateFile>, from: string): Promise<void> {
  if (input.copyWithoutRender) log("copyWithoutRender is an old name. Use copyWithoutTemplating, which still renders paths.", "warn");
  const rendering = await openRendering(renderer, input, [...source.keys()], signal);
  const at = (name: string) => `${input.targetPath || "."}/${name}`;
  const folders = await rendering.names([...foldersOf(source.keys())].map((folder) => `${folder}/`));
  for (const name of folders) if (name !== null) await workspace.makeFolder(at(name));
  const names = await rendering.names([...source.keys()]);
  const wanted = [...source].flatMap(([from, file], index) => {
    const name = names[index] ?? null;
    return name === null ? [] : [{ from, file, name }];
  });
  // Where two files render to one name, the first has it.
  const size = new Set(wanted.map(({ name }) => name)).size === wanted.length ? AT_ONCE : 1;
  let written = 0;
  for (let begin = 0; begin < wanted.length; begin += size) {
    signal.throwIfAborted();
    const group = wanted.slice(begin, begin + size);
    const contents = await rendering.contents(group);
    const results = await Promise.allSettled(group.map(({ name, file }, index) => workspace.write(at(name), contents[index] ?? EMPTY, file.mode, input.replace)));
    for (const result of results) {
      if (result.status === "rejected") throw result.reason;
      if (result.value) written += 1;
    }
  }
  const kept = wanted.length - written;
  log(`Wrote ${written} files from ${from}.${kept > 0 ? ` Left ${kept} that were there already.` : ""}`);
}

/** Folders are made even when all of their files are optional and left out. */
function foldersOf(names: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const name of names) for (let at = name.indexOf("/"); at > 0; at = name.indexOf("/", at + 1)) folders.add(name.slice(0, at));
  return folders;
}

interface Rendering {
  /** The rendered paths, in order; null where one renders to nothing, which is how files are made optional. */
  names(names: string[]): Promise<(string | null)[]>;
  contents(files: { from: string; file: TemplateFile }[]): Promise<Buffer[]>;
}

async function openRendering(renderer: Renderer, input: RenderInput, paths: string[], signal: AbortSignal): Promise<Rendering> {
  const select = async (patterns: string[] = []) => new Set(patterns.length > 0 ? (await renderer.ask("match", { paths, patterns }, { signal })).selected : []);
  const contentsAsIs = await select(input.copyWithoutTemplating);
  const asIs = await select(input.copyWithoutRender);
  const extension = extensionOf(input.templateFileExtension);
  const { cookiecutterCompat, trimBlocks, lstripBlocks, values } = input;
  const context = { [cookiecutterCompat ? "cookiecutter" : "values"]: values };
  const isTemplate = cookiecutterCompat ? /\{\{|\{%|\{#/ : /\$\{\{|\{%|\{#/;
  const hasExtension = (name: string) => extension !== null && path.extname(name) === extension;

  const ask = async (sources: string[]) => (await renderer.ask("texts", { sources, context, options: { cookiecutterCompat, trimBlocks, lstripBlocks } }, { signal })).texts;

  /** A text without any tag renders to itself and does not visit the thread. One that cannot be rendered is found by asking one by one. */
  async function texts(sources: { text: string; where: string }[]): Promise<string[]> {
    const results = sources.map(({ text }) => text);
    const asked = [...sources.keys()].filter((index) => isTemplate.test(results[index] ?? ""));
    for (let begin = 0; begin < asked.length; begin += AT_ONCE) {
      const group = asked.slice(begin, begin + AT_ONCE);
      const rendered = await ask(group.map((index) => results[index] ?? "")).catch((error: unknown) => {
        if (error instanceof RenderFailure) return null;
        throw error;
      });
      for (const [place, index] of group.entries()) results[index] = rendered?.[place] ?? (await alone(results[index] ?? "", sources[index]?.where ?? ""));
    }
    return results;
  }

  async function alone(text: string, where: string): Promise<string> {
    try {
      return (await ask([text]))[0] ?? "";
    } catch (error) {
      if (!(error instanceof RenderFailure)) throw error;
      throw new DomainError("invalid", `${where} cannot be rendered: ${error.message}`, { cause: error });
    }
  }

  return {
    async names(names) {
      const sources = names.map((name) => ({ text: asIs.has(name) ? "" : hasExtension(name) ? name.slice(0, -(extension ?? "").length) : name, where: `The name of ${name}` }));
      const rendered = await texts(sources);
      return names.map((name, index) => {
        if (asIs.has(name)) return name;
        const target = rendered[index] ?? "";
        return target === "" || target.startsWith("/") || target.includes("//") ? null : target;
      });
    },
    async contents(files) {
      const isRendered = ({ from, file }: { from: string; file: TemplateFile }) =>
        !asIs.has(from) && (extension === null ? !contentsAsIs.has(from) : hasExtension(from)) && !isBinary(file.content);
      const rendered = files.filter(isRendered);
      const made = await texts(rendered.map(({ from, file }) => ({ text: file.content.toString("utf8"), where: from })));
      const byName = new Map(rendered.map(({ from }, index) => [from, Buffer.from(made[index] ?? "")]));
      return files.map(({ from, file }) => byName.get(from) ?? file.content);
    },
  };
}

/** The extension that marks templates, with its dot; null where all files are templates. */
export function extensionOf(setting: boolean | string | undefined): string | null {
  if (!setting) return null;
  if (setting === true) return ".njk";
  return setting.startsWith(".") ? setting : `.${setting}`;
}

function isBinary(content: Buffer): boolean {
  return content.includes(0) || !isUtf8(content) || content.subarray(0, 5).equals(PDF);
}
