import { statSync } from "node:fs";
import { mapProcesses, type ProcessRow, procText } from "./process-identity";

/** Every process of a sandbox carries both in its environment, also after it left its group and session. */
export const LABEL_INSTALLATION = "WAYMARK_INSTALLATION";
export const LABEL_ENVIRONMENT = "WAYMARK_ENVIRONMENT_ID";
export const LABEL_VERSION = "WAYMARK_ENVIRONMENT_VERSION";

/** The living processes below `root`, parents before children. */
export function descendantsOf(rows: ProcessRow[], root: number): ProcessRow[] {
  const children = new Map<number, ProcessRow[]>();
  for (const row of rows) children.set(row.ppid, [...(children.get(row.ppid) ?? []), row]);
  const found: ProcessRow[] = [];
  for (let level = children.get(root) ?? []; level.length > 0; level = level.flatMap((row) => children.get(row.pid) ?? [])) found.push(...level);
  return found.filter((row) => !row.isZombie);
}

/** The value of one variable in the text of /proc/<pid>/environ. */
export function variableIn(environ: string, name: string): string | null {
  const entry = environ.split("\0").find((pair) => pair.startsWith(`${name}=`));
  return entry === undefined ? null : entry.slice(name.length + 1);
}

export interface MarkedProcess extends ProcessRow {
  /** The environment that its label names; null without our label. */
  environmentId: string | null;
  /** Of the environment, by its label. */
  version: number;
  /** The account it runs under; null where there is no /proc. */
  uid: number | null;
}

/** The living processes of the machine with what tells whose they are. */
export async function markedProcesses(installation: string): Promise<MarkedProcess[]> {
  const rows = await mapProcesses((row): MarkedProcess | null => {
    if (row.isZombie) return null;
    const environ = procText(`${row.pid}/environ`);
    const isOurs = environ.includes(installation) && variableIn(environ, LABEL_INSTALLATION) === installation;
    return {
      ...row,
      environmentId: isOurs ? variableIn(environ, LABEL_ENVIRONMENT) : null,
      version: Number(variableIn(environ, LABEL_VERSION) ?? 0),
      uid: statSync(`/proc/${row.pid}`, { throwIfNoEntry: false })?.uid ?? null,
    };
  });
  return rows.filter((row) => row !== null);
}

/** The living processes that carry the installation's label, with the environment they belong to. */
export async function labelledProcesses(installation: string): Promise<(MarkedProcess & { environmentId: string })[]> {
  return (await markedProcesses(installation)).filter((row): row is MarkedProcess & { environmentId: string } => row.environmentId !== null);
}
