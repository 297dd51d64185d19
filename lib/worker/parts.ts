import { env } from "@/lib/core/env";
import { startProxy } from "./proxy";
import { startWorker } from "./start";

export interface Running {
  stop(): Promise<void>;
}

/** Starts what the role asks for: the worker unless `web`, the sandbox proxy unless `worker`. */
export async function startParts(role: "all" | "web" | "worker", queueUrl: string): Promise<Running> {
  const parts: Running[] = [];
  if (role !== "worker") parts.push(await startProxy(env()));
  if (role !== "web") parts.push(await startWorker(queueUrl));
  return {
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}
