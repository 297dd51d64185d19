"use client";

import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { fixedExtensions, fromOutside, language, readOnly } from "./codemirror-setup";
import { showLines } from "./line-marks";
import type { CodeEditorProps } from "./props";

const NONE: never[] = [];

/** The mounted editor; text from outside replaces its own only when the two differ. */
export function CodeMirrorHost(props: CodeEditorProps & { describedBy: string; onReady: () => void }) {
  const { label, value, onChange, language: tongue = "plain", diagnostics = NONE, changedLines = NONE, goTo = null, describedBy } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const initial = useRef(value);
  const ready = useRef(props.onReady);
  const isReadOnly = props.readOnly ?? false;

  useEffect(() => {
    if (!host.current) return;
    const listen = EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(fromOutside))) change.current?.(update.state.doc.toString());
    });
    const attributes = EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy, tabindex: "0" });
    const state = EditorState.create({ doc: initial.current, extensions: [fixedExtensions(), language.of(NONE), readOnly.of(NONE), attributes, listen] });
    const made = new EditorView({ state, parent: host.current });
    view.current = made;
    ready.current();
    return () => {
      view.current = null;
      initial.current = made.state.doc.toString();
      made.destroy();
    };
  }, [label, describedBy]);

  useEffect(() => view.current?.dispatch({ effects: [language.to(tongue), readOnly.to(isReadOnly)] }), [tongue, isReadOnly, label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value }, annotations: fromOutside.of(true) });
  }, [value]);

  useEffect(() => {
    if (view.current) showLines(view.current, diagnostics, changedLines);
  }, [diagnostics, changedLines, value, label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !goTo) return;
    const line = editor.state.doc.line(Math.min(Math.max(1, goTo.line), editor.state.doc.lines));
    editor.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
    editor.focus();
  }, [goTo]);

  return <div ref={host} className="code-editor-host" />;
}
