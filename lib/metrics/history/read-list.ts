import { parseCsv } from "@/lib/core/csv";
import { DomainError, type FieldError } from "@/lib/core/errors";
import { ListedDeployment, MAX_LISTED } from "./contract";

/** Deployments of a CSV file with a head line, or of a JSON array. Throws invalid with one entry per bad row, by its line or place. */
export function readList(text: string): ListedDeployment[] {
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text) : csvRows(text);
  if (rows.length === 0) throw invalid([{ path: "list", message: "The list holds no deployment." }]);
  if (rows.length > MAX_LISTED) throw invalid([{ path: "list", message: `The list holds ${rows.length} deployments; at most ${MAX_LISTED} are loaded at once.` }]);
  const problems: FieldError[] = [];
  const read = rows.flatMap(({ at, value }) => {
    const parsed = ListedDeployment.safeParse(value);
    if (parsed.success && (parsed.data.started_at ?? parsed.data.finished_at) <= parsed.data.finished_at) return [parsed.data];
    const issue = parsed.success ? { path: ["finished_at"], message: "It ends before it starts. Check both times." } : parsed.error.issues[0];
    problems.push({ path: "list", message: `${at}: ${issue?.path.join(".") || "row"}: ${issue?.message ?? "cannot be read"}` });
    return [];
  });
  if (problems.length) throw invalid(problems.slice(0, 20));
  return read;
}

function invalid(fields: FieldError[]): DomainError {
  return new DomainError("invalid", fields.map(({ message }) => message).join(" "), { fields });
}

interface Row {
  /** Where it stands, for a person. */
  at: string;
  value: unknown;
}

function jsonRows(text: string): Row[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return (Array.isArray(parsed) ? parsed : [parsed]).map((value, index) => ({ at: `Entry ${index + 1}`, value }));
  } catch (error) {
    throw invalid([{ path: "list", message: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` }]);
  }
}

function csvRows(text: string): Row[] {
  const [head, ...lines] = parseCsv(text);
  if (!head) return [];
  const names = head.cells.map((name) => name.trim().toLowerCase());
  if (!names.includes("commit") || !names.includes("finished_at"))
    throw invalid([{ path: "list", message: `The first line names the columns; commit and finished_at must be among them. It says: ${names.join(", ").slice(0, 200)}.` }]);
  return lines.map(({ line, cells }) => {
    const given = names.flatMap((name, index) => (cells[index]?.trim() ? [[name, typed(name, cells[index].trim())]] : []));
    return { at: `Line ${line}`, value: Object.fromEntries(given) };
  });
}

const typed = (name: string, text: string) => (name === "flags" ? text.split(/[\s;,]+/).filter(Boolean) : text);
