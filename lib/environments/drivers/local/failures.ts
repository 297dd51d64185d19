import { isDomainError } from "@/lib/core/errors";
import { StepFailure } from "@/lib/runs/engine/types";
import { isCode } from "./home";

type Details = Omit<StepFailure["outcome"], "causeCode">;

/** A foreseen failure of the local driver. */
export function failure(causeCode: string, details: Details, cause?: unknown): StepFailure {
  return new StepFailure({ causeCode, ...details }, { cause });
}

export const diskFull = (cause?: unknown) =>
  failure(
    "disk-full",
    {
      cause: "The disk of the machine that runs environments is full.",
      whoCanFix: "platform-team",
      nextAction: "Free space in the data directory or delete environments that nobody needs, then retry.",
    },
    cause,
  );

export const badTemplate = (cause: string, error?: unknown) =>
  failure("bad-template", { cause, whoCanFix: "platform-team", nextAction: "Correct the golden path, publish it again, and create a new environment from it." }, error);

const noCapacity = (error: unknown) =>
  failure(
    "no-capacity",
    {
      cause: "The machine cannot start another process: it is out of memory, processes or open files.",
      whoCanFix: "platform-team",
      nextAction: "Delete environments that nobody needs, or give the machine more memory, then retry.",
    },
    error,
  );

const socketTrouble = (error: Error) =>
  failure(
    "port-or-socket",
    {
      cause: `The socket through which the environment is reached cannot be made: ${error.message}.`,
      whoCanFix: "platform-team",
      nextAction: "Check that the folder named in the cause can be written by the portal, then retry.",
    },
    error,
  );

/** True for a failure that already explains itself, also one thrown by another bundle of this process. */
export function isStepFailure(error: unknown): error is StepFailure {
  return error instanceof Error && error.name === "StepFailure" && "outcome" in error;
}

/** Does the work and turns what the machine refuses (full disk, no processes left, no socket) into an explained failure. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isStepFailure(error)) throw error;
    if (isCode(error, "ENOSPC", "EDQUOT")) throw diskFull(error);
    if (isCode(error, "EAGAIN", "ENOMEM", "EMFILE", "ENFILE")) throw noCapacity(error);
    if (isCode(error, "EADDRINUSE", "ENAMETOOLONG") && error instanceof Error) throw socketTrouble(error);
    throw error;
  }
}

/** Like `explained`, for the golden path's own part: what it calls invalid is the template's fault. */
export async function explainedTemplate<T>(work: () => Promise<T>): Promise<T> {
  return explained(async () => {
    try {
      return await work();
    } catch (error) {
      if (isDomainError(error) && error.code === "invalid") throw badTemplate([error.message, ...error.fields.map((field) => `${field.path}: ${field.message}`)].join(" "), error);
      throw error;
    }
  });
}
