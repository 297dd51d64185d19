import { route } from "@/lib/core/http/route";
import { createGuardrail } from "@/lib/guardrails/mutations";
import { listGuardrails } from "@/lib/guardrails/queries";

export const GET = route(listGuardrails);
export const POST = route(createGuardrail, { status: 201 });
