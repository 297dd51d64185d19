import type { GithubClient } from "./client";
import { GithubFailure, isGithubFailure } from "./failure";
import { sealFor } from "./sealed-box";

// What workflows read and nobody reads back, and the keys of machines. GitHub takes a secret only sealed for a key of its own.

type At = { owner: string; repo: string };

const where = ({ owner, repo }: At) => `${owner}/${repo}`;

/** Makes a secret of the repository, or of one environment of it, this value; a repeat sets it again. Throws GithubFailure. */
export async function setSecret(client: GithubClient, at: At, secret: { name: string; value: string; environment?: string | undefined }): Promise<void> {
  const { name, value, environment } = secret;
  const place = environment === undefined ? where(at) : `the environment ${environment} of ${where(at)}`;
  const named = environment === undefined ? null : { ...at, environment_name: environment };
  const reading = `give the key for secrets of ${place}`;
  const { data: key } = named
    ? await client.call(reading, (rest) => rest.actions.getEnvironmentPublicKey(named))
    : await client.call(reading, (rest) => rest.actions.getRepoPublicKey(at));
  const sealed = { secret_name: name, encrypted_value: sealFor(key.key, value), key_id: key.key_id };
  const setting = `set the secret ${name} of ${place}`;
  if (named) await client.call(setting, (rest) => rest.actions.createOrUpdateEnvironmentSecret({ ...named, ...sealed }));
  else await client.call(setting, (rest) => rest.actions.createOrUpdateRepoSecret({ ...at, ...sealed }));
}

/** Adds a key by which a machine reads and writes the repository; one that is there stays. Throws GithubFailure. */
export async function ensureDeployKey(client: GithubClient, at: At, wanted: { title: string; key: string }): Promise<void> {
  const isThere = async () => {
    const { data } = await client.call(`list the deploy keys of ${where(at)}`, (rest) => rest.repos.listDeployKeys({ ...at, per_page: 100 }));
    return data.some(({ key }) => materialOf(key) === materialOf(wanted.key));
  };
  if (await isThere()) return;
  try {
    await client.call(`add a deploy key to ${where(at)}`, (rest) => rest.repos.createDeployKey({ ...at, title: wanted.title, key: wanted.key, read_only: false }));
  } catch (error) {
    if (!isGithubFailure(error)) throw error;
    if ((error.mayHaveHappened || error.status === 422) && (await isThere())) return;
    if (error.status !== 422) throw error;
    throw new GithubFailure(
      {
        problem: "invalid",
        cause: `GitHub did not add the deploy key ${wanted.title} to ${where(at)}: it is no public SSH key, or another repository has it already.`,
        whoCanFix: "you",
        nextAction: "Make a new pair with ssh-keygen for this repository alone, then start again.",
      },
      { cause: error },
    );
  }
}

/** Kind and bytes of a public key, without the remark behind them. */
const materialOf = (key: string): string => key.trim().split(/\s+/).slice(0, 2).join(" ");
