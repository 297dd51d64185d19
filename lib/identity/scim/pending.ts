import { sql } from "drizzle-orm";
import { users } from "@/db/schema";

// An account that a connection made and that nobody has signed in to has no identity yet. Its issuer is no address, so no ID token can
// ever carry it: such an account is reached only by the ways in recognise.ts.

const PREFIX = "scim:";

/** What stands for the issuer until the first sign-in. */
export const pendingIssuer = (connectionId: string): string => `${PREFIX}${connectionId}`;

/** True for an account that nobody has signed in to yet. */
export const isPending = (account: { issuer: string }): boolean => account.issuer.startsWith(PREFIX);

/** The same as a condition on `users`. */
export const PENDING_ISSUERS = sql`starts_with(${users.issuer}, ${PREFIX})`;
