import { route } from "@/lib/core/http/route";
import { testGithub } from "@/lib/platform/queries";

export const POST = route(testGithub);
