import { EXIT, Exit } from "./exit";

/**
 * Runs work that Ctrl-C stops; the command then ends with code 130 and what `say` tells. A second Ctrl-C ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, say: () => string): Promise<T> {
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  process.once("SIGINT", interrupted);
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new Exit(EXIT.interrupted, say());
  } finally {
    process.off("SIGINT", interrupted);
  }
}
