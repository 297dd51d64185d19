import { setTimeout as delay } from "node:timers/promises";

const HOLD_EVERY_MS = 20_000;

/** Works off the queue with up to `concurrency` jobs at once. `wake()` says that a job was added; `stop()` waits for what is under way. */
export function createWorker({ queue, handlers, concurrency, log, pollMs = 1_000 }) {
  const stopping = new AbortController();
  let nap = new AbortController();
  const wake = () => nap.abort();

  async function rest() {
    if (nap.signal.aborted) nap = new AbortController();
    await delay(pollMs, undefined, { signal: AbortSignal.any([stopping.signal, nap.signal]) }).catch(() => {});
  }

  async function loop() {
    while (!stopping.signal.aborted) {
      const job = await queue.take().catch((error) => log.error("No job could be taken.", { error }));
      if (job) await work(job);
      else await rest();
    }
  }

  async function work(job) {
    const startedAt = performance.now();
    const holding = setInterval(() => queue.hold(job).catch((error) => log.warn("A job could not be held.", { jobId: job.id, error })), HOLD_EVERY_MS);
    const about = { jobId: job.id, kind: job.kind, attempt: job.attempts };
    try {
      const handler = Object.hasOwn(handlers, job.kind) ? handlers[job.kind] : null;
      if (!handler) throw new Error(`There is no handler for jobs of the kind ${job.kind}.`);
      const result = await handler(job.payload, { signal: stopping.signal, log });
      await queue.done(job, result);
      log.info("job done", { ...about, durationMs: Math.round(performance.now() - startedAt) });
    } catch (error) {
      await giveUp(job, error, about);
    } finally {
      clearInterval(holding);
    }
  }

  /** A job that the stop of this process cut off is nobody's failure. */
  async function giveUp(job, error, about) {
    const isCutOff = stopping.signal.aborted && error.name === "AbortError";
    if (!isCutOff) log.error("job failed", { ...about, error });
    const told = isCutOff ? queue.release(job) : queue.failed(job, error.message);
    await told.catch((failure) => log.error("The end of a job could not be stored; it is done again.", { ...about, error: failure }));
  }

  const loops = Array.from({ length: concurrency }, loop);
  return {
    wake,
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}
