import type { Actor } from "@/lib/core/actor";
import { canSomewhere } from "@/lib/core/policy";
import type { Tool } from "../tool";
import { ACTION_TOOLS } from "./actions";
import { CATALOG_TOOLS } from "./catalog";
import { ENVIRONMENT_TOOLS } from "./environments";
import { GOLDEN_PATH_TOOLS } from "./golden-paths";
import { PLATFORM_TOOLS } from "./platform";
import { RUN_TOOLS } from "./runs";

/** Every tool, in the order in which clients list them. */
export const TOOLS: Tool[] = [...CATALOG_TOOLS, ...GOLDEN_PATH_TOOLS, ...ENVIRONMENT_TOOLS, ...RUN_TOOLS, ...ACTION_TOOLS, ...PLATFORM_TOOLS];

/** The tools that this caller's role and scopes allow on anything at all. What each call is about is asked again at the call. */
export const toolsFor = (actor: Actor): Tool[] => TOOLS.filter(({ permission }) => canSomewhere(actor, permission));
