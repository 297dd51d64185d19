import { type Actor, ownTeamIds, type Scope, type UserActor } from "./actor";

/**
 * How far an ability reaches for a role. `own`: what the person made, in a team they belong to. `team`: everything of a
 * team they stand in that relation to (member, owner, manager). `self`: only about their own account.
 */
type Reach = "none" | "self" | "own" | "team" | "any";

interface Row {
  engineer: Reach;
  teamOwner: Reach;
  manager: Reach;
  admin: Reach;
  /** What a token needs; null = only in the browser. */
  scope: Scope | null;
  /** Who may not do this either learns nothing of the thing's existence, unless they hold this. */
  visibleWith?: Permission;
}

const row = (engineer: Reach, teamOwner: Reach, manager: Reach, admin: Reach, scope: Scope | null, visibleWith?: Permission): Row => ({
  engineer,
  teamOwner,
  manager,
  admin,
  scope,
  ...(visibleWith ? { visibleWith } : {}),
});

const PERMISSION_NAMES = [
  "account.read",
  "session.list",
  "session.end",
  "session.end-any",
  "token.list",
  "token.create",
  "token.revoke",
  "token.revoke-any",
  "device.approve",
  "confirmation.read",
  "confirmation.decide",
  "notification.read",
  "notification.mark-read",
  "team.list",
  "team.manage-members",
  "team.create",
  "team.edit",
  "user.list",
  "user.set-role",
  "user.disable",
  "role-rule.list",
  "role-rule.edit",
  "provisioning.read",
  "provisioning.edit",
  "scim.read",
  "scim-person.push",
  "scim-person.remove",
  "scim-group.push",
  "scim-group.remove",
  "audit.read",
  "settings.read",
  "settings.edit",
  "platform.status",
  "demo.remove",
  "golden-path.read",
  "golden-path.publish",
  "environment.list",
  "environment.read",
  "environment.create",
  "environment.extend",
  "environment.delete",
  "environment.restart",
  "environment.read-logs",
  "environment.read-variables",
  "environment.edit-variables",
  "environment.reveal-credentials",
  "run.list",
  "run.read",
  "run.cancel",
  "run.retry",
  "entity.read",
  "entity.import",
  "entity.import-url",
  "entity.edit",
  "entity.star",
  "catalog-view.read",
  "catalog-view.save",
  "repository.read",
  "repository.push",
  "golden-path.run",
  "pull-request.open",
  "pull-request.edit",
  "pull-request.merge",
  "service.create",
  "service.decommission",
  "service.upgrade",
  "service.upgrade-many",
  "service.eject",
  "environment.deploy",
  "deployment.list",
  "telemetry.read",
  "incident.declare",
  "incident.resolve",
  "event.ingest",
  "metric.read",
  "metric.read-organisation",
  "metric.choose",
  "webhook-source.manage",
  "delivery-rules.edit",
  "delivery-annotation.edit",
  "integration.read",
  "integration.edit",
  "action.read",
  "action.run",
  "action.edit",
  "golden-path.edit",
  "golden-path.test",
  "golden-path.propose",
  "golden-path.read-proposal",
  "golden-path.edit-proposal",
  "golden-path.comment",
  "golden-path.review",
  "golden-path.count-form",
  "survey.read",
  "survey.answer",
  "survey.read-results",
  "survey.manage",
  "feedback.send",
  "feedback.answer",
  "scorecard.read",
  "scorecard.edit",
  "scorecard.exempt",
  "guardrail.read",
  "guardrail.edit",
  "guardrail.read-decision",
  "search",
] as const;

export type Permission = (typeof PERMISSION_NAMES)[number];

/** Every ability of the product. UI, HTTP API, command line and MCP all ask `can()`, which reads only this table. */
export const PERMISSIONS: Record<Permission, Row> = {
  "account.read": row("any", "any", "any", "any", "read"),
  "session.list": row("self", "self", "self", "any", null, "session.list"),
  "session.end": row("self", "self", "self", "any", null, "session.end"),
  "session.end-any": row("none", "none", "none", "any", "admin"),
  "token.list": row("self", "self", "self", "any", null, "token.list"),
  "token.create": row("self", "self", "self", "self", null),
  "token.revoke": row("self", "self", "self", "any", null, "token.revoke"),
  "token.revoke-any": row("none", "none", "none", "any", "admin"),
  "device.approve": row("any", "any", "any", "any", null),
  // What an agent asks for is answered by its person in the browser: a token that could confirm would confirm itself.
  "confirmation.read": row("self", "self", "self", "self", null, "confirmation.read"),
  "confirmation.decide": row("self", "self", "self", "self", null, "confirmation.read"),
  "notification.read": row("self", "self", "self", "self", "read"),
  "notification.mark-read": row("self", "self", "self", "self", null),
  "team.list": row("any", "any", "any", "any", "read"),
  "team.manage-members": row("none", "team", "team", "any", null),
  "team.create": row("none", "none", "none", "any", null),
  "team.edit": row("none", "none", "none", "any", null),
  "user.list": row("none", "none", "none", "any", "admin"),
  "user.set-role": row("none", "none", "none", "any", null),
  "user.disable": row("none", "none", "none", "any", null),
  "role-rule.list": row("none", "none", "none", "any", null),
  "role-rule.edit": row("none", "none", "none", "any", null),
  "provisioning.read": row("none", "none", "none", "any", null),
  "provisioning.edit": row("none", "none", "none", "any", null),
  // No person may, whatever their role: only a connection, which holds this one scope.
  "scim.read": row("none", "none", "none", "none", "scim"),
  "scim-person.push": row("none", "none", "none", "none", "scim"),
  "scim-person.remove": row("none", "none", "none", "none", "scim"),
  "scim-group.push": row("none", "none", "none", "none", "scim"),
  "scim-group.remove": row("none", "none", "none", "none", "scim"),
  "audit.read": row("self", "team", "team", "any", "admin"),
  "settings.read": row("none", "none", "none", "any", "admin"),
  "settings.edit": row("none", "none", "none", "any", "admin"),
  "platform.status": row("none", "none", "none", "any", "admin"),
  "demo.remove": row("none", "none", "none", "any", null),
  "golden-path.read": row("any", "any", "any", "any", "read"),
  "golden-path.publish": row("none", "none", "none", "any", "admin"),
  "environment.list": row("any", "any", "any", "any", "read"),
  "environment.read": row("team", "team", "team", "any", "read", "environment.read"),
  "environment.create": row("team", "team", "team", "any", "env:write"),
  "environment.extend": row("own", "team", "team", "any", "env:write", "environment.read"),
  "environment.delete": row("own", "team", "team", "any", "env:write", "environment.read"),
  "environment.restart": row("own", "team", "team", "any", "env:write", "environment.read"),
  "environment.read-logs": row("team", "team", "team", "any", "read", "environment.read"),
  "environment.read-variables": row("team", "team", "team", "any", "read", "environment.read"),
  "environment.edit-variables": row("team", "team", "team", "any", "env:write", "environment.read"),
  "environment.reveal-credentials": row("team", "team", "team", "any", "env:write", "environment.read"),
  "run.list": row("any", "any", "any", "any", "read"),
  "run.read": row("team", "team", "team", "any", "read", "run.read"),
  "run.cancel": row("own", "team", "team", "any", "env:write", "run.read"),
  "run.retry": row("own", "team", "team", "any", "env:write", "run.read"),
  "entity.read": row("any", "any", "any", "any", "read"),
  "entity.import": row("any", "any", "any", "any", "catalog:write"),
  "entity.import-url": row("none", "team", "none", "any", "catalog:write"),
  "entity.edit": row("own", "team", "team", "any", "catalog:write"),
  "entity.star": row("self", "self", "self", "self", "catalog:write"),
  "catalog-view.read": row("self", "self", "self", "self", "read"),
  "catalog-view.save": row("self", "self", "self", "self", "catalog:write"),
  "repository.read": row("any", "any", "any", "any", "read"),
  "repository.push": row("team", "team", "team", "any", "repo:create"),
  "golden-path.run": row("team", "team", "team", "any", "repo:create"),
  "pull-request.open": row("team", "team", "team", "any", "repo:create"),
  "pull-request.edit": row("team", "team", "team", "any", "repo:create"),
  "pull-request.merge": row("team", "team", "team", "any", "repo:create"),
  "service.create": row("team", "team", "team", "any", "repo:create"),
  "service.decommission": row("own", "team", "team", "any", "repo:create"),
  "service.upgrade": row("team", "team", "team", "any", "repo:create"),
  "service.upgrade-many": row("none", "none", "none", "any", "admin"),
  "service.eject": row("team", "team", "team", "any", "repo:create"),
  "environment.deploy": row("team", "team", "team", "any", "env:write", "environment.read"),
  "deployment.list": row("any", "any", "any", "any", "read"),
  // Figures of a service are for everybody, as its deployments are; an environment's, and every trace and log, for those who may read the environment.
  "telemetry.read": row("any", "any", "any", "any", "read"),
  "incident.declare": row("any", "any", "any", "any", "events:write"),
  "incident.resolve": row("team", "team", "team", "any", "events:write"),
  "event.ingest": row("team", "team", "team", "any", "events:write"),
  "metric.read": row("team", "team", "team", "any", "read"),
  "metric.read-organisation": row("any", "any", "any", "any", "read"),
  "metric.choose": row("any", "any", "any", "any", null),
  "delivery-rules.edit": row("none", "none", "none", "any", "admin"),
  "delivery-annotation.edit": row("none", "none", "none", "any", "admin"),
  "webhook-source.manage": row("none", "none", "none", "any", "admin"),
  "integration.read": row("none", "none", "none", "any", "admin"),
  "integration.edit": row("none", "none", "none", "any", "admin"),
  "action.read": row("any", "any", "any", "any", "read"),
  "action.run": row("team", "team", "team", "any", "actions:run"),
  "action.edit": row("none", "none", "none", "any", "admin"),
  "golden-path.edit": row("none", "none", "none", "any", "admin"),
  "golden-path.test": row("team", "team", "team", "any", "env:write"),
  "golden-path.propose": row("team", "team", "team", "any", "repo:create"),
  "golden-path.read-proposal": row("team", "team", "team", "any", "read", "golden-path.read-proposal"),
  "golden-path.edit-proposal": row("own", "team", "team", "own", "repo:create", "golden-path.read-proposal"),
  "golden-path.comment": row("team", "team", "team", "any", "repo:create", "golden-path.read-proposal"),
  "golden-path.review": row("none", "none", "none", "any", "admin", "golden-path.read-proposal"),
  "golden-path.count-form": row("any", "any", "any", "any", null),
  "survey.read": row("any", "any", "any", "any", "read"),
  "survey.answer": row("self", "self", "self", "self", null),
  "survey.read-results": row("team", "team", "team", "any", "read"),
  "survey.manage": row("none", "none", "none", "any", "admin"),
  "feedback.send": row("any", "any", "any", "any", null),
  "feedback.answer": row("none", "none", "none", "any", "admin"),
  "scorecard.read": row("any", "any", "any", "any", "read"),
  "scorecard.edit": row("none", "none", "none", "any", "admin"),
  "scorecard.exempt": row("none", "team", "none", "any", "catalog:write"),
  "guardrail.read": row("any", "any", "any", "any", "read"),
  "guardrail.edit": row("none", "none", "none", "any", "admin"),
  "guardrail.read-decision": row("team", "team", "team", "any", "read", "guardrail.read-decision"),
  search: row("any", "any", "any", "any", "read"),
};

/** What an ability is asked about. Leave out what does not apply. */
export interface Subject {
  teamId?: string | null;
  ownerId?: string | null;
  /** The account concerned, for abilities about oneself. */
  userId?: string | null;
}

/** True if the actor may use the ability on the subject now. Tokens are limited to their scopes as well. */
export function can(actor: Actor, permission: Permission, subject: Subject = {}): boolean {
  if (actor.type === "system") return true;
  if (actor.type === "anonymous") return false;
  const rule = PERMISSIONS[permission];
  if (actor.type === "connection") return rule.scope === "scim";
  if (actor.credential.type === "token" && (!rule.scope || !actor.credential.scopes.includes(rule.scope))) return false;
  return relations(actor, subject).some((relation) => reaches(rule[relation], relation, actor, subject));
}

type Relation = "engineer" | "teamOwner" | "manager" | "admin";

function relations(actor: UserActor, subject: Subject): Relation[] {
  const list: Relation[] = ["engineer"];
  if (actor.teams.some((team) => team.membership === "owner" && (!subject.teamId || team.id === subject.teamId))) list.push("teamOwner");
  if (actor.role === "manager") list.push("manager");
  if (actor.role === "platform-admin") list.push("admin");
  return list;
}

function reaches(reach: Reach, relation: Relation, actor: UserActor, subject: Subject): boolean {
  const inTeam = Boolean(subject.teamId) && actor.teams.some((team) => team.id === subject.teamId);
  switch (reach) {
    case "any":
      return true;
    case "self":
      return subject.userId === actor.id;
    case "own":
      return subject.ownerId === actor.id && inTeam;
    case "team":
      if (relation === "engineer") return inTeam;
      if (relation === "teamOwner") return actor.teams.some((team) => team.id === subject.teamId && team.membership === "owner");
      return Boolean(subject.teamId) && actor.managedTeamIds.includes(subject.teamId ?? "");
    case "none":
      return false;
  }
}

/** True if there is anything that the actor may use the ability on: for lists of abilities. */
export function canSomewhere(actor: Actor, permission: Permission): boolean {
  if (actor.type !== "user") return can(actor, permission);
  const mine = { userId: actor.id, ownerId: actor.id };
  return can(actor, permission, mine) || ownTeamIds(actor).some((teamId) => can(actor, permission, { ...mine, teamId }));
}

/** Which teams an ability reaches, for lists: `all`, or the ids. */
export function teamsWithin(actor: Actor, permission: Permission): "all" | string[] {
  if (actor.type === "system") return "all";
  if (actor.type !== "user") return [];
  if (actor.role === "platform-admin" && PERMISSIONS[permission].admin === "any") return can(actor, permission) ? "all" : [];
  return ownTeamIds(actor).filter((teamId) => can(actor, permission, { teamId, ownerId: actor.id }));
}
