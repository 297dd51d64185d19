import type { z } from "zod";
import { type Connection, db, type Tx } from "@/db/client";
import { type AuditRecord, writeAudit, writeRefusal } from "./audit";
import type { Ctx } from "./ctx";
import { DomainError, type FieldError, RefusedByRules } from "./errors";
import { can, PERMISSIONS, type Permission, type Subject } from "./policy";

// One ability = one operation: parse, authorize, do, audit. Edges (action, route, tool, job) only build the Ctx and call it.

export interface Operation<I extends z.ZodType, O> {
  (ctx: Ctx, input: z.input<I>, within?: Tx): Promise<O>;
  kind: "query" | "mutation";
  permission: Permission;
  input: I;
  summary: string;
}

interface Definition<I extends z.ZodType, S extends Subject | null> {
  name: Permission;
  /** One sentence for the API description. */
  summary: string;
  input: I;
  /** Loads what is asked about, inside the transaction; throws not_found. Null = the ability is not about a team or a person. */
  subject: (on: Connection, input: z.output<I>, ctx: Ctx) => Promise<S> | S;
}

interface QueryDefinition<I extends z.ZodType, O, S extends Subject | null> extends Definition<I, S> {
  run: (on: Connection, input: z.output<I>, ctx: Ctx, subject: S) => Promise<O>;
}

interface MutationDefinition<I extends z.ZodType, O, S extends Subject | null, P> extends Definition<I, S> {
  /** Reads what is outside of Postgres (a repository), after authorization and before the transaction; `run` gets the result. */
  prepare?: (input: z.output<I>, ctx: Ctx, subject: S) => Promise<P>;
  run: (tx: Tx, input: z.output<I>, ctx: Ctx, subject: S, prepared: P) => Promise<O>;
  /** A limit narrower than the permission table: the sentence for somebody whom it keeps out, who else may; null = nothing against it. */
  refuse?: (on: Connection, ctx: Ctx, subject: S) => Promise<string | null>;
  /** Null when nothing changed, for example a repeated delete. */
  audit: (input: z.output<I>, result: O, subject: S) => AuditRecord | null;
}

/** A read: parse → authorize → run. Returns contract shapes; throws DomainError. */
export function query<I extends z.ZodType, O, S extends Subject | null>(definition: QueryDefinition<I, O, S>): Operation<I, O> {
  const call = async (ctx: Ctx, raw: z.input<I>, within?: Tx): Promise<O> => {
    requirePerson(ctx);
    const input = parseInput(definition.input, raw);
    const on = within ?? db();
    const subject = await definition.subject(on, input, ctx);
    authorize(ctx, definition.name, subject);
    return definition.run(on, input, ctx, subject);
  };
  return Object.assign(call, { kind: "query" as const, permission: definition.name, input: definition.input, summary: definition.summary });
}

/** A write: parse → one transaction of authorize → run → audit event. Joins the given transaction. Throws DomainError. */
export function mutation<I extends z.ZodType, O, S extends Subject | null, P = undefined>(definition: MutationDefinition<I, O, S, P>): Operation<I, O> {
  const authorized = async (on: Connection, input: z.output<I>, ctx: Ctx): Promise<S> => {
    const subject = await definition.subject(on, input, ctx);
    const refused = await definition.refuse?.(on, ctx, subject);
    if (refused) throw new Refusal("forbidden", refused, subject);
    authorize(ctx, definition.name, subject);
    return subject;
  };
  const inside = async (tx: Tx, input: z.output<I>, ctx: Ctx, prepared: P): Promise<O> => {
    const subject = await authorized(tx, input, ctx);
    const result = await definition.run(tx, input, ctx, subject, prepared);
    const record = definition.audit(input, result, subject);
    if (record) await writeAudit(tx, ctx, definition.name, "done", { teamId: subject?.teamId ?? null, ...record });
    return result;
  };
  const call = async (ctx: Ctx, raw: z.input<I>, within?: Tx): Promise<O> => {
    requirePerson(ctx);
    const input = parseInput(definition.input, raw);
    try {
      const prepared = (definition.prepare ? await definition.prepare(input, ctx, await authorized(within ?? db(), input, ctx)) : undefined) as P;
      return within ? await inside(within, input, ctx, prepared) : await db().transaction((tx) => inside(tx, input, ctx, prepared));
    } catch (error) {
      if (error instanceof RefusedByRules) {
        const { teamId, rules, remember } = error.about;
        await remember();
        await writeRefusal(ctx, definition.name, { teamId, detail: { reason: "guardrail", guardrails: rules } });
      }
      if (error instanceof Refusal) await writeRefusal(ctx, definition.name, { teamId: error.subject?.teamId ?? null, detail: { reason: error.code } });
      throw error;
    }
  };
  return Object.assign(call, { kind: "mutation" as const, permission: definition.name, input: definition.input, summary: definition.summary });
}

class Refusal extends DomainError {
  constructor(
    code: "unauthenticated" | "forbidden" | "not_found",
    message: string,
    readonly subject: Subject | null,
  ) {
    super(code, message);
  }
}

/** Throws unauthenticated for nobody: before the input is looked at, so that it tells nothing about what would be valid. */
export function requirePerson({ actor }: Ctx): void {
  if (actor.type === "anonymous") throw new Refusal("unauthenticated", "Sign in first.", null);
}

/** Throws unless the actor may: not_found where even existence is secret, else forbidden. */
export function authorize(ctx: Ctx, permission: Permission, subject: Subject | null): void {
  const about = subject ?? {};
  const { actor } = ctx;
  if (can(actor, permission, about)) return;
  requirePerson(ctx);
  const { visibleWith, scope } = PERMISSIONS[permission];
  // What the person may do in the browser is no secret to their token: it only lacks the right.
  if (ctx.actor.type === "user" && ctx.actor.credential.type === "token" && can({ ...ctx.actor, credential: { type: "session", id: "" } }, permission, about)) {
    const lacks = scope ? `This token lacks the scope ${scope}. Create a token with that scope.` : `${permission} is not possible with a token. Do it in the browser.`;
    throw new Refusal("forbidden", lacks, subject);
  }
  if (visibleWith && !can(ctx.actor, visibleWith, about)) throw new Refusal("not_found", "There is nothing here, or you may not see it.", subject);
  throw new Refusal("forbidden", `Your role does not allow ${permission} here. Ask an owner of the team or a platform admin.`, subject);
}

/** Parses with zod; throws DomainError("invalid") with one entry per field. */
export function parseInput<I extends z.ZodType>(schema: I, raw: unknown): z.output<I> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) {
    const unstorable = unstorableIn(parsed.data);
    if (!unstorable) return parsed.data;
    throw new DomainError("invalid", `A text contains ${unstorable}, which cannot be stored. Remove it.`);
  }
  const fields = parsed.error.issues.slice(0, 20).map(fieldError);
  const first = fields[0];
  throw new DomainError("invalid", first ? `${first.path ? `${first.path}: ` : ""}${first.message}` : "The input is invalid.", { fields });
}

/** What Postgres refuses in a text or in JSON; told here, it is no unexpected error. */
function unstorableIn(value: unknown): string | null {
  if (typeof value === "string") return value.includes("\u0000") ? "the character NUL" : /\p{Surrogate}/u.test(value) ? "half of a character (a lone surrogate)" : null;
  if (value === null || typeof value !== "object" || value instanceof Date) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = unstorableIn(key) ?? unstorableIn(inner);
    if (found) return found;
  }
  return null;
}

function fieldError(issue: z.core.$ZodIssue): FieldError {
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    return { path: [...issue.path, key].join("."), message: "Unknown field. Remove it or check its spelling." };
  }
  return { path: issue.path.join("."), message: issue.message };
}
