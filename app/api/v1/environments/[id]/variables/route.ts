import { route } from "@/lib/core/http/route";
import { editVariables } from "@/lib/environments/mutations";
import { listVariables } from "@/lib/environments/queries";

export const GET = route(listVariables);
export const PUT = route(editVariables);
