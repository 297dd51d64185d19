import { route } from "@/lib/core/http/route";
import { compareDraft } from "@/lib/golden-paths/queries";

export const GET = route(compareDraft);
