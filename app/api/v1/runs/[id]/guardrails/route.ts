import { route } from "@/lib/core/http/route";
import { listRunDecisions } from "@/lib/guardrails/queries";

export const GET = route(listRunDecisions);
