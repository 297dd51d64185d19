import { route } from "@/lib/core/http/route";
import { dryRunService } from "@/lib/golden-paths/queries";

export const POST = route(dryRunService);
