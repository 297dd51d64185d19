import { serveMcp } from "@/lib/mcp/serve";

export const POST = serveMcp;
export const GET = serveMcp;
export const DELETE = serveMcp;
