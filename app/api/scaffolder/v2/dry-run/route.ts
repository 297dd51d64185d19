import { route } from "@/lib/core/http/route";
import { dryRunTask } from "@/lib/golden-paths/queries";

export const POST = route(dryRunTask);
