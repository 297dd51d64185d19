import { route } from "@/lib/core/http/route";
import { readServicePath } from "@/lib/golden-paths/queries";

export const GET = route(readServicePath);
