import { linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { readJson, writeJson } from "./json-file.mjs";
import { identityOf, isAlive } from "./process-identity.mjs";

// portal.json says who has a data directory: the launcher while it prepares, then the portal as well. Its existence is the claim.

const lives = (record) => isAlive(record) || isAlive(record?.launcher);

/** Takes the data directory for this process. Returns null, or what is known of the living one that has it. */
export function claim(file, about) {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.claim`;
  writeJson(draft, { launcher: identityOf(process.pid), ...about });
  try {
    for (;;) {
      try {
        linkSync(draft, file);
        return null;
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      const other = readJson(file);
      if (lives(other)) return other;
      setAside(file);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a claim whose process has ended. Somebody else may have claimed between our look and our move. */
function setAside(file) {
  const aside = `${file}.${process.pid}.ended`;
  try {
    renameSync(file, aside);
    if (lives(readJson(aside))) linkSync(aside, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  }
  rmSync(aside, { force: true });
}

/** Adds the portal's process to our claim. */
export function notePortal(file, pid) {
  writeJson(file, { ...readJson(file, {}), ...identityOf(pid) });
}

/** Gives the data directory back if it is ours. */
export function release(file) {
  if (readJson(file)?.launcher?.pid === process.pid) rmSync(file, { force: true });
}
