import { route } from "@/lib/core/http/route";
import { testHost } from "@/lib/platform/queries";

export const POST = route(testHost);
