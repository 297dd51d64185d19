import { route } from "@/lib/core/http/route";
import { previewRules } from "@/lib/identity/queries";

export const POST = route(previewRules);
