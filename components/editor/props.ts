/** One remark on a line of a text; lines and columns count from 1. */
export interface LineDiagnostic {
  line: number;
  column?: number | undefined;
  severity: "error" | "warning" | "info";
  message: string;
}

export type EditorLanguage = "yaml" | "json" | "plain";

export interface CodeEditorProps {
  /** Name of the text for people who hear the page, for example the path of the file. */
  label: string;
  value: string;
  onChange?: ((value: string) => void) | undefined;
  language?: EditorLanguage;
  diagnostics?: LineDiagnostic[];
  /** Lines to mark as new or changed. */
  changedLines?: number[];
  /** Puts the cursor there; a new object moves it again. */
  goTo?: { line: number } | null;
  readOnly?: boolean;
  /** `fill` takes the height of the parent, else the text decides between 160 and 480 px. */
  height?: "fill" | "auto";
}
