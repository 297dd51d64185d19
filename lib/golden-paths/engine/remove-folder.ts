import { readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";

const FEW_ENTRIES = 300;

/** Removes a folder that steps worked in: few entries at once, which takes less time than handing each to another thread. */
export async function removeFolder(folder: string): Promise<void> {
  const options = { recursive: true, force: true };
  if (readdirSync(folder, { recursive: true }).length <= FEW_ENTRIES) rmSync(folder, options);
  else await rm(folder, options);
}
