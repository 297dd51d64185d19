// Runs the corpus through Backstage's own template handler and workflow runner and writes what they made to standard output.
// The package is reached by file, because it does not export these modules.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";

const require = createRequire(import.meta.url);
const here = import.meta.dirname;
const backend = path.join(here, "node_modules/@backstage/plugin-scaffolder-backend/dist");
const { createTemplateActionHandler } = require(path.join(backend, "scaffolder/actions/builtin/fetch/templateActionHandler.cjs.js"));
const { NunjucksWorkflowRunner } = require(path.join(backend, "scaffolder/tasks/NunjucksWorkflowRunner.cjs.js"));
const { ScmIntegrations } = require("@backstage/integration");
const { ConfigReader } = require("@backstage/config");

const integrations = ScmIntegrations.fromConfig(new ConfigReader({}));
const logger = { info() {}, warn() {}, error() {}, debug() {}, child: () => logger };
process.umask(0o022);

const read = (name) => parse(readFileSync(path.join(here, name), "utf8"));

function put(dir, files = {}) {
  for (const [name, file] of Object.entries(files)) {
    const { text, base64, mode } = typeof file === "string" ? { text: file } : file;
    const at = path.join(dir, name);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, base64 === undefined ? text : Buffer.from(base64, "base64"), { mode: Number.parseInt(mode ?? 644, 8) });
  }
}

function tree(dir, below = "") {
  return readdirSync(path.join(dir, below), { withFileTypes: true })
    .flatMap((entry) => {
      const name = below ? `${below}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return [[`${name}/`, null], ...tree(dir, name)];
      const mode = (statSync(path.join(dir, name)).mode & 0o777).toString(8);
      return [[name, { mode, base64: readFileSync(path.join(dir, name)).toString("base64") }]];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

async function render({ expressions, files, before, input }) {
  if (expressions) {
    const texts = [];
    for (const expression of expressions) {
      const { tree: made } = await render({ files: { x: `\${{ ${expression} }}` }, input });
      texts.push([expression, made ? Buffer.from(made.x.base64, "base64").toString() : null]);
    }
    return { texts: Object.fromEntries(texts) };
  }
  const root = mkdtempSync(path.join(tmpdir(), "oracle-"));
  const [template, workspace] = [path.join(root, "template"), path.join(root, "workspace")];
  put(template, files);
  mkdirSync(workspace);
  put(workspace, before);
  try {
    await createTemplateActionHandler({ ctx: { input, workspacePath: workspace, logger }, resolveTemplate: async () => template, integrations });
    return { tree: Object.fromEntries(tree(workspace)) };
  } catch {
    return { fails: true };
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function steps(one) {
  const calls = [];
  const action = (id, handler, schema) => ({ id, schema: schema ? { input: schema } : undefined, handler });
  const actions = {
    "test:echo": action("test:echo", async (ctx) => {
      calls.push(ctx.input);
      for (const [key, value] of Object.entries(ctx.input)) ctx.output(key, value);
    }),
    "test:fail": action("test:fail", async (ctx) => {
      throw new Error(ctx.input.message);
    }),
    "test:strict": action(
      "test:strict",
      async (ctx) => {
        calls.push(ctx.input);
      },
      { type: "object", required: ["count"], properties: { count: { type: "number" } } },
    ),
  };
  const noMetric = { add() {}, record() {} };
  const runner = new NunjucksWorkflowRunner({
    actionRegistry: { get: async (id) => actions[id] },
    integrations,
    logger,
    workingDirectory: mkdtempSync(path.join(tmpdir(), "oracle-")),
    metrics: { createCounter: () => noMetric, createHistogram: () => noMetric },
    config: new ConfigReader(one.environment ? { scaffolder: { defaultEnvironment: one.environment } } : {}),
  });
  const spec = {
    apiVersion: "scaffolder.backstage.io/v1beta3",
    parameters: one.parameters ?? {},
    steps: one.steps.map((step, index) => ({ ...step, id: step.id ?? `step-${index + 1}`, name: step.name ?? step.id ?? `step-${index + 1}` })),
    output: one.output ?? {},
    user: one.user ?? { ref: "user:default/ada" },
  };
  const task = {
    spec,
    taskId: "task",
    secrets: one.secrets,
    isDryRun: false,
    cancelSignal: new AbortController().signal,
    emitLog: async () => {},
    getWorkspaceName: async () => "task",
    getInitiatorCredentials: async () => ({}),
  };
  try {
    const { output } = await runner.execute(task);
    return { calls, output };
  } catch {
    return { calls, fails: true };
  }
}

const expected = { renders: {}, steps: {} };
for (const one of read("renders.yaml")) expected.renders[one.name] = await render(one);
for (const one of read("steps.yaml")) expected.steps[one.name] = await steps(one);
process.stdout.write(`${JSON.stringify(expected, null, 2)}\n`);
