import { route } from "@/lib/core/http/route";
import { dryRunDraft } from "@/lib/golden-paths/queries";

export const POST = route(dryRunDraft);
