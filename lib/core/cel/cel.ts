import { env } from "../env";
import { nearestName } from "../nearest-name";
import { Thread, ThreadLost } from "../thread";

// Conditions in CEL (Common Expression Language) over facts with declared types, evaluated in a thread with a deadline.

export const MAX_EXPRESSION = 2_000;
const CHECK_DEADLINE_MS = 3_000;
const EVALUATE_DEADLINE_MS = 5_000;
/** For one expression alone, to find the one that is too slow for its neighbours. */
const ALONE_DEADLINE_MS = 1_000;

export type FactType = "bool" | "int" | "double" | "string" | "list<string>" | "map<string, dyn>";
/** Group → field → type; a single fact's type; null for a document of any shape. */
export type Variables = Record<string, Record<string, FactType> | FactType | null>;

/** Why a text is no usable condition; lines and columns count from 1. */
export interface ExpressionProblem {
  line: number;
  column: number;
  message: string;
}

/** A fact that is not there: its path. Or why the expression gave neither true nor false, in words. */
export type Undecided = { missing: string[] } | { because: string };
export type Outcome = boolean | Undecided;

interface Raw {
  code: string;
  message: string;
  start: number;
  end: number;
}
type RawOutcome = boolean | { code: "no_such_key"; path: string[] } | { code: string; message: string };

/** How long expressions may take: all of a request, and one alone. */
export interface Deadlines {
  togetherMs: number;
  aloneMs: number;
}

export class Cel {
  constructor(
    private readonly variables: Variables,
    private readonly thread: Thread,
    private readonly deadlines: Deadlines = { togetherMs: EVALUATE_DEADLINE_MS, aloneMs: ALONE_DEADLINE_MS },
  ) {}

  /** What is wrong with each expression, or null, and the facts that it names. */
  async check(expressions: string[]): Promise<{ problem: ExpressionProblem | null; references: string[][] }[]> {
    const short = expressions.map((one) => (one.length > MAX_EXPRESSION ? "true" : one));
    const found = (await this.ask("check", { variables: this.variables, expressions: short }, CHECK_DEADLINE_MS)) as { problem: Raw | null; references: string[][] }[];
    return found.map(({ problem, references }, index) => ({ problem: this.problemOf(expressions[index] ?? "", problem), references }));
  }

  /** What each expression says of each document: `result[expression][document]`. One that takes too long is undecided everywhere, and holds up no other. */
  async evaluate(expressions: string[], documents: Record<string, unknown>[]): Promise<Outcome[][]> {
    const { togetherMs, aloneMs } = this.deadlines;
    const [only, second] = expressions;
    if (only !== undefined && second === undefined) return [await this.evaluateAlone(only, documents, togetherMs)];
    try {
      return await this.evaluateTogether(expressions, documents, togetherMs);
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
    }
    const all: Outcome[][] = [];
    for (const expression of expressions) all.push(await this.evaluateAlone(expression, documents, aloneMs));
    return all;
  }

  private async evaluateAlone(expression: string, documents: Record<string, unknown>[], deadlineMs: number): Promise<Outcome[]> {
    try {
      const [outcomes = []] = await this.evaluateTogether([expression], documents, deadlineMs);
      return outcomes;
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      return documents.map(() => ({ because: `It ${error.reason === "memory" ? "needs too much memory" : "takes too long"}. Nested loops and slow patterns do that.` }));
    }
  }

  close(): Promise<void> {
    return this.thread.close();
  }

  private async evaluateTogether(expressions: string[], documents: Record<string, unknown>[], deadlineMs: number): Promise<Outcome[][]> {
    const found = (await this.ask("evaluate", { variables: this.variables, expressions, documents }, deadlineMs)) as { problem: Raw | null; outcomes: RawOutcome[] }[];
    return found.map(({ problem, outcomes }, index) => {
      const unreadable = this.problemOf(expressions[index] ?? "", problem);
      return unreadable ? documents.map(() => ({ because: unreadable.message })) : outcomes.map(asOutcome);
    });
  }

  private async ask(kind: "check" | "evaluate", request: object, deadlineMs: number): Promise<unknown> {
    const message = (await this.thread.ask({ kind, request }, { deadlineMs })) as { answer: unknown } | { failure: string };
    if ("answer" in message) return message.answer;
    throw new Error(`the evaluator of conditions failed: ${message.failure}`);
  }

  private problemOf(expression: string, raw: Raw | null): ExpressionProblem | null {
    if (expression.trim() === "") return { line: 1, column: 1, message: `Write a condition, for example ${this.example()}.` };
    if (expression.length > MAX_EXPRESSION)
      return { line: 1, column: 1, message: `The condition is longer than ${MAX_EXPRESSION.toLocaleString("en")} characters. Split it into several checks.` };
    if (!raw) return null;
    const before = expression.slice(0, raw.start).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: this.words(expression, raw) };
  }

  /** The first fact that has a name of its own. */
  private example(): string {
    const [group, fields] = Object.entries(this.variables).find(([, declared]) => typeof declared === "object" && declared !== null) ?? [];
    return group ? `${group}.${Object.keys(fields ?? {})[0] ?? ""}` : (Object.keys(this.variables)[0] ?? "true");
  }

  private words(expression: string, { code, message, start, end }: Raw): string {
    const name = expression.slice(start, end);
    if (code === "unknown_variable")
      return `There is no ${short(name)}.${didYouMean(name, Object.keys(this.variables)) || ` There are: ${Object.keys(this.variables).join(", ")}.`}`;
    if (code === "no_such_key") {
      const group = /(\w+)\s*\.\s*$/.exec(expression.slice(0, start))?.[1] ?? "";
      const declared = this.variables[group];
      const fields = typeof declared === "object" ? Object.keys(declared ?? {}) : [];
      const wrong = message.replace(/^No such key: /, "");
      return `${group || "It"} has no ${short(wrong)}.${didYouMean(wrong, fields) || (fields.length ? ` It has: ${fields.join(", ")}.` : "")}`;
    }
    if (code === "no_such_overload") return unlike(message);
    if (code === "no_matching_overload")
      return `There is no such function: ${message
        .replace(/^found no matching overload for /, "")
        .replaceAll("'", "")
        .replaceAll("$", "")}.`;
    if (code === "not_bool") return `It gives ${message.replace("$", "")}, not true or false. Compare it with something.`;
    if (code === "limit_exceeded") return "It is too long or nested too deep. Split it into several checks.";
    return message.endsWith(".") ? message : `${message}.`;
  }
}

/** Whole numbers and others may be compared by size, and not for being the same. */
function unlike(message: string): string {
  const types = message
    .replace(/^no such overload: /, "")
    .replace(/dyn<([^>]+)>/g, "$1")
    .replace(/\.$/, "");
  const hint = /\bdouble\b/.test(types) && /\bint\b/.test(types) ? " Write the number with a point, such as 13.0." : "";
  return `${types}: these two types do not go together.${hint}`;
}
const short = (name: string) => (name.length > 40 ? `${name.slice(0, 40)}…` : name);

function didYouMean(name: string, candidates: string[]): string {
  const near = nearestName(name, candidates);
  return near ? ` Did you mean ${near}?` : "";
}

function asOutcome(raw: RawOutcome): Outcome {
  if (typeof raw === "boolean") return raw;
  if ("path" in raw) return { missing: raw.path };
  if (raw.code === "not_bool") return { because: `It gives ${raw.message}, not true or false.` };
  if (raw.code === "no_such_overload") return { because: unlike(raw.message) };
  return { because: raw.message.endsWith(".") ? raw.message : `${raw.message}.` };
}

/** A thread for evaluators that may wait for each other. */
export const celThread = (appRoot: string): Thread =>
  new Thread(appRoot, { file: "lib/core/cel/cel-worker.mjs", what: "evaluator of conditions", name: "waymark-cel", maxMemoryMiB: 192 });

const store = globalThis as typeof globalThis & { __waymarkCel?: Map<string, Thread> };

/** The evaluator for a purpose, with one thread per purpose and process: what is typed as a draft never holds up what counts. */
export function celFor(purpose: string, variables: Variables, deadlines?: Deadlines): Cel {
  store.__waymarkCel ??= new Map();
  const thread = store.__waymarkCel.get(purpose) ?? celThread(env().appRoot);
  store.__waymarkCel.set(purpose, thread);
  return new Cel(variables, thread, deadlines);
}
