import { once } from "node:events";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import type { SchemaError } from "@/lib/core/schema-messages";

// Templates run in one worker thread, one request at a time. A request that takes longer than the deadline ends the thread;
// the next request starts a fresh one. Nothing is kept in the thread between requests, so runs cannot see each other.

const RENDER_DEADLINE_MS = 5_000;
const START_DEADLINE_MS = 30_000;
const IDLE_MS = 60_000;
const WORKER_FILE = "lib/golden-paths/engine/render-worker.mjs";

export interface RenderFailureDetail {
  message: string;
  line?: number;
  column?: number;
  /** The template asked for more work, depth or output than allowed. */
  isLimit: boolean;
}

/** A template that could not be rendered; the message is for the author of the template. */
export class RenderFailure extends Error {
  /** By name: the one renderer of the process may throw the class of another bundle. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "RenderFailure";
  }

  constructor(readonly detail: RenderFailureDetail) {
    super(detail.message);
    this.name = "RenderFailure";
  }
}

export interface FileRenderOptions {
  cookiecutterCompat?: boolean;
  trimBlocks?: boolean;
  lstripBlocks?: boolean;
}

interface Requests {
  values: { request: { input: unknown; context: object; failed: boolean }; answer: { value: unknown; warnings: { path: string; message: string }[]; asksStatus: boolean } };
  texts: { request: { sources: string[]; context: object; options: FileRenderOptions }; answer: { texts: string[] } };
  match: { request: { paths: string[]; patterns: string[] }; answer: { selected: string[] } };
  /** Reads without evaluating; `options: null` reads as values of steps are read. */
  syntax: { request: { sources: string[]; options: FileRenderOptions | null }; answer: { problems: (SyntaxProblem | null)[] } };
  jsonata: { request: { data: unknown; expression: string; maxCharacters: number }; answer: { text: string } };
  validate: { request: { schema: object; instance: unknown }; answer: { valid: boolean; errors: SchemaError[] } };
}

export interface SyntaxProblem {
  message: string;
  line?: number;
  column?: number;
}

type Message = { ready: true } | { answer: unknown } | { failure: RenderFailureDetail };
type Kind = keyof Requests;

export class Renderer {
  private worker: Worker | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | null = null;

  constructor(private readonly appRoot: string) {}

  /** Sends one request and waits for its answer. Throws RenderFailure, or the signal's reason when aborted. */
  ask<K extends Kind>(kind: K, request: Requests[K]["request"], options: { signal?: AbortSignal; deadlineMs?: number } = {}): Promise<Requests[K]["answer"]> {
    const turn = this.tail.then(async () => {
      options.signal?.throwIfAborted();
      const answer = await this.askNow(kind, request, options.deadlineMs ?? RENDER_DEADLINE_MS, options.signal);
      return answer as Requests[K]["answer"];
    });
    this.tail = turn.catch(() => undefined);
    return unlessAborted(turn, options.signal);
  }

  /** Ends the worker thread; a later request starts a new one. */
  async close(): Promise<void> {
    if (this.idle) clearTimeout(this.idle);
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }

  private async askNow(kind: Kind, request: object, deadlineMs: number, signal: AbortSignal | undefined): Promise<unknown> {
    if (this.idle) clearTimeout(this.idle);
    this.worker ??= await this.start();
    const { worker } = this;
    worker.ref();
    try {
      const reply = nextMessage(worker, deadlineMs, signal);
      worker.postMessage({ kind, request });
      const message = await reply;
      if ("failure" in message) throw new RenderFailure(message.failure);
      this.rest(worker);
      return "answer" in message ? message.answer : undefined;
    } catch (error) {
      if (!(error instanceof RenderFailure) || error.detail.isLimit) await this.close();
      else this.rest(worker);
      throw error;
    }
  }

  private async start(): Promise<Worker> {
    const file = path.join(/*turbopackIgnore: true*/ this.appRoot, WORKER_FILE);
    const worker = new Worker(/*turbopackIgnore: true*/ file, {
      env: {},
      execArgv: [],
      name: "waymark-templates",
      resourceLimits: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    });
    // Without a listener of its own, a thread that fails between two requests would end the process.
    worker.on("error", () => {
      if (this.worker === worker) this.worker = null;
    });
    try {
      await nextMessage(worker, START_DEADLINE_MS, undefined);
    } catch (cause) {
      await worker.terminate();
      throw new DomainError("unavailable", `The template renderer did not start from ${file}. Check that the installation is complete.`, { cause });
    }
    return worker;
  }

  /** An idle worker neither keeps the process alive nor its memory for long. */
  private rest(worker: Worker): void {
    worker.unref();
    this.idle = setTimeout(() => void this.close(), IDLE_MS);
    this.idle.unref();
  }
}

async function nextMessage(worker: Worker, deadlineMs: number, signal: AbortSignal | undefined): Promise<Message> {
  const done = new AbortController();
  const quiet = { signal: done.signal };
  const races: Promise<Message>[] = [
    once(worker, "message", quiet).then(([message]) => message as Message),
    once(worker, "exit", quiet).then(([code]) => {
      throw new RenderFailure({ message: `The template renderer ended with code ${code}.`, isLimit: true });
    }),
    delay(deadlineMs, undefined, { ref: false, ...quiet }).then(() => {
      throw tooMuch(`The template took longer than ${deadlineMs / 1000} seconds.`);
    }),
  ];
  if (signal) races.push(aborted(signal, done.signal));
  try {
    return await Promise.race(races);
  } catch (cause) {
    throw isOutOfMemory(cause) ? tooMuch("The template needs too much memory.") : cause;
  } finally {
    done.abort();
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

function tooMuch(message: string): RenderFailure {
  return new RenderFailure({ message: `${message} Look for endless loops and very large repetitions.`, isLimit: true });
}

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
}

const store = globalThis as typeof globalThis & { __waymarkRenderer?: Renderer };

/** The process-wide renderer. */
export function renderer(): Renderer {
  store.__waymarkRenderer ??= new Renderer(env().appRoot);
  return store.__waymarkRenderer;
}
