import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { HttpError } from "@/lib/core/http/problem";
import { requestCtx } from "@/lib/core/http/request-ctx";
import { newId } from "@/lib/core/id";
import { environmentOfToken, isEnvironmentToken } from "./environment-token";
import type { Sender } from "./sources";

const unauthenticated = (message: string) => new HttpError(401, "unauthenticated", message);

interface EnvironmentRow extends Record<string, unknown> {
  now: string;
  team_id: string;
  entity_ref: string | null;
  name: string;
  tier: string;
  commit: string | null;
  is_demo: boolean;
}

async function environment(token: string): Promise<{ sender: Sender; nowMs: number }> {
  const environmentId = environmentOfToken(token);
  const [row] = environmentId
    ? await db().execute<EnvironmentRow>(
        sql`select now()::text as now, team_id, entity_ref, name, tier, commit, is_demo from environments where id = ${environmentId} and status not in ('deleted', 'deleting')`,
      )
    : [];
  if (!environmentId || !row) throw unauthenticated("The environment that this token was made for is gone, or the token was not made by this installation.");
  const sender = {
    type: "environment" as const,
    key: environmentId,
    environmentId,
    teamId: row.team_id,
    entityRef: row.entity_ref,
    service: row.entity_ref?.split("/").at(-1) ?? row.name,
    environment: row.tier,
    version: row.commit,
    isDemo: row.is_demo,
  };
  return { sender, nowMs: Date.parse(row.now) };
}

/** Who sends, by an environment's own token or a person's with `events:write`. Throws HttpError 401 or 403. */
export async function authenticateSender(request: Request): Promise<{ sender: Sender; nowMs: number }> {
  const [scheme, token = ""] = (request.headers.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer") throw unauthenticated('Send "Authorization: Bearer <token>" with a token that has the scope events:write.');
  if (isEnvironmentToken(token)) return environment(token);
  const { actor, now } = await requestCtx(request, newId("request"));
  if (actor.type !== "user") throw unauthenticated("The token is unknown, expired or revoked. Create a new one under Account.");
  if (actor.credential.type !== "token" || !actor.credential.scopes.includes("events:write")) {
    throw new HttpError(403, "forbidden", "This token lacks the scope events:write. Create a token with that scope.");
  }
  return { sender: { type: "token", key: actor.credential.id, actor }, nowMs: now.getTime() };
}
