"use client";

import { useState } from "react";
import { SourceText } from "@/components/ui/source-text";

interface PreviewFile {
  path: string;
  bytes: number;
  text: string | null;
}

/** Every file of a dry run: the list, and the content of the chosen one. */
export function FilePreview({ files }: { files: PreviewFile[] }) {
  const first = files.find((file) => /^readme\.md$/i.test(file.path)) ?? files[0];
  const [chosen, setChosen] = useState(first?.path ?? "");
  const shown = files.find((file) => file.path === chosen) ?? first;
  if (!shown) return <p className="muted">The golden path writes no files.</p>;
  return (
    <div className="file-preview table-wrap">
      <ul aria-label="Files">
        {files.map((file) => (
          <li key={file.path}>
            <button type="button" aria-pressed={file.path === shown.path} onClick={() => setChosen(file.path)} title={file.path}>
              {file.path}
            </button>
          </li>
        ))}
      </ul>
      <div className="file-preview-body">
        {shown.text === null ? (
          <p className="muted p-4">Not text, or longer than 64 kB ({shown.bytes} bytes).</p>
        ) : (
          <SourceText text={shown.text} label={`Content of ${shown.path}`} />
        )}
      </div>
    </div>
  );
}
