import { route } from "@/lib/core/http/route";
import { runGoldenPath } from "@/lib/golden-paths/mutations";

export const POST = route(runGoldenPath, { status: 202 });
