import { describe, expect, test } from "vitest";
import { NAME_PATTERN, readArguments } from "@/lib/cli/arguments";
import { COMMANDS } from "@/lib/cli/commands";
import { readPairs } from "@/lib/cli/golden-path-values";
import { checkedUrl } from "@/lib/cli/portal-url";
import { timeLeft } from "@/lib/cli/time";
import { questionTypes, typedValue } from "@/lib/core/text-answers";
import { ENVIRONMENT_NAME } from "@/lib/environments/contract";
import { useCommandLine } from "./bench";

const { portal, run } = useCommandLine();

describe("reading a command line", () => {
  test("options may stand anywhere, with = or a blank; those for many are collected", () => {
    expect(readArguments(["--json", "env", "create", "--set", "a=1", "--ttl=48h", "--set=b=c=d", "--", "--name"])).toEqual({
      words: ["env", "create", "--name"],
      options: { json: true, ttl: "48h", set: ["a=1", "b=c=d"] },
    });
  });

  test.each([
    [["--tll", "4h"], "There is no option --tll. Did you mean --ttl?"],
    [["-rf"], "There is no option -r."],
    [["--ttl"], "--ttl needs a value, for example --ttl 48h."],
    [["--template", "--json"], "--template needs a value, for example --template node-express."],
    [["--json=yes"], "--json takes no value."],
    [["--constructor", "x"], "There is no option --constructor."],
  ])("%j is refused in words", (argv, message) => {
    expect(() => readArguments(argv)).toThrow(message);
  });

  test("the rule for names is the portal's own", () => {
    expect(NAME_PATTERN.source).toBe(ENVIRONMENT_NAME.source);
  });

  test("answers take the type that the golden path asks for", () => {
    expect(readPairs(["a=1", "b=", "c=x=y"])).toEqual([
      ["a", "1"],
      ["b", ""],
      ["c", "x=y"],
    ]);
    expect(() => readPairs(["novalue"])).toThrow("--set novalue: Write it as name=value.");
    expect(typedValue("3", "integer")).toBe(3);
    expect(typedValue("-0.5", "number")).toBe(-0.5);
    expect(typedValue("three", "integer")).toBe("three");
    expect(typedValue("true", "boolean")).toBe(true);
    expect(typedValue("yes", "boolean")).toBe("yes");
    expect(typedValue("a,b", "array")).toEqual(["a", "b"]);
    expect(typedValue('["a,b"]', "array")).toEqual(["a,b"]);
    expect(typedValue("3", "string")).toBe("3");
    expect(typedValue("3", undefined)).toBe("3");
    const branch = { properties: { engine: { type: "string" }, gigabytes: { type: "integer" } } };
    const pages = [
      { properties: { db: { type: "boolean" } }, dependencies: { db: { oneOf: [branch] } } },
      { if: {}, else: { properties: { hosts: { type: "array" } } } },
    ];
    expect([...questionTypes(pages)]).toEqual([
      ["db", "boolean"],
      ["engine", "string"],
      ["gigabytes", "integer"],
      ["hosts", "array"],
    ]);
  });

  test("only this machine is spoken to without encryption", () => {
    for (const fine of ["https://portal.example.com/", "http://localhost:3000", "http://127.0.0.1:1", "http://[::1]:3", "http://portal.localhost"])
      expect(checkedUrl(fine)).toBe(new URL(fine).origin);
    for (const bad of [
      "http://portal.example.com",
      "http://127.0.0.1.evil.test",
      "http://localhost.evil.test",
      "ftp://localhost",
      "file:///etc/passwd",
      "localhost:3000",
      "portal",
      "https://ada:secret@portal.example.com",
    ])
      expect(() => checkedUrl(bad)).toThrow();
  });

  test("time left is told in the largest unit that fits", () => {
    const now = Date.parse("2026-11-24T10:00:00Z");
    const ends = ["2026-12-01T10:00:00Z", "2026-11-26T09:59:00Z", "2026-11-24T11:30:00Z", "2026-11-24T10:00:20Z", "2026-11-24T09:00:00Z"];
    expect(ends.map((iso) => timeLeft(iso, now))).toEqual(["in 7 d", "in 48 h", "in 90 min", "in under a minute", "now"]);
  });
});

describe("commands and their help", () => {
  test.each(COMMANDS.map(({ name }) => [name]))("%s --help shows its options and does nothing", async (name) => {
    const { code, stdout, stderr } = await run("waymark", [...name.split(" "), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.startsWith(`Usage: waymark ${name}`)).toBe(true);
    for (const option of ["--json", "--url URL", "--help"]) expect(stdout).toContain(option);
    expect(portal().seen).toEqual([]);
  });

  test("help of all and of a group; the version", async () => {
    expect((await run("waymark", ["--help"])).stdout).toContain("run retry <id>");
    const group = await run("waymark", ["run", "--help"]);
    expect(group).toMatchObject({ code: 0 });
    expect(group.stdout).not.toContain("env create");
    expect(await run("waymark", ["--version"])).toMatchObject({ code: 0, stdout: "waymark 0.1.0\n" });
    expect(await run("create-sandbox", ["--version"])).toMatchObject({ code: 0, stdout: "create-sandbox 0.1.0\n" });
    expect((await run("create-sandbox", ["--help"])).stdout).toMatch(/^Usage: create-sandbox --template NAME \[--ttl DURATION\]/);
  });

  test.each([
    [[], "Usage: waymark <command>"],
    [["env"], 'Say what to do with "env".'],
    [["env", "creat"], "Did you mean `waymark env create`?"],
    [["evn", "list"], "Did you mean `waymark env list`?"],
    [["lgoin"], "Did you mean `waymark login`?"],
    [["new"], "Name the golden-path."],
    [["constructor"], 'There is no command "constructor".'],
    [["env", "list", "--ttl", "4h"], "`waymark env list` has no option --ttl."],
    [["env", "show"], "Name the name or id."],
    [["env", "show", "a", "b"], '"b" is one word too many.'],
    [["env", "extend", "a"], "Add --ttl, for example --ttl 48h."],
    [["env", "create"], "Add --template, for example --template node-express, or --entity"],
    [["env", "create", "--template", "node-express", "--entity", "component:default/a"], "Not both at once."],
    [["env", "deploy", "basket-staging"], "Say what to deploy: one of --ref, --rollback and --promote-from"],
    [["env", "deploy", "basket-staging", "--ref", "main", "--rollback"], "Say what to deploy"],
    [["token", "create"], "Add --as, for example --as ada."],
  ])("%j ends with code 2, what to do, and nothing on standard output", async (argv, message) => {
    const { code, stdout, stderr } = await run("waymark", argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain("Usage: waymark");
  });

  test("ids are data: they cannot leave their place in the address", async () => {
    await run("waymark", ["run", "show", "../../../api/v1/me?x=#"]);
    expect(portal().seen.map(({ path }) => path)).toEqual(["/api/v1/runs/..%2F..%2F..%2Fapi%2Fv1%2Fme%3Fx%3D%23"]);
  });

  test("--set asks the golden path for its types", async () => {
    const parameters = [{ properties: { replicas: { type: "integer" }, tags: { type: "array" } } }, { properties: { debug: { type: "boolean" } } }];
    portal().answers["GET /api/v1/golden-paths/node-express"] = { status: 200, body: { name: "node-express", parameters } };
    await run("create-sandbox", ["--template", "node-express", "--set", "replicas=2", "--set", "tags=a,b", "--set", "debug=false", "--set", "other=1", "--no-wait"]);
    expect(portal().seen.at(-1)?.body).toMatchObject({ values: { replicas: 2, tags: ["a", "b"], debug: false, other: "1" } });
  });
});
