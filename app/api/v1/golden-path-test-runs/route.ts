import { testFolder } from "@/lib/environments/mutations";
import { uploadRoute } from "@/lib/golden-paths/stream";

export const POST = uploadRoute(testFolder, 202);
