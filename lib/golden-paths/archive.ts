import { gunzipSync, gzipSync } from "node:zlib";

export interface TemplateFile {
  content: Buffer;
  /** Permission bits, for example 0o644. */
  mode: number;
}

export type TemplateFiles = Map<string, TemplateFile>;

/** The files of a version as one compressed value for the database. */
export function packFiles(files: TemplateFiles): Buffer {
  const list = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, { content, mode }]) => [path, mode, content.toString("base64")]);
  return gzipSync(JSON.stringify(list));
}

/** What `packFiles` packed. */
export function unpackFiles(archive: Buffer): TemplateFiles {
  const list = JSON.parse(gunzipSync(archive).toString()) as [string, number, string][];
  return new Map(list.map(([path, mode, content]) => [path, { mode, content: Buffer.from(content, "base64") }]));
}
