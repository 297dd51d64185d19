import { route } from "@/lib/core/http/route";
import { connectOpa, disconnectOpa } from "@/lib/guardrails/mutations";
import { readOpaIntegration } from "@/lib/guardrails/queries";

export const GET = route(readOpaIntegration);
export const PUT = route(connectOpa);
export const DELETE = route(disconnectOpa);
