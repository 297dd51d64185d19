import { route } from "@/lib/core/http/route";
import { grantException } from "@/lib/guardrails/mutations";
import { listExceptions } from "@/lib/guardrails/queries";

export const GET = route(listExceptions);
export const POST = route(grantException, { status: 201 });
