export const ROLES = ["engineer", "manager", "platform-admin"] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = ["read", "env:write", "repo:create", "catalog:write", "actions:run", "events:write", "admin", "scim"] as const;
export type Scope = (typeof SCOPES)[number];

export interface TeamMembership {
  id: string;
  ref: string;
  name: string;
  title: string;
  membership: "member" | "owner";
}

export interface UserActor {
  type: "user";
  id: string;
  handle: string;
  name: string;
  email: string | null;
  role: Role;
  teams: TeamMembership[];
  /** Teams that a manager answers for: those of the divisions and teams they belong to. Empty for other roles. */
  managedTeamIds: string[];
  credential: { type: "session"; id: string } | { type: "token"; id: string; scopes: Scope[] };
}

/** Ids of the teams that somebody means by "my teams": those they belong to and, for a manager, those they answer for. */
export const ownTeamIds = ({ teams, managedTeamIds }: UserActor): string[] => [...new Set([...teams.map((team) => team.id), ...managedTeamIds])];

/** The platform itself: jobs, reconcile loop, start-up. */
export interface SystemActor {
  type: "system";
  name: string;
}

export interface AnonymousActor {
  type: "anonymous";
}

/** An identity provider that pushes people and groups: it can do what the scope `scim` allows, and nothing else. */
export interface ConnectionActor {
  type: "connection";
  id: string;
  name: string;
  tokenId: string;
}

export type Actor = UserActor | SystemActor | ConnectionActor | AnonymousActor;
