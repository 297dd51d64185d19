import { route } from "@/lib/core/http/route";
import { readTask } from "@/lib/golden-paths/queries";

export const GET = route(readTask);
