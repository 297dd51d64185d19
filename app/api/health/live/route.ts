import { env } from "@/lib/core/env";

export function GET(): Response {
  return Response.json({ status: "live", instance: env().instanceId }, { headers: { "cache-control": "no-store" } });
}
