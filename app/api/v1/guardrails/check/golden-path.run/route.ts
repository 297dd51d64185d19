import { route } from "@/lib/core/http/route";
import { checkRunGoldenPath } from "@/lib/golden-paths/queries";

export const POST = route(checkRunGoldenPath, { isRepeatable: true });
