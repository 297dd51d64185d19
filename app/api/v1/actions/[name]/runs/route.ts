import { runAction } from "@/lib/actions/mutations";
import { route } from "@/lib/core/http/route";

export const POST = route(runAction, { status: 202 });
