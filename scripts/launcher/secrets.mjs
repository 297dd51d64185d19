import { randomBytes } from "node:crypto";
import { readJson, writeJson } from "./json-file.mjs";
import { dataFiles } from "./paths.mjs";

const NAMES = ["secret", "ownerPassword", "sandboxesPassword"];

/** The secrets of a data directory, made at first use: signing key and the passwords of the embedded server's roles. */
export function dataSecrets(dataDir) {
  const file = dataFiles(dataDir).secrets;
  const known = readJson(file, {});
  const missing = NAMES.filter((name) => !known[name]);
  if (missing.length === 0) return known;
  const all = { ...known, ...Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString("base64url")])) };
  writeJson(file, all);
  return all;
}
