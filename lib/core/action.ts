import "server-only";
import { revalidatePath } from "next/cache";
import type { z } from "zod";
import type { ErrorCode, FieldError } from "./errors";
import { expectedError } from "./http/problem";
import { log } from "./log";
import type { Operation } from "./operation";
import { sessionCtx } from "./session-ctx";

export type ActionResult<T> = { ok: true; data: T } | { ok: false; error: { code: ErrorCode | "unexpected"; message: string; fields: FieldError[] } };

/** A mutation as a server action: session → mutation → revalidate → typed result. It never throws and never redirects. */
export function action<I extends z.ZodType, O>(operation: Operation<I, O>, options: { revalidate?: string[] } = {}) {
  return async (input: z.input<I>): Promise<ActionResult<O>> => {
    const ctx = await sessionCtx();
    try {
      const data = await operation(ctx, input);
      for (const path of options.revalidate ?? []) revalidatePath(path, "layout");
      return { ok: true, data };
    } catch (error) {
      const expected = expectedError(error);
      if (expected) return { ok: false, error: { code: expected.code, message: expected.message, fields: expected.fields } };
      log().error({ err: error, requestId: ctx.requestId }, "unexpected error in a server action");
      return { ok: false, error: { code: "unexpected", message: `Something unexpected happened. Tell the platform team the reference ${ctx.requestId}.`, fields: [] } };
    }
  };
}
