import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { dataOf } from "./place.mjs";
import { ownFolder } from "./reach.mjs";

const run = promisify(execFile);
const DRAFT = /^data\.(\d+)$/;

/** What Postgres' programs get to see of our environment: none of the portal's secrets, none of the person's PG… settings. */
export const programEnv = () => ({ PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" });

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function removeAbandonedDrafts(folder) {
  for (const name of readdirSync(folder)) {
    const pid = DRAFT.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** Makes the cluster if it is not there, whole or not at all: it is made beside its place and moved there. */
export async function initialise(bin, folder, account, password, { fast }) {
  if (existsSync(dataOf(folder))) return;
  removeAbandonedDrafts(folder);
  const draft = `${dataOf(folder)}.${process.pid}`;
  ownFolder(draft, account, 0o700);
  const passwordFile = path.join(folder, `pw-${randomBytes(6).toString("hex")}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  try {
    const how = ["-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", `--pwfile=${passwordFile}`, ...(fast ? ["--no-sync"] : [])];
    await run(path.join(bin, "initdb"), ["-D", draft, ...how], { ...account, cwd: "/", env: programEnv() });
    renameSync(draft, dataOf(folder));
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(dataOf(folder))) return;
    throw new Error(`PostgreSQL could not make its files in ${folder}:\n${error.stderr || error.message}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
