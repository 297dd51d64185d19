import type { Connection } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import { githubClient } from "@/lib/platform/queries";
import type { LocationType } from "../contract";
import { readableAddress } from "../url-source";

const invalid = (message: string) => new DomainError("invalid", message, { fields: [{ path: "target", message }] });

/** The address under which a source is kept. Throws invalid for one that fits its type not. */
export async function addressOf(on: Connection, type: LocationType, target: string): Promise<string> {
  if (type === "url") return readableAddress(target);
  if (type === "github-org") return organisation(on, target);
  const url = webAddress(target);
  const path = url.pathname.replace(/\/+$/, "");
  if (!/^(\/[^/]+)+$/.test(path)) throw invalid("This is no repository. Write https://host/owner/name.");
  return `${url.origin}${path.replace(/\.git$/, "")}.git`;
}

function webAddress(target: string): URL {
  if (!URL.canParse(target)) throw invalid("This is no address. Write https://host/owner/name.");
  const url = new URL(target);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw invalid("Only https addresses are read.");
  if (url.username || url.password) throw invalid("An address may not contain a name or password.");
  return url;
}

/** Only the owner that GitHub is connected for: nothing else is seen whole. */
async function organisation(on: Connection, target: string): Promise<string> {
  const client = await githubClient(on);
  if (!client) throw invalid("GitHub is not connected. A platform admin connects it on Integrations.");
  const page = `${client.webUrl}/${client.owner}`;
  const isOwn = target.toLowerCase() === client.owner.toLowerCase() || webAddress(target).href.replace(/\/+$/, "").toLowerCase() === page.toLowerCase();
  if (!isOwn) throw invalid(`GitHub is connected for ${client.owner}. Write ${page}.`);
  return page;
}
