import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { goldenPaths } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { relativeTime } from "@/lib/core/format";
import { mutation } from "@/lib/core/operation";
import type { TemplateFiles } from "./archive";
import { pathRoot } from "./archives/read-archive";
import { MakeCurrentInput, PublishDraftInput, PublishFilesInput } from "./contract";
import { uploadedFiles } from "./draft-changes";
import { loadDraft, personOf, publishedFiles, requireRevision, versionsOf } from "./draft-store";
import { deleteDraft } from "./drafts";
import { lastChange } from "./path-changes";
import { proposalsPublished } from "./proposals/follow";
import { insertVersion, lockPath, makeCurrent } from "./publish";
import { publishable } from "./publishable";
import { annotatedVersion, withVersion } from "./version-annotation";
import { compareVersions, highestVersion, isVersion, nextVersion } from "./version-order";

const target = (name: string, version: string) => ({ type: "golden-path", id: name, label: `${name} ${version}` });

export const publishDraft = mutation({
  name: "golden-path.publish",
  summary: "Publish a draft as a new immutable version, which becomes the current one.",
  input: PublishDraftInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    await lockPath(tx, input.name);
    const draft = await loadDraft(tx, input.name, true);
    requireRevision(draft, input.revision, ctx.now);
    const published = await publishNow(tx, ctx, { ...input, files: draft.files });
    await deleteDraft(tx, input.name);
    await proposalsPublished(tx, ctx, input.name, published.version);
    return published;
  },
  audit: (input, { version, replaced }) => ({ target: target(input.name, version), detail: { version, replaced, note: input.note } }),
});

export const publishFolder = mutation({
  name: "golden-path.publish",
  summary: "Publish the files of a golden path as a new version: for paths that are kept as code.",
  input: PublishFilesInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    await lockPath(tx, input.name);
    const files = pathRoot(uploadedFiles(input.files));
    return publishNow(tx, ctx, { ...input, version: input.version ?? annotatedVersion(files), files });
  },
  audit: (input, { version, replaced }) => ({ target: target(input.name, version), detail: { version, replaced, note: input.note, from: "files" } }),
});

export const makeVersionCurrent = mutation({
  name: "golden-path.publish",
  summary: "Make a published version the current one, for example to go back to an older one.",
  input: MakeCurrentInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    await lockPath(tx, input.name);
    const { version: before } = await publishedFiles(tx, input.name);
    await publishedFiles(tx, input.name, input.currentVersion);
    await requireUnchanged(tx, ctx, input.name, input.replaces, before);
    const isNew = before !== input.currentVersion;
    if (isNew) await makeCurrent(tx, input.name, input.currentVersion, { kind: "made-current", note: input.note, changedBy: personOf(ctx), now: ctx.now });
    return { name: input.name, version: input.currentVersion, replaced: isNew ? before : null };
  },
  audit: (input, { replaced }) =>
    replaced === null ? null : { target: target(input.name, input.currentVersion), detail: { version: input.currentVersion, replaced, note: input.note } },
});

interface Publication {
  name: string;
  files: TemplateFiles;
  version?: string | undefined;
  note: string;
  replaces?: string | undefined;
}

/** Publishes files as a new version, which becomes the current one. The path must be locked. Throws invalid with what stops it, conflict for a number that is taken. */
export async function publishNow(tx: Tx, ctx: Ctx, { name, files: sent, note, replaces, version: wanted }: Publication) {
  const path = await tx.query.goldenPaths.findFirst({ where: eq(goldenPaths.name, name), columns: { currentVersion: true } });
  const before = path?.currentVersion ?? null;
  await requireUnchanged(tx, ctx, name, replaces, before);
  const versions = await versionsOf(tx, name);
  const version = wanted ?? nextVersion(versions);
  checkVersion(name, version, versions);
  const files = withVersion(sent, version);
  const definition = await publishable(tx, files, name, ctx.now, "published");
  await insertVersion(tx, { files, definition, version, note, publishedBy: personOf(ctx), now: ctx.now });
  await makeCurrent(tx, name, version, { kind: "published", note, changedBy: personOf(ctx), now: ctx.now });
  return { name, version, replaced: before };
}

/** Two people at once: the second one sees what the first did before it is replaced. */
async function requireUnchanged(tx: Tx, ctx: Ctx, name: string, seen: string | undefined, current: string | null): Promise<void> {
  if (seen === undefined || seen === current) return;
  const last = await lastChange(tx, name);
  const who = last ? `${last.by ?? "Waymark"} made ${last.version} current ${relativeTime(Date.parse(last.at), ctx.now.getTime())}` : `The current version is ${current ?? "none"}`;
  const message = `${who}, after you opened this page. Look at what changed, then decide again.`;
  throw new DomainError("conflict", message, { fields: [{ path: "replaces", message: `The current version is ${current ?? "none"}, not ${seen}.` }] });
}

function checkVersion(name: string, version: string, versions: string[]): void {
  const say = (code: "invalid" | "conflict", message: string) => new DomainError(code, message, { fields: [{ path: "version", message }] });
  const next = nextVersion(versions);
  if (!isVersion(version)) throw say("invalid", `"${version}" is no version. Write three numbers such as ${next}.`);
  if (versions.includes(version)) throw say("conflict", `${name} ${version} is published already, and a published version never changes. The next one could be ${next}.`);
  const highest = highestVersion(versions);
  if (highest !== null && compareVersions(version, highest) <= 0)
    throw say("invalid", `${version} does not come after ${highest}, the newest version. Choose a higher one, such as ${next}.`);
}
