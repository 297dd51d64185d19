import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { integrations } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { decrypt, encrypt } from "@/lib/core/secrets";
import { ABILITIES, type ConnectOpa, FAIL_MODES } from "../contract";

const NAME = "opa";
const PLACE = "integrations|opa|secrets";
const Config = z.object({ url: z.string(), path: z.string(), abilities: z.array(z.enum(ABILITIES)), failMode: z.enum(FAIL_MODES) });

export interface OpaConnection extends z.output<typeof Config> {
  token: string | null;
}

/** The connection, or null. Throws DomainError("unavailable") when its token cannot be read. */
export async function loadOpa(on: Connection): Promise<(OpaConnection & { updatedAt: Date }) | null> {
  const [row] = await on.select().from(integrations).where(eq(integrations.name, NAME));
  return row ? { ...Config.parse(row.config), token: decrypt(row.secrets, PLACE) || null, updatedAt: row.updatedAt } : null;
}

/** Stores a connection in place of the one before. */
export async function storeOpa(on: Connection, { token, ...config }: OpaConnection, by: string | null, now: Date): Promise<void> {
  const row = { config, secrets: encrypt(token ?? "", PLACE), updatedAt: now, updatedBy: by };
  await on
    .insert(integrations)
    .values({ name: NAME, ...row })
    .onConflictDoUpdate({ target: integrations.name, set: row });
}

/** Forgets it. Returns whether there was one. */
export async function forgetOpa(on: Connection): Promise<boolean> {
  return (await on.delete(integrations).where(eq(integrations.name, NAME)).returning({ name: integrations.name })).length > 0;
}

/** What a person entered, with the stored token where they left it out: it only goes on to the address that it was entered for. */
export async function opaConnectionOf(on: Connection, { url, token, ...config }: z.output<typeof ConnectOpa>): Promise<OpaConnection> {
  const before = await loadOpa(on);
  const address = opaUrlOf(url);
  const isSame = before !== null && new URL(before.url).origin === new URL(address).origin;
  return { ...config, url: address, token: token ?? (isSame ? before.token : null) };
}

/** The address without what does not belong to it. Throws DomainError("invalid") beside `url`. */
export function opaUrlOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const message = "Enter the address of the agent without a path below /v1, such as https://opa.example.com.";
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password || parsed.search || parsed.hash || /\/v1(\/|$)/.test(parsed.pathname))
    throw new DomainError("invalid", message, { fields: [{ path: "url", message }] });
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
}
