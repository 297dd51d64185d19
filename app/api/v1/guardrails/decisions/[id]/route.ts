import { route } from "@/lib/core/http/route";
import { getDecision } from "@/lib/guardrails/queries";

export const GET = route(getDecision);
