import { db, type Tx } from "@/db/client";
import { catalogRepositories } from "@/db/schema";
import type { ImportResult } from "../contract";
import { sourceKey } from "../ownership";
import { type Registration, registerFiles, teamRefOf } from "../register";
import { readCodeowners } from "./codeowners";
import { type Collected, collectFiles, type ReadOutside } from "./collect";
import { readOutside as outside } from "./outside";
import { type OwnerHints, settleOwners } from "./owner-fallback";
import { settlePresence } from "./presence";
import type { SourceReader } from "./reader";
import { addressReader } from "./url-reader";

export interface RepositoryReading {
  reader: SourceReader;
  /** Paths or patterns from the root. */
  entries: string[];
  registration: Registration;
  /** What the platform notes of the repository. */
  repository: { locationId: string | null; name: string; url: string; cloneUrl: string; defaultBranch: string; commit: string; etag?: string | null; pushedAt?: string | null };
  hints: Omit<OwnerHints, "rules">;
  readOutside: ReadOutside;
}

/**
 * Reads a repository's catalog files and brings the catalog to what they say: entities, findings, owners, and what is gone.
 * Either all of it happens or nothing. Throws where the repository as a whole cannot be read.
 */
export async function takeOverRepository({ reader, entries, registration, repository, hints, readOutside }: RepositoryReading): Promise<ImportResult> {
  const [collected, rules] = await Promise.all([collectFiles(reader, entries, readOutside), readCodeowners(reader)]);
  const { source, now, isDemo = false } = registration;
  return db().transaction(async (tx) => {
    const result = await registerFiles(tx, collected.files, { ...registration, problems: collected.problems });
    const teamRef = await teamRefOf(tx, registration.teamId ?? null);
    await settleOwners(tx, result.accepted, { rules, ...hints }, { source, teamRef, now });
    await settlePresence(tx, result, { source, teamRef, isDemo, now });
    const isEmpty = collected.files.length === 0 && collected.problems.length === 0;
    const row = { ...repository, state: isEmpty ? ("empty" as const) : ("ok" as const), problem: null, paths: collected.paths, readAt: now };
    const key = sourceKey(source);
    await tx
      .insert(catalogRepositories)
      .values({ key, ...row })
      .onConflictDoUpdate({ target: catalogRepositories.key, set: row });
    return result;
  });
}

/** What an address and the files that it leads to hold, without writing anything. */
export async function collectAddress(url: string, text: string, signal?: AbortSignal): Promise<Collected> {
  return collectFiles(addressReader(url, text, signal), [url], outside);
}

/** Brings the catalog to what an address and the files that it leads to say. `isAlone`: it leads to no other file. */
export async function takeOverAddress(url: string, text: string, registration: Omit<Registration, "source">): Promise<{ result: ImportResult; isAlone: boolean }> {
  const collected = await collectAddress(url, text);
  const result = await db().transaction((tx) => takeOverCollected(tx, url, collected, registration));
  return { result, isAlone: collected.files.length === 1 && collected.problems.length === 0 };
}

/** The same within a transaction, from files that were collected before. */
export async function takeOverCollected(tx: Tx, url: string, { files, problems }: Collected, registration: Omit<Registration, "source">): Promise<ImportResult> {
  const source = { type: "url" as const, url };
  const result = await registerFiles(tx, files, { ...registration, source, problems });
  const teamRef = await teamRefOf(tx, registration.teamId ?? null);
  await settlePresence(tx, result, { source, teamRef, now: registration.now });
  return result;
}
