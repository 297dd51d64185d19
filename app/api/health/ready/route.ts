import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { processHealth } from "@/lib/core/health";

const DATABASE_MS = 1_000;

async function databaseAnswers(): Promise<boolean> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), DATABASE_MS).unref());
  return Promise.race([databaseNow(), late]).then(
    () => true,
    () => false,
  );
}

export async function GET(): Promise<Response> {
  const { ready, draining } = processHealth();
  const database = ready && (await databaseAnswers());
  const status = draining ? "draining" : !ready ? "starting" : database ? "ready" : "database-unreachable";
  const headers = { "cache-control": "no-store", ...(status === "ready" ? {} : { "retry-after": "2" }) };
  return Response.json({ status, instance: env().instanceId }, { status: status === "ready" ? 200 : 503, headers });
}
