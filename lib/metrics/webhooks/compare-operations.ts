import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { enqueue } from "@/lib/core/jobs";
import { mutation, query } from "@/lib/core/operation";
import { githubClient } from "@/lib/platform/queries";
import { lastComparison } from "./compare-github";
import type { GithubComparison } from "./contract";

const Nothing = z.strictObject({});
const nobody = () => null;

export const getGithubComparison = query({
  name: "webhook-source.manage",
  summary: "What the last comparison with GitHub found that had not been delivered; null before the first.",
  input: Nothing,
  subject: nobody,
  run: async (on): Promise<{ last: GithubComparison | null; isConnected: boolean }> => ({ last: await lastComparison(), isConnected: (await githubClient(on)) !== null }),
});

export const compareGithubNow = mutation({
  name: "webhook-source.manage",
  summary: "Compare what GitHub has with what it has delivered, now instead of tonight.",
  input: Nothing,
  subject: nobody,
  run: async (tx) => {
    if (!(await githubClient(tx))) throw new DomainError("conflict", "GitHub is not connected. Connect it under Integrations.");
    await enqueue(tx, "delivery.compare-github", {}, { jobKey: "delivery.compare-github" });
    return { accepted: true };
  },
  audit: () => ({ target: { type: "webhook-source", id: "github", label: "GitHub" }, detail: { change: "compared" } }),
});
