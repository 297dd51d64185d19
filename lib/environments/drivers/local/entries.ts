import { readdir, readlink } from "node:fs/promises";
import path from "node:path";
import type { HostFolder } from "@/lib/core/bubblewrap";

/** What a sandbox is shown of a folder: its first level, without packages and without devices. */
export async function entriesOf(folder: string): Promise<HostFolder[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const wanted = entries.filter((entry) => entry.name !== "node_modules" && (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()));
  return Promise.all(wanted.map(async (entry) => ({ at: entry.name, link: entry.isSymbolicLink() ? await readlink(path.join(folder, entry.name)) : null })));
}
