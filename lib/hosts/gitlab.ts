import { type HostAdapter, type HostChange, type HostPlace, type HostRepository, segments } from "./adapter";
import { type HostAnswer, type HostClient, hostClient, nameIn } from "./client";

// GitLab.com and servers of one's own. A project is addressed by its whole path, with the slashes encoded.

const at = ({ owner, name }: HostPlace) => `/projects/${encodeURIComponent(`${owner}/${name}`)}`;

function read(data: HostAnswer["data"], url: string, place: HostPlace): HostRepository {
  const { id, web_url: webUrl, description, default_branch: branch, empty_repo: isEmpty, archived } = data;
  return {
    id: String(id),
    cloneUrl: gitlab.cloneUrl(url, place),
    webUrl,
    description: description ?? "",
    defaultBranch: isEmpty ? null : (branch ?? null),
    isArchived: archived === true,
  };
}

const changeOf = ({ iid: number, title, web_url: url }: HostAnswer["data"]): HostChange => ({ number, title, url });

export const gitlab: HostAdapter = {
  client: (connection) => hostClient(connection, { apiUrl: `${connection.url}/api/v4`, authorization: `Bearer ${connection.token}` }),
  gitUser: () => "oauth2",
  keepsDescription: true,
  cloneUrl: (url, { owner, name }) => `${url}/${owner}/${name}.git`,
  placeOf: (url, cloneUrl) => {
    const [, owner, name] = cloneUrl.startsWith(`${url}/`) ? (/^(.+)\/([^/]+)\.git$/.exec(cloneUrl.slice(url.length + 1)) ?? []) : [];
    return owner && name ? { owner, name } : null;
  },
  contentsUrl: (webUrl, branch) => `${webUrl}/-/blob/${branch}`,

  async identity(client, owner) {
    const { data: user } = await client.call("say whose token it is", "/user");
    const name = nameIn(client, "say whose token it is", user?.username);
    await namespaceOf(client, owner);
    return name;
  },

  async find(client, place) {
    const { status, data } = await client.call(`look for ${place.owner}/${place.name}`, at(place), { answers: [404] });
    return status === 404 ? null : read(data, client.connection.url, place);
  },

  async create(client, place, { description, visibility, topics, settings }) {
    const namespace = await namespaceOf(client, place.owner);
    const body = { name: place.name, visibility, ...(topics.length > 0 ? { topics } : {}), ...settings, path: place.name, namespace_id: namespace, description };
    const { data } = await client.call(`create the project ${place.owner}/${place.name}`, "/projects", { method: "POST", body });
    return read(data, client.connection.url, place);
  },

  async configure(client, place, repository, { defaultBranch, branches, variables }) {
    if (repository.defaultBranch !== defaultBranch)
      await client.call(`make ${defaultBranch} the default branch of ${place.owner}/${place.name}`, at(place), { method: "PUT", body: { default_branch: defaultBranch } });
    for (const { name, ref, isProtected } of branches) {
      if (ref !== null) await ensureBranch(client, place, name, ref);
      if (isProtected) await ensureProtected(client, place, name);
    }
    // GitLab protects the default branch by itself unless the group says otherwise.
    await ensureProtected(client, place, defaultBranch);
    for (const variable of variables) await ensureVariable(client, place, variable);
    return [];
  },

  async archive(client, place) {
    await client.call(`archive ${place.owner}/${place.name}`, `${at(place)}/archive`, { method: "POST" });
    return true;
  },

  async listChanges(client, place) {
    const { data } = await client.call(`list the merge requests of ${place.owner}/${place.name}`, `${at(place)}/merge_requests?state=opened&per_page=100`);
    return data.map((one: HostAnswer["data"]) => ({ ...changeOf(one), branch: one.source_branch }));
  },

  async openChange(client, place, { branch, base, title, body, isDraft }) {
    const wanted = { source_branch: branch, target_branch: base, title: isDraft ? `Draft: ${title}` : title, description: body };
    return changeOf((await client.call(`open the merge request for ${branch}`, `${at(place)}/merge_requests`, { method: "POST", body: wanted })).data);
  },

  async editChange(client, place, number, { title, body }) {
    await client.call(`edit the merge request !${number}`, `${at(place)}/merge_requests/${number}`, { method: "PUT", body: { title, description: body } });
  },

  async closeChange(client, place, number) {
    await client.call(`close the merge request !${number}`, `${at(place)}/merge_requests/${number}`, { method: "PUT", body: { state_event: "close" }, answers: [404] });
  },
};

async function namespaceOf(client: HostClient, owner: string): Promise<number> {
  const { data } = await client.call(`show the group ${owner}`, `/namespaces/${segments(owner)}`);
  return data.id;
}

async function ensureBranch(client: HostClient, place: HostPlace, branch: string, ref: string): Promise<void> {
  const { status } = await client.call(`look for the branch ${branch}`, `${at(place)}/repository/branches/${segments(branch)}`, { answers: [404] });
  if (status === 404) await client.call(`make the branch ${branch}`, `${at(place)}/repository/branches`, { method: "POST", body: { branch, ref } });
}

async function ensureProtected(client: HostClient, place: HostPlace, branch: string): Promise<void> {
  const { status } = await client.call(`look at the protection of ${branch}`, `${at(place)}/protected_branches/${segments(branch)}`, { answers: [404] });
  if (status === 404) await client.call(`protect the branch ${branch}`, `${at(place)}/protected_branches`, { method: "POST", body: { name: branch }, answers: [409] });
}

async function ensureVariable(client: HostClient, place: HostPlace, { key, ...variable }: { key: string; value: string }): Promise<void> {
  const doing = `set the variable ${key} of ${place.owner}/${place.name}`;
  const { status } = await client.call(doing, `${at(place)}/variables`, { method: "POST", body: { key, ...variable }, answers: [400] });
  // Taken: GitLab answers 400 for a key that is there already.
  if (status === 400) await client.call(doing, `${at(place)}/variables/${segments(key)}`, { method: "PUT", body: variable });
}
