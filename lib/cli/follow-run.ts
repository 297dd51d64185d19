import type { Run } from "@/lib/runs/contract";
import type { Client } from "./client";
import { EXIT, Exit } from "./exit";
import { interruptible } from "./interrupt";
import { runPage } from "./outcome";
import { openProgress } from "./progress";
import { self } from "./terminal";
import { isOver, runPath, watchRun } from "./watch-run";

/** How to look at a run that goes on without this command. */
export const howToFollow = (client: Client, id: string) => `Follow it with \`${self()} run logs ${id} --follow\` or at ${runPage(client.url, id)}`;

/** Waits for the end of a run, showing its steps on standard error. Ctrl-C leaves it going. Returns the ended run; throws Exit. */
export async function followRun(client: Client, id: string, quiet: boolean): Promise<Run> {
  const progress = openProgress(quiet);
  const watch = async (signal: AbortSignal) => {
    let last: Run | null = null;
    for await (const sighting of watchRun(client, id, signal)) {
      if (!("run" in sighting)) continue;
      last = sighting.run;
      progress.show(last);
    }
    return last && isOver(last) ? last : client.call<Run>("GET", runPath(id), undefined, signal);
  };
  try {
    return await interruptible(watch, () => `The run goes on. ${howToFollow(client, id)}`);
  } catch (error) {
    if (!(error instanceof Exit) || error.code !== EXIT.unreachable) throw error;
    throw new Exit(error.code, `${error.message}\nThe run goes on as soon as the portal is back. ${howToFollow(client, id)}`);
  } finally {
    progress.stop();
  }
}
