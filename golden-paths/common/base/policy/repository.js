import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";

/** The files below a folder as the rules read them. Throws an Error that names the file for YAML that cannot be read. */
export function readRepository(root) {
  const names = ["CODEOWNERS", "Dockerfile", "catalog-info.yaml", ...below(root, "deploy"), ...below(root, ".github/workflows")];
  return repositoryOf(new Map(names.filter((name) => exists(path.join(root, name))).map((name) => [name, readFileSync(path.join(root, name), "utf8")])));
}

/** The same for texts by file name; what the tests of the rules use. */
export function repositoryOf(texts) {
  const text = (file) => texts.get(file) ?? null;
  const documents = (file) =>
    parseAllDocuments(text(file) ?? "").flatMap((document) => {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}`);
      return document.toJS() ?? [];
    });
  const within = (folder) => [...texts.keys()].filter((file) => file.startsWith(folder) && /\.ya?ml$/.test(file));
  const every = (folder) => within(folder).flatMap((file) => documents(file).map((manifest) => ({ file, manifest })));
  return { text, documents, of: (kind) => every("deploy/").filter(({ manifest }) => manifest.kind === kind), workflows: () => every(".github/workflows/") };
}

const exists = (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function below(root, folder) {
  if (!statSync(path.join(root, folder), { throwIfNoEntry: false })) return [];
  return readdirSync(path.join(root, folder), { recursive: true })
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, "/")))
    .sort();
}
