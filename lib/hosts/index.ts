import type { HostAdapter } from "./adapter";
import { azure } from "./azure";
import { bitbucket } from "./bitbucket";
import type { HostKind } from "./contract";
import { gitea } from "./gitea";
import { gitlab } from "./gitlab";

const ADAPTERS: Record<HostKind, HostAdapter> = { gitlab, gitea, bitbucket, azure };

/** The adapter of a kind of host. */
export const hostAdapter = (kind: HostKind): HostAdapter => ADAPTERS[kind];
