import { describe, expect, it } from "vitest";
import { parseEnv } from "./env";

const KEY = "-----BEGIN RSA PRIVATE KEY-----\\nAAAA\\n-----END RSA PRIVATE KEY-----";

describe("GitHub in the environment", () => {
  it("is off without an App or a token", () => {
    expect(parseEnv({ GITHUB_OWNER: "acme" }).github).toBeNull();
  });

  it("reads a token, and an App whose key has written line breaks", () => {
    expect(parseEnv({ GITHUB_TOKEN: "ghp_0123456789", GITHUB_OWNER: "acme" }).github).toEqual({
      apiUrl: "https://api.github.com",
      owner: "acme",
      auth: { type: "token", token: "ghp_0123456789" },
    });
    const app = parseEnv({ GITHUB_APP_ID: "12", GITHUB_APP_PRIVATE_KEY: KEY, GITHUB_OWNER: "acme", GITHUB_API_URL: "https://git.acme.example/api/v3/" }).github;
    expect(app).toEqual({ apiUrl: "https://git.acme.example/api/v3", owner: "acme", auth: { type: "app", appId: "12", privateKey: KEY.replaceAll("\\n", "\n") } });
  });

  it.each([
    ["GITHUB_OWNER", { GITHUB_TOKEN: "ghp_0123456789" }],
    ["GITHUB_OWNER", { GITHUB_TOKEN: "ghp_0123456789", GITHUB_OWNER: "-acme" }],
    ["GITHUB_APP_ID", { GITHUB_APP_ID: "my-app", GITHUB_APP_PRIVATE_KEY: KEY, GITHUB_OWNER: "acme" }],
    ["GITHUB_APP_PRIVATE_KEY", { GITHUB_APP_ID: "12", GITHUB_OWNER: "acme" }],
    ["GITHUB_APP_PRIVATE_KEY", { GITHUB_APP_ID: "12", GITHUB_APP_PRIVATE_KEY: "canary", GITHUB_OWNER: "acme" }],
    ["GITHUB_TOKEN", { GITHUB_APP_ID: "12", GITHUB_APP_PRIVATE_KEY: KEY, GITHUB_TOKEN: "ghp_0123456789", GITHUB_OWNER: "acme" }],
    ["GITHUB_API_URL", { GITHUB_TOKEN: "ghp_0123456789", GITHUB_OWNER: "acme", GITHUB_API_URL: "http://git.acme.example" }],
    ["GITHUB_WEBHOOK_SECRET", { GITHUB_WEBHOOK_SECRET: "canary" }],
  ])("names %s in one line and shows no secret", (name, source) => {
    const message = messageOf(() => parseEnv(source));
    expect(message.startsWith(`${name} is `)).toBe(true);
    expect(message).toContain("; expected ");
    expect(message).not.toMatch(/\n|canary|ghp_/);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return "no error";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
