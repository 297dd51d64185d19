import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { EXIT, Exit } from "./exit";
import { locationTargets, matcherOf } from "./location-targets";

export interface LocalFile {
  name: string;
  text: string;
  /** Why it cannot be sent, where its neighbours can. */
  problem?: { message: string; fix: string };
}

const SKIPPED = new Set(["node_modules", ".git", "dist", ".next", "vendor"]);
const DESCRIPTOR = /^catalog-info\.ya?ml$/i;
const MAX_BYTES = 1_048_576;
const MAX_DEPTH = 12;

const usage = (message: string) => new Exit(EXIT.usage, message);

/**
 * The files that a path means: itself, or every catalog-info.yaml below a folder (every YAML file where there is none); and what Locations
 * in them name beside or below. In a folder an unreadable one has a `problem`. Throws Exit 2 where nothing is there, and for a file that is named and cannot be read.
 */
export async function filesAt(target: string): Promise<LocalFile[]> {
  const info = await stat(target).catch(() => null);
  if (!info) throw usage(`There is no file or folder ${target}.`);
  if (info.isFile()) {
    const file = await read(target, path.basename(target));
    if (file.problem) throw usage(`${file.problem.message} ${file.problem.fix}`);
    if (locationTargets(file.text).length === 0) return [file];
    const folder = path.dirname(target);
    return withTargets(folder, await yamlBelow(folder, "", 0), [file]);
  }
  const all = await yamlBelow(target, "", 0);
  const descriptors = all.filter((name) => DESCRIPTOR.test(path.basename(name)));
  const names = descriptors.length ? descriptors : all;
  if (names.length === 0) throw usage(`There is no catalog-info.yaml in ${target}.`);
  const files = await withTargets(target, all, await readAll(target, names));
  return [...files, ...(await referred(target, files))];
}

/** The files of several paths. Two may have one name in their folders: then each is called as it lies, for placeholders and in what is told. */
export async function filesOf(targets: string[]): Promise<LocalFile[]> {
  if (targets.length < 2) return (await Promise.all(targets.map(filesAt))).flat();
  const files: LocalFile[] = [];
  for (const target of targets) {
    const found = await filesAt(target);
    const folder = (await stat(target)).isFile() ? path.dirname(target) : target;
    files.push(...found.map((file) => ({ ...file, name: path.join(folder, file.name).split(path.sep).join("/") })));
  }
  return files;
}

const readAll = (root: string, names: string[]) => Promise.all(names.map((name) => read(path.join(root, name), name)));

/** With the files of the folder that Location documents name, and those that they name in turn. */
async function withTargets(root: string, all: string[], files: LocalFile[]): Promise<LocalFile[]> {
  const taken = new Set(files.map(({ name }) => name));
  const more: LocalFile[] = [...files];
  for (let round = files; round.length > 0; ) {
    const wanted = round.flatMap(({ name, text }) => locationTargets(text).map((target) => matcherOf(path.posix.join(path.posix.dirname(name), target))));
    const names = all.filter((name) => !taken.has(name) && wanted.some((isWanted) => isWanted(name.split(path.sep).join("/"))));
    for (const name of names) taken.add(name);
    round = await readAll(root, names);
    more.push(...round);
  }
  return more;
}

const PLACEHOLDER = /\$(?:text|json|yaml|openapi|asyncapi)["']?\s*:\s*["']?([^\s"'},]+)/g;
const MAX_REFERRED = 100;

/** Files of the folder that placeholders of these name, so that the portal can take them in; never what lies outside, and no links. */
async function referred(root: string, files: LocalFile[]): Promise<LocalFile[]> {
  const known = new Set(files.map(({ name }) => name));
  const wanted = new Set<string>();
  for (const { name, text } of files) {
    for (const [, target = ""] of text.matchAll(PLACEHOLDER)) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
      const at = path.posix.normalize(target.startsWith("/") ? target.slice(1) : path.posix.join(path.posix.dirname(name), target));
      if (at !== ".." && !at.startsWith("../") && !known.has(at)) wanted.add(at);
    }
  }
  const base = await realpath(root);
  const found: LocalFile[] = [];
  for (const name of [...wanted].slice(0, MAX_REFERRED)) {
    const file = await realpath(path.join(base, name)).catch(() => null);
    if (file === path.join(base, name) && (await stat(file)).isFile()) found.push(await read(file, name));
  }
  return found;
}

async function read(file: string, at: string): Promise<LocalFile> {
  const name = at.split(path.sep).join("/");
  if ((await stat(file)).size > MAX_BYTES) return { name, text: "", problem: { message: `${name} is larger than 1 MB.`, fix: "Split it or remove what is not needed." } };
  try {
    return { name, text: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file)) };
  } catch {
    return { name, text: "", problem: { message: `${name} is not UTF-8.`, fix: "Save it as UTF-8." } };
  }
}

/** Links are not followed: they may lead out of the folder. */
async function yamlBelow(root: string, below: string, depth: number): Promise<string[]> {
  if (depth > MAX_DEPTH) return [];
  const entries = (await readdir(path.join(root, below), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const name = path.join(below, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...(await yamlBelow(root, name, depth + 1)));
    else if (entry.isFile() && /\.ya?ml$/i.test(entry.name)) found.push(name);
  }
  return found;
}
