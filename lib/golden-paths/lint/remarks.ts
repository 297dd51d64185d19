import type { PathFinding } from "../contract";

type Rule = PathFinding["rule"];

/** Collects what is wrong in one file of a golden path. */
export class Remarks {
  readonly list: PathFinding[] = [];

  constructor(private readonly file: string) {}

  error(rule: Rule, line: number, message: string): void {
    this.add("error", rule, line, message);
  }

  warning(rule: Rule, line: number, message: string): void {
    this.add("warning", rule, line, message);
  }

  info(rule: Rule, line: number, message: string): void {
    this.add("info", rule, line, message);
  }

  private add(severity: PathFinding["severity"], rule: Rule, line: number, message: string): void {
    const isKnown = this.list.some((finding) => finding.line === line && finding.message === message);
    if (!isKnown && this.list.length < 500) this.list.push({ file: this.file, line, severity, rule, message });
  }
}
