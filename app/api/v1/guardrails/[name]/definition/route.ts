import { route } from "@/lib/core/http/route";
import { getGuardrailForEdit } from "@/lib/guardrails/queries";

export const GET = route(getGuardrailForEdit);
