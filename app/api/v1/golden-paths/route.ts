import { route } from "@/lib/core/http/route";
import { importDraft } from "@/lib/golden-paths/mutations";
import { listGoldenPaths } from "@/lib/golden-paths/queries";
import { uploadRoute } from "@/lib/golden-paths/stream";

export const GET = route(listGoldenPaths);
export const POST = uploadRoute(importDraft, 201);
