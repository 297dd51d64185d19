import { route } from "@/lib/core/http/route";
import { endException } from "@/lib/guardrails/mutations";

export const DELETE = route(endException);
