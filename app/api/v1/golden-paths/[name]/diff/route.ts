import { route } from "@/lib/core/http/route";
import { compareVersions } from "@/lib/golden-paths/queries";

export const GET = route(compareVersions);
