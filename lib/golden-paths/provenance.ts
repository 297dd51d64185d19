import { z } from "zod";

export const PROVENANCE_FILE = ".waymark/provenance.json";

export interface Provenance {
  goldenPath: { name: string; version: string };
  /** Without secrets. */
  answers: Record<string, unknown>;
  createdBy: string;
  createdAt: string;
}

/** Says in the repository what it was made from, so that a later version of the golden path can be compared with it. */
export function provenanceText({ goldenPath, answers, createdBy, createdAt }: Provenance): string {
  return written({ apiVersion: "waymark.dev/v1", kind: "Provenance", goldenPath, answers, createdBy, createdAt });
}

const written = (content: Record<string, unknown>) => `${JSON.stringify(content, null, 2)}\n`;

const Stored = z.looseObject({
  goldenPath: z.looseObject({ name: z.string().min(1).max(64), version: z.string().min(1).max(64) }),
  answers: z.record(z.string(), z.unknown()).default({}),
  createdBy: z.string().max(200).default("user:default/waymark"),
  createdAt: z.string().max(64).default(""),
  /** Patterns of files that upgrades leave alone. */
  keep: z.array(z.string().min(1).max(500)).max(200).default([]),
});
export type StoredProvenance = z.output<typeof Stored>;

/** Reads the file as it is in a repository; null where it cannot be read, people may have changed it. */
export function readProvenance(text: string | null): StoredProvenance | null {
  if (text === null) return null;
  try {
    return Stored.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export interface LeftConcern {
  /** Null = the whole path. */
  concern: string | null;
  reason: string;
  files: string[];
}

/** The file after an upgrade: what people wrote into it stays, version, answers and ejections are new. */
export function upgradedProvenance(before: string, change: { version: string; answers: Record<string, unknown>; ejected: LeftConcern[] }): string {
  const content = JSON.parse(before) as Record<string, unknown> & { goldenPath: Record<string, unknown> };
  const { ejected: _old, ...rest } = content;
  return written({
    ...rest,
    goldenPath: { ...content.goldenPath, version: change.version },
    answers: inOrder(content["answers"], change.answers),
    ...(change.ejected.length ? { ejected: change.ejected } : {}),
  });
}

/** The answers in the order in which they stood, so that the difference shows what changed and nothing else. */
function inOrder(before: unknown, answers: Record<string, unknown>): Record<string, unknown> {
  const known = Object.keys(Object(before)).filter((key) => Object.hasOwn(answers, key));
  return Object.fromEntries([...new Set([...known, ...Object.keys(answers)])].map((key) => [key, answers[key]]));
}
