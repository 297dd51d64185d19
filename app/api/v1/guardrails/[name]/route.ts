import { route } from "@/lib/core/http/route";
import { deleteGuardrail, editGuardrail } from "@/lib/guardrails/mutations";
import { getGuardrail } from "@/lib/guardrails/queries";

export const GET = route(getGuardrail);
export const PUT = route(editGuardrail);
export const DELETE = route(deleteGuardrail);
