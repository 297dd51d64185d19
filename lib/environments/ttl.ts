import { formatDuration, parseDuration } from "@/lib/core/duration";
import { DomainError, isDomainError } from "@/lib/core/errors";
import type { Settings } from "@/lib/platform/contract";

/** Minutes of a time to live such as `48h`; the default when undefined. Throws invalid outside 1 minute … the platform's longest. */
export function ttlMinutes(text: string | undefined, settings: Settings): number {
  const longest = settings["environments.maxTtlMinutes"];
  if (text === undefined) return Math.min(settings["environments.defaultTtlMinutes"], longest);
  const minutes = parse(text);
  if (minutes > longest) refuse(`The time to live can be at most ${formatDuration(longest)}. Ask for less now and extend it later.`);
  return minutes;
}

function parse(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    return refuse(isDomainError(error) ? error.message : "Unreadable time to live.");
  }
}

function refuse(message: string): never {
  throw new DomainError("invalid", message, { fields: [{ path: "ttl", message }] });
}
