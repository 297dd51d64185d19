import { sqlClient } from "@/db/client";
import type { Actor, SystemActor } from "./actor";
import { newId } from "./id";

/** Who asks, when, and from where; made once per request or job. */
export interface Ctx {
  actor: Actor;
  /** Postgres' clock when the request or job began. The only source of time in domain code. */
  now: Date;
  requestId: string;
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
