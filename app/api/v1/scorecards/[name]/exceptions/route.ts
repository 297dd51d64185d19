import { route } from "@/lib/core/http/route";
import { grantException } from "@/lib/scorecards/mutations";
import { listExceptions } from "@/lib/scorecards/queries";

export const GET = route(listExceptions);
export const POST = route(grantException, { status: 201 });
