import type { Finding, ImportResult } from "@/lib/catalog/contract";
import type { Run } from "@/lib/runs/contract";
import { filesOf, type LocalFile } from "./catalog-files";
import type { Client } from "./client";
import { EXIT, Exit } from "./exit";
import { followRun } from "./follow-run";
import { requireSuccess } from "./outcome";
import { print, tell } from "./terminal";

const isAddress = (target: string) => /^https?:\/\//i.test(target);

interface Mode {
  isCheck: boolean;
  json: boolean;
  team: string | undefined;
}

/** Checks or imports files, folders and addresses. Returns everything that was accepted, found and refused. */
export async function sendToCatalog(client: Client, targets: string[], mode: Mode): Promise<ImportResult> {
  const results: ImportResult[] = [];
  const files = await filesOf(targets.filter((one) => !isAddress(one)));
  results.push(...(await sendParts(client, inParts(files.filter(({ problem }) => !problem)), mode)), unreadable(files));
  for (const target of targets.filter(isAddress)) results.push(await readAddress(client, target, mode));
  return together(results);
}

/** Files that could not be read are refused like documents, so that their neighbours are imported. */
const unreadable = (files: LocalFile[]): ImportResult => ({
  accepted: [],
  findings: [],
  refused: files.flatMap(({ name, problem }) => (problem ? [{ ...problem, file: name, line: 1, rule: "unreadable", entityRef: null }] : [])),
});

/** Read and written well within the time that a request waits for its answer, on a busy machine too. */
const PART_CHARACTERS = 1_000_000;
const PART_FILES = 400;

/** Files in their order, as many at once as one request takes: neighbours in a folder stay together where they fit. */
function inParts(files: LocalFile[]): LocalFile[][] {
  const parts: LocalFile[][] = [];
  let size = 0;
  for (const file of files) {
    const last = parts.at(-1);
    size += file.text.length;
    if (last && size <= PART_CHARACTERS && last.length < PART_FILES) last.push(file);
    else {
      parts.push([file]);
      size = file.text.length;
    }
  }
  return parts;
}

/** While the portal writes one part, it reads the next. */
const AT_ONCE = 2;

async function sendParts(client: Client, parts: LocalFile[][], mode: Mode): Promise<ImportResult[]> {
  const results: ImportResult[] = [];
  const left = inTurn(parts);
  const sendNext = async () => {
    for (const [index, part] of left) results[index] = await sendFiles(client, part, mode);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
  return results;
}

/** One list that several take from; it ends for all where one of them fails. */
function* inTurn<T>(items: T[]): Generator<[number, T]> {
  yield* items.entries();
}

async function sendFiles(client: Client, files: LocalFile[], { isCheck }: Mode): Promise<ImportResult> {
  const form = new FormData();
  for (const { name, text } of files) form.append("file", new Blob([text], { type: "application/yaml" }), name);
  return client.call<ImportResult>("POST", `/api/v1/catalog/${isCheck ? "check" : "import"}`, form);
}

/** What one part did not find may have come with a later one. */
function together(results: ImportResult[]): ImportResult {
  const accepted = results.flatMap((one) => one.accepted);
  const here = new Set(accepted.map(({ entityRef }) => entityRef));
  const findings = results.flatMap((one) => one.findings).filter(({ missingRef }) => !missingRef || !here.has(missingRef));
  return { accepted, findings, refused: results.flatMap((one) => one.refused) };
}

/** The portal reads an address itself, as a run. */
async function readAddress(client: Client, target: string, { isCheck, json, team }: Mode): Promise<ImportResult> {
  const { run } = await client.call<{ run: Run }>("POST", "/api/v1/locations", { target, dryRun: isCheck, team });
  const ended = await followRun(client, run.id, json);
  requireSuccess(client.url, ended);
  return client.call<ImportResult>("GET", `/api/v1/catalog/readings/${encodeURIComponent(run.id)}`);
}

const CHANGES = { created: "new", updated: "changed", unchanged: "unchanged" };
const placeOf = ({ file, line }: Finding) => `${file}:${line}`;

/** What came of it, in words; refusals and findings as `file:line: message`. */
export function reportImport({ accepted, findings, refused }: ImportResult): void {
  for (const { entityRef, change, changes = [] } of accepted) {
    print(`${entityRef}  ${CHANGES[change]}`);
    for (const { path, from, to } of changes) print(`  ${path}: ${from ?? "(nothing)"} -> ${to ?? "(nothing)"}`);
  }
  for (const one of findings) tell(`${placeOf(one)}: ${one.message} ${one.fix} (${one.rule})`);
  const skeletons = accepted.length ? refused.filter(isSkeleton) : [];
  const wrong = refused.filter((one) => !skeletons.includes(one));
  for (const one of wrong) tell(`${placeOf(one)}: refused: ${one.message} ${one.fix} (${one.rule})`);
  const [first] = skeletons;
  if (first) tell(`Left out: ${skeletons.length === 1 ? "one skeleton" : `${skeletons.length} skeletons`} of templates, such as ${first.file}`);
  tell(`${accepted.length} accepted, ${findings.length} findings, ${wrong.length} refused`);
}

/** What templates write their catalog files from stands among the entities of a folder, and is none. */
const isSkeleton = ({ rule }: Finding) => rule === "skeleton";

/** Throws Exit 1 when a document was refused; skeletons of templates beside entities are no reason. */
export function requireNoRefusal({ accepted, refused: all }: ImportResult): void {
  const refused = accepted.length ? all.filter((one) => !isSkeleton(one)) : all;
  if (refused.length) throw new Exit(EXIT.failed, refused.length === 1 ? "One document was refused." : `${refused.length} documents were refused.`);
}
