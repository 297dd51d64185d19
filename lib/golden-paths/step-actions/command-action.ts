import { chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { asSchema } from "@/lib/core/schema-messages";
import { SizeCount } from "../engine/limits";
import { safeSegments } from "../engine/safe-path";
import type { StepAction, StepArgs } from "../engine/step-action";
import type { Workspace } from "../engine/workspace";
import { fitting } from "./check-outputs";
import { type CommandEnd, NOBODY, runInSandbox } from "./command-sandbox";
import type { StepActionBack, StepActionDefinition } from "./definition";

type Command = Extract<StepActionBack, { type: "command" }>;

const MAX_OUTPUT_FILE = 256 * 1024;

/** A script of the platform team as an action: it changes the files of the workspace and nothing else, so a repeat does it again. */
export function commandAction(id: string, definition: StepActionDefinition, command: Command): StepAction {
  return {
    id,
    effect: "workspace",
    input: z.looseObject({}),
    shown: { description: definition.description || definition.title, input: definition.inputs, output: definition.outputs },
    run: async (args) => {
      const input = await fitting(definition.inputs, asSchema(args.input), `The input of ${id}`);
      return runCommand(id, definition, command, { ...args, input });
    },
  };
}

async function runCommand(id: string, definition: StepActionDefinition, command: Command, args: StepArgs<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const { input, workspace, log, signal } = args;
  const root = await mkdtemp(path.join(tmpdir(), "waymark-command-"));
  const at = (name: string) => path.join(root, name);
  try {
    for (const folder of ["action", "work", "out"]) await mkdir(at(folder), { mode: 0o755 });
    await writeFile(at("action/script"), command.script, { mode: 0o644 });
    await writeFile(at("action/input.json"), JSON.stringify(input), { mode: 0o644 });
    await copyOut(workspace, at("work"));
    await giveToNobody(root);
    const { interpreter, memoryMiB, timeSeconds } = command;
    const end = await runInSandbox({ action: at("action"), work: at("work"), out: at("out"), interpreter, memoryMiB, timeSeconds, signal });
    for (const line of end.output.split("\n")) if (line.trim() !== "") log(line.slice(0, 8_000));
    requireSuccess(id, command, end);
    const outputs = await readOutputs(id, at("out/output.json"));
    await copyBack(workspace, at("work"));
    return await fitting(definition.outputs, outputs, `What ${id} gives`);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function requireSuccess(id: string, { timeSeconds, memoryMiB }: Command, { code, output, stopped }: CommandEnd): void {
  if (stopped === "time") throw new DomainError("invalid", `${id} did not end within ${timeSeconds} seconds and was stopped.`);
  if (stopped === "output") throw new DomainError("invalid", `${id} wrote more than 256 kB and was stopped. Write less to the log.`);
  if (code === 0) return;
  const last = output.trim().split("\n").at(-1)?.slice(0, 300);
  throw new DomainError("invalid", `${id} ended with code ${code ?? "none (killed)"}${last ? `: ${last}` : ""}. It may use ${memoryMiB} MiB.`);
}

async function copyOut(workspace: Workspace, work: string): Promise<void> {
  for (const file of await workspace.list()) {
    const target = path.join(work, ...safeSegments(file));
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    await writeFile(target, await workspace.read(file), { mode: await workspace.mode(file) });
  }
}

/** The process has ended, so nothing moves any more. Only plain files come back; a link could lead anywhere. */
async function copyBack(workspace: Workspace, work: string): Promise<void> {
  const size = new SizeCount("What the command leaves");
  const files = await plainFiles(work, "", size);
  for (const gone of (await workspace.list()).filter((file) => !files.has(file))) await workspace.remove(gone);
  for (const [file, mode] of files) {
    const content = await readFile(path.join(work, file));
    const isSame = (await workspace.exists(file)) && (await workspace.mode(file)) === mode && (await workspace.read(file)).equals(content);
    if (!isSame) await workspace.write(file, content, mode, true);
  }
}

async function plainFiles(root: string, folder: string, size: SizeCount): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const { name } of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const relative = folder ? `${folder}/${name}` : name;
    safeSegments(relative);
    const entry = await lstat(path.join(root, relative));
    if (entry.isDirectory()) for (const [file, mode] of await plainFiles(root, relative, size)) found.set(file, mode);
    else if (entry.isFile()) {
      size.add(entry.size);
      found.set(relative, entry.mode & 0o111 ? 0o755 : 0o644);
    } else throw new DomainError("invalid", `The command left ${relative}, which is no plain file. Links and devices are refused.`);
  }
  return found;
}

async function readOutputs(id: string, file: string): Promise<Record<string, unknown>> {
  const entry = await lstat(file).catch(() => null);
  if (!entry) return {};
  if (!entry.isFile() || entry.size > MAX_OUTPUT_FILE) throw new DomainError("invalid", `${id} left outputs that are no plain file, or larger than 256 kB.`);
  try {
    return asSchema(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new DomainError("invalid", `${id} wrote outputs that are no JSON.`, { cause });
  }
}

/** Where the portal is root, the command is not: its copy belongs to nobody. */
async function giveToNobody(root: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await chown(root, NOBODY, NOBODY);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) await chown(path.join(entry.parentPath, entry.name), NOBODY, NOBODY);
}
