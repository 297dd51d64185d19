"use client";

import { CircleAlert, CircleCheck, GitCompare, TriangleAlert } from "lucide-react";
import { Blazes } from "@/components/ui/blazes";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { type GoldenPathDraft, MAX_CONCEPTS, type PathCheck } from "@/lib/golden-paths/contract";

interface Props {
  draft: GoldenPathDraft;
  /** Of the page that shows what differs. */
  compareHref: string;
  check: PathCheck;
  tookMs: number | null;
  problem: string | null;
  onNextFinding: () => void;
}

const counted = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** What the draft changes, what is wrong with it, and how much one must know to use it. */
export function EditorFoot({ draft, compareHref, check, tookMs, problem, onNextFinding }: Props) {
  const errors = check.findings.filter(({ severity }) => severity === "error").length;
  const warnings = check.findings.length - errors;
  const { files, added, removed } = check.changes;
  const Icon = errors > 0 ? CircleAlert : warnings > 0 ? TriangleAlert : CircleCheck;
  const tone = errors > 0 ? "t-danger" : warnings > 0 ? "t-warning" : "t-success";
  const words = [errors > 0 ? counted(errors, "error") : "", warnings > 0 ? counted(warnings, "warning") : ""].filter(Boolean).join(", ");
  return (
    <footer className="pe-foot" data-check-ms={tookMs === null ? undefined : Math.round(tookMs)}>
      <Link className="line link" href={compareHref}>
        <GitCompare className="i" aria-hidden />
        {`${counted(files, "file")} changed, +${added} −${removed}`}
      </Link>
      {words ? (
        <button type="button" className="line link" onClick={onNextFinding}>
          <Icon className={`i ${tone}`} aria-hidden />
          {words}
        </button>
      ) : (
        <span className="line">
          <Icon className={`i ${tone}`} aria-hidden />
          No remarks
        </span>
      )}
      <span className="line">
        <Blazes on={Math.min(check.concepts.length, MAX_CONCEPTS)} label={`${check.concepts.length} of ${MAX_CONCEPTS} concepts to know`} />
        <span aria-hidden>
          {check.concepts.length} of {MAX_CONCEPTS}
        </span>
      </span>
      <span className="grow" />
      <span className="muted truncate">
        {problem ?? (
          <>
            {draft.updatedBy ?? "Somebody"} saved <Time at={draft.updatedAt} />
          </>
        )}
      </span>
    </footer>
  );
}
