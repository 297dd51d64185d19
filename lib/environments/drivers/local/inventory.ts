import { readdir } from "node:fs/promises";
import path from "node:path";
import { isId } from "@/lib/core/id";
import type { ObservedResource } from "../driver";
import type { Local } from "./local";
import { readLabel } from "./place";
import { labelledProcesses } from "./process-tree";

async function foldersOf(kind: string, parent: string): Promise<ObservedResource[]> {
  const names = await readdir(parent).catch(() => []);
  return names.flatMap((name) => {
    const label = readLabel(name);
    return label ? [{ environmentId: label.environmentId, kind, name: path.join(parent, name) }] : [];
  });
}

/** Everything in the world that carries this installation's label, whatever the table says. */
export async function takeInventory(local: Local): Promise<ObservedResource[]> {
  const { home, machine, databases } = local;
  const found = await Promise.all([
    foldersOf("folder", home.sandboxes),
    foldersOf("socket", home.sockets),
    ...machine.cgroups.parents.map(({ folder }) => foldersOf("control group", folder)),
    labelledProcesses(home.installation).then((rows) =>
      rows.filter((row) => isId("environment", row.environmentId)).map((row) => ({ environmentId: row.environmentId, kind: "process", name: String(row.pid) })),
    ),
    databases.list(),
  ]);
  return found.flat();
}
