import { setTimeout as delay } from "node:timers/promises";

const RETRY_MS = 1_000;

/** Calls `wake` whenever somebody adds a job; a broken connection is made anew. Without it a job waits for the next look, a second at most. */
export function wakeOnNotify(pool, channel, wake, log) {
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await listenOnce().catch((error) => log.warn("Jobs are found by looking until the connection is back.", { error }));
      await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  async function listenOnce() {
    const client = await pool.connect();
    try {
      stopping.signal.throwIfAborted();
      await client.query(`listen ${channel}`);
      client.on("notification", wake);
      wake();
      await new Promise((resolve, reject) => {
        client.once("error", reject);
        client.once("end", resolve);
        stopping.signal.addEventListener("abort", resolve, { once: true });
        // Stopped while it began to listen: nobody will say so again.
        if (stopping.signal.aborted) resolve();
      });
    } finally {
      // A connection that listens is nobody else's.
      client.release(true);
    }
  }
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
