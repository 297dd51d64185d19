import { environmentFacts } from "@/lib/environments/jobs";
import { goldenPathFacts } from "@/lib/golden-paths/jobs";
import { tendScorecards } from "@/lib/scorecards/jobs";
import { telemetryFacts } from "@/lib/telemetry/jobs";

/** Facts of the domains that come after scorecards. */
const LATER = [telemetryFacts, environmentFacts, goldenPathFacts];

/** One pass over everything that happens to scorecards by itself. */
export const tendAllScorecards = (options?: { waits: boolean }): Promise<void> => tendScorecards(LATER, options);
