"use client";

import { useState } from "react";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { duration } from "@/lib/core/format";
import type { DryRun } from "@/lib/golden-paths/contract";

interface Props {
  result: DryRun | null;
  problem: string | null;
  pending: boolean;
}

/** What the steps said and wrote; nothing of it was kept. */
export function DryRunView({ result, problem, pending }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  if (problem) return <Notice tone="danger">{problem}</Notice>;
  if (!result)
    return <Empty title={pending ? "Running…" : "No dry run yet"}>Dry run renders the draft with the answers of the form and shows every file. Nothing is written.</Empty>;
  const file = result.files.find(({ path }) => path === open) ?? result.files.find(({ path }) => path === "README.md") ?? result.files[0];
  return (
    <div className="stack-4">
      <p className="muted">
        {result.files.length} files in {duration(result.durationMs)}. Nothing was written
        {result.skippedSteps.length > 0 ? `; left out: ${result.skippedSteps.join(", ")}` : ""}.
      </p>
      <details open={result.log.some(({ level }) => level !== "info")}>
        <summary className="link">Log of the steps</summary>
        <ol className="pe-log mono">
          {result.log.map((line, index) => (
            <li key={index} className={line.level === "error" ? "t-danger" : line.level === "warn" ? "t-warning" : undefined}>
              {line.text}
            </li>
          ))}
        </ol>
      </details>
      <ul className="pe-files" aria-label="Files of the dry run">
        {result.files.map(({ path, bytes }) => (
          <li key={path}>
            <button type="button" className={file?.path === path ? "tree on" : "tree"} aria-current={file?.path === path || undefined} onClick={() => setOpen(path)}>
              <span className="mono truncate" title={path}>
                {path}
              </span>
              <span className="caption">{bytes.toLocaleString("en")} B</span>
            </button>
          </li>
        ))}
      </ul>
      {file ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
        <section className="pe-file" aria-label={`Content of ${file.path}`} tabIndex={0}>
          <pre>{file.text ?? "(not text, or longer than 64 kB)"}</pre>
        </section>
      ) : null}
    </div>
  );
}
