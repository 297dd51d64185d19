import type { HostAdapter, HostChange, HostPlace } from "@/lib/hosts/adapter";
import type { HostClient } from "@/lib/hosts/client";
import { isHostFailure } from "@/lib/hosts/failure";

type Wanted = Parameters<HostAdapter["openChange"]>[2];
type Host = { adapter: HostAdapter; client: HostClient };

/** The open pull or merge request of a branch; null where there is none. Throws HostFailure. */
export async function findHostChange({ adapter, client }: Host, place: HostPlace, branch: string): Promise<HostChange | null> {
  return (await adapter.listChanges(client, place)).find((one) => one.branch === branch) ?? null;
}

/** The same, opened where there is none; a lost answer is looked up. Throws HostFailure. */
export async function ensureHostChange(host: Host, place: HostPlace, wanted: Wanted): Promise<HostChange> {
  const find = () => findHostChange(host, place, wanted.branch);
  const known = await find();
  if (known) return known;
  try {
    return await host.adapter.openChange(host.client, place, wanted);
  } catch (error) {
    const made = isHostFailure(error) && (error.mayHaveHappened || error.problem === "conflict") ? await find() : null;
    if (made) return made;
    throw error;
  }
}
