import { describe, expect, test } from "vitest";
import { databaseRoute, databaseUrl, hostDatabaseUrl, passwordIn } from "./route";

const password = "p:w/d@%?#";

describe("the way to the database", () => {
  test("through the server's socket, as the process sees its folder", () => {
    const route = databaseRoute({ adminUrl: "postgres://a:b@127.0.0.1:54321/postgres", socketDir: "/var/sock" });
    if (!route) throw new Error("no route");
    expect(databaseUrl(route, "wm_x", "pw", "/pg")).toBe("postgres://wm_x:pw@localhost:54321/wm_x?host=/pg");
    expect(hostDatabaseUrl(route, "wm_x", "pw")).toBe("postgres://wm_x:pw@127.0.0.1:54321/wm_x");
  });

  test("a folder named in the address counts, and the port has its default", () => {
    expect(databaseRoute({ adminUrl: "postgres://a:b@localhost/db?host=/run/postgresql", socketDir: null })).toMatchObject({ socketDir: "/run/postgresql", port: 5432 });
  });

  test.each([
    ["", "plain", ""],
    ["?sslmode=disable", "plain", ""],
    ["?sslmode=require", "require", "?sslmode=require"],
    ["?sslmode=verify-full", "verify", "?sslmode=verify-full"],
  ])("encryption of %j is asked of the process too", (query, security, asked) => {
    const route = databaseRoute({ adminUrl: `postgres://a:b@db.example:5432/x${query}`, socketDir: null });
    if (!route) throw new Error("no route");
    expect(route.security).toBe(security);
    expect(databaseUrl(route, "wm_x", "pw", null)).toBe(`postgres://wm_x:pw@db.example:5432/wm_x${asked}`);
  });

  test("any password survives", () => {
    const route = databaseRoute({ adminUrl: "postgres://a:b@db:5432/x", socketDir: null });
    if (!route) throw new Error("no route");
    expect(passwordIn(databaseUrl(route, "wm_x", password, null))).toBe(password);
    expect(passwordIn(databaseUrl(route, "wm_x", password, "/pg"))).toBe(password);
  });

  test("there is none without a server", () => {
    expect(databaseRoute({ adminUrl: null, socketDir: null })).toBeNull();
  });
});
