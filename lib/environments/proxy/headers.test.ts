import { describe, expect, test } from "vitest";
import { isOwnToken, ownCookie, requestHeaders, responseHeaders, sandboxCookies } from "./headers";
import { nameInHost } from "./names";

const connection = { remoteAddress: "127.0.0.1", host: "a.localhost:3001", protocol: "http" };
const asObject = (flat: string[]) => Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), flat[i + 1]]] : [])));

describe("cookies", () => {
  test.each([
    ["waymark_session=abc", null],
    ["__Host-waymark_session=abc; theme=dark", "theme=dark"],
    ["a=1; next-auth.session-token=x; __Secure-next-auth.callback-url=y; __Host-next-auth.csrf-token=z; b=2", "a=1; b=2"],
    ["WAYMARK_session=abc; my_waymark_like=1", "my_waymark_like=1"],
    ["waymark_anything=1;  ", null],
    ["plain=1", "plain=1"],
  ])("of %j the process sees %j", (sent, seen) => {
    expect(sandboxCookies(sent)).toBe(seen);
  });

  test("a sandbox sets cookies for itself only, and none in the portal's name", () => {
    expect(ownCookie("id=1; Path=/; Domain=example.com; HttpOnly")).toBe("id=1; Path=/; HttpOnly");
    expect(ownCookie("Domain=1; Path=/")).toBe("Domain=1; Path=/");
    expect(ownCookie("__Host-waymark_session=stolen; Path=/")).toBeNull();
    expect(ownCookie("next-auth.state=x")).toBeNull();
  });
});

describe("authorization", () => {
  test.each([
    ["Bearer wmk_pat_123", true],
    ["bearer   wmk_cli_123", true],
    ["wmk_pat_123", true],
    [`Basic ${Buffer.from("anyone:wmk_pat_123").toString("base64")}`, true],
    [`Basic ${Buffer.from("wmk_pat_123:").toString("base64")}`, true],
    ["Bearer eyJhbGciOi", false],
    [`Basic ${Buffer.from("user:secret").toString("base64")}`, false],
  ])("%s is ours: %s", (value, ours) => {
    expect(isOwnToken(value)).toBe(ours);
    expect("authorization" in asObject(requestHeaders(["Authorization", value], connection))).toBe(!ours);
  });
});

describe("hop by hop", () => {
  test("headers of the connection, also those that Connection names, stay here", () => {
    const seen = asObject(
      requestHeaders(
        ["Host", "a.localhost:3001", "Connection", "close, X-Secret-Hop", "X-Secret-Hop", "1", "Keep-Alive", "timeout=5", "Transfer-Encoding", "chunked", "Accept", "*/*"],
        connection,
      ),
    );
    expect(Object.keys(seen).sort()).toEqual(["accept", "host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"]);
  });

  test("repeated headers of an answer stay repeated", () => {
    expect(responseHeaders(["Set-Cookie", "a=1; Domain=x.org", "Connection", "keep-alive", "Set-Cookie", "b=2", "X-A", "1"])).toEqual([
      "Set-Cookie",
      "a=1",
      "Set-Cookie",
      "b=2",
      "X-A",
      "1",
    ]);
  });

  test("an earlier proxy's word about the address is kept and continued", () => {
    const seen = asObject(requestHeaders(["X-Forwarded-For", "203.0.113.9", "x-forwarded-proto", "https"], connection));
    expect(seen).toMatchObject({ "x-forwarded-for": "203.0.113.9, 127.0.0.1", "x-forwarded-host": "a.localhost:3001", "x-forwarded-proto": "https" });
  });
});

describe("names in Host", () => {
  test.each([
    ["my-app.localhost:3001", "my-app"],
    ["My-App.LOCALHOST", "my-app"],
    ["my-app.localhost.:3001", "my-app"],
    ["localhost:3001", null],
    ["127.0.0.1:3001", null],
    ["a.b.localhost", null],
    ["my-app.evil-localhost", null],
    ["-x.localhost", null],
    ["../x.localhost", null],
    [undefined, null],
  ])("%s → %s", (host, name) => {
    expect(nameInHost(host, "localhost")).toBe(name);
  });
});
