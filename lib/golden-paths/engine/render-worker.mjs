// Runs in a worker thread of its own, with no environment variables, started by renderer.ts, which ends it when it takes too long.
// Plain JavaScript on purpose: Node loads it by path, whatever bundles the rest.
import { parentPort } from "node:worker_threads";
import { Validator } from "@cfworker/json-schema";
import { createTemplateRenderer, TemplateLimitError } from "nunjitsu";
import picomatch from "picomatch";
import { filters } from "./render-filters.mjs";

const LIMITS = {
  sourceCodeUnits: 2_000_000,
  astNodes: 200_000,
  workUnits: 1_000_000,
  nestingDepth: 128,
  outputCodeUnits: 4_000_000,
  scratchBytes: 16_000_000,
  capabilityCalls: 4_096,
};

/** What `always()` and `failure()` read and report during one request. */
const status = { failed: false, asked: false };

// Regular expressions cannot be counted as work. A slow one lasts until renderer.ts ends this thread.
const valueOptions = {
  filters,
  allowRegexExecution: true,
  globals: {
    always: () => {
      status.asked = true;
      return true;
    },
    failure: () => {
      status.asked = true;
      return status.failed;
    },
  },
};
const valueRenderer = createTemplateRenderer(valueOptions);
/** For reading without evaluating, which must not depend on how slow an expression is. */
const valueReader = createTemplateRenderer({ ...valueOptions, allowRegexExecution: false });

const fileRenderers = new Map();

function fileRenderer(options, allowRegexExecution = true) {
  const key = JSON.stringify([options.cookiecutterCompat, options.trimBlocks, options.lstripBlocks, allowRegexExecution]);
  const known = fileRenderers.get(key);
  if (known) return known;
  const jsonify = (value) => JSON.stringify(value);
  const made = createTemplateRenderer({ ...options, allowRegexExecution, filters: options.cookiecutterCompat ? { ...filters, jsonify } : filters });
  fileRenderers.set(key, made);
  return made;
}

function describe(error) {
  // Libraries also throw plain objects with a message.
  const { name, message, line, column, isLimit } = error instanceof Error || error?.message ? error : new Error(String(error));
  return { name, message, line, column, isLimit: error instanceof TemplateLimitError || isLimit === true };
}

/** Why a source cannot be read, or null. One unit of work ends the evaluation before it begins; a filter that is not there shows only there. */
function syntaxProblem(renderer, source) {
  const problem = failureOf(renderer, source, { ...LIMITS, workUnits: 1 });
  if (problem?.phase === "parse") return plain(problem);
  const unknown = failureOf(renderer, source, { ...LIMITS, workUnits: 10_000 });
  return unknown && /^Template error.*: Unknown template filter/.test(unknown.message) ? plain(unknown) : null;
}

function failureOf(renderer, source, limits) {
  try {
    renderer.render(source, {}, { limits });
    return null;
  } catch (error) {
    return error;
  }
}

function plain({ message, line, column }) {
  const text = message.replace(/^Template error at line \d+, column \d+: /, "");
  return { message: /[.?!]$/.test(text) ? text : `${text}.`, line, column };
}

/** Strings in a tree are rendered, keys are not; what renders to nothing disappears; a failing text stays as it is. */
function renderTree(node, context, path, warnings) {
  if (typeof node === "string") {
    try {
      return valueRenderer.renderValue(node, context, { limits: LIMITS });
    } catch (error) {
      if (error instanceof TemplateLimitError) throw error;
      warnings.push({ path, message: describe(error).message });
      return node;
    }
  }
  if (Array.isArray(node)) return node.map((item, index) => renderTree(item, context, `${path}.${index}`, warnings) ?? null);
  if (typeof node !== "object" || node === null) return node;
  const rendered = {};
  for (const [key, value] of Object.entries(node)) {
    const result = renderTree(value, context, path ? `${path}.${key}` : key, warnings);
    if (result !== undefined) rendered[key] = result;
  }
  return rendered;
}

const handlers = {
  values({ input, context, failed }) {
    status.failed = failed;
    status.asked = false;
    const warnings = [];
    const value = renderTree(input, valueRenderer.prepareContext(context), "", warnings);
    return { value, warnings, asksStatus: status.asked };
  },
  texts({ sources, context, options }) {
    const renderer = fileRenderer(options);
    const prepared = renderer.prepareContext(context);
    return { texts: sources.map((source) => renderer.render(source, prepared, { limits: LIMITS })) };
  },
  /** Later patterns win, `!` takes out. A folder's plain name selects what is in it; a pattern that selects a folder does not, but takes it out whole. */
  match({ paths, patterns }) {
    const rules = patterns.map((pattern) => {
      const isNegative = pattern.startsWith("!");
      const glob = (isNegative ? pattern.slice(1) : pattern).replace(/\/$/, "");
      const isWhole = isNegative || !picomatch.scan(glob).isGlob;
      return { isNegative, fits: glob ? picomatch(isWhole ? [glob, `${glob}/**`] : glob, { dot: true, nonegate: true }) : () => false };
    });
    const isSelected = (path) => rules.findLast(({ fits }) => fits(path.replace(/\/$/, "")))?.isNegative === false;
    return { selected: paths.filter(isSelected) };
  },
  syntax({ sources, options }) {
    const renderer = options ? fileRenderer(options, false) : valueReader;
    return { problems: sources.map((source) => syntaxProblem(renderer, source)) };
  },
  validate({ schema, instance }) {
    const { valid, errors } = new Validator(schema, "7", false).validate(instance);
    return { valid, errors: errors.slice(0, 200) };
  },
  /** What an expression gives, as JSON text: functions and the library's own marks stay behind. */
  async jsonata({ data, expression, maxCharacters }) {
    const { default: jsonata } = await import("jsonata");
    const result = await jsonata(expression).evaluate(data);
    const text = result === undefined ? "null" : (JSON.stringify(result, (_key, value) => (value?._jsonata_lambda || value?._jsonata_function ? undefined : value)) ?? "null");
    if (text.length > maxCharacters) throw Object.assign(new Error(`The result is larger than ${maxCharacters / 1_000} kB.`), { isLimit: true });
    return { text };
  },
};

parentPort.on("message", async ({ kind, request }) => {
  try {
    parentPort.postMessage({ answer: await handlers[kind](request) });
  } catch (error) {
    parentPort.postMessage({ failure: describe(error) });
  }
});
parentPort.postMessage({ ready: true });
