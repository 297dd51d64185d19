import { route } from "@/lib/core/http/route";
import { testDraft } from "@/lib/environments/mutations";
import { listDraftTests } from "@/lib/environments/queries";

export const GET = route(listDraftTests);
export const POST = route(testDraft, { status: 202 });
