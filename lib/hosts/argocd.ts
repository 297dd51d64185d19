import { segments } from "./adapter";
import { type HostClient, type HostConnection, hostClient, nameIn } from "./client";
import type { ConnectionKind } from "./contract";
import { HostFailure } from "./failure";

// Argo CD's own API. What a run made carries the run's address as an annotation, so a repeat finds it and a stranger's is left alone.

const MARK = "waymark.dev/run";
const IN_CLUSTER = "https://kubernetes.default.svc";
/** For something that is not there Argo CD says 403 to whom it does not want to tell, and 404 to others. */
const ABSENT = [403, 404];

/** The API of the connected Argo CD. */
export const argocdClient = (connection: HostConnection<ConnectionKind>): HostClient =>
  hostClient(connection, { apiUrl: `${connection.url}/api/v1`, authorization: `Bearer ${connection.token}` });

/** The account of the token. Throws HostFailure. */
export async function argocdIdentity(client: HostClient): Promise<string> {
  const { data } = await client.call("say whose token it is", "/session/userinfo");
  if (data?.loggedIn) return nameIn(client, "say whose token it is", data.username);
  throw new HostFailure({
    problem: "bad-credentials",
    cause: "Argo CD does not accept the token.",
    whoCanFix: "platform-team",
    nextAction: "Enter a valid token on Integrations, then retry.",
  });
}

export interface ArgocdResources {
  appName: string;
  projectName: string;
  namespace: string;
  repoUrl: string;
  path: string;
  labelValue: string;
  /** Address of the run. */
  mark: string;
}

/** Makes a project and an application in it, or finds those that this run made. Returns what was there before. Throws HostFailure, `name-taken` for a stranger's. */
export async function ensureArgocdResources(client: HostClient, wanted: ArgocdResources): Promise<void> {
  const { appName, projectName, namespace, repoUrl, path, labelValue, mark } = wanted;
  const annotations = { [MARK]: mark };
  await ensure(client, "project", projectName, mark, {
    project: {
      metadata: { name: projectName, annotations },
      spec: { destinations: [{ name: "local", namespace, server: IN_CLUSTER }], sourceRepos: [repoUrl] },
    },
  });
  await ensure(client, "application", appName, mark, {
    metadata: { name: appName, annotations, labels: { "backstage-name": labelValue }, finalizers: ["resources-finalizer.argocd.argoproj.io"] },
    spec: {
      project: projectName,
      destination: { namespace, server: IN_CLUSTER },
      source: { repoURL: repoUrl, path },
      revisionHistoryLimit: 10,
      syncPolicy: {
        automated: { allowEmpty: true, prune: true, selfHeal: true },
        retry: { limit: 10, backoff: { duration: "5s", factor: 2, maxDuration: "5m" } },
        syncOptions: ["CreateNamespace=false", "FailOnSharedResource=true"],
      },
    },
  });
}

async function ensure(client: HostClient, what: "project" | "application", name: string, mark: string, body: object): Promise<void> {
  const isOurs = async () => {
    const { status, data } = await client.call(`look for the ${what} ${name}`, `/${what}s/${segments(name)}`, { answers: ABSENT });
    if (status !== 200) return false;
    if (data?.metadata?.annotations?.[MARK] === mark) return true;
    throw new HostFailure({
      problem: "name-taken",
      cause: `Argo CD has ${what === "project" ? "a project" : "an application"} ${name} already. It was not made by this run and is left alone.`,
      whoCanFix: "you",
      nextAction: "Choose another name and start again.",
    });
  };
  if (await isOurs()) return;
  try {
    await client.call(`create the ${what} ${name}`, `/${what}s`, { method: "POST", body });
  } catch (error) {
    if (!(error instanceof HostFailure) || !(error.mayHaveHappened || error.problem === "invalid" || error.problem === "conflict") || !(await isOurs())) throw error;
  }
}
