import { route } from "@/lib/core/http/route";
import { rejoinConcern } from "@/lib/golden-paths/mutations";

export const POST = route(rejoinConcern, { status: 202 });
