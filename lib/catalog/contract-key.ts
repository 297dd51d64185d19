import { z } from "zod";

// What the other parts of the contract are built from.

export const RELATION_TYPES = ["ownedBy", "partOf", "providesApi", "consumesApi", "dependsOn", "childOf", "memberOf"] as const;
export type RelationType = (typeof RELATION_TYPES)[number];

export const EntityKey = z.strictObject({ kind: z.string().min(1).max(63), namespace: z.string().min(1).max(63), name: z.string().min(1).max(63) });

/** Several values, separated by commas. */
export const listOf = z.string().max(1_000);
