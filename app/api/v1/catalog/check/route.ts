import { checkEntities } from "@/lib/catalog/queries";
import { route } from "@/lib/core/http/route";
import { readUploads } from "@/lib/core/http/uploads";

export const POST = route(checkEntities, { read: readUploads });
