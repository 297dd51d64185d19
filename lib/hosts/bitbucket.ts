import { type HostAdapter, type HostChange, type HostPlace, type HostRepository, segments } from "./adapter";
import type { HostConnection } from "./client";
import { type HostAnswer, type HostClient, hostClient, nameIn } from "./client";

// Bitbucket Cloud. An owner is a workspace, with the key of a project behind a slash where a repository is to be made. Names of
// repositories are lower case there.

const CLOUD = "https://bitbucket.org";
const CLOUD_API = "https://api.bitbucket.org/2.0";
/** What nobody may do to the default branch, as Bitbucket calls it. */
const RESTRICTIONS = ["force", "delete"];

const parts = ({ owner, name }: HostPlace) => {
  const [workspace = "", project = null] = owner.split("/");
  return { workspace, project, slug: name.toLowerCase() };
};
const at = (place: HostPlace) => `/repositories/${segments(parts(place).workspace, parts(place).slug)}`;

function read(data: HostAnswer["data"], url: string, place: HostPlace): HostRepository {
  const { uuid, links, description, mainbranch } = data;
  return {
    id: uuid,
    cloneUrl: bitbucket.cloneUrl(url, place),
    webUrl: links.html.href,
    description: description ?? "",
    defaultBranch: mainbranch?.name ?? null,
    isArchived: false,
  };
}

const changeOf = ({ id: number, title, links }: HostAnswer["data"]): HostChange => ({ number, title, url: links.html.href });
const authorization = ({ user, token }: HostConnection) => (user ? `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}` : `Bearer ${token}`);

export const bitbucket: HostAdapter = {
  // Elsewhere than at bitbucket.org the API is expected below the same address, as behind a proxy.
  client: (connection) => hostClient(connection, { apiUrl: connection.url === CLOUD ? CLOUD_API : `${connection.url}/2.0`, authorization: authorization(connection) }),
  gitUser: ({ user }) => (user ? "x-bitbucket-api-token-auth" : "x-token-auth"),
  keepsDescription: true,
  cloneUrl: (url, place) => `${url}/${parts(place).workspace}/${parts(place).slug}.git`,
  placeOf: (url, cloneUrl) => {
    const [, owner, name] = cloneUrl.startsWith(`${url}/`) ? (/^([^/]+)\/([^/]+)\.git$/.exec(cloneUrl.slice(url.length + 1)) ?? []) : [];
    return owner && name ? { owner, name } : null;
  },
  contentsUrl: (webUrl, branch) => `${webUrl}/src/${branch}`,

  async identity(client, owner) {
    const { workspace, project } = parts({ owner, name: "" });
    const { data } = await client.call(`show the workspace ${workspace}`, `/workspaces/${segments(workspace)}`);
    if (project) await client.call(`show the project ${project}`, `/workspaces/${segments(workspace)}/projects/${segments(project)}`);
    return nameIn(client, `show the workspace ${workspace}`, data?.name ?? data?.slug);
  },

  async find(client, place) {
    const { status, data } = await client.call(`look for ${place.owner}/${place.name}`, at(place), { answers: [404] });
    return status === 404 ? null : read(data, client.connection.url, place);
  },

  async create(client, place, { description, visibility }) {
    const { project } = parts(place);
    const body = { scm: "git", is_private: visibility !== "public", description, ...(project ? { project: { key: project } } : {}) };
    const { data } = await client.call(`create the repository ${place.owner}/${place.name}`, at(place), { method: "POST", body });
    return read(data, client.connection.url, place);
  },

  async configure(client, place, repository, { defaultBranch, topics }) {
    if (repository.defaultBranch !== defaultBranch)
      await client.call(`make ${defaultBranch} the main branch`, at(place), { method: "PUT", body: { mainbranch: { type: "branch", name: defaultBranch } } });
    for (const kind of RESTRICTIONS) await ensureRestriction(client, place, kind, defaultBranch);
    return topics.length > 0 ? ["Bitbucket has no topics: they were left out."] : [];
  },

  archive: async () => false,

  async listChanges(client, place) {
    const { data } = await client.call(`list the pull requests of ${place.owner}/${place.name}`, `${at(place)}/pullrequests?state=OPEN&pagelen=50`);
    return data.values.map((one: HostAnswer["data"]) => ({ ...changeOf(one), branch: one.source.branch.name }));
  },

  async openChange(client, place, { branch, base, title, body, isDraft }) {
    // What was sent to Bitbucket as a draft before it knew drafts would be open at once: the title says it too.
    const wanted = {
      title: isDraft ? `Draft: ${title}` : title,
      source: { branch: { name: branch } },
      destination: { branch: { name: base } },
      description: body,
    };
    return changeOf((await client.call(`open the pull request for ${branch}`, `${at(place)}/pullrequests`, { method: "POST", body: wanted })).data);
  },

  async editChange(client, place, number, { title, body }) {
    await client.call(`edit the pull request #${number}`, `${at(place)}/pullrequests/${number}`, { method: "PUT", body: { title, description: body } });
  },

  async closeChange(client, place, number) {
    await client.call(`decline the pull request #${number}`, `${at(place)}/pullrequests/${number}/decline`, { method: "POST", answers: [404] });
  },
};

async function ensureRestriction(client: HostClient, place: HostPlace, kind: string, pattern: string): Promise<void> {
  const path = `${at(place)}/branch-restrictions`;
  const { data } = await client.call(`list the branch restrictions of ${place.owner}/${place.name}`, `${path}?kind=${kind}&pattern=${encodeURIComponent(pattern)}`);
  if (data.values.some((one: HostAnswer["data"]) => one.kind === kind && one.pattern === pattern)) return;
  await client.call(`protect ${pattern} against ${kind}`, path, { method: "POST", body: { type: "branchrestriction", kind, branch_match_kind: "glob", pattern } });
}
