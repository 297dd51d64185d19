import { DomainError } from "@/lib/core/errors";

const TRIES = 1_000;

/** Makes something under the first free short name that begins with what is wanted; `make` returns null where a name is taken. Throws conflict. */
export async function freeHandle<T>(wanted: string, make: (handle: string) => Promise<T | null>): Promise<T> {
  const stem =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[-._]+|[-._]+$/g, "")
      .slice(0, 40) || "person";
  for (let n = 1; n < TRIES; n++) {
    const made = await make(n === 1 ? stem : `${stem}-${n}`);
    if (made) return made;
  }
  throw new DomainError("conflict", "No free short name was found for this person. Ask a platform admin.");
}
