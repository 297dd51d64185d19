import type { ReactNode } from "react";
import { CodeEditor } from "@/components/editor/code-editor";

interface Props {
  /** Whose condition it is, for people who hear the page. */
  label: string;
  help: string;
  value: string;
  onChange: (value: string) => void;
  /** Why it cannot be used. */
  problem: { line: number; column: number; message: string } | null;
  /** Why it was not saved. */
  refused: string | undefined;
  /** What it would say, once it can be read. */
  children: ReactNode;
}

/** A condition in CEL with what is wrong with it at its place, and below what it would say. */
export function ConditionField({ label, help, value, onChange, problem, refused, children }: Props) {
  const told = problem ? `Line ${problem.line}, column ${problem.column}: ${problem.message}` : refused;
  return (
    <div className="field">
      <span className="label">Condition</span>
      <span className="help">{help}</span>
      <CodeEditor
        label={label}
        value={value}
        onChange={onChange}
        diagnostics={problem ? [{ line: problem.line, column: problem.column, severity: "error", message: problem.message }] : []}
      />
      {told ? (
        <span className="error" role="alert">
          {told}
        </span>
      ) : (
        children
      )}
    </div>
  );
}
