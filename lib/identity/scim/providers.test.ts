import { beforeAll, describe, expect, test } from "vitest";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, signedIn } from "@/tests/setup/people";
import { aConnection, type ScimClient } from "@/tests/setup/scim-client";

// What the providers' own documentation says that they send, in its order and spelling.

useOwnDatabase();
const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
const found = (attribute: string, value: string) => `filter=${encodeURIComponent(`${attribute} eq "${value}"`)}&startIndex=1&count=100`;

describe("Okta", () => {
  let okta: ScimClient;
  beforeAll(async () => {
    okta = await aConnection(await signedIn(await aPerson("pat", { role: "platform-admin" })), "Okta");
  });
  let id = "";
  let groupId = "";

  const profile = {
    schemas: [USER],
    userName: "test.user@okta.local",
    name: { givenName: "Test", familyName: "User" },
    emails: [{ primary: true, value: "test.user@okta.local", type: "work" }],
    displayName: "Test User",
    locale: "en-US",
    externalId: "00ujl29u0le5T6Aj10h7",
    groups: [],
    password: "1mz050nq",
    active: true,
  };

  test("tests the credentials", async () => {
    for (const path of ["/Users?startIndex=1&count=2", "/Groups?startIndex=1&count=100"]) {
      const { status, body, headers } = await okta.get(path);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toMatch(/^application\/scim\+json/);
      expect(body).toEqual({ schemas: [LIST], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] });
    }
  });

  test("looks for the person, then creates them; the password is neither kept nor answered", async () => {
    expect((await okta.get(`/Users?${found("userName", "test.user@okta.local")}`)).body.totalResults).toBe(0);
    const made = await okta.ask("POST", "/Users", profile);
    expect(made.status).toBe(201);
    id = made.body.id;
    expect(made.headers.get("location")).toBe(made.body.meta.location);
    expect(made.body).toMatchObject({ schemas: [USER], userName: profile.userName, name: profile.name, emails: profile.emails, externalId: profile.externalId, active: true });
    expect(JSON.stringify(made.body)).not.toContain("1mz050nq");
    expect(made.body.meta).toMatchObject({ resourceType: "User", version: 'W/"1"' });
  });

  test("creating them again is a conflict, in any letter case", async () => {
    for (const userName of [profile.userName, "TEST.User@okta.local"]) {
      const { status, body } = await okta.ask("POST", "/Users", { ...profile, userName });
      expect([status, body.status, body.scimType, body.schemas]).toEqual([409, "409", "uniqueness", [ERROR]]);
    }
  });

  test("finds them in any letter case", async () => {
    for (const userName of ["test.user@okta.local", "Test.User@Okta.Local"]) {
      const { body } = await okta.get(`/Users?${found("userName", userName)}`);
      expect(body.Resources.map((one: { id: string }) => one.id)).toEqual([id]);
    }
  });

  test("reads and replaces the profile", async () => {
    const before = (await okta.get(`/Users/${id}`)).body;
    const put = await okta.ask("PUT", `/Users/${id}`, {
      ...before,
      name: { givenName: "Another", middleName: "Excited", familyName: "User" },
      emails: [{ primary: true, value: "test.user@okta.local", type: "work", display: "test.user@okta.local" }],
      groups: [],
      meta: { resourceType: "User" },
    });
    expect(put.status).toBe(200);
    expect(put.body).toMatchObject({ id, name: { givenName: "Another", middleName: "Excited", familyName: "User" }, externalId: profile.externalId, active: true });
    expect(put.headers.get("etag")).toBe('W/"2"');
  });

  test("deactivates without a path, activates again, and repeats change nothing", async () => {
    const off = { op: "replace", value: { active: false } };
    const answer = await okta.patch(`/Users/${id}`, off);
    expect([answer.status, answer.body.active]).toEqual([200, false]);
    const version = answer.body.meta.version;
    expect((await okta.patch(`/Users/${id}`, off)).body.meta.version).toBe(version);
    expect((await okta.patch(`/Users/${id}`, { op: "replace", value: { active: true } })).body.active).toBe(true);
  });

  test("a replacement that leaves `active` and `externalId` out neither lets a leaver in nor forgets who it is about", async () => {
    await okta.patch(`/Users/${id}`, { op: "replace", value: { active: false } });
    const { externalId: _externalId, active: _active, ...rest } = profile;
    expect((await okta.ask("PUT", `/Users/${id}`, rest)).body).toMatchObject({ active: false, externalId: profile.externalId });
    expect((await okta.ask("PUT", `/Users/${id}`, { ...rest, active: true })).body.active).toBe(true);
  });

  test("pushes a group, finds it, renames it, changes its members, removes it", async () => {
    const other = await okta.person("other@okta.local");
    const made = await okta.ask("POST", "/Groups", { schemas: [GROUP], displayName: "Test SCIMv2", members: [] });
    expect([made.status, made.body.members]).toEqual([201, []]);
    groupId = made.body.id;
    expect((await okta.get(`/Groups?${found("displayName", "Test SCIMv2")}`)).body.Resources[0].id).toBe(groupId);
    expect((await okta.patch(`/Groups/${groupId}`, { op: "replace", value: { id: groupId, displayName: "Test SCIMv20" } })).status).toBe(204);
    await okta.patch(`/Groups/${groupId}`, { op: "add", path: "members", value: [{ value: other, display: "other@okta.local" }] });
    const changed = await okta.ask("PATCH", `/Groups/${groupId}`, {
      schemas: [PATCH],
      Operations: [
        { op: "remove", path: `members[value eq "${other}"]` },
        { op: "add", path: "members", value: [{ value: id, display: "test.user@okta.local" }] },
      ],
    });
    expect(changed.status).toBe(204);
    expect((await okta.get(`/Groups/${groupId}`)).body).toMatchObject({ displayName: "Test SCIMv20", members: [{ value: id, display: "Test User", type: "User" }] });
    await okta.patch(`/Groups/${groupId}`, { op: "replace", path: "members", value: [{ value: id }, { value: other }] });
    expect(await okta.members(groupId)).toEqual([id, other].sort());
    const put = await okta.ask("PUT", `/Groups/${groupId}`, { schemas: [GROUP], displayName: "Test SCIMv2", members: [{ value: other, display: "x" }] });
    expect([put.status, put.body.members.map((member: { value: string }) => member.value)]).toEqual([200, [other]]);
    expect((await okta.ask("DELETE", `/Groups/${groupId}`)).status).toBe(204);
    expect((await okta.get(`/Groups/${groupId}`)).status).toBe(404);
  });
});

describe("Entra ID", () => {
  let entra: ScimClient;
  let id = "";
  beforeAll(async () => {
    entra = await aConnection(await signedIn(await aPerson("pam", { role: "platform-admin" })), "Entra", { recognise: "oid", groupKey: "externalId" });
  });

  test("tests the connection by looking for somebody who cannot exist", async () => {
    const { status, body } = await entra.get(`/Users?filter=${encodeURIComponent('userName eq "a3d8e4bd-4f4c-4f5e-8ab9-9d6d4ad1f3e9"')}`);
    expect([status, body.totalResults, body.Resources]).toEqual([200, 0, []]);
  });

  test("creates a person with everything that its mapping sends by default", async () => {
    const made = await entra.ask("POST", "/Users", {
      schemas: [USER, ENTERPRISE],
      externalId: "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
      userName: "Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1",
      active: true,
      addresses: [{ primary: false, type: "work", country: "Norway", formatted: "Storgata 1" }],
      emails: [{ primary: true, type: "work", value: "Test_User_fd0ea19b@testuser.com" }],
      meta: { resourceType: "User" },
      name: { formatted: "givenName familyName", familyName: "familyName", givenName: "givenName" },
      phoneNumbers: [{ type: "mobile", value: "555" }],
      preferredLanguage: "nb-NO",
      roles: [],
      title: "Engineer",
      [ENTERPRISE]: { department: "Sales", manager: { value: "x-1" }, customThing: 5 },
    });
    expect(made.status).toBe(201);
    id = made.body.id;
    expect(made.body).toMatchObject({ schemas: [USER, ENTERPRISE], title: "Engineer", [ENTERPRISE]: { department: "Sales", manager: { value: "x-1" } } });
    expect(Object.keys(made.body)).not.toEqual(expect.arrayContaining(["addresses"]));
  });

  test("changes the address of work, one attribute, and several", async () => {
    const changed = await entra.patch(
      `/Users/${id}`,
      { op: "Replace", path: 'emails[type eq "work"].value', value: "updatedEmail@microsoft.com" },
      { op: "Replace", path: "name.familyName", value: "updatedFamilyName" },
    );
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      emails: [{ primary: true, type: "work", value: "updatedEmail@microsoft.com" }],
      name: { familyName: "updatedFamilyName", givenName: "givenName" },
    });
    const renamed = await entra.patch(`/Users/${id}`, { op: "Replace", path: "userName", value: "5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.com" });
    expect(renamed.body.userName).toBe("5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.com");
  });

  test("adds to an address that is not there yet", async () => {
    const bare = await entra.person("bare@testuser.com", { externalId: "bare-1" });
    for (const op of ["Add", "Replace"]) {
      const { status, body } = await entra.patch(`/Users/${bare}`, { op, path: 'emails[type eq "work"].value', value: `${op}@joe.com` });
      expect([status, body.emails]).toEqual([200, [{ type: "work", value: `${op}@joe.com` }]]);
    }
  });

  test("changes the enterprise extension, also by paths with dots", async () => {
    const { status, body } = await entra.patch(
      `/Users/${id}`,
      { op: "Add", path: `${ENTERPRISE}:department`, value: "Support" },
      { op: "Add", path: `${ENTERPRISE}:manager`, value: "y-2" },
      { op: "Add", path: `${ENTERPRISE}:employeeNumber`, value: 42 },
      { op: "Replace", path: 'phoneNumbers[type eq "mobile"].value', value: "556" },
      { op: "Replace", path: "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User:tag", value: "x" },
    );
    expect(status).toBe(200);
    expect(body[ENTERPRISE]).toEqual({ department: "Support", manager: { value: "y-2" }, employeeNumber: "42" });
    const removed = await entra.patch(`/Users/${id}`, { op: "Remove", path: `${ENTERPRISE}:manager` }, { op: "Remove", path: "title" });
    expect(removed.body[ENTERPRISE]).toEqual({ department: "Support", employeeNumber: "42" });
    expect(removed.body.title).toBeUndefined();
  });

  test.each([["False"], ["false"], [false]])("deactivates with %j", async (value) => {
    expect((await entra.patch(`/Users/${id}`, { op: "Replace", path: "active", value: "True" })).body.active).toBe(true);
    expect((await entra.patch(`/Users/${id}`, { op: "Replace", path: "active", value })).body.active).toBe(false);
  });

  test("pushes groups: reads without members, adds and removes members by a list of values", async () => {
    const second = await entra.person("second@testuser.com", { externalId: "second-1" });
    const groupId = await entra.group("displayName", [], { externalId: "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159", meta: { resourceType: "Group" } });
    const listed = await entra.get(`/Groups?excludedAttributes=members&${found("displayName", "displayName")}`);
    expect(listed.body.Resources).toEqual([expect.objectContaining({ id: groupId, externalId: "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159" })]);
    expect(listed.body.Resources[0]).not.toHaveProperty("members");
    expect(
      (
        await entra.patch(`/Groups/${groupId}`, {
          op: "Add",
          path: "members",
          value: [
            { $ref: null, value: id },
            { $ref: null, value: second },
          ],
        })
      ).status,
    ).toBe(204);
    expect(await entra.members(groupId)).toEqual([id, second].sort());
    const remove = { op: "Remove", path: "members", value: [{ $ref: null, value: second }] };
    for (let turn = 0; turn < 2; turn++) expect((await entra.patch(`/Groups/${groupId}`, remove)).status).toBe(204);
    expect(await entra.members(groupId)).toEqual([id]);
    expect((await entra.patch(`/Groups/${groupId}`, { op: "Replace", path: "displayName", value: "1879db59updatedDisplayName" })).status).toBe(204);
    expect((await entra.ask("DELETE", `/Groups/${groupId}`)).status).toBe(204);
  });

  test("deletes: the person is gone for the provider, and may be pushed again", async () => {
    expect((await entra.ask("DELETE", `/Users/${id}`)).status).toBe(204);
    expect((await entra.get(`/Users/${id}`)).status).toBe(404);
    expect((await entra.ask("DELETE", `/Users/${id}`)).status).toBe(404);
    const again = await entra.person("5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.com", { externalId: "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef" });
    expect((await entra.get(`/Users/${again}`)).body.active).toBe(true);
  });
});
