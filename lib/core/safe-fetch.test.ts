import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isDomainError } from "./errors";
import { isPublicAddress } from "./public-address";
import { safeFetch } from "./safe-fetch";

let server: Server;
let port = 0;
let hits: { path: string; authorization: string | undefined }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    hits.push({ path: request.url ?? "", authorization: request.headers.authorization });
    if (request.url === "/away") return response.writeHead(302, { location: `http://127.0.0.2:${port}/inside` }).end();
    if (request.url === "/here") return response.writeHead(302, { location: "/text" }).end();
    if (request.url === "/loop") return response.writeHead(302, { location: "/loop" }).end();
    if (request.url === "/other-port") return response.writeHead(302, { location: `http://localhost:${port}/text` }).end();
    if (request.url === "/large") return response.end("x".repeat(5_000));
    if (request.url === "/never") return response.write("a");
    if (request.url === "/zipped") return response.writeHead(200, { "content-encoding": "gzip" }).end("x");
    return response.end("hello");
  }).listen(0, "0.0.0.0");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  hits = [];
});

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) => (isDomainError(error) ? error.code : String(error)),
  );

const INSIDE = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "0177.0.0.1",
  "017700000001",
  "127.0.0.1.",
  "localhost",
  "localhost.",
  "LOCALHOST",
  "0.0.0.0",
  "0",
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[0:0:0:0:0:ffff:7f00:1]",
  "[::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::]",
  "[fe80::1]",
  "[fd00::1]",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "１２７.０.０.１",
  "①②⑦.0.0.1",
];

describe("an address inside the network", () => {
  test.each(INSIDE)("%s is refused without a connection", async (host) => {
    for (const scheme of ["http", "https"]) expect(["invalid", "unavailable"]).toContain(await refusal(safeFetch(`${scheme}://${host}:${port}/`, { privateHosts: [] })));
    expect(hits).toEqual([]);
  });

  test("a public name that resolves to it is refused, also when only one of its answers does", async () => {
    const resolve = async () => ["93.184.216.34", "127.0.0.1"];
    expect(await refusal(safeFetch(`https://rebind.example:${port}/`, { privateHosts: [], resolve }))).toBe("invalid");
    expect(hits).toEqual([]);
  });

  test("a name is resolved once, so a second answer counts for nothing", async () => {
    const answers = [["192.0.0.1"], ["127.0.0.1"]];
    let asked = 0;
    const resolve = async () => answers[asked++] ?? [];
    await refusal(safeFetch(`https://flip.example:${port}/`, { privateHosts: [], resolve, timeoutMs: 300 }));
    expect(asked).toBe(1);
    expect(hits).toEqual([]);
  });

  test("a redirect to it is refused", async () => {
    expect(await refusal(safeFetch(`http://127.0.0.1:${port}/away`, { privateHosts: [`127.0.0.1:${port}`] }))).toBe("invalid");
    expect(hits.map(({ path }) => path)).toEqual(["/away"]);
  });

  test.each([
    "file:///etc/passwd",
    "ftp://example.com/x",
    "gopher://example.com",
    "data:text/plain,x",
    "javascript:alert(1)",
    "https://user:secret@example.com/",
    "",
    "nonsense",
    "//",
  ])("%j is no address to read", async (address) => expect(await refusal(safeFetch(address, { privateHosts: [] }))).toBe("invalid"));

  test("no private IPv4 address counts as public, in any writing inside IPv6", () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.constantFrom("10", "127", "0"), part, part, part, (a, b, c, d) => {
        const v4 = `${a}.${b}.${c}.${d}`;
        return !isPublicAddress(v4) && !isPublicAddress(`::ffff:${v4}`) && !isPublicAddress(`::${v4}`) && !isPublicAddress(`64:ff9b::${v4}`);
      }),
    );
    expect(["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"].every(isPublicAddress)).toBe(true);
  });
});

describe("a host that the operator lists", () => {
  const listed = () => ({ privateHosts: [`127.0.0.1:${port}`, `localhost:${port}`] });

  test("is read, and redirects on it are followed", async () => {
    const answer = await safeFetch(`http://127.0.0.1:${port}/here`, listed());
    expect([answer.status, answer.text(), answer.url]).toEqual([200, "hello", `http://127.0.0.1:${port}/text`]);
  });

  test("credentials stay with the origin they were given for", async () => {
    await safeFetch(`http://127.0.0.1:${port}/here`, { ...listed(), headers: { authorization: "Bearer secret" } });
    await safeFetch(`http://127.0.0.1:${port}/other-port`, { ...listed(), headers: { authorization: "Bearer secret" } });
    expect(hits.map(({ authorization }) => authorization)).toEqual(["Bearer secret", "Bearer secret", "Bearer secret", undefined]);
  });

  test("is limited in redirects, size, time and encoding", async () => {
    const base = `http://127.0.0.1:${port}`;
    expect(await refusal(safeFetch(`${base}/loop`, listed()))).toBe("invalid");
    expect(hits.length).toBe(4);
    expect(await refusal(safeFetch(`${base}/large`, { ...listed(), maxBytes: 1_000 }))).toBe("invalid");
    expect(await refusal(safeFetch(`${base}/never`, { ...listed(), timeoutMs: 200 }))).toBe("unavailable");
    expect(await refusal(safeFetch(`${base}/zipped`, listed()))).toBe("invalid");
  });
});
