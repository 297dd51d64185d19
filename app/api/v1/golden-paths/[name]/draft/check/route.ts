import { route } from "@/lib/core/http/route";
import { checkDraft } from "@/lib/golden-paths/queries";

export const POST = route(checkDraft);
