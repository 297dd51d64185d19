import { readFileSync } from "node:fs";
import path from "node:path";
import { type Schema, Validator } from "@cfworker/json-schema";

// A host's own description of the operations that Waymark uses (cut-description.mjs and tests/hosts/cut-descriptions.mjs made
// them), as a judge of requests and answers.

export interface Operation {
  id: string;
  method: string;
  route: string;
  query: Record<string, Schema>;
  body?: Schema;
  bodyRequired?: boolean;
  answers: Record<string, Schema | null>;
}

export interface Description {
  source: string;
  operations: Operation[];
  definitions: Record<string, Schema>;
}

export class Judge {
  private readonly validators = new Map<string, Validator>();
  private readonly patterns: { operation: Operation; pattern: RegExp }[];

  constructor(private readonly description: Description) {
    this.patterns = description.operations.map((operation) => ({
      operation,
      pattern: new RegExp(`^${operation.route.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>[^/]+)`)}$`),
    }));
  }

  /** The operation of a request with the values of its address; null for what the description does not have. */
  findOperation(method: string, pathname: string): { operation: Operation; params: Record<string, string> } | null {
    for (const { operation, pattern } of this.patterns) {
      const match = operation.method === method ? pattern.exec(pathname) : null;
      if (match) return { operation, params: Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])) };
    }
    return null;
  }

  /** What the description forbids in a request, undeclared members and query parameters included. */
  requestProblems(operation: Operation, query: URLSearchParams, body: unknown): string[] {
    const problems: string[] = [];
    for (const [name, value] of query) {
      const schema = operation.query[name];
      if (!schema) problems.push(`query parameter ${name} is not declared`);
      else
        problems.push(
          ...this.check(
            `${operation.id} ?${name}`,
            schema,
            schema.type === "string" ? value : /^\d+$/.test(value) ? Number(value) : value === "true" ? true : value === "false" ? false : value,
          ),
        );
    }
    if (operation.body === undefined) {
      if (body !== undefined) problems.push("a body is sent, none is declared");
    } else if (body === undefined) {
      if (operation.bodyRequired) problems.push("the body is missing");
    } else problems.push(...this.check(`${operation.id} body`, operation.body, body));
    return problems.map((problem) => `${operation.method} ${operation.route}: ${problem}`);
  }

  /** What the description forbids in an answer: the fake must not teach what the host does not do. */
  answerProblems(operation: Operation, status: number, body: unknown): string[] {
    const schema = operation.answers[String(status)];
    if (schema === undefined) return [`${operation.id}: status ${status} is not declared`];
    if (schema === null) return [];
    return this.check(`${operation.id} ${status}`, schema, body);
  }

  private check(name: string, schema: Schema, value: unknown): string[] {
    let validator = this.validators.get(name);
    if (!validator) {
      validator = new Validator({ ...schema, definitions: this.description.definitions }, "7", false);
      this.validators.set(name, validator);
    }
    const { valid, errors } = validator.validate(value);
    return valid ? [] : errors.slice(-3).map((error) => `${name} ${error.instanceLocation}: ${error.error}`);
  }
}

export const GITHUB = new Judge(JSON.parse(readFileSync(path.join(import.meta.dirname, "description.json"), "utf8")) as Description);
