import { checkFiles } from "@/lib/golden-paths/queries";
import { uploadRoute } from "@/lib/golden-paths/stream";

export const POST = uploadRoute(checkFiles);
