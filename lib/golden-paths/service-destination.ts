import type { Connection } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import { githubClient } from "@/lib/platform/queries";
import type { Repository } from "@/lib/repositories/contract";
import type { GoldenPathDefinition } from "./definition";
import { RenderFailure, renderer } from "./engine/renderer";
import { parseRepoUrl } from "./engine/repo-url";

export interface Destination {
  provider: Repository["provider"];
  owner: string;
  name: string;
}

export interface Wanted {
  definition: GoldenPathDefinition;
  values: Record<string, unknown>;
  user: { ref: string; name: string };
  /** Short name of the owning team: the owner of repositories on our own git server. */
  team: string;
  provider?: Repository["provider"] | undefined;
}

/**
 * Where the service's repository goes and how it is called: as the publish step of the golden path says, on GitHub where that is
 * connected and meant, else on our own git server. Throws DomainError("invalid") when the answers give no name.
 */
export async function destinationOf(on: Connection, wanted: Wanted): Promise<Destination> {
  const url = await publishUrl(wanted);
  const name = url?.repo ?? firstText(wanted.values, ["name", "component_id", "componentId", "repoName", "serviceName"]);
  if (!name) {
    const message = `The golden path ${wanted.definition.metadata.name} asks for no name of the service. Add a question called name, or a repoUrl to its publish step.`;
    throw new DomainError("invalid", message, { fields: [{ path: "values.name", message }] });
  }
  const github = await githubClient(on);
  // Golden paths written for github.com mean the GitHub of this platform, which may be an Enterprise Server.
  const isMeant = url === null || url.host === "github.com" || url.host === (github && new URL(github.webUrl).host);
  const isGithub = wanted.provider === "github" || (wanted.provider === undefined && github !== null && isMeant);
  if (!isGithub) return { provider: "waymark", owner: wanted.team, name };
  if (!github) {
    const message = "GitHub is not connected. Leave the provider out to use the git server of Waymark, or ask a platform admin to connect GitHub.";
    throw new DomainError("invalid", message, { fields: [{ path: "provider", message }] });
  }
  return { provider: "github", owner: url?.owner ?? github.owner, name };
}

async function publishUrl({ definition, values, user }: Wanted): Promise<ReturnType<typeof parseRepoUrl>> {
  const step = definition.spec.steps.find(({ action }) => action === "publish:github");
  const template = step?.input?.repoUrl;
  if (typeof template !== "string") return parseRepoUrl(firstText(values, ["repoUrl"]));
  const context = { parameters: values, user: { ref: user.ref }, steps: {}, secrets: {} };
  try {
    const { value } = await renderer().ask("values", { input: template, context, failed: false });
    return parseRepoUrl(typeof value === "string" ? value : null);
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
