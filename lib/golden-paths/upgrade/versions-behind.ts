import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { goldenPaths, goldenPathVersions } from "@/db/schema";
import { compareVersions } from "../version-order";

export interface PathVersions {
  current: string;
  /** Lowest first; of two that count as equal the younger is the later. */
  ordered: { version: string; publishedAt: Date; note: string }[];
}

/** The published versions of a golden path; null for a path that is not there. */
export async function pathVersions(on: Connection, name: string): Promise<PathVersions | null> {
  const [path] = await on.select({ current: goldenPaths.currentVersion }).from(goldenPaths).where(eq(goldenPaths.name, name));
  if (!path) return null;
  const rows = await on
    .select({ version: goldenPathVersions.version, publishedAt: goldenPathVersions.createdAt, note: goldenPathVersions.note })
    .from(goldenPathVersions)
    .where(eq(goldenPathVersions.name, name));
  const ordered = rows.sort((a, b) => compareVersions(a.version, b.version) || a.publishedAt.getTime() - b.publishedAt.getTime());
  return { current: path.current, ordered };
}

/** How many released versions lie between what a service has and the current one; 0 when it has that or a later one, null for a version that was never published. */
export function versionsBehind({ current, ordered }: PathVersions, installed: string): number | null {
  const index = (version: string) => ordered.findIndex((one) => one.version === version);
  const [at, to] = [index(installed), index(current)];
  return at === -1 || to === -1 ? null : Math.max(0, to - at);
}
