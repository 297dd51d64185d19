// Runs in a worker thread of its own, with no environment variables, started by cel.ts, which ends it when it takes too long.
// Plain JavaScript on purpose: Node loads it by path, whatever bundles the rest.
import { parentPort } from "node:worker_threads";
import { Environment } from "@marcbachmann/cel-js";

const LIMITS = { maxAstNodes: 1_000, maxDepth: 60, maxListElements: 500, maxMapEntries: 200, maxCallArguments: 16 };
const MAX_REASON = 300;
const MAX_COMPILED = 2_000;

const MAX_ENVIRONMENTS = 16;

const environments = new Map();

/** Groups of facts with typed fields, single facts, and one document of any shape: the expression language knows no other names. */
function environmentFor(variables) {
  const key = JSON.stringify(variables);
  const known = environments.get(key);
  if (known) return known;
  const environment = new Environment({ homogeneousAggregateLiterals: false, limits: LIMITS });
  for (const [name, fields] of Object.entries(variables)) {
    if (fields === null) environment.registerVariable(name, "map<string, dyn>");
    else if (typeof fields === "string") environment.registerVariable(name, fields);
    else environment.registerVariable({ name, schema: fields });
  }
  if (environments.size >= MAX_ENVIRONMENTS) environments.clear();
  const made = { environment, compiled: new Map() };
  environments.set(key, made);
  return made;
}

const isNode = (value) => typeof value === "object" && value !== null && typeof value.op === "string";

/** `docs.ageDays`, `entity.metadata.annotations["a/b"]` as a list of names; null for what is no plain path. */
function pathOf(node) {
  if (node.op === "id") return [node.args];
  if (node.op !== "." && node.op !== "[]") return null;
  const [inner, last] = node.args;
  const name = node.op === "." ? last : isNode(last) && last.op === "value" && typeof last.args === "string" ? last.args : null;
  const before = isNode(inner) && typeof name === "string" ? pathOf(inner) : null;
  return before ? [...before, name] : null;
}

/** Every path into the facts that the expression names, with its place in the text. */
function referencesOf(node, variables, found = []) {
  if (Array.isArray(node)) for (const one of node) referencesOf(one, variables, found);
  if (!isNode(node)) return found;
  const path = pathOf(node);
  if (path && Object.hasOwn(variables, path[0])) found.push({ path, start: node.start, end: node.end, at: node.pos });
  else referencesOf(node.args, variables, found);
  return found;
}

function problemOf(error) {
  const { code = "unreadable", summary, message, range } = error ?? {};
  return { code, message: String(summary ?? message ?? error).slice(0, MAX_REASON), start: range?.start ?? 0, end: range?.end ?? 0 };
}

/** A field that a group does not have is told by the checker except inside of has(). */
function unknownField({ path, at, end }, variables) {
  const fields = variables[path[0]];
  if (fields === null || typeof fields === "string" || path.length < 2 || Object.hasOwn(fields, path[1])) return null;
  return { code: "no_such_key", message: `No such key: ${path[1]}`, start: at, end };
}

function compile(expression, variables) {
  const { environment, compiled } = environmentFor(variables);
  const before = compiled.get(expression);
  if (before) return before;
  const made = compileNow(expression, environment, variables);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(expression, made);
  return made;
}

function compileNow(expression, environment, variables) {
  try {
    const run = environment.parse(expression);
    const references = referencesOf(run.ast, variables);
    const checked = environment.check(expression);
    if (!checked.valid) return { problem: problemOf(checked.error) };
    const missing = references.map((one) => unknownField(one, variables)).find(Boolean);
    if (missing) return { problem: missing };
    if (checked.type !== "bool" && checked.type !== "dyn") return { problem: { code: "not_bool", message: String(checked.type), start: 0, end: expression.length } };
    return { run, references };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** Whole numbers are bigints in this language; what arrives as JSON says by its declared type which they are. */
function asFacts(document, variables) {
  const facts = {};
  for (const [name, fields] of Object.entries(variables)) {
    const group = document[name];
    if (fields === null) facts[name] = group ?? {};
    else if (typeof fields === "string") {
      if (group !== undefined && group !== null) facts[name] = group;
    } else {
      const typed = {};
      for (const [field, type] of Object.entries(fields)) {
        const value = group?.[field];
        if (value === undefined || value === null) continue;
        typed[field] = type === "int" && typeof value === "number" ? BigInt(Math.trunc(value)) : value;
      }
      facts[name] = typed;
    }
  }
  return facts;
}

/** True, false, or why it is neither: the path of what is not there, or the language's own words. */
function outcomeOf({ run, references }, facts) {
  try {
    const value = run(facts);
    return typeof value === "boolean" ? value : { code: "not_bool", message: value === null ? "nothing" : typeof value };
  } catch (error) {
    const { code, message, start } = problemOf(error);
    const about = references.find((one) => one.start <= start && start <= one.end);
    return code === "no_such_key" ? { code, path: about ? pathUpTo(about, message) : [] } : { code, message };
  }
}

function pathUpTo({ path }, message) {
  const at = path.indexOf(message.replace(/^No such key: /, ""), 1);
  return at > 0 ? path.slice(0, at + 1) : path;
}

const handlers = {
  check({ variables, expressions }) {
    return expressions.map((expression) => {
      const { problem = null, references = [] } = compile(expression, variables);
      return { problem, references: references.map(({ path }) => path) };
    });
  },
  evaluate({ variables, expressions, documents }) {
    const compiled = expressions.map((expression) => compile(expression, variables));
    const facts = documents.map((document) => asFacts(document, variables));
    return compiled.map((one) => (one.problem ? { problem: one.problem, outcomes: [] } : { problem: null, outcomes: facts.map((document) => outcomeOf(one, document)) }));
  },
};

parentPort.on("message", ({ kind, request }) => {
  try {
    parentPort.postMessage({ answer: handlers[kind](request) });
  } catch (error) {
    parentPort.postMessage({ failure: String(error?.message ?? error) });
  }
});
parentPort.postMessage({ ready: true });
