"use client";

import dynamic from "next/dynamic";
import { useId, useState } from "react";
import type { CodeEditorProps } from "./props";

// The editor is large and needs the browser's measurements, so it is loaded when a page shows one.
const CodeMirrorHost = dynamic(() => import("./codemirror-host").then((module) => module.CodeMirrorHost), { ssr: false, loading: () => null });

/** An editor of one text with line remarks. Tab indents; Escape, then Tab leaves it. */
export function CodeEditor(props: CodeEditorProps) {
  const id = useId();
  const [isReady, setReady] = useState(false);
  return (
    <div className={props.height === "fill" ? "code-editor fill" : "code-editor"}>
      {/* The text can be read while the editor is on its way. */}
      {isReady ? null : <pre className="code-editor-wait">{props.value}</pre>}
      <CodeMirrorHost {...props} describedBy={id} onReady={() => setReady(true)} />
      <p className="sr" id={id}>
        {props.readOnly ? "Read only." : "Tab indents. Press Escape, then Tab to leave the editor. F8 goes to the next remark."}
      </p>
    </div>
  );
}
