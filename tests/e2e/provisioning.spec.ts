import { afterAll, expect, inject, it } from "vitest";
import { accessibilityProblems, closeBrowser, screenshot, visitor } from "../setup/browser";
import { api, hostToken } from "../setup/command-line";
import { askAs, fastSignIn } from "../setup/fast-sign-in";

const LEAVER = "zoe.larsen";
const IMMEDIATELY_MS = 15_000;
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

afterAll(closeBrowser);

/** One request of a provider, over the network. */
async function push(token: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${inject("portal").url}/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json", "user-agent": "Okta SCIM Client 1.0.0" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

it("a platform admin makes a connection, the test hears the provider, and who leaves is out at once", async () => {
  const { url } = inject("portal");
  const { page, complaints } = await visitor("pat");
  await page.goto("/admin/provisioning");
  await page.getByRole("heading", { name: "No connection yet" }).waitFor();
  await page.getByRole("button", { name: "Make connection" }).click();
  await page.getByRole("heading", { name: "Make a connection" }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Make connection" }).click();
  const token = (await page.getByTestId("new-token").innerText()).trim();
  expect((await page.getByTestId("base-url").innerText()).trim()).toBe(`${url}/scim/v2`);

  await page.getByRole("link", { name: "Test the connection" }).click();
  await page.getByText("Waiting for the provider").waitFor();
  expect((await push(token, "GET", "/Users?startIndex=1&count=2")).status).toBe(200);
  await page.getByText("The connection works").waitFor();
  await page.getByText("from Okta SCIM Client 1.0.0").waitFor();

  const admin = await fastSignIn("pat");
  const found = (await admin("GET", `/users?q=${LEAVER}`)).body.items as { id: string; subject: string; managedBy: unknown }[];
  const [before] = found;
  expect(before?.managedBy).toBeNull();
  const made = await push(token, "POST", "/Users", { userName: `${LEAVER}@fellside.example`, externalId: before?.subject, displayName: "Zoe Larsen", active: true });
  expect(made.status).toBe(201);
  const group = await push(token, "POST", "/Groups", { displayName: "identity", members: [{ value: made.body.id }] });
  expect(group.status).toBe(201);

  const laptop = await hostToken(LEAVER, "read");
  const browser = await askAs(url, LEAVER);
  const me = () => Promise.all([browser(new URL("/api/v1/me", url)), fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${laptop}` } })]);
  const [bySession, byToken] = await me();
  expect([bySession.status, byToken.status]).toEqual([200, 200]);
  expect(((await bySession.json()) as { teams: { ref: string }[] }).teams.map((team) => team.ref)).toEqual(["group:default/identity"]);

  const began = performance.now();
  const left = await push(token, "PATCH", `/Users/${made.body.id}`, { schemas: [PATCH], Operations: [{ op: "Replace", path: "active", value: "False" }] });
  expect([left.status, left.body.active]).toEqual([200, false]);
  expect((await me()).map((answer) => answer.status)).toEqual([401, 401]);
  expect(performance.now() - began).toBeLessThan(IMMEDIATELY_MS);
  await expect(askAs(url, LEAVER)).rejects.toThrow(/stopped at \/sign-in/);

  const refused = await admin("PATCH", `/users/${before?.id}`, { disabled: false });
  expect([refused.status, refused.body.code]).toEqual([409, "conflict"]);
  expect(String(refused.body.detail)).toContain('"Okta"');
  await page.goto(`/admin/people/${before?.id}`);
  await page.getByText("Disabled by the identity provider").waitFor();
  expect(await page.getByRole("button", { name: "Enable account" }).count()).toBe(0);
  await screenshot(page, "person-managed-light-1440");

  await push(token, "PATCH", `/Users/${made.body.id}`, { schemas: [PATCH], Operations: [{ op: "replace", value: { active: true } }] });
  expect((await (await askAs(url, LEAVER))(new URL("/api/v1/me", url))).status).toBe(200);

  expect((await push(token, "POST", "/Users", { userName: `${LEAVER}@fellside.example` })).body).toMatchObject({ status: "409", scimType: "uniqueness" });
  await page.goto("/admin/provisioning");
  await page.getByRole("link", { name: "Okta" }).click();
  await page.getByText("There is a person with the userName").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot(page, "provisioning-connection-light-1440");

  await page.getByRole("button", { name: "Remove connection" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove connection" }).click();
  await page.getByRole("heading", { name: "No connection yet" }).waitFor();
  expect((await push(token, "GET", "/Users")).status).toBe(401);
  // Back to the groups of the demo's own provider, for whoever comes after.
  await askAs(url, LEAVER);
  expect(complaints).toEqual([]);
});

it("only a connection's token opens the interface, and it opens nothing else", async () => {
  const { url } = inject("portal");
  const [scim, personal] = await Promise.all([hostToken("pat", "scim"), hostToken("pat", "read,admin")]);
  for (const [method, path] of [
    ["GET", "/Users"],
    ["POST", "/Users"],
    ["GET", "/Groups"],
    ["PATCH", "/Groups/x"],
    ["DELETE", "/Users/x"],
    ["GET", "/Schemas"],
    ["GET", "/ServiceProviderConfig"],
    ["GET", "/nothing/at/all"],
  ] as const) {
    const body = method === "GET" || method === "DELETE" ? undefined : {};
    const nobody = await fetch(`${url}/scim/v2${path}`, { method, ...(body ? { body: "{}", headers: { "content-type": "application/scim+json" } } : {}) });
    expect([nobody.status, nobody.headers.get("content-type")]).toEqual([401, expect.stringContaining("application/scim+json")]);
    expect((await push(personal, method, path, body)).status).toBe(403);
    expect((await push(scim, method, path, body)).status).not.toBe(401);
  }
  const pat = await askAs(url, "pat");
  expect((await pat(new URL("/scim/v2/Users", url))).status).toBe(401);
  for (const [method, path] of [
    ["GET", "/me"],
    ["GET", "/users"],
    ["GET", "/environments"],
    ["POST", "/environments"],
    ["GET", "/provisioning-connections"],
    ["GET", "/audit-events"],
  ] as const) {
    expect((await api(scim, method, path, method === "POST" ? {} : undefined)).status, path).toBe(401);
  }
  expect(
    (await fetch(`${url}/git/checkout/checkout-api.git/info/refs?service=git-upload-pack`, { headers: { authorization: `Basic ${Buffer.from(`x:${scim}`).toString("base64")}` } }))
      .status,
  ).toBe(401);
});
