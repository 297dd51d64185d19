import { route } from "@/lib/core/http/route";
import { makeVersionCurrent } from "@/lib/golden-paths/mutations";
import { getGoldenPath } from "@/lib/golden-paths/queries";

export const GET = route(getGoldenPath);
export const PUT = route(makeVersionCurrent);
