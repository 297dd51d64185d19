import { route } from "@/lib/core/http/route";
import { createService } from "@/lib/golden-paths/mutations";

export const POST = route(createService, { status: 202 });
