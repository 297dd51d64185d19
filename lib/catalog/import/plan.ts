import path from "node:path";
import picomatch from "picomatch";
import type { Connection } from "@/db/client";
import type { AcceptedEntity, EntitySource, Finding } from "../contract";
import { type Claim, reasonAgainst } from "../ownership";
import { type KnownEntity, knownEntities, knownRefs, unchangedTexts } from "./known";
import { otherFiles, type SourceFile, type Texts } from "./neighbours";
import { type EntityReading, namesFiles, type Reading, readDocument, textHash } from "./read";
import { readDocuments } from "./readers";
import { type DocumentText, splitDocuments } from "./split";

export type { SourceFile } from "./neighbours";

export interface Planned {
  ref: string;
  file: string;
  line: number;
  change: AcceptedEntity["change"];
  /** Null where the text is the one that is in the catalog already, and was not read again. */
  read: { draft: EntityReading; hash: string; textHash: string | null } | null;
  findings: Finding[];
}

export interface ImportPlan {
  accepted: Planned[];
  refused: Finding[];
}

export interface PlanOptions extends Claim {
  goldenPath: { name: string; version: string } | null;
  repositoryId: string | null;
  /** Lock what exists, because it is about to be changed. */
  lock: boolean;
}

type Candidate = Pick<Planned, "ref" | "file" | "line" | "read">;

/** What an import of files that were read would do; writes nothing. Each document stands for itself. */
export async function planImport(on: Connection, read: ReadFiles, options: PlanOptions): Promise<ImportPlan> {
  const refused = [...read.refused];
  const unique = withoutRepeats(read.candidates, refused);
  const known = await knownEntities(on, refsOf(unique.filter(({ read }) => read)), false);
  const isSame = ({ ref, file, read }: Candidate) => read === null || sameAs(known.get(ref), file, read.hash, options);
  if (options.lock) await lockChanged(on, known, refsOf(unique.filter((one) => known.has(one.ref) && !isSame(one))));
  const accepted: Planned[] = [];
  for (const candidate of unique) {
    const existing = known.get(candidate.ref);
    const change = isSame(candidate) ? "unchanged" : existing ? "updated" : "created";
    const against = existing && change === "updated" ? reasonAgainst(existing, options) : null;
    if (against) refused.push({ file: candidate.file, line: candidate.line, entityRef: candidate.ref, ...against });
    else accepted.push({ ...candidate, change, findings: findingsOf(candidate) });
  }
  await addDangling(on, accepted);
  return { accepted, refused };
}

const refsOf = (candidates: Candidate[]) => candidates.map(({ ref }) => ref);

function sameAs(known: KnownEntity | undefined, file: string, hash: string, options: PlanOptions): boolean {
  return known !== undefined && known.contentHash === hash && known.goneAt === null && samePlace(known, file, options);
}

function samePlace(row: KnownEntity, file: string, { goldenPath, repositoryId, source }: PlanOptions): boolean {
  // Content that is there already is nobody's change, wherever it comes from; only a repository may take it over.
  if (source.type === "remote") return row.source.type === "remote" && row.source.url === source.url && row.source.path === file;
  if (source.type === "url") return row.source.type !== "url" || row.source.url !== source.url || row.source.path === file;
  if (source.type !== "git") return true;
  if (row.source.type === "git" && row.source.path !== file) return false;
  return row.repositoryId === repositoryId && (!goldenPath || (row.goldenPath === goldenPath.name && row.goldenPathVersion === goldenPath.version));
}

/** What is unchanged is not locked: a repeated import writes nothing. What was looked at before the lock is looked at again. */
async function lockChanged(on: Connection, known: Map<string, KnownEntity>, refs: string[]): Promise<void> {
  const locked = await knownEntities(on, refs, true);
  for (const ref of refs) {
    const now = locked.get(ref);
    if (now) known.set(ref, now);
    else known.delete(ref);
  }
}

export interface ReadFiles {
  candidates: Candidate[];
  refused: Finding[];
}

/** Reads the documents of files, in their order; those whose text an entity was read from already are not read again. May take seconds: call it outside of a transaction where there are many. */
export async function readFiles(on: Connection, files: SourceFile[], source: EntitySource): Promise<ReadFiles> {
  const refused: Finding[] = [];
  const opened = files.filter((file) => !file.isNeighbour && isDescriptor(file.name)).map((file) => ({ file, documents: split(file, refused) }));
  const { referred, textsFor } = otherFiles(opened, files);
  const batches = opened.filter(({ file }) => !referred.has(file)).map(({ file, documents }) => ({ file, documents, texts: textsFor(file) }));
  const unchanged = await unchangedDocuments(
    on,
    batches.flatMap(({ documents }) => documents),
    source,
  );
  const isHere = (document: DocumentText, texts: Texts) => namesFiles(document) && texts.size > 0;
  const toRead = batches.map(({ file, documents, texts }) => ({ file: file.name, documents: documents.filter((one) => !unchanged.has(one) && !isHere(one, texts)) }));
  const readings = await readDocuments(toRead);
  const candidates: Candidate[] = [];
  const names = new Set(files.map(({ name }) => name));
  for (const [index, { file, documents, texts }] of batches.entries()) {
    const read = readings[index]?.values();
    for (const document of documents) {
      const known = unchanged.get(document);
      if (known) candidates.push({ ref: known.ref, file: file.name, line: document.line, read: null });
      else for (const one of isHere(document, texts) ? readDocument(file.name, document, texts) : (read?.next().value ?? [])) take(one, file, names, candidates, refused);
    }
  }
  return { candidates, refused };
}

function take(reading: Reading, { name, isFollowed }: SourceFile, names: ReadonlySet<string>, candidates: Candidate[], refused: Finding[]): void {
  if ("refusal" in reading) {
    refused.push(reading.refusal);
    return;
  }
  const { draft, file, line, ...hashes } = reading;
  const findings = isFollowed || leadsTo(name, draft, names) ? draft.findings.filter(({ rule }) => rule !== "location-not-followed") : draft.findings;
  candidates.push({ ref: draft.ref, file, line, read: { draft: { ...draft, findings }, ...hashes } });
}

/** Whether all that a Location names are files that are read with it, so that nothing is left to follow. */
function leadsTo(from: string, { kind, definition }: EntityReading, names: ReadonlySet<string>): boolean {
  if (kind !== "location") return false;
  const { spec } = JSON.parse(definition) as { spec?: { target?: unknown; targets?: unknown } };
  const targets = [spec?.target ?? [], spec?.targets ?? []].flat();
  return targets.length > 0 && targets.every((target) => typeof target === "string" && isAmong(path.posix.join(path.posix.dirname(from), target), names));
}

function isAmong(target: string, names: ReadonlySet<string>): boolean {
  if (names.has(target)) return true;
  if (!/[*?[{]/.test(target)) return false;
  const matches = picomatch(target);
  return [...names].some((name) => matches(name));
}

/** A repository's documents are always read: what it is at may have changed although the text has not. */
async function unchangedDocuments(on: Connection, documents: DocumentText[], source: EntitySource): Promise<Map<DocumentText, KnownEntity>> {
  const same = new Map<DocumentText, KnownEntity>();
  if (source.type !== "upload") return same;
  const hashes = new Map(documents.filter((document) => !namesFiles(document)).map((document) => [document, textHash(document)]));
  const known = await unchangedTexts(on, [...new Set(hashes.values())]);
  for (const [document, hash] of hashes) {
    const found = known.get(hash);
    if (found) same.set(document, found);
  }
  return same;
}

const MAX_CHARACTERS = 1_048_576;
const MAX_DOCUMENTS = 10_000;

function split({ name, text }: SourceFile, refused: Finding[]): DocumentText[] {
  const refuse = (rule: string, message: string, fix: string): DocumentText[] => {
    refused.push({ file: name, line: 1, entityRef: null, rule, message, fix });
    return [];
  };
  if (Buffer.byteLength(text) > MAX_CHARACTERS) return refuse("unreadable", "The file is larger than 1 MB.", "Split it or remove what is not needed, and import it again.");
  const documents = splitDocuments(text.replace(/^\uFEFF/, ""));
  if (documents.length === 0) return refuse("empty", "The file holds no document.", "Add an entity: apiVersion, kind, metadata and spec.");
  if (documents.length > MAX_DOCUMENTS) return refuse("unreadable", `The file holds more than ${MAX_DOCUMENTS} documents.`, "Split it into several files.");
  return documents;
}

const isDescriptor = (name: string) => /\.(ya?ml|json)$/i.test(name) || !/\.[a-z]+$/i.test(name);

function withoutRepeats(candidates: Candidate[], refused: Finding[]): Candidate[] {
  const first = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const { ref } = candidate;
    const earlier = first.get(ref);
    if (!earlier) first.set(ref, candidate);
    else {
      const message = `${ref} is there already, in ${earlier.file} at line ${earlier.line}.`;
      refused.push({ file: candidate.file, line: candidate.line, entityRef: ref, rule: "repeated", message, fix: "Remove one of the two, or give it another name." });
    }
  }
  return [...first.values()];
}

function findingsOf({ ref, file, read }: Candidate): Planned["findings"] {
  return (read?.draft.findings ?? []).map(({ line, ...finding }) => ({ file, line, entityRef: ref, ...finding }));
}

/** References to what neither the catalog nor this import knows: kept, and said. */
async function addDangling(on: Connection, accepted: Planned[]): Promise<void> {
  const here = new Set(accepted.map(({ ref }) => ref));
  const other = (ref: string, relation: { fromRef: string; toRef: string }) => (relation.fromRef === ref ? relation.toRef : relation.fromRef);
  const wanted = new Set(accepted.flatMap(({ ref, read }) => (read?.draft.relations ?? []).map((relation) => other(ref, relation))).filter((ref) => !here.has(ref)));
  if (wanted.size === 0) return;
  const known = await knownRefs(on, [...wanted]);
  for (const { ref, file, read, findings } of accepted) {
    for (const relation of read?.draft.relations ?? []) {
      const missingRef = other(ref, relation);
      if (here.has(missingRef) || known.has(missingRef)) continue;
      const isOwner = relation.type === "ownedBy";
      const rule = isOwner ? "owner-unknown" : "target-unknown";
      const message = isOwner ? `The owner ${missingRef} is not in the catalog.` : `${missingRef} is not in the catalog.`;
      const fix = "Import it as well, or put the reference right. It is kept until then.";
      findings.push({ file, line: relation.line, entityRef: ref, rule, message, fix, missingRef });
    }
  }
}
