import { route } from "@/lib/core/http/route";
import { listDecisions } from "@/lib/guardrails/queries";

export const GET = route(listDecisions);
