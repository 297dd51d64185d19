import { and, eq, inArray, isNull, lte, or } from "drizzle-orm";
import { db } from "@/db/client";
import { catalogLocations, catalogRepositories } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { enqueue } from "@/lib/core/jobs";
import { safeFetch } from "@/lib/core/safe-fetch";
import { backgroundClient } from "@/lib/github/budget";
import { GithubFailure } from "@/lib/github/failure";
import { listOwnerRepositories } from "@/lib/github/files";
import { githubClient } from "@/lib/platform/queries";
import { gone, readRepository as readOne, reasonOf } from "./read-repository";
import { MAX_FILE_BYTES, textOf } from "./reader";
import { type LocationRow, registrarOf } from "./registrar";
import { takeOverAddress } from "./take-over";

// Sources are read in turn: each says when it is due, a loop puts what is due into the queue, and a job does one of them.
// Webhooks and people put one there earlier.

const MINUTE_MS = 60_000;
const INTERVAL_MS = { url: 30 * MINUTE_MS, git: 15 * MINUTE_MS, "github-org": 180 * MINUTE_MS } as const;
const MAX_WAIT_MS = 6 * 60 * MINUTE_MS;

const keyOf = (pageUrl: string) => `remote:${pageUrl}`;

/** Has the sources read whose time has come. Returns how many. */
export async function enqueueDueLocations(): Promise<number> {
  const now = await databaseNow();
  return db().transaction(async (tx) => {
    const due = await tx
      .select({ id: catalogLocations.id, type: catalogLocations.type })
      .from(catalogLocations)
      .where(or(isNull(catalogLocations.nextReadAt), lte(catalogLocations.nextReadAt, now)))
      .limit(50)
      .for("update", { skipLocked: true });
    for (const { id, type } of due) {
      await enqueue(tx, "catalog.read-location", { locationId: id }, { jobKey: `catalog.read-location:${id}` });
      await tx
        .update(catalogLocations)
        .set({ nextReadAt: new Date(now.getTime() + INTERVAL_MS[type]) })
        .where(eq(catalogLocations.id, id));
    }
    return due.length;
  });
}

/** Reads one source. What goes wrong is noted at the source, which is then asked again later and later; nothing is lost by it. */
export async function readLocation(locationId: string, options: { force?: boolean } = {}): Promise<void> {
  const [location] = await db().select().from(catalogLocations).where(eq(catalogLocations.id, locationId));
  if (!location) return;
  try {
    await READ[location.type](location, options.force ?? false);
    await noted(location, { state: "ok", problem: null, failures: 0 }, INTERVAL_MS[location.type]);
  } catch (error) {
    const problem = reasonOf(error);
    if (!problem) throw error;
    const failures = location.failures + 1;
    const isWaiting = error instanceof GithubFailure && error.problem === "rate-limited";
    const waitMs = Math.min(MAX_WAIT_MS, MINUTE_MS * 2 ** Math.min(failures, 10));
    await noted(location, isWaiting ? { problem } : { state: "failed", problem, failures }, waitMs, isWaiting ? error.retryAt : null);
  }
}

async function noted(location: LocationRow, set: Partial<LocationRow>, waitMs: number, at: Date | null = null): Promise<void> {
  const now = await databaseNow();
  await db()
    .update(catalogLocations)
    .set({ ...set, lastReadAt: now, nextReadAt: at ?? new Date(now.getTime() + waitMs) })
    .where(eq(catalogLocations.id, location.id));
}

const READ: Record<LocationRow["type"], (location: LocationRow, force: boolean) => Promise<void>> = {
  async url(location, force) {
    const headers: Record<string, string> = { accept: "application/yaml, text/yaml, text/plain, */*", ...(location.etag && !force ? { "if-none-match": location.etag } : {}) };
    const answer = await safeFetch(location.url, { maxBytes: MAX_FILE_BYTES, headers });
    if (answer.status === 304) return;
    if (answer.status !== 200)
      throw new DomainError("unavailable", `${new URL(location.url).host} answered with status ${answer.status}. Open the address in a browser, and put it right.`);
    const read = textOf(answer.body);
    if (!("text" in read)) throw new DomainError("unavailable", "problem" in read ? `${read.problem} ${read.fix}` : "There is nothing.");
    const now = await databaseNow();
    const { isAlone } = await takeOverAddress(location.url, read.text, { ...(await registrarOf(location, now)), now });
    // A file that others hang on is read whole each time: that it is unchanged says nothing of them.
    const etag = isAlone && typeof answer.headers.etag === "string" ? answer.headers.etag : null;
    await db().update(catalogLocations).set({ etag }).where(eq(catalogLocations.id, location.id));
  },
  async git(location, force) {
    const page = location.url.replace(/\.git$/, "");
    const name = new URL(page).pathname.split("/").filter(Boolean).slice(-2).join("/");
    await db()
      .insert(catalogRepositories)
      .values({ key: keyOf(page), locationId: location.id, name, url: page, cloneUrl: location.url, defaultBranch: location.branch ?? "main", state: "new" })
      .onConflictDoNothing();
    await readOne(keyOf(page), { force });
    const [row] = await db()
      .select()
      .from(catalogRepositories)
      .where(eq(catalogRepositories.key, keyOf(page)));
    if (row?.locationId !== location.id) throw new DomainError("conflict", "This repository is read by another source already. Remove one of the two.");
    if (row.state === "failed") throw new DomainError("unavailable", row.problem ?? "It cannot be read.");
  },
  "github-org": discover,
};

/** Compares the repositories of the owner with those known, and has read what is new or was pushed to. */
async function discover(location: LocationRow, force: boolean): Promise<void> {
  const client = await githubClient(db());
  if (!client) throw new DomainError("unavailable", "GitHub is not connected. Connect it on Integrations.");
  const listed = await listOwnerRepositories(backgroundClient(client));
  const known = new Map((await db().select().from(catalogRepositories).where(eq(catalogRepositories.locationId, location.id))).map((row) => [row.key, row]));
  const live = listed.filter(({ isArchived }) => !isArchived);
  for (const { owner, name, webUrl, cloneUrl, defaultBranch, pushedAt } of live) {
    const row = known.get(keyOf(webUrl));
    const isSame = row && row.pushedAt === pushedAt && row.defaultBranch === defaultBranch && (row.state === "ok" || row.state === "empty");
    if (isSame && !force) continue;
    const set = { name: `${owner}/${name}`, cloneUrl, defaultBranch, pushedAt, ...(row?.defaultBranch === defaultBranch ? {} : { etag: null }) };
    await db()
      .insert(catalogRepositories)
      .values({ key: keyOf(webUrl), locationId: location.id, url: webUrl, state: "new", ...set })
      .onConflictDoUpdate({ target: catalogRepositories.key, set });
    await enqueueRepository(keyOf(webUrl), force);
  }
  const there = new Set(live.map(({ webUrl }) => keyOf(webUrl)));
  const archived = new Set(listed.filter(({ isArchived }) => isArchived).map(({ webUrl }) => keyOf(webUrl)));
  for (const row of known.values()) {
    if (there.has(row.key) || row.state === "gone") continue;
    await gone(location, row, "gone", archived.has(row.key) ? "It is archived." : "It is not among the repositories that the connection sees.");
  }
}

/** Has one repository read soon. */
export async function enqueueRepository(key: string, force: boolean): Promise<void> {
  await enqueue(db(), "catalog.read-repository", { key, force }, { jobKey: `catalog.read-repository:${key}` });
}

/** Reads one repository of a source; one that must wait for the rate limit is put off until then. */
export async function readRepositoryOrWait(key: string, force: boolean): Promise<void> {
  try {
    await readOne(key, { force });
  } catch (error) {
    if (!(error instanceof GithubFailure && error.problem === "rate-limited")) throw error;
    await db()
      .update(catalogRepositories)
      .set({ problem: reasonOf(error) })
      .where(eq(catalogRepositories.key, key));
    const runAt = error.retryAt ?? new Date((await databaseNow()).getTime() + MINUTE_MS);
    await enqueue(db(), "catalog.read-repository", { key, force }, { jobKey: `catalog.read-repository:${key}`, runAt });
  }
}

/** Keys of the repositories of discovery that have this page. */
export async function discoveredAt(pageUrls: string[]) {
  if (pageUrls.length === 0) return [];
  return db()
    .select({ row: catalogRepositories, location: catalogLocations })
    .from(catalogRepositories)
    .innerJoin(catalogLocations, eq(catalogLocations.id, catalogRepositories.locationId))
    .where(and(inArray(catalogRepositories.key, pageUrls.map(keyOf))));
}
