import type { z } from "zod";
import { partsOfRef } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import type { Operation } from "@/lib/core/operation";
import type { Permission } from "@/lib/core/policy";
import type { Answer } from "./answer";
import { confirmed, type Loss } from "./confirmed";
import { inputSchemaOf, type JsonSchema } from "./input-schema";

/** The request that a call came with. */
export interface CallContext {
  ctx: Ctx;
  /** Authenticates the caller again, for calls that wait. */
  refresh: () => Promise<Ctx>;
  signal: AbortSignal;
}

export interface Tool {
  name: string;
  title: string;
  description: string;
  permission: Permission;
  annotations: { title: string; readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  inputSchema: JsonSchema;
  call(at: CallContext, sent: Record<string, unknown>): Promise<Answer>;
}

interface ToolOptions<I extends z.ZodType, O> {
  name: string;
  /** Verb and noun, as on a button. */
  title: string;
  /** In place of the operation's own summary, where the tool is only a part of it. */
  summary?: string;
  /** What an agent should know beside it. */
  hint?: string;
  fields?: Partial<Record<keyof z.input<I> & string, string>>;
  /** Input fields that the tool sets. */
  fixed?: Partial<z.input<I>>;
  /** Input fields that it does not take. */
  without?: (keyof z.input<I> & string)[];
  /** Takes `ref` in place of kind, namespace and name. */
  byRef?: boolean;
  /** What holds where nothing is sent; lists are shorter for agents than for programs. */
  defaults?: Partial<z.input<I>>;
  text: (result: O) => string;
  /** A repeat with the same input changes nothing more. Reads need not say so. */
  isIdempotent?: boolean;
  /** Replaces or ends something, although it can be made again: said to the client, not confirmed. */
  isDestructive?: boolean;
  /** Reaches beyond Waymark. */
  isOutside?: boolean;
  /** What cannot be undone. A person confirms a call that loses something. */
  loses?: (ctx: Ctx, input: z.input<I>) => Promise<Loss<O>>;
  /** Does the reading in another way than by one call. */
  read?: (at: CallContext, input: z.input<I>) => Promise<O>;
}

/** One operation as a tool: token → ctx → query or mutation → MCP result. Rules of the business stay in the operation. */
export function tool<I extends z.ZodType, O extends object>(operation: Operation<I, O>, options: ToolOptions<I, O>): Tool {
  const { name, title, summary = operation.summary, hint, fields = {}, fixed = {}, without = [], byRef = false, defaults = {}, text, loses, read } = options;
  const isRead = operation.kind === "query";
  const inputOf = (sent: Record<string, unknown>): z.input<I> => {
    const stranger = [...without, ...Object.keys(fixed)].find((field) => field in sent);
    if (stranger) throw unknownField(stranger);
    const { ref, ...rest } = sent;
    const named = byRef ? { ...partsOfRef(typeof ref === "string" ? ref : ""), ...rest } : sent;
    return { ...defaults, ...named, ...fixed } as z.input<I>;
  };
  const call = async (at: CallContext, sent: Record<string, unknown>): Promise<Answer> => {
    const answer = (result: O): Answer => ({ result, text: text(result) });
    if (!loses) {
      const input = inputOf(sent);
      return answer(read ? await read(at, input) : await operation(at.ctx, input));
    }
    const { confirmationId, ...rest } = sent;
    const input = inputOf(rest);
    const outcome = await confirmed(at.ctx, {
      call: { tool: name, title, input: rest },
      confirmationId,
      loss: await loses(at.ctx, input),
      work: (tx) => operation(at.ctx, input, tx),
    });
    return "done" in outcome ? answer(outcome.done) : outcome.asked;
  };
  return {
    name,
    title,
    description: hint ? `${summary} ${hint}` : summary,
    permission: operation.permission,
    annotations: {
      title,
      readOnlyHint: isRead,
      destructiveHint: !isRead && (options.isDestructive ?? loses !== undefined),
      idempotentHint: isRead || (options.isIdempotent ?? false),
      openWorldHint: options.isOutside ?? false,
    },
    inputSchema: inputSchemaOf(operation, {
      fields: fields as Record<string, string>,
      defaults: defaults as Record<string, unknown>,
      without: [...without, ...Object.keys(fixed)],
      byRef,
      isConfirmed: loses !== undefined,
    }),
    call,
  };
}

function unknownField(path: string): DomainError {
  const message = "Unknown field. Remove it or check its spelling.";
  return new DomainError("invalid", `${path}: ${message}`, { fields: [{ path, message }] });
}
