import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { catalogLocations, webhookDeliveries } from "@/db/schema";
import { enqueue } from "@/lib/core/jobs";
import { docPaths } from "./read-docs";
import { discoveredAt, enqueueRepository } from "./read-location";
import { gone } from "./read-repository";

// What GitHub's webhooks mean for the repositories that discovery found. They only make it faster: whoever misses one is read
// at the next full turn.

/** GitHub names at most so many commits in a push; a list of that length may lack some. */
const MAX_LISTED = 2_048;

const Repository = z.object({
  html_url: z.url(),
  full_name: z.string().max(300),
  default_branch: z.string().max(255),
  clone_url: z.string().max(2_000).nullish(),
  owner: z.object({ html_url: z.url().optional() }).nullish(),
});
const Paths = z.array(z.string()).nullish();
const Push = z.object({
  ref: z.string(),
  before: z.string().nullish(),
  forced: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  commits: z.array(z.object({ added: Paths, removed: Paths, modified: Paths })).nullish(),
  repository: Repository,
});
const Change = z.object({ action: z.string(), repository: Repository, changes: z.unknown().optional() });

/** Lets the catalog follow a delivery that was kept. What is not about a discovered repository, or cannot be read, is nothing to it. */
export async function followDelivery(deliveryId: string): Promise<void> {
  const [row] = await db()
    .select()
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.id, deliveryId), eq(webhookDeliveries.type, "github")));
  if (row?.event !== "push" && row?.event !== "repository") return;
  const body = parsed(row.body);
  if (row.event === "push") await followPush(Push.safeParse(body).data);
  else await followChange(Change.safeParse(body).data);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Its own receiver has marked it as unreadable.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function followPush(push: z.infer<typeof Push> | undefined): Promise<void> {
  if (!push || push.deleted || push.ref !== `refs/heads/${push.repository.default_branch}`) return;
  const [known] = await discoveredAt([push.repository.html_url]);
  if (!known) return followNew(push.repository);
  if (mayMatter(push, known.row.paths)) await enqueueRepository(known.row.key, false);
}

/** Whether a push may change what the catalog read. One that rewrites history, or lists too much to be whole, always may. */
export function mayMatter({ forced, commits }: Pick<z.infer<typeof Push>, "forced" | "commits">, paths: string[]): boolean {
  if (forced || !commits || commits.length === 0 || commits.length >= MAX_LISTED) return true;
  const read = new Set(paths);
  const touched = commits.flatMap(({ added, removed, modified }) => [...(added ?? []), ...(removed ?? []), ...(modified ?? [])]);
  return touched.some((path) => read.has(path) || /(^|\/)(catalog-info[^/]*\.ya?ml|CODEOWNERS)$/i.test(path)) || docPaths(touched).length > 0;
}

async function followChange(change: z.infer<typeof Change> | undefined): Promise<void> {
  if (!change) return;
  const [known] = await discoveredAt([change.repository.html_url]);
  const isOver = change.action === "archived" || change.action === "deleted";
  if (known && isOver) {
    await gone(known.location, known.row, "gone", change.action === "archived" ? "It is archived." : "It was deleted.");
    return;
  }
  // A new name, owner or default branch: the listing says what became of all of them.
  if (!isOver) await followNew(change.repository);
}

/** A repository that is not known yet: its organisation is looked through again. */
async function followNew({ html_url: page }: z.infer<typeof Repository>): Promise<void> {
  const owner = page.replace(/\/[^/]+\/?$/, "");
  const [location] = await db()
    .select({ id: catalogLocations.id })
    .from(catalogLocations)
    .where(and(eq(catalogLocations.type, "github-org"), eq(catalogLocations.url, owner)));
  if (location) await enqueue(db(), "catalog.read-location", { locationId: location.id }, { jobKey: `catalog.read-location:${location.id}` });
}
