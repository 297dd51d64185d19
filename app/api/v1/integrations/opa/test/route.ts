import { route } from "@/lib/core/http/route";
import { testOpa } from "@/lib/guardrails/queries";

export const POST = route(testOpa, { isRepeatable: true });
