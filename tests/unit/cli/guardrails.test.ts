import { describe, expect, test } from "vitest";
import { CHECKED_ABILITIES } from "@/lib/cli/commands/guardrail-check";
import { ABILITIES, type GuardrailReport } from "@/lib/guardrails/contract";
import { useCommandLine } from "./bench";
import { problem } from "./contract-portal";
import { sampleEnvironment } from "./sample-objects";

const { portal, run } = useCommandLine();
const CHECK = "POST /api/v1/guardrails/check/environment.create";

const result = (more: Partial<GuardrailReport["results"][number]> = {}): GuardrailReport["results"][number] => ({
  name: "lifetime",
  title: "Sandboxes end",
  revision: 1,
  effect: "refuse",
  verdict: "passes",
  undecided: null,
  message: "A sandbox lives 72 hours at most.",
  fix: "Ask for 72h or less.",
  field: "ttl",
  docs: null,
  exception: null,
  ...more,
});
const answer = (outcome: GuardrailReport["outcome"], results: GuardrailReport["results"]) => {
  portal().answers[CHECK] = { status: 200, body: { ability: "environment.create", outcome, results } satisfies GuardrailReport };
};
const check = (...sets: string[]) => run("waymark", ["guardrail", "check", "environment.create", ...sets.flatMap((set) => ["--set", set])]);

describe("guardrail check", () => {
  test("knows the abilities of the contract", () => expect(CHECKED_ABILITIES).toEqual([...ABILITIES]));

  test("sends the request itself: fields as they are, answers below values", async () => {
    answer("allowed", [result()]);
    expect(await check("goldenPath=node-express", "ttl=48h", "values.logLevel=info", "values.replicas=2", "values.isPublic=true")).toMatchObject({
      code: 0,
      stdout: "passes  lifetime\n",
      stderr: "",
    });
    expect(portal().seen.at(-1)).toMatchObject({
      body: { goldenPath: "node-express", ttl: "48h", values: { logLevel: "info", replicas: 2, isPublic: true } },
      headers: { "x-waymark-client": "cli" },
    });
  });

  test("ends with 4 where one refuses, with what to do on standard error", async () => {
    answer("refused", [result({ verdict: "refuses" }), result({ name: "friday", verdict: "open", undecided: "request.tier is not known." })]);
    const ended = await check("ttl=96h");
    expect(ended).toMatchObject({ code: 4, stderr: "A sandbox lives 72 hours at most. Ask for 72h or less. (guardrail lifetime)\n" });
    expect(ended.stdout).toBe("REFUSES  lifetime  A sandbox lives 72 hours at most. Ask for 72h or less.\nopen     friday    waits: request.tier is not known.\n");
  });

  test("does not know other abilities", async () => {
    expect(await run("waymark", ["guardrail", "check", "environment.delete"])).toMatchObject({ code: 2, stderr: expect.stringContaining("environment.create") });
  });
});

describe("another command", () => {
  test("that a guardrail refuses ends with 4 and names the option", async () => {
    const message = "A sandbox lives 72 hours at most. Ask for 72h or less. (guardrail lifetime)";
    portal().answers["POST /api/v1/environments"] = problem(403, "forbidden", message, [{ path: "ttl", message }]);
    expect(await run("waymark", ["env", "create", "--template", "node-express", "--ttl", "96h"])).toMatchObject({ code: 4, stdout: "", stderr: `--ttl: ${message}\n` });
  });

  test("says what a guardrail warns of on standard error, whatever it prints", async () => {
    const warnings = [{ name: "friday", title: "Friday", message: "It is Friday evening.", fix: "Wait\u001b[2J until Monday.", field: null, docs: null }];
    portal().answers["PATCH /api/v1/environments/env_0001"] = { status: 200, body: { ...sampleEnvironment({}), warnings } };
    expect(await run("waymark", ["env", "extend", "env_0001", "--ttl", "4h", "--json"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\{.*\}\n$/),
      stderr: "Warning: It is Friday evening. Wait until Monday. (guardrail friday)\n",
    });
  });
});
