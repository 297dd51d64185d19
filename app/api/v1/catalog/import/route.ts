import { importEntities } from "@/lib/catalog/mutations";
import { route } from "@/lib/core/http/route";
import { readUploads } from "@/lib/core/http/uploads";

export const POST = route(importEntities, { read: readUploads, isRepeatable: true });
