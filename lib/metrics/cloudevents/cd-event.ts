import { z } from "zod";
import { Text, Time } from "../webhooks/read";

const Reference = z.object({ id: Text.min(1).max(200) });
/** What Waymark uses of a CDEvent; these fields are the same in every version up to 0.5. */
export const CdEvent = z.object({
  context: z.object({ id: Text, source: Text, timestamp: Time }),
  subject: z.object({
    id: Text.min(1),
    content: z.object({
      environment: Reference.nullish(),
      service: Reference.nullish(),
      artifactId: Text.nullish(),
      description: Text.nullish(),
      change: z.object({ id: Text, source: Text.nullish() }).nullish(),
    }),
  }),
  customData: z.looseObject({ commit: Text.optional(), repository: Text.optional(), service: Text.optional(), severity: Text.optional() }).optional().catch(undefined),
});
export type CdEvent = z.output<typeof CdEvent>;
