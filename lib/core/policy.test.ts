import { describe, expect, test } from "vitest";
import { SCOPES, type Scope, type UserActor } from "./actor";
import type { Ctx } from "./ctx";
import { authorize } from "./operation";
import { can, canSomewhere, PERMISSIONS, type Permission, type Subject, teamsWithin } from "./policy";

/**
 * What the authorization matrix promises, written out by hand from the security document, not read from the table it checks.
 * `all` everywhere · `team` everything of a team they are in, own or manage · `own` what they made themselves in their team ·
 * `self` only their own account · `-` nothing. Owners and managers are engineers as well.
 */
type Cell = "all" | "team" | "own" | "self" | "self and team" | "-";
type Expected = [engineer: Cell, owner: Cell, manager: Cell, admin: Cell, tokenScope: Scope | "browser only"];

const MATRIX: Record<Permission, Expected> = {
  // "read catalog, docs, templates, scorecards" and lists that show only what one may see
  "golden-path.read": ["all", "all", "all", "all", "read"],
  "environment.list": ["all", "all", "all", "all", "read"],
  "run.list": ["all", "all", "all", "all", "read"],
  "team.list": ["all", "all", "all", "all", "read"],
  search: ["all", "all", "all", "all", "read"],
  // Standards: read like the catalog, set by the platform team; an owner lets their own team's things off for a while
  "scorecard.read": ["all", "all", "all", "all", "read"],
  "scorecard.edit": ["-", "-", "-", "all", "admin"],
  "scorecard.exempt": ["-", "team", "-", "all", "catalog:write"],
  // what the platform minds is for everybody to read; what it said to whom is a matter of the team's
  "guardrail.read": ["all", "all", "all", "all", "read"],
  "guardrail.edit": ["-", "-", "-", "all", "admin"],
  "guardrail.read-decision": ["team", "team", "team", "all", "read"],
  "account.read": ["all", "all", "all", "all", "read"],
  // "own tokens and sessions": self; "a token cannot mint tokens"
  "session.list": ["self", "self", "self", "all", "browser only"],
  "session.end": ["self", "self", "self", "all", "browser only"],
  "token.list": ["self", "self", "self", "all", "browser only"],
  "token.create": ["self", "self", "self", "self", "browser only"],
  "token.revoke": ["self", "self", "self", "all", "browser only"],
  "device.approve": ["all", "all", "all", "all", "browser only"],
  "confirmation.read": ["self", "self", "self", "self", "browser only"],
  "confirmation.decide": ["self", "self", "self", "self", "browser only"],
  "notification.read": ["self", "self", "self", "self", "read"],
  "notification.mark-read": ["self", "self", "self", "self", "browser only"],
  // "others' tokens/sessions: list, revoke"
  "session.end-any": ["-", "-", "-", "all", "admin"],
  "token.revoke-any": ["-", "-", "-", "all", "admin"],
  // "team membership, quota request"
  "team.manage-members": ["-", "team", "team", "all", "browser only"],
  // "role change, SSO/SCIM settings"
  "team.create": ["-", "-", "-", "all", "browser only"],
  "team.edit": ["-", "-", "-", "all", "browser only"],
  "user.set-role": ["-", "-", "-", "all", "browser only"],
  "user.disable": ["-", "-", "-", "all", "browser only"],
  "role-rule.list": ["-", "-", "-", "all", "browser only"],
  "role-rule.edit": ["-", "-", "-", "all", "browser only"],
  "provisioning.read": ["-", "-", "-", "all", "browser only"],
  "provisioning.edit": ["-", "-", "-", "all", "browser only"],
  // "SCIM Users/Groups": "scim only"
  "scim.read": ["-", "-", "-", "-", "scim"],
  "scim-person.push": ["-", "-", "-", "-", "scim"],
  "scim-person.remove": ["-", "-", "-", "-", "scim"],
  "scim-group.push": ["-", "-", "-", "-", "scim"],
  "scim-group.remove": ["-", "-", "-", "-", "scim"],
  "demo.remove": ["-", "-", "-", "all", "browser only"],
  "user.list": ["-", "-", "-", "all", "admin"],
  // "audit read / export": owners and managers keep their own trail as engineers
  "audit.read": ["self", "self and team", "self and team", "all", "admin"],
  // "readiness detail, metrics"; "publish/edit template, guardrail, quota, integration, secret"
  "platform.status": ["-", "-", "-", "all", "admin"],
  "settings.read": ["-", "-", "-", "all", "admin"],
  "settings.edit": ["-", "-", "-", "all", "admin"],
  "golden-path.publish": ["-", "-", "-", "all", "admin"],
  // "create environment in team"
  "environment.create": ["team", "team", "team", "all", "env:write"],
  // "extend/stop/destroy environment"
  "environment.extend": ["own", "team", "team", "all", "env:write"],
  "environment.delete": ["own", "team", "team", "all", "env:write"],
  "environment.restart": ["own", "team", "team", "all", "env:write"],
  "run.cancel": ["own", "team", "team", "all", "env:write"],
  "run.retry": ["own", "team", "team", "all", "env:write"],
  // "see environment logs, run output, connection details": "env:write for secrets, else read"
  "environment.read": ["team", "team", "team", "all", "read"],
  "environment.read-logs": ["team", "team", "team", "all", "read"],
  "environment.read-variables": ["team", "team", "team", "all", "read"],
  "environment.edit-variables": ["team", "team", "team", "all", "env:write"],
  "environment.reveal-credentials": ["team", "team", "team", "all", "env:write"],
  "run.read": ["team", "team", "team", "all", "read"],
  // "edit/delete catalog entity": what an engineer registered they may correct; adding what is new is open to everybody and recorded
  "entity.read": ["all", "all", "all", "all", "read"],
  "entity.import": ["all", "all", "all", "all", "catalog:write"],
  "entity.import-url": ["-", "team", "-", "all", "catalog:write"],
  "entity.edit": ["own", "team", "team", "all", "catalog:write"],
  // what a person keeps for themselves
  "entity.star": ["self", "self", "self", "self", "catalog:write"],
  "catalog-view.read": ["self", "self", "self", "self", "read"],
  "catalog-view.save": ["self", "self", "self", "self", "catalog:write"],
  // "create repository/service from template"
  "repository.read": ["all", "all", "all", "all", "read"],
  "repository.push": ["team", "team", "team", "all", "repo:create"],
  "golden-path.run": ["team", "team", "team", "all", "repo:create"],
  "service.create": ["team", "team", "team", "all", "repo:create"],
  "service.decommission": ["own", "team", "team", "all", "repo:create"],
  // a pull request changes nothing that a push could not: whoever may push may open, settle and merge one
  "pull-request.open": ["team", "team", "team", "all", "repo:create"],
  "pull-request.edit": ["team", "team", "team", "all", "repo:create"],
  "pull-request.merge": ["team", "team", "team", "all", "repo:create"],
  // a team upgrades or leaves by itself; only the platform team offers upgrades to services of every team at once
  "service.upgrade": ["team", "team", "team", "all", "repo:create"],
  "service.upgrade-many": ["-", "-", "-", "all", "admin"],
  "service.eject": ["team", "team", "team", "all", "repo:create"],
  // deploying is daily work of everybody in the team; what runs where is no secret inside the company
  "environment.deploy": ["team", "team", "team", "all", "env:write"],
  "deployment.list": ["all", "all", "all", "all", "read"],
  "telemetry.read": ["all", "all", "all", "all", "read"],
  "incident.declare": ["all", "all", "all", "all", "events:write"],
  "incident.resolve": ["team", "team", "team", "all", "events:write"],
  "event.ingest": ["team", "team", "team", "all", "events:write"],
  // "DORA/time/cost figures of one team"
  "metric.read": ["team", "team", "team", "all", "read"],
  "metric.read-organisation": ["all", "all", "all", "all", "read"],
  // One's own view; a group's default is further limited to its owners and managers by the operation.
  "delivery-rules.edit": ["-", "-", "-", "all", "admin"],
  "delivery-annotation.edit": ["-", "-", "-", "all", "admin"],
  "metric.choose": ["all", "all", "all", "all", "browser only"],
  "webhook-source.manage": ["-", "-", "-", "all", "admin"],
  "integration.read": ["-", "-", "-", "all", "admin"],
  "integration.edit": ["-", "-", "-", "all", "admin"],
  "action.read": ["all", "all", "all", "all", "read"],
  "action.run": ["team", "team", "team", "all", "actions:run"],
  "action.edit": ["-", "-", "-", "all", "admin"],
  "golden-path.edit": ["-", "-", "-", "all", "admin"],
  // a trial is a sandbox of the team's; a proposal is the team's own until the platform team, which sees them all, decides
  "golden-path.test": ["team", "team", "team", "all", "env:write"],
  "golden-path.propose": ["team", "team", "team", "all", "repo:create"],
  "golden-path.read-proposal": ["team", "team", "team", "all", "read"],
  "golden-path.edit-proposal": ["own", "team", "team", "own", "repo:create"],
  "golden-path.comment": ["team", "team", "team", "all", "repo:create"],
  "golden-path.review": ["-", "-", "-", "all", "admin"],
  "golden-path.count-form": ["all", "all", "all", "all", "browser only"],
  // "answer a survey (once)", "survey results ≥ 5"; nobody answers by token
  "survey.read": ["all", "all", "all", "all", "read"],
  "survey.answer": ["self", "self", "self", "self", "browser only"],
  "survey.read-results": ["team", "team", "team", "all", "read"],
  "survey.manage": ["-", "-", "-", "all", "admin"],
  "feedback.send": ["all", "all", "all", "all", "browser only"],
  "feedback.answer": ["-", "-", "-", "all", "admin"],
};

const team = (id: string, membership: "member" | "owner") => ({ id, ref: `group:default/${id}`, name: id, title: id, membership });
const person = (id: string, rest: Partial<UserActor>): UserActor => ({
  type: "user",
  id,
  handle: id,
  name: id,
  email: null,
  role: "engineer",
  teams: [],
  managedTeamIds: [],
  credential: { type: "session", id: "s" },
  ...rest,
});

const ACTORS = {
  engineer: person("ada", { teams: [team("a", "member")] }),
  owner: person("olga", { teams: [team("a", "owner")] }),
  // The division "d" holds team "a".
  manager: person("max", { role: "manager", teams: [team("d", "member")], managedTeamIds: ["d", "a"] }),
  admin: person("pat", { role: "platform-admin", teams: [team("p", "member")] }),
} as const;
type Who = keyof typeof ACTORS;
const ORDER: Who[] = ["engineer", "owner", "manager", "admin"];

/** Each thing a permission can be asked about, and which cells reach it. */
function cases(who: Who): { about: string; subject: Subject; reachedBy: Cell[] }[] {
  const me = ACTORS[who].id;
  // An engineer's `own` needs both: made by them, and in a team they are in.
  const inTeam = who === "manager" ? "a" : (ACTORS[who].teams[0]?.id ?? "a");
  return [
    { about: "own thing in own team", subject: { teamId: inTeam, ownerId: me }, reachedBy: ["all", "team", "self and team", "own"] },
    { about: "colleague's thing in own team", subject: { teamId: inTeam, ownerId: "somebody" }, reachedBy: ["all", "team", "self and team"] },
    { about: "other team's thing", subject: { teamId: "b", ownerId: "somebody" }, reachedBy: ["all"] },
    { about: "own thing in a team they left", subject: { teamId: "b", ownerId: me }, reachedBy: ["all"] },
    { about: "a thing without a team", subject: { teamId: null, ownerId: "somebody" }, reachedBy: ["all"] },
    { about: "own account", subject: { userId: me }, reachedBy: ["all", "self", "self and team"] },
    { about: "another's account", subject: { userId: "somebody" }, reachedBy: ["all"] },
    { about: "nothing in particular", subject: {}, reachedBy: ["all"] },
  ];
}

const cellOf = (permission: Permission, who: Who) => MATRIX[permission][ORDER.indexOf(who)] as Cell;
const scopeOf = (permission: Permission) => MATRIX[permission][4];
const names = Object.keys(MATRIX) as Permission[];

test("every permission has its line in the matrix and every line its permission", () => {
  expect([...names].sort()).toEqual(Object.keys(PERMISSIONS).sort());
});

describe.each(ORDER)("%s", (who) => {
  test.each(names)("%s", (permission) => {
    for (const { about, subject, reachedBy } of cases(who)) {
      // An admin has no own team in the matrix's sense: their cells are `all`, `self` or `-`.
      expect(can(ACTORS[who], permission, subject), about).toBe(reachedBy.includes(cellOf(permission, who)));
    }
  });
});

test("nobody may do anything without signing in; the platform itself may", () => {
  for (const permission of names) {
    for (const { subject } of cases("engineer")) expect(can({ type: "anonymous" }, permission, subject)).toBe(false);
    expect(can({ type: "system", name: "worker" }, permission)).toBe(true);
  }
});

test("a connection can push people and groups, and nothing else", () => {
  const connection = { type: "connection" as const, id: "scx_a", name: "Okta", tokenId: "tok_a" };
  expect(names.filter((permission) => can(connection, permission, { userId: "scx_a", teamId: "a", ownerId: "scx_a" })).sort()).toEqual([
    "scim-group.push",
    "scim-group.remove",
    "scim-person.push",
    "scim-person.remove",
    "scim.read",
  ]);
  expect(teamsWithin(connection, "environment.read")).toEqual([]);
});

test("a token can do what its scope and its owner's role both allow, and nothing else", () => {
  for (const who of ORDER) {
    for (const scope of SCOPES) {
      const actor: UserActor = { ...ACTORS[who], credential: { type: "token", id: "t", scopes: [scope] } };
      for (const permission of names) {
        for (const { about, subject, reachedBy } of cases(who)) {
          const expected = scope === scopeOf(permission) && reachedBy.includes(cellOf(permission, who));
          expect(can(actor, permission, subject), `${who} with ${scope}: ${permission} on ${about}`).toBe(expected);
        }
      }
    }
  }
});

test("a token without scopes can do nothing", () => {
  const actor: UserActor = { ...ACTORS.admin, credential: { type: "token", id: "t", scopes: [] } };
  expect(names.filter((permission) => can(actor, permission, { userId: "pat", teamId: "p", ownerId: "pat" }))).toEqual([]);
});

describe("refusals", () => {
  const ctx = (actor: Ctx["actor"]): Ctx => ({ actor, now: new Date(0), requestId: "req_test", ipPrefix: null });
  const refusal = (actor: Ctx["actor"], permission: Permission, subject: Subject) => {
    try {
      authorize(ctx(actor), permission, subject);
      return "allowed";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test("another team's environments and runs do not exist for one", () => {
    const theirs = { teamId: "b", ownerId: "somebody" };
    for (const permission of names.filter((name) => /^(environment|run)\./.test(name) && MATRIX[name][0] !== "all" && name !== "environment.create")) {
      for (const who of ["engineer", "owner", "manager"] as const) expect(refusal(ACTORS[who], permission, theirs), `${who} ${permission}`).toBe("not_found");
    }
  });

  test("a colleague's environment may be seen but not ended by an engineer", () => {
    const colleagues = { teamId: "a", ownerId: "somebody" };
    expect(refusal(ACTORS.engineer, "environment.read", colleagues)).toBe("allowed");
    expect(refusal(ACTORS.engineer, "environment.delete", colleagues)).toBe("forbidden");
    expect(refusal(ACTORS.owner, "environment.delete", colleagues)).toBe("allowed");
  });

  test("a token is told what it lacks where its owner may, and nothing where its owner may not", () => {
    const byToken = (actor: UserActor, scopes: Scope[]): UserActor => ({ ...actor, credential: { type: "token", id: "t", scopes } });
    expect(refusal(byToken(ACTORS.engineer, ["env:write"]), "environment.read", { teamId: "a" })).toBe("forbidden");
    expect(refusal(byToken(ACTORS.engineer, ["read"]), "session.list", { userId: "ada" })).toBe("forbidden");
    expect(refusal(byToken(ACTORS.engineer, ["read", "env:write"]), "environment.read", { teamId: "b" })).toBe("not_found");
    expect(refusal(byToken(ACTORS.engineer, ["admin"]), "session.list", { userId: "somebody" })).toBe("not_found");
    expect(refusal(ACTORS.engineer, "token.revoke", { userId: "somebody" })).toBe("not_found");
  });

  test("creating in another team, and admin pages, are refused in the open", () => {
    expect(refusal(ACTORS.engineer, "environment.create", { teamId: "b", ownerId: "ada" })).toBe("forbidden");
    expect(refusal(ACTORS.manager, "user.set-role", {})).toBe("forbidden");
    expect(refusal({ type: "anonymous" }, "environment.read", { teamId: "a" })).toBe("unauthenticated");
  });
});

test("lists reach exactly the teams that single reads reach", () => {
  for (const permission of ["environment.read", "run.read", "audit.read"] as const) {
    for (const who of ORDER) {
      const within = teamsWithin(ACTORS[who], permission);
      for (const teamId of ["a", "b", "d", "p"]) {
        const listed = within === "all" || within.includes(teamId);
        expect(listed, `${who} ${permission} ${teamId}`).toBe(can(ACTORS[who], permission, { teamId, ownerId: "somebody" }));
      }
    }
  }
});

test("an ability is offered exactly where some thing is within its reach", () => {
  for (const who of ORDER) {
    for (const permission of names) {
      const reached = cases(who).some(({ subject }) => can(ACTORS[who], permission, subject));
      expect(canSomewhere(ACTORS[who], permission), `${who} ${permission}`).toBe(reached);
    }
  }
  expect(canSomewhere({ type: "anonymous" }, "search")).toBe(false);
  expect(canSomewhere(person("new", {}), "environment.create")).toBe(false);
});
