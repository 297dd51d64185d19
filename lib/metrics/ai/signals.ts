import { z } from "zod";

// By what a commit says of itself that a program wrote it, or helped. Addresses are those that the tools' own makers write; none of
// them says how much. What is ambiguous (a completion in the editor) and who only reviews is left out on purpose.

export const AI_CLASSES = ["authored", "assisted"] as const;
export type AiClass = (typeof AI_CLASSES)[number];

const Pattern = z.string().trim().min(1, "Write a name or a pattern.").max(160, "At most 160 characters.");
export const AiSignal = z.strictObject({
  /** `author`: the commit's author; `line`: any line of its message. */
  field: z.enum(["author", "line"], { error: "Write author or line." }),
  pattern: Pattern,
  class: z.enum(AI_CLASSES, { error: "Write authored or assisted." }),
  tool: z.string().trim().min(1, "Name the tool.").max(60, "At most 60 characters."),
});
export type AiSignal = z.output<typeof AiSignal>;
export const AiSignals = z.array(AiSignal).max(100, "At most 100 signals.");

const author = (pattern: string, tool: string, of: AiClass = "authored"): AiSignal => ({ field: "author", pattern, class: of, tool });
const line = (pattern: string, tool: string, of: AiClass = "assisted"): AiSignal => ({ field: "line", pattern, class: of, tool });

/** Where each comes from stands in docs/metrics.md. */
export const DEFAULT_AI_SIGNALS: AiSignal[] = [
  author("claude[bot]", "Claude Code"),
  author("copilot-swe-agent[bot]", "Copilot coding agent"),
  author("Copilot", "Copilot coding agent"),
  author("Cursor Agent", "Cursor"),
  author("google-labs-jules[bot]", "Jules"),
  author("devin-ai-integration[bot]", "Devin"),
  author("openhands", "OpenHands"),
  author("*(aider)", "aider", "assisted"),
  line("co-authored-by:*<noreply@anthropic.com>", "Claude Code"),
  line("*generated with [claude code]*", "Claude Code"),
  line("co-authored-by:*<223556219+copilot@users.noreply.github.com>", "Copilot CLI"),
  line("co-authored-by:*<198982749+copilot@users.noreply.github.com>", "Copilot coding agent", "authored"),
  line("co-authored-by:*<cursoragent@cursor.com>", "Cursor"),
  line("co-authored-by: codex*<*@openai.com>", "Codex"),
  line("co-authored-by:*<openhands@all-hands.dev>", "OpenHands"),
  line("assisted-by: *", "declared"),
  line("generated-by: *", "declared"),
];

/** What must be said wherever the comparison is shown. */
export const AI_LIMITS = [
  "What is counted is what commits say of themselves. Trailers can be switched off and are often stripped; completions in the editor and text pasted from a chat leave nothing. The share is a lower bound, and “no AI signal” does not mean that no AI was used.",
  "A trailer says that a tool took part, not how much.",
  "People choose AI for other work than they do without it, and changes grow with it: the comparison shows what goes together, not what causes what.",
  "A failure is put down to a deployment by time or by name, and to its changes in equal parts, whichever of them was at fault.",
];
