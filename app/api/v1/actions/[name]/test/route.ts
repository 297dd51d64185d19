import { testAction } from "@/lib/actions/mutations";
import { route } from "@/lib/core/http/route";

export const POST = route(testAction, { status: 202 });
