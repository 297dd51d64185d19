import { type HostAdapter, type HostChange, type HostPlace, type HostRepository, segments } from "./adapter";
import { type HostAnswer, hostClient, nameIn } from "./client";
import { isHostFailure } from "./failure";

// Gitea and Forgejo, whose API is the same for what is asked here.

const at = ({ owner, name }: HostPlace) => `/repos/${segments(owner, name)}`;
const MISSING = { answers: [404] };

function read(data: HostAnswer["data"], url: string, place: HostPlace): HostRepository {
  const { id, html_url: webUrl, description, default_branch: branch, empty, archived } = data;
  return {
    id: String(id),
    cloneUrl: gitea.cloneUrl(url, place),
    webUrl,
    description: description ?? "",
    defaultBranch: empty ? null : (branch ?? null),
    isArchived: archived === true,
  };
}

const changeOf = ({ number, title, html_url: url }: HostAnswer["data"]): HostChange => ({ number, title, url });

export const gitea: HostAdapter = {
  client: (connection) => hostClient(connection, { apiUrl: `${connection.url}/api/v1`, authorization: `token ${connection.token}` }),
  gitUser: () => "waymark",
  keepsDescription: true,
  cloneUrl: (url, { owner, name }) => `${url}/${owner}/${name}.git`,
  placeOf: (url, cloneUrl) => {
    const [, owner, name] = cloneUrl.startsWith(`${url}/`) ? (/^([^/]+)\/([^/]+)\.git$/.exec(cloneUrl.slice(url.length + 1)) ?? []) : [];
    return owner && name ? { owner, name } : null;
  },
  contentsUrl: (webUrl, branch) => `${webUrl}/src/branch/${branch}`,

  async identity(client, owner) {
    const { data: user } = await client.call("say whose token it is", "/user");
    const name = nameIn(client, "say whose token it is", user?.login);
    if (name !== owner) await client.call(`show the organisation ${owner}`, `/orgs/${segments(owner)}`);
    return name;
  },

  async find(client, place) {
    const { status, data } = await client.call(`look for ${place.owner}/${place.name}`, at(place), MISSING);
    return status === 404 ? null : read(data, client.connection.url, place);
  },

  async create(client, place, { description, visibility }) {
    const body = { name: place.name, description, private: visibility !== "public" };
    const doing = `create the repository ${place.owner}/${place.name}`;
    const { status, data } = await client.call(doing, `/orgs/${segments(place.owner)}/repos`, { method: "POST", body, answers: [404] });
    // No organisation of that name: the person's own repositories, if the token is theirs.
    const made = status === 404 ? (await client.call(doing, "/user/repos", { method: "POST", body })).data : data;
    return read(made, client.connection.url, place);
  },

  async configure(client, place, repository, { defaultBranch, topics }) {
    const name = `${place.owner}/${place.name}`;
    if (repository.defaultBranch !== defaultBranch)
      await client.call(`make ${defaultBranch} the default branch of ${name}`, at(place), { method: "PATCH", body: { default_branch: defaultBranch } });
    if (topics.length > 0) await client.call(`set the topics of ${name}`, `${at(place)}/topics`, { method: "PUT", body: { topics: topics.map((topic) => topic.toLowerCase()) } });
    const { data: rules } = await client.call(`list the protected branches of ${name}`, `${at(place)}/branch_protections`);
    const isProtected = rules.some(({ rule_name, branch_name }: Record<string, string>) => (rule_name || branch_name) === defaultBranch);
    if (!isProtected) {
      // One approval before a merge, as at GitHub; pushes to the branch itself go through pull requests.
      const body = { rule_name: defaultBranch, enable_push: false, required_approvals: 1, block_on_rejected_reviews: true };
      await client.call(`protect ${defaultBranch} of ${name}`, `${at(place)}/branch_protections`, { method: "POST", body });
    }
    return [];
  },

  async archive(client, place) {
    await client.call(`archive ${place.owner}/${place.name}`, at(place), { method: "PATCH", body: { archived: true } });
    return true;
  },

  async listChanges(client, place) {
    const { data } = await client.call(`list the pull requests of ${place.owner}/${place.name}`, `${at(place)}/pulls?state=open&limit=50`);
    return data.map((one: HostAnswer["data"]) => ({ ...changeOf(one), branch: one.head.ref }));
  },

  async openChange(client, place, { branch, base, title, body, isDraft }) {
    const doing = `open the pull request for ${branch}`;
    const wanted = { head: branch, base, title: isDraft ? `WIP: ${title}` : title, body };
    return changeOf((await client.call(doing, `${at(place)}/pulls`, { method: "POST", body: wanted })).data);
  },

  async editChange(client, place, number, { title, body }) {
    await client.call(`edit the pull request #${number}`, `${at(place)}/pulls/${number}`, { method: "PATCH", body: { title, body } });
  },

  async closeChange(client, place, number) {
    try {
      await client.call(`close the pull request #${number}`, `${at(place)}/pulls/${number}`, { method: "PATCH", body: { state: "closed" } });
    } catch (error) {
      if (!isHostFailure(error, "not-found")) throw error;
    }
  },
};
