import { downloadPath } from "@/lib/golden-paths/stream";

export const GET = downloadPath;
