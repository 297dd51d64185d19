import { route } from "@/lib/core/http/route";
import { ejectConcern } from "@/lib/golden-paths/mutations";

export const POST = route(ejectConcern, { status: 201 });
