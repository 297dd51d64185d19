import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleSlash,
  CircleX,
  GitMerge,
  GitPullRequest,
  GitPullRequestClosed,
  GitPullRequestDraft,
  LoaderCircle,
  type LucideIcon,
  Trash2,
  TriangleAlert,
} from "lucide-react";

type Tone = "success" | "warning" | "danger" | "info" | "neutral";

const LOOKS: Record<string, { word: string; tone: Tone; icon: LucideIcon; spin?: boolean }> = {
  queued: { word: "Queued", tone: "neutral", icon: CircleDashed },
  waiting: { word: "Waiting", tone: "neutral", icon: CircleDashed },
  pending: { word: "Pending", tone: "neutral", icon: CircleDashed },
  provisioning: { word: "Provisioning", tone: "info", icon: LoaderCircle, spin: true },
  running: { word: "Running", tone: "info", icon: LoaderCircle, spin: true },
  ready: { word: "Ready", tone: "success", icon: CircleCheck },
  succeeded: { word: "Succeeded", tone: "success", icon: CircleCheck },
  done: { word: "Done", tone: "success", icon: CircleCheck },
  healthy: { word: "Healthy", tone: "success", icon: CircleCheck },
  degraded: { word: "Degraded", tone: "warning", icon: TriangleAlert },
  unhealthy: { word: "Unhealthy", tone: "danger", icon: CircleAlert },
  failed: { word: "Failed", tone: "danger", icon: CircleX },
  leaked: { word: "Leaked", tone: "danger", icon: TriangleAlert },
  open: { word: "Open", tone: "danger", icon: CircleAlert },
  refused: { word: "Refused", tone: "danger", icon: Ban },
  deleting: { word: "Deleting", tone: "info", icon: LoaderCircle, spin: true },
  deleted: { word: "Deleted", tone: "neutral", icon: Trash2 },
  cancelled: { word: "Cancelled", tone: "neutral", icon: CircleSlash },
  connected: { word: "Connected", tone: "success", icon: CircleCheck },
  granted: { word: "Granted", tone: "success", icon: CircleCheck },
  missing: { word: "Missing", tone: "danger", icon: CircleX },
  "not-granted": { word: "Not granted", tone: "neutral", icon: CircleDashed },
  current: { word: "Up to date", tone: "success", icon: CircleCheck },
  gone: { word: "Gone", tone: "warning", icon: CircleSlash },
  empty: { word: "No catalog file", tone: "neutral", icon: CircleDashed },
  superseded: { word: "Superseded", tone: "neutral", icon: CircleSlash },
  "open-pull": { word: "Open", tone: "info", icon: GitPullRequest },
  draft: { word: "Draft", tone: "neutral", icon: GitPullRequestDraft },
  merged: { word: "Merged", tone: "success", icon: GitMerge },
  closed: { word: "Closed", tone: "neutral", icon: GitPullRequestClosed },
  conflicts: { word: "Conflicts", tone: "warning", icon: TriangleAlert },
  submitted: { word: "Waits for review", tone: "info", icon: GitPullRequest },
  "changes-requested": { word: "Changes wanted", tone: "warning", icon: TriangleAlert },
  accepted: { word: "Accepted", tone: "success", icon: CircleCheck },
  declined: { word: "Declined", tone: "neutral", icon: GitPullRequestClosed },
  withdrawn: { word: "Withdrawn", tone: "neutral", icon: CircleSlash },
  published: { word: "Published", tone: "success", icon: GitMerge },
  pass: { word: "Passes", tone: "success", icon: CircleCheck },
  fail: { word: "Fails", tone: "danger", icon: CircleX },
  "not-known": { word: "Unknown", tone: "warning", icon: CircleHelp },
  exempt: { word: "Exempt", tone: "neutral", icon: CircleSlash },
  ejected: { word: "Left on purpose", tone: "neutral", icon: CircleSlash },
  allowed: { word: "Allowed", tone: "success", icon: CircleCheck },
  warned: { word: "Warned", tone: "warning", icon: TriangleAlert },
  excepted: { word: "Let through", tone: "neutral", icon: CircleSlash },
  awaited: { word: "Waits", tone: "neutral", icon: CircleDashed },
  passed: { word: "Passed", tone: "success", icon: CircleCheck },
  arrives: { word: "Arrives", tone: "success", icon: CircleCheck },
  quiet: { word: "Nothing yet", tone: "neutral", icon: CircleDashed },
  silent: { word: "Nothing arrives", tone: "danger", icon: CircleAlert },
  elsewhere: { word: "Sent elsewhere", tone: "warning", icon: TriangleAlert },
  off: { word: "Not sent", tone: "neutral", icon: CircleSlash },
  ok: { word: "OK", tone: "success", icon: CircleCheck },
  error: { word: "Error", tone: "danger", icon: CircleX },
  skipped: { word: "Skipped", tone: "neutral", icon: CircleSlash },
};

/** THE status: glyph and word, the same on every page. `glyphOnly` keeps the word for screen readers. */
export function Status({ value, glyphOnly = false }: { value: string; glyphOnly?: boolean }) {
  const { word, tone, icon: Icon, spin } = LOOKS[value] ?? { word: "Unknown", tone: "neutral" as const, icon: CircleHelp, spin: false };
  return (
    <span className={`status s-${tone}`}>
      <Icon className={spin ? "i spin" : "i"} aria-hidden />
      {glyphOnly ? <span className="sr">{word}</span> : word}
    </span>
  );
}
