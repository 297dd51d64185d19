import { sqlClient } from "@/db/client";
import type { Actor, SystemActor } from "./actor";
import { newId } from "./id";

export const CHANNELS = ["web", "api", "cli", "mcp", "platform"] as const;
export type Channel = (typeof CHANNELS)[number];

/** Through which door a request came: what its door says, else by the credential. */
export function channelOf({ actor, channel, agent }: Pick<Ctx, "actor" | "channel" | "agent">): Channel {
  if (agent !== undefined) return "mcp";
  if (channel) return channel;
  if (actor.type !== "user") return "platform";
  return actor.credential.type === "session" ? "web" : "api";
}

/** Who asks, when, and from where; made once per request or job. */
export interface Ctx {
  actor: Actor;
  /** Postgres' clock when the request or job began. The only source of time in domain code. */
  now: Date;
  requestId: string;
  /** The door that it came through, where the door says so; see `channelOf`. */
  channel?: Channel;
  /** First three octets (IPv4) or /48 (IPv6) of the caller. */
  ipPrefix: string | null;
  /** The agent or editor that asks in the person's name, by its own word; only at the MCP door. */
  agent?: string;
}

/** Postgres' clock. Only for edges that make a Ctx. */
export async function databaseNow(): Promise<Date> {
  const [row] = await sqlClient()<{ now: Date }[]>`select now() as now`;
  if (!row) throw new Error("select now() returned nothing");
  return row.now;
}

/** A Ctx for the platform itself, for example `worker` or `reconcile`. */
export async function systemCtx(name: SystemActor["name"]): Promise<Ctx> {
  return { actor: { type: "system", name }, now: await databaseNow(), requestId: newId("request"), ipPrefix: null };
}
