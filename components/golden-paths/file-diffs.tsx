import { Diff } from "@/components/ui/diff";
import type { FileDiff } from "@/lib/golden-paths/contract";

const WORDS = { added: "new", removed: "deleted", changed: "changed", same: "same" };

/** What differs between two versions, file by file; the first ones are open. */
export function FileDiffs({ files }: { files: FileDiff[] }) {
  return (
    <div className="stack">
      {files.map((file, index) => (
        <details key={file.path} className="diff-file" open={index < 5}>
          <summary>
            <span className="mono truncate">{file.path}</span>
            <span className="muted nowrap">
              {WORDS[file.state]}
              {file.hunks.length > 0 ? `, +${file.added} −${file.removed}` : ""}
            </span>
          </summary>
          {file.hunks.length > 0 ? (
            <Diff label={`Changes of ${file.path}`} hunks={file.hunks} />
          ) : (
            <p className="muted p-4">Not text, too long to compare, or only its mode changed.</p>
          )}
        </details>
      ))}
    </div>
  );
}
