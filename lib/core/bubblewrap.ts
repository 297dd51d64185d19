import { lstat, readlink } from "node:fs/promises";

// What every use of bubblewrap has in common: the machine's programs as they are, scratch folders with a limit, and namespaces of
// its own. What else may be seen inside is each user's own matter.

/** `link`: what the symbolic link points to; null for a real folder. */
export interface HostFolder {
  at: string;
  link: string | null;
}

const SYSTEM_FOLDERS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"];

/** /bin, /lib and the like as they are on this machine. */
export async function systemFolders(): Promise<HostFolder[]> {
  const found = await Promise.all(
    SYSTEM_FOLDERS.map(async (at): Promise<HostFolder[]> => {
      const entry = await lstat(at).catch(() => null);
      if (!entry) return [];
      return [{ at, link: entry.isSymbolicLink() ? await readlink(at) : null }];
    }),
  );
  return found.flat();
}

/** Arguments that show these and /usr, read-only. */
export const systemArgs = (system: HostFolder[]): string[] => [
  ...["--ro-bind", "/usr", "/usr"],
  ...system.flatMap(({ at, link }) => (link === null ? ["--ro-bind", at, at] : ["--symlink", link, at])),
];

/** A folder of memory, for everybody inside. */
export const scratchArgs = (at: string, bytes: number): string[] => ["--perms", "1777", "--size", String(bytes), "--tmpfs", at];

/** Namespaces of its own, none of them left when the parent ends. */
export const namespaceArgs = (hostname: string): string[] => [
  ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", hostname],
  ...["--die-with-parent", "--new-session"],
];
