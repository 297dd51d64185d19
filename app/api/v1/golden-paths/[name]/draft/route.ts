import { route } from "@/lib/core/http/route";
import { discardDraft, saveDraft, startDraft } from "@/lib/golden-paths/mutations";
import { getDraft } from "@/lib/golden-paths/queries";

export const GET = route(getDraft);
export const POST = route(startDraft, { status: 201 });
export const PUT = route(saveDraft);
export const DELETE = route(discardDraft);
