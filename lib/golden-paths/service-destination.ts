import type { Connection } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import { hostAdapter } from "@/lib/hosts";
import { isHostKind } from "@/lib/hosts/contract";
import type { RepositoryHost } from "@/lib/platform/contract";
import { hostConnection, repositoryHosts } from "@/lib/platform/queries";
import { providerTitle, type Repository } from "@/lib/repositories/contract";
import type { GoldenPathDefinition, GoldenPathStep } from "./definition";
import { publishesTo } from "./engine/publishing";
import { RenderFailure, renderer } from "./engine/renderer";
import { hostOwner, parseRepoUrl, type RepoUrl } from "./engine/repo-url";
import { isTruthy } from "./engine/truth";

export interface Destination {
  provider: Repository["provider"];
  owner: string;
  name: string;
  /** Where a host is going to have it; empty where that is known only when it is made. */
  cloneUrl: string;
}

export interface Wanted {
  definition: GoldenPathDefinition;
  values: Record<string, unknown>;
  user: { ref: string; name: string };
  /** Short name of the owning team: the owner of repositories on our own git server. */
  team: string;
  provider?: Repository["provider"] | undefined;
}

type Elsewhere = Exclude<Repository["provider"], "waymark">;

/**
 * Where the service's repository goes and how it is called: as the publish step of the golden path says, at the host that it means
 * where that is connected, else on our own git server. Throws DomainError("invalid") when the answers give no name, and for a
 * repository at a host of that kind which is not the connected one.
 */
export async function destinationOf(on: Connection, wanted: Wanted): Promise<Destination> {
  const { url, meant } = await publication(wanted);
  const name = url?.repo ?? firstText(wanted.values, ["name", "component_id", "componentId", "repoName", "serviceName"]);
  if (!name) {
    const message = `The golden path ${wanted.definition.metadata.name} asks for no name of the service. Add a question called name, or a repoUrl to its publish step.`;
    throw new DomainError("invalid", message, { fields: [{ path: "values.name", message }] });
  }
  const provider = wanted.provider ?? (await usualProvider(on, url, meant));
  if (provider === "waymark") return { provider, owner: wanted.team, name, cloneUrl: "" };
  const connected = (await repositoryHosts(on)).find((one) => one.provider === provider);
  if (!connected) {
    const title = providerTitle(provider);
    const message = `${title} is not connected. Leave the provider out to use the git server of Waymark, or ask a platform admin to connect ${title}.`;
    throw new DomainError("invalid", message, { fields: [{ path: "provider", message }] });
  }
  if (url && meant === provider && isHostKind(provider) && url.host !== connected.host) throw elsewhere(url.host, connected);
  const owner = (url && (meant === provider || url.host === connected.host) ? hostOwner(url, provider) : null) ?? connected.owner;
  return isHostKind(provider) ? placeOnHost(on, provider, { owner, name }) : { provider, owner, name, cloneUrl: "" };
}

/** The host that the publish step means, where it is connected. */
async function usualProvider(on: Connection, url: RepoUrl | null, meant: Elsewhere): Promise<Repository["provider"]> {
  const connected = (await repositoryHosts(on)).find((one) => one.provider === meant);
  if (!connected) return "waymark";
  // Golden paths written for github.com mean the GitHub of this platform, which may be an Enterprise Server.
  if (url === null || url.host === connected.host || url.host === "github.com") return meant;
  return meant === "github" ? "waymark" : meant;
}

function elsewhere(host: string, connected: RepositoryHost): DomainError {
  const message = `The repository is to be at ${host}, but ${connected.title} is connected at ${connected.host}. Choose a repository there.`;
  return new DomainError("invalid", message, { fields: [{ path: "values.repoUrl", message }] });
}

async function placeOnHost(on: Connection, provider: Exclude<Elsewhere, "github">, place: { owner: string; name: string }): Promise<Destination> {
  const connection = await hostConnection(on, provider);
  if (!connection) throw new DomainError("unavailable", `${providerTitle(provider)} was disconnected just now. Try again.`);
  const adapter = hostAdapter(provider);
  const cloneUrl = adapter.cloneUrl(connection.url, place);
  const read = adapter.placeOf(connection.url, cloneUrl);
  if (!read) {
    const message = `${place.owner}/${place.name} is no place for a repository at ${providerTitle(provider)}.`;
    throw new DomainError("invalid", message, { fields: [{ path: "values.repoUrl", message }] });
  }
  // Pages of the portal have one segment for the owner: a path of groups becomes one name.
  return { provider, owner: read.owner.replaceAll("/", ".").replace(/[^A-Za-z0-9._-]/g, "-"), name: read.name, cloneUrl };
}

/** The first publish step whose condition the answers fulfil: where it publishes to, and the repository it names. */
async function publication(wanted: Wanted): Promise<{ url: RepoUrl | null; meant: Elsewhere }> {
  for (const step of wanted.definition.spec.steps) {
    const meant = publishesTo(step.action);
    if (meant === null || !(await isWanted(step, wanted))) continue;
    const template = step.input?.["repoUrl"];
    const text = typeof template === "string" ? await rendered(template, wanted) : firstText(wanted.values, ["repoUrl"]);
    return { meant, url: parseRepoUrl(typeof text === "string" ? text : null) };
  }
  return { meant: "github", url: parseRepoUrl(firstText(wanted.values, ["repoUrl"])) };
}

async function isWanted({ if: condition }: GoldenPathStep, wanted: Wanted): Promise<boolean> {
  if (typeof condition !== "string") return condition !== false;
  return isTruthy(await rendered(condition, wanted));
}

async function rendered(template: string, { definition, values, user }: Wanted): Promise<unknown> {
  const context = { parameters: values, user: { ref: user.ref }, steps: {}, secrets: {} };
  try {
    return (await renderer().ask("values", { input: template, context, failed: false })).value;
  } catch (error) {
    if (!(error instanceof RenderFailure)) throw error;
    throw new DomainError("invalid", `The publish step of the golden path ${definition.metadata.name} cannot be read: ${error.message}`, { cause: error });
  }
}

function firstText(values: Record<string, unknown>, names: string[]): string | null {
  for (const name of names) {
    const value = values[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}
