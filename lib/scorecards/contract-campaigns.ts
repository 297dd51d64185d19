import { z } from "zod";

const text = (max: number, what: string) =>
  z
    .string({ error: what })
    .trim()
    .min(1, what)
    .max(max, `At most ${max.toLocaleString("en")} characters.`);
const Until = z.iso.date("Give the last day, such as 2027-03-31.");
const Title = text(80, "Give the campaign a title, such as Everything documented.");
const Why = text(1_000, "Say why it matters now: teams plan their time by it.");

export const CreateCampaignInput = z
  .strictObject({
    name: z.string().max(64),
    title: Title,
    why: Why,
    /** Name of the level to reach. */
    level: z.string().max(50).optional(),
    /** Or the ids of checks to pass. */
    checks: z.array(z.string().max(50)).max(40).default([]),
    /** Refs or short names of the teams that it is about; none = every team. */
    owners: z.array(z.string().trim().min(1).max(200)).max(50, "At most 50.").default([]),
    /** Its last day. */
    until: Until,
  })
  .superRefine(({ level, checks }, problems) => {
    if ((level === undefined) === (checks.length === 0)) problems.addIssue({ code: "custom", path: ["level"], message: "Name either a level to reach or checks to pass." });
  });

export const CampaignKey = z.strictObject({ name: z.string().max(64), id: z.string().max(64) });
export const EditCampaignInput = CampaignKey.extend({ title: Title.optional(), why: Why.optional(), until: Until.optional() });

export type CampaignState = "open" | "reached" | "overdue" | "ended";

export interface CampaignTeam {
  /** Null = nobody's. */
  ownerRef: string | null;
  entities: number;
  done: number;
}

export interface Campaign {
  id: string;
  scorecard: string;
  title: string;
  why: string;
  level: { name: string; title: string } | null;
  checks: { id: string; title: string }[];
  /** Empty = everybody's entities. */
  owners: string[];
  /** Its last day. */
  until: string;
  state: CampaignState;
  entities: number;
  done: number;
  entitiesAtStart: number;
  doneAtStart: number;
  /** Those with most to do first. */
  teams: CampaignTeam[];
  createdBy: string | null;
  createdAt: string;
  endedAt: string | null;
}

/** What a campaign still waits for from the reader's own teams. */
export interface OwnCampaign {
  id: string;
  scorecard: string;
  title: string;
  until: string;
  isOverdue: boolean;
  /** Entities of the reader's teams that are not done. */
  left: number;
  owners: string[];
}
