import { route } from "@/lib/core/http/route";
import { createConnection } from "@/lib/identity/mutations";
import { listConnections } from "@/lib/identity/queries";

export const GET = route(listConnections);
export const POST = route(createConnection, { status: 201 });
