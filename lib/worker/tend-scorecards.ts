import { environmentFacts } from "@/lib/environments/jobs";
import { goldenPathFacts } from "@/lib/golden-paths/jobs";
import { tendScorecards } from "@/lib/scorecards/jobs";

/** Facts of the domains that come after scorecards. */
const LATER = [goldenPathFacts, environmentFacts];

/** One pass over everything that happens to scorecards by itself. */
export const tendAllScorecards = (options?: { waits: boolean }): Promise<void> => tendScorecards(LATER, options);
