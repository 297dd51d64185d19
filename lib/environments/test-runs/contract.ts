import { z } from "zod";
import { CheckFilesInput, PathNameInput } from "@/lib/golden-paths/contract";

const asked = {
  /** Sample answers for what is left out. */
  values: z.record(z.string().max(64), z.unknown()).default({}),
  /** `<n>m|h|d`, an hour when left out. */
  ttl: z.string().max(32).default("1h"),
  /** Whose quota it counts on; your only team, else the one that owns the path or your first, when left out. */
  team: z.string().max(128).optional(),
};
const revision = z.coerce.number().int().min(1);

export const TestDraftInput = z.strictObject({ name: PathNameInput.shape.name, revision, ...asked });
export const TestProposalInput = z.strictObject({ id: z.string().max(64), revision, values: asked.values, ttl: asked.ttl });
export const TestFolderInput = z.strictObject({ files: CheckFilesInput.shape.files, ...asked });
export const ProposalTestsInput = z.strictObject({ id: z.string().max(64) });
