import { route } from "@/lib/core/http/route";
import { publishDraft } from "@/lib/golden-paths/mutations";

export const POST = route(publishDraft, { status: 201 });
