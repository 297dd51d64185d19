import type { Page } from "playwright-core";
import { afterAll, describe, expect, inject, it } from "vitest";
import { accessibilityProblems, closeBrowser, visitor } from "../setup/browser";
import { until } from "../setup/until";

afterAll(closeBrowser);

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const atPath = (page: Page, path: string) => page.waitForURL((url) => url.pathname + url.search === path);

describe("signing in", () => {
  it("leads back to the page that was asked for, without a password, with only our own session cookie", async () => {
    const { page, context, complaints } = await visitor();
    await page.goto("/account?tab=sessions");
    await heading(page, "Sign in to Waymark").waitFor();
    await page.locator('button[value="ada"]').click();
    await atPath(page, "/account?tab=sessions");
    await page.getByText("This one").waitFor();
    const cookies = await context.cookies();
    const session = cookies.find((cookie) => cookie.name === "waymark_session");
    expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    expect(cookies.some((cookie) => cookie.name.includes("session-token"))).toBe(false);
    expect(complaints).toEqual([]);
  });

  it("works by keyboard alone", async () => {
    const { page } = await visitor();
    await page.goto("/sign-in");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await heading(page, "Home").waitFor();
  });

  it("works before any script has loaded", async () => {
    const { context } = await visitor();
    const browser = context.browser();
    if (!browser) throw new Error("no browser");
    const plain = await browser.newContext({ baseURL: inject("portal").url, javaScriptEnabled: false });
    const page = await plain.newPage();
    await page.goto("/sign-in");
    await page.locator('button[value="bo"]').click();
    await heading(page, "Home").waitFor();
    await plain.close();
  });

  it("as another person in the same browser replaces the first", async () => {
    const { page, context } = await visitor("ada");
    const before = (await context.cookies()).find((cookie) => cookie.name === "waymark_session")?.value;
    await page.goto("/sign-in?again=1");
    await page.locator('button[value="olga"]').click();
    await heading(page, "Home").waitFor();
    await page.goto("/account");
    await heading(page, "Olga Marin").waitFor();
    const answer = await fetch(`${inject("portal").url}/api/v1/me`, { headers: { cookie: `waymark_session=${before}` } });
    expect(answer.status).toBe(401);
  });

  it.each(["provider", "disabled", "busy", "denied", "failed", "<script>alert(1)</script>"])("says in words what went wrong: %s", async (error) => {
    const { page, complaints } = await visitor();
    await page.goto(`/sign-in?error=${encodeURIComponent(error)}&reference=req_test`);
    const alert = page.getByRole("alert").filter({ hasText: "req_test" });
    expect((await alert.textContent())?.length).toBeGreaterThan(40);
    expect(complaints).toEqual([]);
  });

  it.each(["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%09/evil.example"])("never leads to %s", async (target) => {
    const { page } = await visitor();
    await page.goto(`/sign-in?callbackUrl=${encodeURIComponent(target)}`);
    await page.locator('button[value="ada"]').click();
    await heading(page, /Home|There is nothing here/).waitFor();
    expect(new URL(page.url()).origin).toBe(inject("portal").url);
  });
});

describe("signing out", () => {
  it("ends the session here and at the provider, and says so", async () => {
    const { page, context, complaints } = await visitor("ada");
    const before = (await context.cookies()).find((cookie) => cookie.name === "waymark_session")?.value;
    await page
      .getByRole("button", { name: /Ada Lind/ })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    expect((await context.cookies()).some((cookie) => cookie.name === "waymark_session")).toBe(false);
    expect((await fetch(`${inject("portal").url}/api/v1/me`, { headers: { cookie: `waymark_session=${before}` } })).status).toBe(401);
    expect(complaints).toEqual([]);
  });

  it("of another browser counts at its next request", async () => {
    const here = await visitor("max");
    const there = await visitor("max");
    await here.page.goto("/account?tab=sessions");
    await here.page
      .getByRole("button", { name: /^End session/ })
      .first()
      .click();
    await until(
      "the other browser's end",
      async () => {
        await there.page.goto("/runs");
        return there.page.url().includes("/sign-in");
      },
      20_000,
    );
  });
});

describe("tokens", () => {
  it("are made, work, and are revoked", async () => {
    const { page, complaints } = await visitor("ada");
    await page.goto("/account?tab=tokens");
    await page.getByRole("button", { name: "Create token" }).click();
    await page.getByText("Give it a name that says where it is used").waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("name");
    await page.getByLabel(/^Name/).fill("laptop");
    await page.getByRole("button", { name: "Create token" }).click();
    const token = await page.getByTestId("new-token").textContent();
    const ask = () => fetch(`${inject("portal").url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    const me = await (await ask()).json();
    expect(me).toMatchObject({ role: "engineer", teams: [{ ref: "group:default/checkout", membership: "member" }] });
    await page.reload();
    expect(await page.content()).not.toContain(token);
    await page.getByRole("button", { name: "Revoke the token laptop" }).click();
    await page.getByRole("button", { name: "Revoke token", exact: true }).click();
    await until("the token's end", async () => (await ask()).status === 401, 20_000);
    expect(complaints).toEqual([]);
  });
});

describe("a command line", () => {
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${inject("portal").url}/api/v1/device/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };

  it("is allowed in the browser and gets a token, once", async () => {
    const { page, complaints } = await visitor();
    const { body: grant } = await post("code", { client: "waymark on test", scopes: ["read"] });
    await page.goto(String(grant.verification_uri_complete));
    await page.locator('button[value="ada"]').click();
    await page.getByText("waymark on test").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Allow command line" }).click();
    await page.getByText("is signed in as you").waitFor();
    const answer = await until("the token", async () => {
      const polled = await post("token", { device_code: grant.device_code });
      return polled.status === 200 ? polled.body : null;
    });
    expect(answer.access_token).toMatch(/^wmk_cli_/);
    expect((await post("token", { device_code: grant.device_code })).body).toMatchObject({ status: 400, code: "expired_token" });
    expect(complaints).toEqual([]);
  });

  it("with a wrong code is told so beside the field", async () => {
    const { page } = await visitor("bo");
    await page.goto("/device");
    await page.getByLabel("Code").fill("BBBB-BBBB");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("This code is wrong or has expired").waitFor();
  });
});

describe("people and rights", () => {
  it("an admin gives a role after a fresh sign-in, and finds it in the audit log", async () => {
    const { page, complaints } = await visitor("pat");
    await page.goto("/admin/people?q=zoe.lopez");
    await page.getByRole("link", { name: "Zoe Lopez" }).click();
    await page.getByLabel("Role", { exact: true }).selectOption("manager");
    await page.getByRole("button", { name: "Save role" }).click();
    await page.getByText("Zoe Lopez is now manager.").waitFor();
    await page.goto("/admin/audit?name=user");
    await page
      .getByRole("link", { name: /user\.set-role by pat/ })
      .first()
      .click();
    await page.getByRole("complementary", { name: "Selected event" }).getByText('"to": "manager"').waitFor();
    const csv = await page.request.get("/api/v1/audit-events/export?name=user");
    expect(csv.headers()["content-disposition"]).toMatch(/attachment; filename="waymark-audit-.*\.csv"/);
    expect(await csv.text()).toContain("user.set-role");
    expect(complaints).toEqual([]);
  });

  it("an owner adds and removes a member of the team", async () => {
    const { page } = await visitor("olga");
    await page.goto("/teams/checkout");
    await page.getByLabel("Add a person").fill("nobody-here");
    await page.getByRole("button", { name: "Add member" }).click();
    await page.getByText('There is nobody called "nobody-here"').waitFor();
    await page.getByLabel("Add a person").fill("bo");
    await page.getByRole("button", { name: "Add member" }).click();
    await page.getByRole("button", { name: "Remove Bo Okafor from the team" }).click();
    await page.getByRole("button", { name: "Remove member", exact: true }).click();
    await page.getByRole("button", { name: "Remove Bo Okafor from the team" }).waitFor({ state: "detached" });
  });

  it("an engineer sees who is in a team but nothing to change, and no list of people", async () => {
    const { page } = await visitor("ada");
    await page.goto("/teams/checkout");
    await heading(page, "Checkout").waitFor();
    expect(await page.getByRole("button", { name: /Remove|Add member|Save team/ }).count()).toBe(0);
    await page.goto("/admin/people");
    await page.getByText("Only platform admins may see this").waitFor();
    await page.goto("/admin/role-rules");
    await page.getByText("Only platform admins may see this").waitFor();
  });

  it("rules are tried on groups before they are saved", async () => {
    const { page, complaints } = await visitor("pat");
    await page.goto("/admin/role-rules");
    const number = (await page.getByLabel(/^Group of rule/).count()) + 1;
    await page.getByRole("button", { name: "Add rule" }).click();
    await page.getByLabel(`Group of rule ${number}`).fill("guests");
    await page.getByRole("button", { name: "Save rules" }).click();
    await page.getByText("A rule gives a role, a team, or both").waitFor();
    await page.getByLabel(`Team of rule ${number}`).selectOption("search");
    await page.getByLabel("Groups of a person").fill("guests\nunknown");
    await page.getByRole("button", { name: "Test rules" }).click();
    await page.getByText("search, member").waitFor();
    await page.getByRole("button", { name: "Save rules" }).click();
    await page.getByText("Saved. The rules count from").waitFor();
    await page.reload();
    expect(await page.getByLabel(`Group of rule ${number}`).inputValue()).toBe("guests");
    expect(complaints).toEqual([]);
  });
});
