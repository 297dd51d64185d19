import { DomainError, isDomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "./archive";
import type { DraftChange, UploadedFile } from "./contract";
import { SizeCount } from "./engine/limits";
import { pathProblem } from "./lint/step-rules";
import { TEMPLATE_FILE } from "./lint/template-source";

/** The files after the changes, in order. Throws DomainError("invalid") for a name that cannot be used or a file that is not there. */
export function applyChanges(files: TemplateFiles, changes: DraftChange[]): TemplateFiles {
  const after: TemplateFiles = new Map(files);
  changes.forEach((change, index) => {
    try {
      applyChange(after, change);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      throw new DomainError(error.code, error.message, { fields: [{ path: `changes.${index}`, message: error.message }], cause: error });
    }
  });
  checkSize(after);
  return after;
}

function applyChange(files: TemplateFiles, change: DraftChange): void {
  if (change.type === "write") {
    const path = usablePath(change.path);
    refuseFolderClash(files, path);
    const before = files.get(path);
    const isExecutable = change.isExecutable ?? (before?.mode ?? 0o644) === 0o755;
    files.set(path, { content: Buffer.from(change.text), mode: isExecutable ? 0o755 : 0o644 });
    return;
  }
  const from = change.type === "rename" ? change.from : change.path;
  if (from === TEMPLATE_FILE) throw new DomainError("invalid", `${TEMPLATE_FILE} holds the form and the steps; it stays where it is.`);
  const moved = [...files.keys()].filter((path) => path === from || path.startsWith(`${from.replace(/\/$/, "")}/`));
  if (moved.length === 0) throw new DomainError("invalid", `${from} is not in the draft. Reload the page to see its files.`);
  for (const path of moved) {
    const file = files.get(path);
    files.delete(path);
    if (change.type !== "rename" || !file) continue;
    const target = usablePath(path === from ? change.to : `${change.to.replace(/\/$/, "")}/${path.slice(from.replace(/\/$/, "").length + 1)}`);
    if (files.has(target)) throw new DomainError("invalid", `${target} is there already. Choose another name, or delete it first.`);
    refuseFolderClash(files, target);
    files.set(target, file);
  }
}

/** The path without empty and `.` parts. Throws for one that leads out or reaches git's own data. */
function usablePath(path: string): string {
  const problem = pathProblem(path);
  if (problem) throw new DomainError("invalid", problem);
  const clean = path.replace(/^(\.\/)+/, "").replaceAll(/\/{2,}/g, "/");
  if (clean === "" || clean.endsWith("/")) throw new DomainError("invalid", `"${path}" names no file. Write a path such as skeleton/src/app.js.`);
  return clean;
}

/** A name cannot be a file and a folder at once. */
function refuseFolderClash(files: TemplateFiles, path: string): void {
  const folder = [...files.keys()].find((other) => other.startsWith(`${path}/`));
  if (folder) throw new DomainError("invalid", `${path} is a folder (it holds ${folder}). Choose another name.`);
  const parts = path.split("/");
  for (let length = 1; length < parts.length; length += 1) {
    const parent = parts.slice(0, length).join("/");
    if (files.has(parent)) throw new DomainError("invalid", `${parent} is a file, so nothing can be below it. Choose another folder.`);
  }
}

function checkSize(files: TemplateFiles): void {
  const size = new SizeCount("The golden path");
  for (const { content } of files.values()) size.add(content.length);
}

/** Files as they come over the API. Throws DomainError("invalid") for hostile names and too much. */
export function uploadedFiles(list: UploadedFile[]): TemplateFiles {
  const files: TemplateFiles = new Map();
  list.forEach(({ path, content, encoding, isExecutable }, index) => {
    try {
      const name = usablePath(path);
      if (files.has(name)) throw new DomainError("invalid", `${name} is sent twice. Send it once.`);
      refuseFolderClash(files, name);
      files.set(name, { content: Buffer.from(content, encoding), mode: isExecutable ? 0o755 : 0o644 });
    } catch (error) {
      if (!isDomainError(error)) throw error;
      throw new DomainError("invalid", error.message, { fields: [{ path: `files.${index}.path`, message: error.message }], cause: error });
    }
  });
  checkSize(files);
  return files;
}
