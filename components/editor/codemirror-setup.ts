import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { getNonce } from "get-nonce";
import { lineMarks } from "./line-marks";
import type { EditorLanguage } from "./props";

/** Marks a change that the page made, so that it is not told back to the page. */
export const fromOutside = Annotation.define<boolean>();

// Colours are those of the tokens, so a change of theme needs no new style sheet.
const look = EditorView.theme({
  "&": { height: "100%", color: "var(--foreground)", backgroundColor: "var(--surface)", fontSize: "12px" },
  "&.cm-focused": { outline: "2px solid var(--ring)", outlineOffset: "-2px" },
  // An editor below the window's edge is not measured yet and lays out its numbers from guesses:
  // the space above stands outside of the text, and a number is never lower than a line.
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px", padding: "8px 0" },
  ".cm-content": { padding: "0", caretColor: "var(--foreground)" },
  ".cm-cursor": { borderLeftColor: "var(--foreground)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted-foreground)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px 0 12px", minWidth: "40px" },
  ".cm-lineNumbers .cm-gutterElement:not(:first-child)": { minHeight: "20px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--muted) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--foreground)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--muted-strong)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--foreground)", border: "1px solid var(--border)", borderRadius: "6px", fontFamily: "var(--font-sans)" },
  ".cm-panels": { backgroundColor: "var(--muted)", color: "var(--foreground)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--muted-strong)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.keyword], color: "var(--chart-5)" },
  { tag: [tags.string, tags.special(tags.string), tags.number, tags.bool, tags.null], color: "var(--chart-3)" },
  { tag: [tags.comment, tags.meta, tags.separator], color: "var(--muted-foreground)" },
]);

/** Everything that never changes while an editor is mounted. */
export function fixedExtensions(): Extension {
  const nonce = getNonce();
  return [
    nonce ? EditorView.cspNonce.of(nonce) : [],
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    history(),
    indentOnInput(),
    bracketMatching(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
    lineMarks,
    look,
    syntaxHighlighting(colours),
  ];
}

const languageSlot = new Compartment();
const LANGUAGES: Record<EditorLanguage, () => Extension> = { yaml, json, plain: () => [] };

export const language = {
  of: (initial: Extension) => languageSlot.of(initial),
  to: (name: EditorLanguage) => languageSlot.reconfigure(LANGUAGES[name]()),
};

const readOnlySlot = new Compartment();

export const readOnly = {
  of: (initial: Extension) => readOnlySlot.of(initial),
  // Still focusable and selectable, so that it can be read and copied without a mouse.
  to: (isReadOnly: boolean) => readOnlySlot.reconfigure(EditorState.readOnly.of(isReadOnly)),
};
