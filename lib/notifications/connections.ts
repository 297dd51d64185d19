import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { integrations } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { decrypt, encrypt } from "@/lib/core/secrets";
import type { Channel } from "./contract";

/** Where messages of a channel go. The address holds secrets: a mail password, or the key of an incoming webhook. */
export interface Outlet {
  source: "environment" | "stored";
  url: string;
  /** Sender of e-mail; null for chat. */
  from: string | null;
}

const NAMES: Record<Channel, string> = { email: "mail", chat: "chat" };
const place = (channel: Channel) => `integrations|${NAMES[channel]}|secrets`;
const Config = z.object({ from: z.string().nullable() });

/** The outlet in force: the environment's, else the stored one, else null. Throws unavailable when its secret cannot be read. */
export async function loadOutlet(on: Connection, channel: Channel): Promise<Outlet | null> {
  const { mail } = env();
  if (channel === "email" && mail) return { source: "environment", ...mail };
  const [row] = await on.select().from(integrations).where(eq(integrations.name, NAMES[channel]));
  return row ? { source: "stored", url: decrypt(row.secrets, place(channel)), from: Config.parse(row.config).from } : null;
}

/** Stores an outlet in place of the one before. */
export async function storeOutlet(on: Connection, channel: Channel, { url, from }: Pick<Outlet, "url" | "from">, by: string | null, now: Date): Promise<void> {
  const row = { config: { from }, secrets: encrypt(url, place(channel)), updatedAt: now, updatedBy: by };
  await on
    .insert(integrations)
    .values({ name: NAMES[channel], ...row })
    .onConflictDoUpdate({ target: integrations.name, set: row });
}

/** Forgets an outlet; true when there was one. */
export async function forgetOutlet(on: Connection, channel: Channel): Promise<boolean> {
  const gone = await on.delete(integrations).where(eq(integrations.name, NAMES[channel])).returning({ name: integrations.name });
  return gone.length > 0;
}

/** Throws conflict where the environment names the mail server. */
export function requireChangeable(channel: Channel): void {
  if (channel === "email" && env().mail) throw new DomainError("conflict", "Mail is set by SMTP_URL in the portal's environment. Change it there and start again.");
}
