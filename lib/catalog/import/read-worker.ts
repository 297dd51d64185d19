import { parentPort } from "node:worker_threads";
import { readDocument } from "./read";
import type { DocumentText } from "./split";

// A reader thread: gets documents of one file, answers with what they say. Bundled into one file (`scripts/catalog-reader.mjs`).

parentPort?.on("message", ({ file, documents }: { file: string; documents: DocumentText[] }) => {
  parentPort?.postMessage(documents.map((document) => readDocument(file, document)));
});
