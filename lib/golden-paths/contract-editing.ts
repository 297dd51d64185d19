import { z } from "zod";

// Editing: drafts, remarks, versions.

export const PathFinding = z.object({
  file: z.string(),
  /** From 1. */
  line: z.number(),
  /** An error stops publishing; a warning does not. */
  severity: z.enum(["error", "warning", "info"]),
  /** Short name of the rule, for example `unknown-action`. */
  rule: z.string(),
  message: z.string(),
});
export type PathFinding = z.infer<typeof PathFinding>;

export const PathCheck = z.object({
  findings: z.array(PathFinding),
  /** Form pages as far as they could be read; null while template.yaml cannot be read. */
  form: z.array(z.record(z.string(), z.unknown())).nullable(),
  concepts: z.array(z.string()),
  steps: z.array(z.object({ id: z.string(), name: z.string(), action: z.string(), line: z.number() })),
  /** Line of `spec.parameters`, for going there. */
  formLine: z.number().nullable(),
  /** Against the version the draft began from. */
  changes: z.object({ files: z.number(), added: z.number(), removed: z.number() }),
});
export type PathCheck = z.infer<typeof PathCheck>;

export const FileState = z.enum(["same", "changed", "added", "removed"]);

export const DraftFile = z.object({
  path: z.string(),
  bytes: z.number(),
  isText: z.boolean(),
  isExecutable: z.boolean(),
  state: FileState,
});
export type DraftFile = z.infer<typeof DraftFile>;

export const GoldenPathDraft = z.object({
  name: z.string(),
  baseVersion: z.string().nullable(),
  currentVersion: z.string().nullable(),
  suggestedVersion: z.string(),
  revision: z.number(),
  updatedAt: z.string(),
  /** Handle of who saved last; null when the account is gone. */
  updatedBy: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string().nullable(),
  files: z.array(DraftFile),
});
export type GoldenPathDraft = z.infer<typeof GoldenPathDraft>;

export const FileText = z.object({ path: z.string(), text: z.string().nullable(), bytes: z.number(), baseText: z.string().nullable() });
export type FileText = z.infer<typeof FileText>;

export const GoldenPathVersion = z.object({
  name: z.string(),
  version: z.string(),
  isCurrent: z.boolean(),
  note: z.string(),
  /** Null = came with Waymark. */
  publishedBy: z.string().nullable(),
  publishedAt: z.string(),
  concepts: z.number(),
  usage: z.object({ environments: z.number(), services: z.number(), failed: z.number(), lastUsedAt: z.string().nullable() }),
  /** What became of its forms; null for others than the platform team. */
  forms: z
    .object({ opened: z.number().int(), sent: z.number().int(), abandoned: z.number().int(), lastTouched: z.array(z.object({ field: z.string(), forms: z.number().int() })) })
    .nullable(),
});
export type GoldenPathVersion = z.infer<typeof GoldenPathVersion>;

export const GoldenPathChange = z.object({
  kind: z.enum(["published", "made-current"]),
  version: z.string(),
  fromVersion: z.string().nullable(),
  note: z.string(),
  by: z.string().nullable(),
  at: z.string(),
});
export type GoldenPathChange = z.infer<typeof GoldenPathChange>;

export const FileDiff = z.object({
  path: z.string(),
  state: FileState,
  added: z.number(),
  removed: z.number(),
  /** Changed stretches with a few lines around; empty for files that are not text. */
  hunks: z.array(
    z.object({ lines: z.array(z.object({ kind: z.enum(["same", "added", "removed"]), text: z.string(), before: z.number().nullable(), after: z.number().nullable() })) }),
  ),
});
export type FileDiff = z.infer<typeof FileDiff>;

export const AdminGoldenPath = z.object({
  name: z.string(),
  title: z.string(),
  isInternal: z.boolean(),
  currentVersion: z.string().nullable(),
  concepts: z.number(),
  versions: z.number(),
  usage: GoldenPathVersion.shape.usage,
  draft: z.object({ revision: z.number(), updatedAt: z.string(), updatedBy: z.string().nullable(), baseVersion: z.string().nullable() }).nullable(),
});
export type AdminGoldenPath = z.infer<typeof AdminGoldenPath>;

export const PathName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Lower case letters, digits and single hyphens, at most 63, such as node-express.");
const FilePath = z.string().min(1).max(1_000);
const Revision = z.coerce.number().int().min(1);
const Note = z.string().trim().min(3, "Say in a few words what changes for the people who use it.").max(2_000);
export const VersionText = z.string().min(1).max(64);

export const MAX_EDITED_FILE_BYTES = 512 * 1024;
const FileTextInput = z.string().max(MAX_EDITED_FILE_BYTES, "At most 512 kB of text in one file.");

export const DraftChange = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("write"), path: FilePath, text: FileTextInput, isExecutable: z.boolean().optional() }),
  z.strictObject({ type: z.literal("rename"), from: FilePath, to: FilePath }),
  z.strictObject({ type: z.literal("delete"), path: FilePath }),
]);
export type DraftChange = z.infer<typeof DraftChange>;

export const UploadedFile = z.strictObject({ path: FilePath, content: z.string(), encoding: z.enum(["utf8", "base64"]).default("utf8"), isExecutable: z.boolean().default(false) });
export type UploadedFile = z.infer<typeof UploadedFile>;
const UploadedFiles = z.array(UploadedFile).min(1, "Send at least template.yaml.").max(2_000, "At most 2,000 files.");

export const PathNameInput = z.strictObject({ name: PathName });
export const StartDraftInput = z.strictObject({
  name: PathName,
  /** `version` copies a published one (the current one unless named); `example` begins a new path from a small working one. */
  from: z.enum(["version", "example"]).default("version"),
  version: VersionText.optional(),
});
/** A public git repository that holds a template: the default branch unless named, and the folder where it holds more. */
export const GitTemplate = z.strictObject({
  url: z.string({ error: "Write the address of a repository." }).trim().min(1, "Write the address of a repository.").max(500),
  branch: z.string().trim().min(1).max(200).optional(),
  path: z.string().trim().max(500).optional(),
});
export type GitTemplate = z.infer<typeof GitTemplate>;
export const ImportDraftInput = z
  .strictObject({ files: UploadedFiles.optional(), git: GitTemplate.optional(), name: PathName.optional(), replaceRevision: Revision.optional() })
  .refine(({ files, git }) => (files === undefined) !== (git === undefined), { path: ["files"], message: "Send files, or the address of a git repository." });
export const SaveDraftInput = z.strictObject({ name: PathName, revision: Revision, changes: z.array(DraftChange).min(1).max(200) });
export const DiscardDraftInput = z.strictObject({ name: PathName, revision: Revision });
export const DraftFileInput = z.strictObject({ name: PathName, path: FilePath });
export const CheckDraftInput = z.strictObject({
  name: PathName,
  unsaved: z
    .array(z.strictObject({ path: FilePath, text: FileTextInput }))
    .max(50)
    .default([]),
});
export const CheckFilesInput = z.strictObject({ files: UploadedFiles });
export const PublishDraftInput = z.strictObject({ name: PathName, revision: Revision, version: VersionText, note: Note, replaces: VersionText.optional() });
export const PublishFilesInput = z.strictObject({ name: PathName, files: UploadedFiles, version: VersionText.optional(), note: Note, replaces: VersionText.optional() });
export const MakeCurrentInput = z.strictObject({ name: PathName, currentVersion: VersionText, replaces: VersionText.optional(), note: z.string().trim().max(2_000).default("") });
export const VersionInput = z.strictObject({ name: PathName, version: VersionText });
export const CompareInput = z.strictObject({ name: PathName, from: VersionText, to: VersionText });
/** Against the version the draft began from, unless another is named. */
export const CompareDraftInput = z.strictObject({ name: PathName, with: VersionText.optional() });
export const DryRunDraftInput = z.strictObject({ name: PathName, values: z.record(z.string(), z.unknown()), unsaved: CheckDraftInput.shape.unsaved });

export const DryRun = z.object({
  files: z.array(z.object({ path: z.string(), bytes: z.number(), isExecutable: z.boolean(), /** Null for what is no text, or longer than 64 kB. */ text: z.string().nullable() })),
  log: z.array(z.object({ level: z.enum(["info", "warn", "error"]), text: z.string() })),
  /** Ids of steps that did not run: their condition is false, or they reach outside. */
  skippedSteps: z.array(z.string()),
  output: z.record(z.string(), z.unknown()),
  calls: z.array(z.object({ step: z.string(), call: z.string(), detail: z.string() })),
  durationMs: z.number(),
});
export type DryRun = z.infer<typeof DryRun>;

export const TestFilesInput = z.strictObject({ files: UploadedFiles, values: z.record(z.string(), z.unknown()).default({}) });
export const ExportInput = z.strictObject({
  name: PathName,
  version: VersionText.optional(),
  draft: z.enum(["1"]).optional(),
  format: z.enum(["zip", "tar.gz"]).default("tar.gz"),
});
