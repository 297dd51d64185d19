import type { DraftFile, PathFinding } from "@/lib/golden-paths/contract";

export interface Folder {
  name: string;
  path: string;
  folders: Folder[];
  files: DraftFile[];
}

/** The files as folders within folders, in the order of their names. */
export function folderTree(files: DraftFile[]): Folder {
  const root: Folder = { name: "", path: "", folders: [], files: [] };
  for (const file of files) {
    const parts = file.path.split("/");
    let folder = root;
    for (const name of parts.slice(0, -1)) {
      const path = folder.path ? `${folder.path}/${name}` : name;
      let next = folder.folders.find((one) => one.name === name);
      if (!next) {
        next = { name, path, folders: [], files: [] };
        folder.folders.push(next);
      }
      folder = next;
    }
    folder.files.push(file);
  }
  return root;
}

/** The worst remark of a file, or null. */
export function worstOf(findings: PathFinding[], path: string): PathFinding["severity"] | null {
  const own = findings.filter(({ file }) => file === path).map(({ severity }) => severity);
  return (["error", "warning", "info"] as const).find((severity) => own.includes(severity)) ?? null;
}
