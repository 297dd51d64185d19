import { route } from "@/lib/core/http/route";
import { connectHost, disconnectHost } from "@/lib/platform/mutations";

export const PUT = route(connectHost);
export const DELETE = route(disconnectHost);
