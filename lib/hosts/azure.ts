import { type HostAdapter, type HostChange, type HostPlace, type HostRepository, segments } from "./adapter";
import { type HostAnswer, type HostClient, hostClient, nameIn } from "./client";

// Azure DevOps. An owner is `organisation/project`; a repository has no description of its own, so nothing there can carry a mark.

const VERSION = "api-version=7.1";
/** The policy "Minimum number of reviewers", by which pushes to a branch go through pull requests. */
const REVIEWERS_POLICY = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";
const MAX_DESCRIPTION = 4_000;

const split = (owner: string) => {
  const [organisation = "", ...project] = owner.split("/");
  return { organisation, project: project.join("/") };
};
const projectPath = (owner: string) => `/${segments(split(owner).organisation, split(owner).project)}`;
const at = ({ owner, name }: HostPlace) => `${projectPath(owner)}/_apis/git/repositories/${segments(name)}`;
const branchOf = (ref: string | null | undefined) => ref?.replace(/^refs\/heads\//, "") ?? null;

function read(data: HostAnswer["data"], url: string, place: HostPlace): HostRepository {
  const { id, webUrl, defaultBranch, isDisabled } = data;
  return {
    id,
    cloneUrl: azure.cloneUrl(url, place),
    webUrl: webUrl ?? azure.cloneUrl(url, place),
    description: null,
    defaultBranch: branchOf(defaultBranch),
    isArchived: isDisabled === true,
  };
}

const changeOf = (url: string, place: HostPlace, { pullRequestId: number, title }: HostAnswer["data"]): HostChange => ({
  number,
  title,
  url: `${azure.cloneUrl(url, place)}/pullrequest/${number}`,
});

export const azure: HostAdapter = {
  client: (connection) => hostClient(connection, { apiUrl: connection.url, authorization: `Basic ${Buffer.from(`:${connection.token}`).toString("base64")}` }),
  gitUser: () => "waymark",
  keepsDescription: false,
  cloneUrl: (url, { owner, name }) => `${url}${projectPath(owner)}/_git/${segments(name)}`,
  placeOf: (url, cloneUrl) => {
    const [, organisation, project, name] = cloneUrl.startsWith(`${url}/`) ? (/^([^/]+)\/([^/]+)\/_git\/([^/]+)$/.exec(cloneUrl.slice(url.length + 1)) ?? []) : [];
    return organisation && project && name ? { owner: `${decodeURIComponent(organisation)}/${decodeURIComponent(project)}`, name: decodeURIComponent(name) } : null;
  },
  contentsUrl: (webUrl, branch) => `${webUrl}?version=GB${encodeURIComponent(branch)}`,

  async identity(client, owner) {
    const { organisation, project } = split(owner);
    const { data } = await client.call(`show the project ${owner}`, `/${segments(organisation)}/_apis/projects/${segments(project)}?${VERSION}`);
    return `${organisation}/${nameIn(client, `show the project ${owner}`, data?.name)}`;
  },

  async find(client, place) {
    const { status, data } = await client.call(`look for ${place.owner}/${place.name}`, `${at(place)}?${VERSION}`, { answers: [404] });
    return status === 404 ? null : read(data, client.connection.url, place);
  },

  async create(client, place) {
    const path = `${projectPath(place.owner)}/_apis/git/repositories?${VERSION}`;
    const { data } = await client.call(`create the repository ${place.owner}/${place.name}`, path, { method: "POST", body: { name: place.name } });
    return read(data, client.connection.url, place);
  },

  async configure(client, place, repository, { defaultBranch, topics }) {
    if (repository.defaultBranch !== defaultBranch) {
      const path = `${projectPath(place.owner)}/_apis/git/repositories/${repository.id}?${VERSION}`;
      await client.call(`make ${defaultBranch} the default branch`, path, { method: "PATCH", body: { defaultBranch: `refs/heads/${defaultBranch}` } });
    }
    await ensureReviewers(client, place, repository.id, defaultBranch);
    return topics.length > 0 ? ["Azure DevOps has no topics for repositories: they were left out."] : [];
  },

  archive: async () => false,

  async listChanges(client, place) {
    const { data } = await client.call(`list the pull requests of ${place.name}`, `${at(place)}/pullrequests?searchCriteria.status=active&${VERSION}`);
    return data.value.map((one: HostAnswer["data"]) => ({ ...changeOf(client.connection.url, place, one), branch: branchOf(one.sourceRefName) ?? "" }));
  },

  async openChange(client, place, { branch, base, title, body, isDraft }) {
    const wanted = { sourceRefName: `refs/heads/${branch}`, targetRefName: `refs/heads/${base}`, title, description: body.slice(0, MAX_DESCRIPTION), isDraft };
    const { data } = await client.call(`open the pull request for ${branch}`, `${at(place)}/pullrequests?${VERSION}`, { method: "POST", body: wanted });
    return changeOf(client.connection.url, place, data);
  },

  async editChange(client, place, number, { title, body }) {
    const changed = { title, description: body.slice(0, MAX_DESCRIPTION) };
    await client.call(`edit the pull request ${number}`, `${at(place)}/pullrequests/${number}?${VERSION}`, { method: "PATCH", body: changed });
  },

  async closeChange(client, place, number) {
    await client.call(`abandon the pull request ${number}`, `${at(place)}/pullrequests/${number}?${VERSION}`, { method: "PATCH", body: { status: "abandoned" }, answers: [404] });
  },
};

async function ensureReviewers(client: HostClient, place: HostPlace, repositoryId: string, branch: string): Promise<void> {
  const path = `${projectPath(place.owner)}/_apis/policy/configurations`;
  const refName = `refs/heads/${branch}`;
  const { data } = await client.call("list the branch policies", `${path}?policyType=${REVIEWERS_POLICY}&${VERSION}`);
  const isThere = data.value.some(({ settings }: HostAnswer["data"]) =>
    settings?.scope?.some((scope: Record<string, unknown>) => scope["repositoryId"] === repositoryId && scope["refName"] === refName),
  );
  if (isThere) return;
  const settings = { minimumApproverCount: 1, creatorVoteCounts: false, scope: [{ repositoryId, refName, matchKind: "exact" }] };
  const body = { isEnabled: true, isBlocking: true, type: { id: REVIEWERS_POLICY }, settings };
  await client.call(`protect the branch ${branch}`, `${path}?${VERSION}`, { method: "POST", body });
}
