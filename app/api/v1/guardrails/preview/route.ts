import { route } from "@/lib/core/http/route";
import { previewGuardrail } from "@/lib/guardrails/queries";

export const POST = route(previewGuardrail);
