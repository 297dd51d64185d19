import { route } from "@/lib/core/http/route";
import { replaceRules } from "@/lib/identity/mutations";
import { listRules } from "@/lib/identity/queries";

export const GET = route(listRules);
export const PUT = route(replaceRules);
