import { describe, expect, it } from "vitest";
import { isDomainError } from "@/lib/core/errors";
import { parseManifest } from "./manifest";

const WHOLE = `apiVersion: waymark.dev/v1
kind: Environment
spec:
  runtime: node
  start: ["node", "src/server.js"]
  health: /healthz
  ready: /readyz
  database: postgres
  egress: false
  memoryMiB: 512
  variables:
    - name: LOG_LEVEL
      description: debug, info, warn or error
      default: info
`;

const SMALL = `apiVersion: waymark.dev/v1
kind: Environment
spec:
  runtime: node
  start: ["node", "server.js"]
  health: /
`;

function problem(text: string): string {
  try {
    parseManifest(text);
  } catch (error) {
    if (isDomainError(error)) return error.fields.map((field) => `${field.path}: ${field.message}`).join(" | ") || error.message;
    throw error;
  }
  return "accepted";
}

describe("parseManifest", () => {
  it("reads every field", () => {
    expect(parseManifest(WHOLE).spec).toEqual({
      runtime: "node",
      start: ["node", "src/server.js"],
      health: "/healthz",
      ready: "/readyz",
      database: "postgres",
      egress: false,
      memoryMiB: 512,
      variables: [{ name: "LOG_LEVEL", description: "debug, info, warn or error", default: "info", isSecret: false }],
    });
  });

  it("fills in what is left out", () => {
    expect(parseManifest(SMALL).spec).toMatchObject({ ready: "/", database: "none", egress: false, memoryMiB: 256, variables: [] });
  });

  it.each([
    ["an unknown runtime", WHOLE.replace("runtime: node", "runtime: cobol"), "spec.runtime: Line 4: expected node"],
    ["a start line as text", WHOLE.replace('["node", "src/server.js"]', "node src/server.js"), 'Line 5: expected a list such as ["node", "src/server.js"]'],
    ["a shell", WHOLE.replace('"node", "src/server.js"', '"sh", "-c", "id"'), "Line 5: the runtime node starts with node"],
    ["a relative probe", WHOLE.replace("/healthz", "healthz"), "Line 6: expected a path that begins with /"],
    ["too little memory", WHOLE.replace("512", "8"), "Line 10: at least 64"],
    ["memory as text", WHOLE.replace("512", "1Gi"), "Line 10: expected a number of MiB"],
    ["a variable of the platform", WHOLE.replace("LOG_LEVEL", "DATABASE_URL"), "Line 12: is set by Waymark"],
    ["a variable in lower case", WHOLE.replace("LOG_LEVEL", "log-level"), "Line 12: expected capital letters"],
    ["a misspelt key", WHOLE.replace("memoryMiB", "memory"), "spec.memory: Line 10: unknown key"],
    ["another kind", WHOLE.replace("kind: Environment", "kind: Deployment"), "kind: Line 2: expected Environment"],
    ["broken YAML", "apiVersion: [", "waymark.yaml, line 1"],
  ])("refuses %s and names the line", (_name, text, expected) => {
    expect(problem(text)).toContain(expected);
  });
});
