import { forwardToDemoIdp } from "@/lib/core/auth/demo-idp/forward";
import { openHandler } from "@/lib/core/http/route";

const handler = openHandler((request) => forwardToDemoIdp(request));

export { handler as GET, handler as POST, handler as OPTIONS };
