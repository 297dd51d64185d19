import { route } from "@/lib/core/http/route";
import { upgradeService } from "@/lib/golden-paths/mutations";

export const POST = route(upgradeService, { status: 202 });
