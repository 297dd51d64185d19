import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { catalogLocations, catalogReadings } from "@/db/schema";
import type { UserActor } from "@/lib/core/actor";
import { authenticateUser } from "@/lib/core/auth/authenticate";
import { isDomainError } from "@/lib/core/errors";
import { type SafeResponse, safeFetch } from "@/lib/core/safe-fetch";
import { type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import type { ImportResult } from "./contract";
import { checkFiles } from "./register";
import type { Collected } from "./sources/collect";
import { collectAddress, takeOverCollected } from "./sources/take-over";
import { IMPORT_URL_DEADLINE_MS, IMPORT_URL_STEPS } from "./url-source";

type Input = { url: string; isCheck: boolean } & Record<string, unknown>;

const MAX_BYTES = 1_048_576;
const SHOWN_FINDINGS = 500;

/** Reads one address and takes its entities over, in the name of the person who asked; with `isCheck` only says what would happen. */
export const importUrlRun: RunKind<Input> = {
  kind: "catalog.import-url",
  deadlineMs: IMPORT_URL_DEADLINE_MS,
  plan: () => IMPORT_URL_STEPS,
  async execute(run) {
    let collected: Collected | null = null;
    await run.step("read", async (step) => {
      collected = await read(run.input.url, step.signal);
      step.log(`Read ${collected.files.map(({ name, text }) => `${name} (${text.length} characters)`).join(", ")}`);
    });
    const result = await run.step("import", async (step) => {
      // After a crash between the steps the text is read again: checkpoints stay small.
      const all = collected ?? (await read(run.input.url, step.signal));
      const done = await compare(run, all);
      for (const { file, line, message } of done.refused) step.log(`Refused ${file}, line ${line}: ${message}`, "error");
      for (const { file, line, message } of done.findings.slice(0, SHOWN_FINDINGS)) step.log(`${file}, line ${line}: ${message}`, "warn");
      return { accepted: done.accepted.length, findings: done.findings.length, refused: done.refused.length };
    });
    const words = `${result.accepted} accepted, ${result.findings} findings, ${result.refused} refused`;
    return { summary: run.input.isCheck ? `Checked ${run.input.url}: ${words}` : `Imported ${run.input.url}: ${words}`, evidence: [{ title: "Catalog", url: "/catalog" }] };
  },
};

async function requester(run: EngineRun<Input>): Promise<UserActor> {
  const actor = run.requestedBy ? await authenticateUser(run.requestedBy) : null;
  if (actor) return actor;
  throw new StepFailure({
    causeCode: "requester-gone",
    cause: "The person who asked for this can no longer sign in.",
    whoCanFix: "you",
    nextAction: "Ask somebody else to import the address.",
  });
}

async function compare(run: EngineRun<Input>, collected: Collected): Promise<ImportResult> {
  const { url, isCheck } = run.input;
  const actor = await requester(run);
  const by = { actor, now: run.now, requestId: run.runId, ipPrefix: null };
  const { files, problems } = collected;
  const source = { type: "url" as const, url };
  const [location] = await db().select({ teamId: catalogLocations.teamId }).from(catalogLocations).where(eq(catalogLocations.url, url));
  const registration = { registeredBy: actor.id, by, teamId: location?.teamId ?? null, problems, now: run.now };
  return run.commit(async (tx) => {
    const result = isCheck ? await checkFiles(tx, files, { ...registration, source }) : await takeOverCollected(tx, url, collected, registration);
    await tx
      .insert(catalogReadings)
      .values({ runId: run.runId, isCheck, result: { ...result, findings: result.findings.slice(0, SHOWN_FINDINGS) }, at: run.now })
      .onConflictDoNothing();
    if (!isCheck) await tx.update(catalogLocations).set({ lastReadAt: run.now, state: "ok", problem: null, failures: 0 }).where(eq(catalogLocations.url, url));
    return result;
  });
}

async function read(url: string, signal: AbortSignal): Promise<Collected> {
  return collectAddress(url, await readText(url, signal), signal);
}

async function readText(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetched(url, signal);
  if (answer.status !== 200) {
    const host = new URL(url).host;
    const cause = answer.status === 404 ? `There is nothing at ${url} (status 404), or it is not public.` : `${host} answered with status ${answer.status}.`;
    throw new StepFailure({
      causeCode: "http-status",
      cause,
      whoCanFix: "you",
      nextAction: "Open the address in a browser, put it right, and import it again. A file that is not public can be uploaded.",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(answer.body);
  } catch {
    throw new StepFailure({ causeCode: "not-utf8", cause: "The file is not UTF-8.", whoCanFix: "you", nextAction: "Save it as UTF-8 and import it again." });
  }
}

async function fetched(url: string, signal: AbortSignal): Promise<SafeResponse> {
  try {
    return await safeFetch(url, { signal, maxBytes: MAX_BYTES, headers: { accept: "application/yaml, text/yaml, text/plain, */*" } });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const isRefusal = error.code === "invalid";
    throw new StepFailure(
      {
        causeCode: isRefusal ? "address-refused" : "unreachable",
        cause: error.message,
        whoCanFix: isRefusal ? "you" : "provider",
        nextAction: isRefusal ? "Use a public https address, or upload the file." : "Try again later, or upload the file.",
      },
      { cause: error },
    );
  }
}
