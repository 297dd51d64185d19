import { createHmac } from "node:crypto";
import { decrypt, derivedKey, encrypt, equalSecrets } from "@/lib/core/secrets";
import type { StepReport } from "./definition";

const PREFIX = "wmk_step_";

export interface CallPlace {
  runId: string;
  key: string;
  attempt: number;
}

const signed = (text: string) => createHmac("sha256", derivedKey("step-callbacks")).update(text).digest("base64url");

/** The token in the address at which one call may be reported on. It follows from the call, so a repeat after a crash carries the same one. */
export function callToken({ runId, key, attempt }: CallPlace): string {
  const place = Buffer.from(JSON.stringify([runId, key, attempt])).toString("base64url");
  return `${PREFIX}${place}.${signed(place)}`;
}

/** The call that a token is for; null for one that is not ours. */
export function readCallToken(token: string): CallPlace | null {
  const [, place = "", signature = ""] = /^wmk_step_([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/.exec(token) ?? [];
  if (!place || !equalSecrets(signed(place), signature)) return null;
  const [runId, key, attempt] = JSON.parse(Buffer.from(place, "base64url").toString("utf8")) as [string, string, number];
  return { runId, key, attempt };
}

const reportPlace = ({ runId, key, attempt }: CallPlace) => `step_calls|${runId}|${key}|${attempt}|report`;

/** A report as it is kept, and back. */
export const sealReport = (place: CallPlace, report: StepReport): string => encrypt(JSON.stringify(report), reportPlace(place));
export const openReport = (place: CallPlace, sealed: string): StepReport => JSON.parse(decrypt(sealed, reportPlace(place)));
