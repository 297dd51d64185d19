import { and, eq, sql } from "drizzle-orm";
import type { Adapter, AdapterPayload } from "oidc-provider";
import { db } from "@/db/client";
import { demoIdpState } from "@/db/schema";

const GRANTABLE = new Set(["AccessToken", "AuthorizationCode", "RefreshToken"]);

/** State of the demo provider in Postgres, so that a restart signs nobody out. */
export class PostgresAdapter implements Adapter {
  constructor(private readonly name: string) {}

  private key(id: string): string {
    return `${this.name}:${id}`;
  }

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    const row = {
      payload: payload as Record<string, unknown>,
      grantId: GRANTABLE.has(this.name) ? (payload.grantId ?? null) : null,
      uid: this.name === "Session" ? (payload.uid ?? null) : null,
      expiresAt: expiresInSeconds ? sql<Date>`now() + ${expiresInSeconds} * interval '1 second'` : null,
    };
    await db()
      .insert(demoIdpState)
      .values({ key: this.key(id), ...row })
      .onConflictDoUpdate({ target: demoIdpState.key, set: row });
  }

  private async one(where: ReturnType<typeof and>): Promise<AdapterPayload | undefined> {
    const [row] = await db().select().from(demoIdpState).where(and(where, sql`(expires_at is null or expires_at > now())`)).limit(1);
    return row?.payload as AdapterPayload | undefined;
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.one(eq(demoIdpState.key, this.key(id)));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.one(eq(demoIdpState.uid, uid));
  }

  /** Only for the device flow, which the demo provider does not offer. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    await db().execute(sql`update demo_idp_state set payload = payload || jsonb_build_object('consumed', extract(epoch from now())::int) where key = ${this.key(id)}`);
  }

  async destroy(id: string): Promise<void> {
    await db()
      .delete(demoIdpState)
      .where(eq(demoIdpState.key, this.key(id)));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await db().delete(demoIdpState).where(eq(demoIdpState.grantId, grantId));
  }
}
