import { env } from "@/lib/core/env";
import type { SchemaError } from "@/lib/core/schema-messages";
import { Thread, ThreadLost } from "@/lib/core/thread";

// Templates run in one worker thread. Nothing is kept in it between requests, so runs cannot see each other.

const RENDER_DEADLINE_MS = 5_000;

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

type Message = { answer: unknown } | { failure: RenderFailureDetail };
type Kind = keyof Requests;

export class Renderer {
  private readonly thread: Thread;

  constructor(appRoot: string) {
    this.thread = new Thread(appRoot, { file: "lib/golden-paths/engine/render-worker.mjs", what: "template renderer", name: "waymark-templates", maxMemoryMiB: 192 });
  }

  /** Sends one request and waits for its answer. Throws RenderFailure, or the signal's reason when aborted. */
  async ask<K extends Kind>(kind: K, request: Requests[K]["request"], options: { signal?: AbortSignal; deadlineMs?: number } = {}): Promise<Requests[K]["answer"]> {
    const { signal, deadlineMs = RENDER_DEADLINE_MS } = options;
    const message = (await this.thread.ask({ kind, request }, { signal, deadlineMs }).catch(asRenderFailure)) as Message;
    if ("answer" in message) return message.answer as Requests[K]["answer"];
    // What was cut off half-way may have left its mark in the thread.
    if (message.failure.isLimit) await this.thread.close();
    throw new RenderFailure(message.failure);
  }

  /** Ends the worker thread; a later request starts a new one. */
  close(): Promise<void> {
    return this.thread.close();
  }
}

const LOST = { deadline: (message: string) => message.replace(/^It/, "The template"), memory: () => "The template needs too much memory.", exit: (message: string) => message };

function asRenderFailure(error: unknown): never {
  if (!(error instanceof ThreadLost)) throw error;
  const message = LOST[error.reason](error.message);
  throw new RenderFailure({ message: error.reason === "exit" ? message : `${message} Look for endless loops and very large repetitions.`, isLimit: true });
}

const store = globalThis as typeof globalThis & { __waymarkRenderer?: Renderer };

/** The process-wide renderer. */
export function renderer(): Renderer {
  store.__waymarkRenderer ??= new Renderer(env().appRoot);
  return store.__waymarkRenderer;
}
