import { lstat, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import type { ReceiptItem } from "@/db/schema/environments";
import type { RunContext, StepPlan } from "@/lib/runs/engine/types";
import type { EnvironmentHandle } from "../driver";
import { failure } from "./failures";
import type { Local } from "./local";
import { databaseNamed, type Place } from "./place";
import { groupsOf, stopApplication } from "./stop";
import { socketFolders, versionsInTheWorld } from "./versions";

export const DESTROY_STEPS: StepPlan[] = [
  { name: "stop", title: "Stop process" },
  { name: "database", title: "Drop database" },
  { name: "files", title: "Remove files" },
];

/** Now, as the machine's clock has it: a receipt states when things went, not when the run began. */
const clock = () => new Date(performance.timeOrigin + performance.now()).toISOString();

const item = (kind: string, name: string, verified: string): ReceiptItem => ({ kind, name, verified, removedAt: clock() });

const exists = async (file: string) => (await lstat(file).catch(() => null)) !== null;

async function stopAll(local: Local, place: Place, log: (text: string) => void): Promise<ReceiptItem[]> {
  const versions = [...new Set([0, ...(await versionsInTheWorld(local, place.environmentId))])].map((version) => local.place(place.environmentId, version));
  const groups = (await Promise.all(versions.map((version) => groupsOf(local, version)))).flat();
  const pids = await Promise.all(versions.map((version) => stopApplication(local, version, log)));
  const pid = pids.find((one) => one !== null) ?? null;
  return [
    item("process", pid === null ? "all of the environment" : `${pid} and its children`, "no process carries the environment's label, account or control group"),
    ...(groups.length > 0 ? [item("control group", place.environmentId, `gone from ${groups.length} ${groups.length === 1 ? "tree" : "trees"}`)] : []),
  ];
}

/** `expected`: listed although they are gone already, because an earlier try of this run may have removed them. */
async function dropDatabases(local: Local, place: Place, expected: string[]): Promise<ReceiptItem[]> {
  const dropped = await local.databases.drop(place.database);
  const verified = { database: "not in pg_database any more", role: "not in pg_roles any more" };
  const kinds = ["database", "role"] as const;
  const names = [...new Set([...expected, ...dropped.map((found) => found.name)])];
  return names.flatMap((name) =>
    kinds
      .filter((kind) => expected.includes(name) || dropped.some((found) => found.kind === kind && found.name === name))
      .map((kind) => ({ ...item(kind, name, verified[kind]), title: name === place.database ? "main" : name.slice(place.database.length + 1) })),
  );
}

function expectedDatabases(place: Place, { handle, extraDatabases = [] }: EnvironmentHandle): string[] {
  return [...(typeof handle?.database === "string" ? [place.database] : []), ...extraDatabases.map((name) => databaseNamed(place, name))];
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  if (await exists(folder))
    throw failure("leaked", {
      cause: `The folder ${folder} cannot be removed.`,
      whoCanFix: "platform-team",
      nextAction: "Remove it by hand on the server; Waymark tries again by itself.",
    });
}

async function removeFiles(local: Local, place: Place): Promise<ReceiptItem[]> {
  for (const folder of await socketFolders(local, place.environmentId)) await removeFolder(folder);
  await removeFolder(place.root);
  return [item("socket", place.socket, "the file is gone"), item("folder", place.root, "the folder is gone")];
}

/** Removes an environment in the order process, database, files, and proves that each is gone. */
export async function destroy(local: Local, run: RunContext, environment: EnvironmentHandle): Promise<ReceiptItem[]> {
  const place = local.place(environment.environmentId);
  const stopped = await run.step("stop", (step) => stopAll(local, place, step.log));
  const dropped = await run.step("database", () => dropDatabases(local, place, expectedDatabases(place, environment)));
  const removed = await run.step("files", () => removeFiles(local, place));
  return [...stopped, ...dropped, ...removed];
}

/** The same for what no table row claims; lists only what was there. */
export async function removeOrphan(local: Local, environmentId: string): Promise<ReceiptItem[]> {
  const place = local.place(environmentId);
  const hadFolder = await exists(place.root);
  const stopped = await stopAll(local, place, () => {});
  const dropped = await dropDatabases(local, place, []);
  const removed = await removeFiles(local, place);
  return [...stopped, ...dropped, ...(hadFolder ? removed : [])];
}

/** Folders of control groups that are empty now go with the last environment. */
export async function removeEmptyGroupParents(local: Local): Promise<void> {
  for (const { folder } of local.machine.cgroups.parents) await rmdir(path.resolve(folder)).catch(() => {});
}
