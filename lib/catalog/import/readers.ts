import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { type Reading, readDocument } from "./read";
import type { DocumentText } from "./split";

// Parsing YAML is most of an import's work. Many documents are read by threads, so that the portal answers meanwhile and every
// core is used; a few are read at once. Threads end when nothing was read for a while.

const WORKER_FILE = "dist/catalog/reader.mjs";
const FEW = 40;
const PER_BATCH = 100;
const MAX_THREADS = 4;
const IDLE_MS = 3_000;
const DEADLINE_MS = 60_000;
/** During a long import what is left behind is collected after this many documents, before the engine would. */
const COLLECT_EVERY = 10_000;

interface Batch {
  file: string;
  documents: DocumentText[];
}

interface Waiting extends Batch {
  done(readings: Reading[][]): void;
  failed(cause: unknown): void;
}

class Readers {
  private readonly idle: Worker[] = [];
  private readonly queue: Waiting[] = [];
  private threads = 0;
  private rest: NodeJS.Timeout | null = null;
  private sinceCollected = 0;

  constructor(private readonly file: string) {}

  read(batch: Batch): Promise<Reading[][]> {
    return new Promise((done, failed) => {
      this.queue.push({ ...batch, done, failed });
      this.next();
    });
  }

  private next(): void {
    if (this.rest) clearTimeout(this.rest);
    const work = this.queue[0] && (this.idle.pop() ?? this.start());
    const waiting = work && this.queue.shift();
    if (work && waiting) this.give(work, waiting);
    else if (this.idle.length === this.threads) this.sleep();
  }

  private start(): Worker | null {
    if (this.threads >= Math.min(MAX_THREADS, availableParallelism())) return null;
    this.threads += 1;
    const worker = new Worker(/*turbopackIgnore: true*/ this.file, {
      env: {},
      execArgv: [],
      name: "waymark-catalog",
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
    });
    // Without a listener of its own, a thread that fails between two batches would end the process.
    worker.on("error", () => {
      const at = this.idle.indexOf(worker);
      if (at < 0) return;
      this.idle.splice(at, 1);
      this.threads -= 1;
    });
    return worker;
  }

  private give(worker: Worker, { file, documents, done, failed }: Waiting): void {
    const settle = (then: () => void) => {
      clearTimeout(deadline);
      worker.off("message", answered).off("error", lost).off("exit", lost);
      then();
      this.next();
    };
    const answered = (readings: Reading[][]) =>
      settle(() => {
        worker.unref();
        this.idle.push(worker);
        done(readings);
      });
    const lost = (cause: unknown) =>
      settle(() => {
        this.threads -= 1;
        void worker.terminate();
        failed(new DomainError("unavailable", `${file} could not be read: a document of it takes too much time or memory. Import its documents in smaller files.`, { cause }));
      });
    const deadline = setTimeout(() => lost(new Error("deadline")), DEADLINE_MS);
    worker.on("message", answered).on("error", lost).on("exit", lost);
    worker.ref();
    worker.postMessage({ file, documents });
    this.sinceCollected += documents.length;
    if (this.sinceCollected >= COLLECT_EVERY && this.queue.length > 0) this.collect();
  }

  /** Idle threads keep neither the process alive nor their memory for long. */
  private sleep(): void {
    this.rest = setTimeout(() => {
      this.threads -= this.idle.length;
      for (const worker of this.idle.splice(0)) void worker.terminate();
      this.collect();
    }, IDLE_MS);
    this.rest.unref();
  }

  /** Left alone, the engine keeps what the import left behind until it needs the room. */
  private collect(): void {
    this.sinceCollected = 0;
    void globalThis.gc?.({ execution: "async" });
  }
}

const store = globalThis as typeof globalThis & { __waymarkReaders?: Readers | null };

/** Null where the threads' file was not built, as in tests: then everything is read in place. */
function readers(): Readers | null {
  if (store.__waymarkReaders === undefined) {
    const file = path.join(/*turbopackIgnore: true*/ env().appRoot, WORKER_FILE);
    store.__waymarkReaders = existsSync(/*turbopackIgnore: true*/ file) ? new Readers(file) : null;
  }
  return store.__waymarkReaders;
}

/** Reads documents that name no other files; what each says, in their order. Throws unavailable when a thread could not. */
export async function readDocuments(batches: Batch[]): Promise<Reading[][][]> {
  const threads = batches.reduce((sum, { documents }) => sum + documents.length, 0) > FEW ? readers() : null;
  return Promise.all(batches.map((batch) => (threads ? readInParts(threads, batch) : batch.documents.map((one) => readDocument(batch.file, one)))));
}

async function readInParts(threads: Readers, { file, documents }: Batch): Promise<Reading[][]> {
  const parts = Array.from({ length: Math.ceil(documents.length / PER_BATCH) }, (_, index) => documents.slice(index * PER_BATCH, (index + 1) * PER_BATCH));
  return (await Promise.all(parts.map((part) => threads.read({ file, documents: part })))).flat();
}
