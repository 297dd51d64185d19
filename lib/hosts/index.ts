import type { HostAdapter } from "./adapter";
import { argocdClient, argocdIdentity } from "./argocd";
import { azure } from "./azure";
import { bitbucket } from "./bitbucket";
import type { HostConnection } from "./client";
import { type ConnectionKind, type HostKind, isHostKind } from "./contract";
import { gitea } from "./gitea";
import { gitlab } from "./gitlab";

const ADAPTERS: Record<HostKind, HostAdapter> = { gitlab, gitea, bitbucket, azure };

/** The adapter of a kind of host. */
export const hostAdapter = (kind: HostKind): HostAdapter => ADAPTERS[kind];

/** Who the connection's token is there. Throws HostFailure. */
export async function identityAt(connection: HostConnection<ConnectionKind>): Promise<string> {
  const { kind } = connection;
  if (!isHostKind(kind)) return argocdIdentity(argocdClient(connection));
  const adapter = hostAdapter(kind);
  return adapter.identity(adapter.client({ ...connection, kind }), connection.owner);
}
