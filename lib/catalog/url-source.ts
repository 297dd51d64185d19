import { DomainError } from "@/lib/core/errors";

export const IMPORT_URL_DEADLINE_MS = 60_000;
export const IMPORT_URL_STEPS = [
  { name: "read", title: "Read the address" },
  { name: "import", title: "Compare with the catalog" },
];

/** The address to read: a page of a file on GitHub becomes the file itself. Throws invalid for what is no https or http address. */
export function readableAddress(target: string): string {
  const invalid = (message: string) => new DomainError("invalid", message, { fields: [{ path: "target", message }] });
  if (!URL.canParse(target)) throw invalid("This is no address. Write https://host/path/catalog-info.yaml.");
  const url = new URL(target);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw invalid("Only https addresses are read.");
  if (url.username || url.password) throw invalid("An address may not contain a name or password.");
  url.hash = "";
  const page = /^\/([^/]+)\/([^/]+)\/(?:blob|raw|tree)\/(.+)$/.exec(url.pathname);
  return url.host === "github.com" && page ? `https://raw.githubusercontent.com/${page[1]}/${page[2]}/${page[3]}` : url.href;
}
