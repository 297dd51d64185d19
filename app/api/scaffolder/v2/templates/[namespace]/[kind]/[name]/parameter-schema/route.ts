import { route } from "@/lib/core/http/route";
import { readParameterSchema } from "@/lib/golden-paths/queries";

export const GET = route(readParameterSchema);
