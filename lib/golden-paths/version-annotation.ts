import { isScalar, parseDocument, type Scalar } from "yaml";
import type { TemplateFiles } from "./archive";
import { TEMPLATE_FILE } from "./lint/template-source";

/** What the annotation `waymark.dev/version` of template.yaml says, if it is there. */
export function annotatedVersion(files: TemplateFiles): string | undefined {
  const node = annotation(textOf(files));
  return node ? String(node.value) : undefined;
}

/** The files with the version in that annotation, where template.yaml has it; nothing else of the text changes. */
export function withVersion(files: TemplateFiles, version: string): TemplateFiles {
  const template = files.get(TEMPLATE_FILE);
  const text = textOf(files);
  const node = annotation(text);
  if (!template || !node?.range || String(node.value) === version) return files;
  const [start, end] = node.range;
  return new Map(files).set(TEMPLATE_FILE, { ...template, content: Buffer.from(`${text.slice(0, start)}"${version}"${text.slice(end)}`) });
}

function textOf(files: TemplateFiles): string {
  return files.get(TEMPLATE_FILE)?.content.toString("utf8") ?? "";
}

function annotation(text: string): Scalar | null {
  const node = text ? parseDocument(text, { logLevel: "silent" }).getIn(["metadata", "annotations", "waymark.dev/version"], true) : undefined;
  return isScalar(node) ? node : null;
}
