import { publishAction } from "@/lib/actions/mutations";
import { route } from "@/lib/core/http/route";

export const POST = route(publishAction);
