import { testFiles } from "@/lib/golden-paths/queries";
import { uploadRoute } from "@/lib/golden-paths/stream";

export const POST = uploadRoute(testFiles);
