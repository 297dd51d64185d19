import type { ChangedFile } from "@/lib/repositories/contract";

const WORDS = { added: "added", deleted: "deleted", changed: "changed" };

/** What a commit changed, file by file; lines that were added or removed say so with a sign and a colour. */
export function DiffView({ files }: { files: ChangedFile[] }) {
  return (
    <div className="stack-4">
      {files.map((file, index) => (
        <section key={file.path} className="table-wrap" id={`file-${index}`} aria-label={file.path}>
          <div className="last-commit">
            <span className="mono grow truncate" title={file.path}>
              {file.path}
            </span>
            <span className="muted nowrap">
              {WORDS[file.status]}, +{file.added} −{file.removed}
            </span>
          </div>
          <DiffBody file={file} />
        </section>
      ))}
    </div>
  );
}

function DiffBody({ file }: { file: ChangedFile }) {
  if (file.isBinary) return <p className="muted p-4">Not text.</p>;
  if (file.text === null) return <p className="muted p-4">Too long to be shown. Clone the repository to see it.</p>;
  if (file.text === "") return <p className="muted p-4">No line changed: the file is empty or only its mode changed.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, also by keyboard
    <div className="source diff" tabIndex={0} role="group" aria-label={`Changes in ${file.path}`}>
      {file.text
        .replace(/\n$/, "")
        .split("\n")
        .map((line, index) => (
          <div key={index} className={line.startsWith("+") ? "diff-add" : line.startsWith("-") ? "diff-del" : line.startsWith("@@") ? "diff-hunk" : undefined}>
            <code>{line || " "}</code>
          </div>
        ))}
    </div>
  );
}
