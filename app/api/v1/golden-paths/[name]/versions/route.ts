import { route } from "@/lib/core/http/route";
import { publishFolder } from "@/lib/golden-paths/mutations";
import { listVersions } from "@/lib/golden-paths/queries";
import { uploadRoute } from "@/lib/golden-paths/stream";

export const GET = route(listVersions);
export const POST = uploadRoute(publishFolder, 201);
