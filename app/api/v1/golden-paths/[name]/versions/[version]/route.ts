import { route } from "@/lib/core/http/route";
import { getVersion } from "@/lib/golden-paths/queries";

export const GET = route(getVersion);
