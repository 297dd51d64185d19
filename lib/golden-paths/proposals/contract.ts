import { z } from "zod";
import { CheckDraftInput, DraftChange, type GoldenPathDraft, PathNameInput } from "../contract-editing";
import { PROPOSAL_STATUSES } from "./state";

export { isEditable, moved, PROPOSAL_STATUSES, type ProposalMove, type ProposalStatus } from "./state";

export const PROPOSAL_EVENTS = [
  "began",
  "submitted",
  "commented",
  "changes-requested",
  "accepted",
  "declined",
  "withdrawn",
  "reopened",
  "updated",
  "published",
  "returned",
] as const;

/** A change to a published golden path that a team proposes. */
export const PathProposal = z.object({
  id: z.string(),
  goldenPath: z.string(),
  title: z.string(),
  reason: z.string(),
  status: z.enum(PROPOSAL_STATUSES),
  revision: z.number().int(),
  baseVersion: z.string(),
  /** Null: the path is not there any more. */
  currentVersion: z.string().nullable(),
  /** The version it came out with. */
  publishedVersion: z.string().nullable(),
  author: z.object({ handle: z.string(), name: z.string() }),
  team: z.string(),
  submittedAt: z.string().nullable(),
  updatedAt: z.string(),
  createdAt: z.string(),
  isDemo: z.boolean(),
});
export type PathProposal = z.infer<typeof PathProposal>;

export interface ProposalEvent {
  id: number;
  kind: (typeof PROPOSAL_EVENTS)[number];
  text: string;
  /** Handle; null for the platform, and when the account is gone. */
  by: string | null;
  at: string;
}

export interface ProposalDetail extends PathProposal {
  /** As the editor shows it. */
  draft: GoldenPathDraft;
  events: ProposalEvent[];
}

const Id = z.string().max(64);
const Revision = z.coerce.number().int().min(1);
const long = (say: string) => z.string({ error: say }).trim().min(3, say).max(4_000, "At most 4,000 characters.");
const Comment = z.string().trim().max(4_000, "At most 4,000 characters.").default("");

export const ProposalInput = z.strictObject({ id: Id });
export const ProposalListInput = z.strictObject({
  goldenPath: PathNameInput.shape.name.optional(),
  status: z.enum(PROPOSAL_STATUSES).optional(),
  scope: z.enum(["mine", "all"]).default("all"),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const StartProposalInput = z.strictObject({
  goldenPath: PathNameInput.shape.name,
  /** It stands beside conflict markers, which a line break would tear apart. */
  title: z
    .string({ error: "Say in one line what changes." })
    .trim()
    .min(3, "Say in one line what changes.")
    .max(120, "At most 120 characters.")
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "Write it in one line, without line breaks."),
  reason: long("Say why the path should change: what do teams gain?"),
  /** Your only team when left out. */
  team: z.string().max(128).optional(),
});
export const SaveProposalInput = z.strictObject({ id: Id, revision: Revision, changes: z.array(DraftChange).min(1).max(200) });
export const DescribeProposalInput = z.strictObject({ id: Id, title: StartProposalInput.shape.title, reason: StartProposalInput.shape.reason });
export const ProposalMoveInput = z.strictObject({ id: Id, comment: Comment });
export const SubmitProposalInput = z.strictObject({ id: Id, revision: Revision, comment: Comment });
export const CommentInput = z.strictObject({ id: Id, comment: long("Write a comment.") });
export const UpdateProposalInput = z.strictObject({ id: Id, revision: Revision });
export const ProposalFileInput = z.strictObject({ id: Id, path: z.string().min(1).max(1_000) });
export const CheckProposalInput = z.strictObject({ id: Id, unsaved: CheckDraftInput.shape.unsaved });
export const DryRunProposalInput = z.strictObject({ id: Id, values: z.record(z.string(), z.unknown()), unsaved: CheckDraftInput.shape.unsaved });

export const ReviewInput = z
  .strictObject({
    id: Id,
    /** As the reviewer saw it. */
    revision: Revision,
    decision: z.enum(["ask-for-changes", "decline", "accept"]),
    comment: Comment,
    /** Left out, an accepted change goes into the draft of the path. */
    publish: z
      .strictObject({ version: z.string().min(1).max(64), note: z.string().trim().min(3, "Say in a few words what changes for the people who use it.").max(2_000) })
      .optional(),
    /** `markers`: lines that both sides changed go into the draft with markers, to be settled there. */
    conflicts: z.enum(["refuse", "markers"]).default("refuse"),
  })
  .superRefine(({ decision, comment, publish, conflicts }, refine) => {
    const say = (path: string, message: string) => refine.addIssue({ code: "custom", path: [path], message });
    if (decision !== "accept" && comment.length < 3) say("comment", decision === "decline" ? "Say why it is declined." : "Say what should change.");
    if (decision !== "accept" && publish) say("publish", "Only an accepted change can be published.");
    if (publish && conflicts === "markers") say("conflicts", "What holds markers cannot be published. Take it into the draft and settle it there.");
  });
