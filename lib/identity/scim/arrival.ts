import { and, desc, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { scimConnections, scimProblems, scimTokens } from "@/db/schema";
import { authenticateToken } from "@/lib/core/auth/authenticate";
import { limitRate } from "@/lib/core/auth/rate-limit";
import { isWellFormedToken } from "@/lib/core/auth/token-format";
import { type Ctx, databaseNow } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { ipPrefix } from "@/lib/core/http/client-address";
import { newId } from "@/lib/core/id";
import { sha256 } from "@/lib/core/secrets";

const REQUESTS_PER_SECOND = 50;
const UNKNOWN_TOKENS_PER_MINUTE = 30;
const KEPT_PROBLEMS = 50;

export interface Arrival {
  connectionId: string;
  /** `GET /Users`: without the query, which may hold names. */
  request: string;
  agent: string | null;
  at: Date;
}

/** Who asks. Throws unauthenticated for no or an ended token, forbidden for one of a person, rate_limited for too much at once. */
export async function connectionCtx(request: Request, requestId: string, about: { request: string }): Promise<{ ctx: Ctx; arrival: Arrival }> {
  const base = { requestId, ipPrefix: ipPrefix(request.headers), now: await databaseNow() };
  const [scheme, token = ""] = (request.headers.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token) throw unauthenticated("Send the token of a connection as a bearer token. A platform admin makes one under Provisioning.");
  if (!token.startsWith("wmk_scim_")) return refusePersonalToken(token, base.ipPrefix);
  const [found] = isWellFormedToken(token)
    ? await db()
        .select({ tokenId: scimTokens.id, expiresAt: scimTokens.expiresAt, id: scimConnections.id, name: scimConnections.name })
        .from(scimTokens)
        .innerJoin(scimConnections, eq(scimConnections.id, scimTokens.connectionId))
        .where(eq(scimTokens.hash, sha256(token)))
    : [];
  if (!found) return refuseUnknown(token, base.ipPrefix);
  const arrival: Arrival = { connectionId: found.id, request: about.request, agent: request.headers.get("user-agent")?.slice(0, 200) ?? null, at: base.now };
  await limitRate(`scim|${found.id}`, REQUESTS_PER_SECOND, 1);
  if (found.expiresAt <= base.now) {
    const error = unauthenticated("This token has ended. Make a new one under Provisioning and enter it at the identity provider.");
    await noteArrival(arrival, 401, { scimType: null, detail: error.message });
    throw error;
  }
  return { ctx: { ...base, actor: { type: "connection", id: found.id, name: found.name, tokenId: found.tokenId } }, arrival };
}

const unauthenticated = (message: string) => new DomainError("unauthenticated", message);

async function refuseUnknown(token: string, network: string | null): Promise<never> {
  if (isWellFormedToken(token)) await limitRate(`token|${network ?? "unknown"}`, UNKNOWN_TOKENS_PER_MINUTE, 60);
  throw unauthenticated("This token is unknown. A platform admin makes one under Provisioning.");
}

async function refusePersonalToken(token: string, network: string | null): Promise<never> {
  const { actor } = await authenticateToken(token);
  if (actor.type === "anonymous") return refuseUnknown(token, network);
  throw new DomainError("forbidden", "This is a person's token. Only tokens of a connection work here; a platform admin makes one under Provisioning.");
}

/** Keeps what the page of the connection shows: that a request came, and why it was refused. */
export async function noteArrival({ connectionId, request, agent, at }: Arrival, status: number, problem: { scimType: string | null; detail: string } | null): Promise<void> {
  await db()
    .update(scimConnections)
    .set({ requests: sql`${scimConnections.requests} + 1`, lastRequestAt: at, lastRequest: request, lastStatus: status, lastAgent: agent })
    .where(eq(scimConnections.id, connectionId));
  if (!problem) return;
  const kept = db()
    .select({ id: scimProblems.id })
    .from(scimProblems)
    .where(eq(scimProblems.connectionId, connectionId))
    .orderBy(desc(scimProblems.at), desc(scimProblems.id))
    .limit(KEPT_PROBLEMS);
  await db().transaction(async (tx) => {
    const [connection] = await tx.select({ id: scimConnections.id }).from(scimConnections).where(eq(scimConnections.id, connectionId)).for("key share");
    if (!connection) return;
    await tx.insert(scimProblems).values({ id: newId("scimProblem"), connectionId, at, request, status, scimType: problem.scimType, detail: problem.detail.slice(0, 500) });
    await tx.delete(scimProblems).where(and(eq(scimProblems.connectionId, connectionId), sql`${scimProblems.id} not in (${kept})`));
  });
}
