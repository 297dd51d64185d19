import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { safeFetch } from "@/lib/core/safe-fetch";
import { MAX_FILE_BYTES, type ReadText, textOf } from "./reader";

const HEADERS = { accept: "application/yaml, text/yaml, application/json, text/plain, */*" };

/** Whether files of a source may name addresses of this host: only what the operator lists in WAYMARK_CATALOG_HOSTS. */
export function isListedHost(url: URL): boolean {
  return env().catalogHosts.some((host) => host === url.hostname || host === url.host);
}

/** Reads an address that a file of a source names. Another host than those listed is never asked. */
export async function readOutside(address: string): Promise<ReadText> {
  const url = new URL(address);
  if (!isListedHost(url)) {
    return {
      problem: `${url.host} is another place, and nothing is read from there.`,
      fix: "Put the file into the same repository, or ask the operator to list the host in WAYMARK_CATALOG_HOSTS.",
    };
  }
  return readAddress(url.href);
}

/** The text at an address, through the checks of every address that a person gave. */
export async function readAddress(address: string, signal?: AbortSignal): Promise<ReadText> {
  try {
    const answer = await safeFetch(address, { maxBytes: MAX_FILE_BYTES, headers: HEADERS, ...(signal ? { signal } : {}) });
    if (answer.status === 404 || answer.status === 410) return { missing: true };
    if (answer.status !== 200) return { problem: `${new URL(address).host} answered with status ${answer.status}.`, fix: "Open the address in a browser, and put it right." };
    return textOf(answer.body);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { problem: error.message, fix: "Name an address that can be reached over https." };
  }
}
