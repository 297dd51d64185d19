import { once } from "node:events";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { DomainError } from "./errors";

// A worker thread for what others wrote: templates, expressions. One request at a time. A request that takes longer than its deadline
// ends the thread; the next request starts a fresh one.

const START_DEADLINE_MS = 30_000;
const IDLE_MS = 60_000;

export interface ThreadOptions {
  /** Place of the thread's own code, below the app's root. */
  file: string;
  /** How people call it in an error: `template renderer`. */
  what: string;
  name: string;
  maxMemoryMiB: number;
}

/** A request that ended its thread: it took too long, too much memory, or the thread ended by itself. */
export class ThreadLost extends Error {
  constructor(
    readonly reason: "deadline" | "memory" | "exit",
    message: string,
  ) {
    super(message);
    this.name = "ThreadLost";
  }
}

interface Asked {
  deadlineMs: number;
  signal?: AbortSignal | undefined;
}

export class Thread {
  private worker: Worker | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | null = null;

  constructor(
    private readonly appRoot: string,
    private readonly options: ThreadOptions,
  ) {}

  /** Sends one request and waits for its answer. Throws ThreadLost, or the signal's reason when aborted. */
  ask(request: object, { deadlineMs, signal }: Asked): Promise<unknown> {
    const turn = this.tail.then(() => {
      signal?.throwIfAborted();
      return this.askNow(request, deadlineMs, signal);
    });
    this.tail = turn.catch(() => undefined);
    return unlessAborted(turn, signal);
  }

  /** Ends the worker thread; a later request starts a new one. */
  async close(): Promise<void> {
    if (this.idle) clearTimeout(this.idle);
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }

  private async askNow(request: object, deadlineMs: number, signal: AbortSignal | undefined): Promise<unknown> {
    if (this.idle) clearTimeout(this.idle);
    this.worker ??= await this.start();
    const { worker } = this;
    worker.ref();
    try {
      const reply = this.nextMessage(worker, deadlineMs, signal);
      worker.postMessage(request);
      const message = await reply;
      this.rest(worker);
      return message;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async start(): Promise<Worker> {
    const file = path.join(/*turbopackIgnore: true*/ this.appRoot, this.options.file);
    const worker = new Worker(/*turbopackIgnore: true*/ file, {
      env: {},
      execArgv: [],
      name: this.options.name,
      resourceLimits: { maxOldGenerationSizeMb: this.options.maxMemoryMiB, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    });
    // Without a listener of its own, a thread that fails between two requests would end the process.
    worker.on("error", () => {
      if (this.worker === worker) this.worker = null;
    });
    try {
      await this.nextMessage(worker, START_DEADLINE_MS, undefined);
    } catch (cause) {
      await worker.terminate();
      throw new DomainError("unavailable", `The ${this.options.what} did not start from ${file}. Check that the installation is complete.`, { cause });
    }
    return worker;
  }

  /** An idle worker neither keeps the process alive nor its memory for long. */
  private rest(worker: Worker): void {
    worker.unref();
    this.idle = setTimeout(() => void this.close(), IDLE_MS);
    this.idle.unref();
  }

  private async nextMessage(worker: Worker, deadlineMs: number, signal: AbortSignal | undefined): Promise<unknown> {
    const done = new AbortController();
    const quiet = { signal: done.signal };
    const races: Promise<unknown>[] = [
      once(worker, "message", quiet).then(([message]) => message as unknown),
      once(worker, "exit", quiet).then(([code]) => {
        throw new ThreadLost("exit", `The ${this.options.what} ended with code ${code}.`);
      }),
      delay(deadlineMs, undefined, { ref: false, ...quiet }).then(() => {
        throw new ThreadLost("deadline", `It took longer than ${deadlineMs / 1000} seconds.`);
      }),
    ];
    if (signal) races.push(aborted(signal, done.signal));
    try {
      return await Promise.race(races);
    } catch (cause) {
      throw isOutOfMemory(cause) ? new ThreadLost("memory", "It needs too much memory.") : cause;
    } finally {
      done.abort();
    }
  }
}

async function aborted(signal: AbortSignal, quiet: AbortSignal): Promise<never> {
  await once(signal, "abort", { signal: quiet });
  throw signal.reason;
}

/** Lets the caller go at once when it is cancelled while other requests are ahead of it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  const done = new AbortController();
  try {
    return await Promise.race([work, aborted(signal, done.signal)]);
  } finally {
    done.abort();
  }
}

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
}
