import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import type { LineDiagnostic } from "./props";

interface Lines {
  diagnostics: LineDiagnostic[];
  changed: number[];
}

const setLines = StateEffect.define<Lines>();
const WEIGHT = { error: 2, warning: 1, info: 0 };

class Remark extends WidgetType {
  constructor(readonly diagnostic: LineDiagnostic) {
    super();
  }

  override eq(other: Remark): boolean {
    return other.diagnostic.message === this.diagnostic.message && other.diagnostic.severity === this.diagnostic.severity;
  }

  override toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = `cm-remark ${this.diagnostic.severity}`;
    span.textContent = this.diagnostic.message;
    span.title = this.diagnostic.message;
    return span;
  }
}

function decorate(state: EditorState, { diagnostics, changed }: Lines): DecorationSet {
  const worst = new Map<number, LineDiagnostic>();
  for (const diagnostic of diagnostics) {
    const line = clamp(state, diagnostic.line);
    const known = worst.get(line);
    if (!known || WEIGHT[diagnostic.severity] > WEIGHT[known.severity]) worst.set(line, diagnostic);
  }
  const ranges = changed.filter((line) => line <= state.doc.lines && !worst.has(line)).map((line) => Decoration.line({ class: "cm-changed" }).range(state.doc.line(line).from));
  for (const [number, diagnostic] of worst) {
    const line = state.doc.line(number);
    ranges.push(Decoration.line({ class: `cm-problem ${diagnostic.severity}` }).range(line.from));
    ranges.push(Decoration.widget({ widget: new Remark(diagnostic), side: 1 }).range(line.to));
  }
  return Decoration.set(ranges, true);
}

/** Line backgrounds and the remark after the line's text; they move with the text until the next check. */
export const lineMarks: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const effect = transaction.effects.find((candidate) => candidate.is(setLines));
    return effect ? decorate(transaction.state, effect.value) : marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Shows the remarks beside their lines, and to F8 and the screen reader through the editor's own list of problems. */
export function showLines(view: EditorView, diagnostics: LineDiagnostic[], changed: number[]): void {
  view.dispatch({ effects: setLines.of({ diagnostics, changed }) });
  view.dispatch(
    setDiagnostics(
      view.state,
      diagnostics.map((diagnostic) => toRange(view.state, diagnostic)),
    ),
  );
}

function toRange(state: EditorState, { line: number, column, severity, message }: LineDiagnostic): Diagnostic {
  const line = state.doc.line(clamp(state, number));
  const indent = /^\s*/.exec(line.text)?.[0].length ?? 0;
  return { from: Math.min(line.to, line.from + (column ? column - 1 : indent)), to: line.to, severity, message };
}

function clamp(state: EditorState, line: number): number {
  return Math.min(Math.max(1, line), state.doc.lines);
}
