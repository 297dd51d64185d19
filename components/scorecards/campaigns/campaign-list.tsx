import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { entityHref, refName } from "@/lib/catalog/contract";
import { day } from "@/lib/core/format";
import type { Campaign } from "@/lib/scorecards/contract";
import { CampaignButton, EndCampaign } from "./campaign-buttons";
import type { CampaignDialogProps } from "./campaign-dialog";

const DAY_MS = 86_400_000;

interface Props {
  campaigns: Campaign[];
  card: CampaignDialogProps["card"];
  teams: CampaignDialogProps["teams"];
  mayEdit: boolean;
  now: string;
}

/** Campaigns of a scorecard: what is asked for by when, and how far each team is. */
export function CampaignList({ campaigns, card, teams, mayEdit, now }: Props) {
  if (campaigns.length === 0 && !mayEdit) return null;
  const [open, ended] = [campaigns.filter(({ state }) => state !== "ended"), campaigns.filter(({ state }) => state === "ended")];
  return (
    <section className="mb-6" aria-label="Campaigns">
      <SectionHead title="Campaigns" aside={mayEdit ? <CampaignButton card={card} teams={teams} /> : null} />
      {open.length === 0 ? <p className="muted">None is open. A campaign asks teams to reach a level, or to pass a check, by a day.</p> : null}
      {open.length ? (
        <ul className="api-list">
          {open.map((one) => (
            <CampaignItem key={one.id} campaign={one} card={card} teams={teams} mayEdit={mayEdit} now={now} />
          ))}
        </ul>
      ) : null}
      {ended.length ? (
        <details className="mt-2">
          <summary className="link">Ended earlier ({ended.length})</summary>
          <ul className="list bare">
            {ended.map((one) => (
              <li key={one.id}>
                <span className="grow">{one.title}</span>
                <span className="muted">
                  ended {one.endedAt ? day(one.endedAt) : ""}, {one.done} of {one.entities}
                </span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

/** `Reach Gold`, `Pass “Has documentation”`. */
const goalWords = ({ level, checks }: Campaign): string =>
  level ? `Reach ${level.title}` : checks.length ? `Pass ${checks.map(({ title }) => `“${title}”`).join(" and ")}` : "Its checks are no longer part of the scorecard";

/** Where it stands to its last day. */
function whenWords({ until, state }: Campaign, now: string): string {
  const days = Math.floor((Date.parse(until) + DAY_MS - Date.parse(now)) / DAY_MS);
  const last = day(until);
  if (state === "reached") return `Reached, before ${last}`;
  if (state === "overdue") return `Was due on ${last}`;
  return days < 1 ? `Ends today, ${last}` : `Until ${last}, ${days} ${days === 1 ? "day" : "days"} left`;
}

function CampaignItem({ campaign, card, teams, mayEdit, now }: Omit<Props, "campaigns"> & { campaign: Campaign }) {
  const waiting = (owner: string | null) => `/scorecards/${card.name}?${new URLSearchParams({ campaign: campaign.id, ...(owner ? { team: owner } : {}) })}`;
  const left = campaign.entities - campaign.done;
  return (
    <li id={`campaign-${campaign.id}`}>
      <details>
        <summary>
          <span className="grow">
            <span className="strong block">{campaign.title}</span>
            <span className={campaign.state === "overdue" ? "t-warning" : "muted"}>
              {goalWords(campaign)}. {whenWords(campaign, now)}
            </span>
          </span>
          <span className="bar tall w-[72px] desk" aria-hidden>
            <i style={{ width: `${campaign.entities ? (100 * campaign.done) / campaign.entities : 0}%` }} />
          </span>
          <span className="nowrap right min-w-[88px]">
            {campaign.done} of {campaign.entities}
          </span>
        </summary>
        <div className="api-detail">
          <p>{campaign.why}</p>
          <p className="muted">
            {campaign.createdBy ? `Started by ${campaign.createdBy} on` : "Started on"} {day(campaign.createdAt)}, with {campaign.doneAtStart} of {campaign.entitiesAtStart} there.{" "}
            {left ? (
              <Link className="link" href={waiting(null)}>
                {left} still to do
              </Link>
            ) : null}
          </p>
          <ul className="list bare">
            {campaign.teams.map(({ ownerRef, entities, done }) => (
              <li key={ownerRef ?? ""}>
                {ownerRef ? (
                  <Link className="grow" href={entityHref(ownerRef)}>
                    {refName(ownerRef)}
                  </Link>
                ) : (
                  <span className="grow muted">Nobody's</span>
                )}
                <span className="muted">
                  {done} of {entities}
                </span>
                <span className="right min-w-[96px]">
                  {done < entities ? (
                    <Link className="link" href={waiting(ownerRef)}>
                      {entities - done} to do
                    </Link>
                  ) : (
                    "All there"
                  )}
                </span>
              </li>
            ))}
          </ul>
          {mayEdit ? (
            <div className="line">
              <CampaignButton card={card} teams={teams} campaign={campaign} />
              <EndCampaign scorecard={card.name} id={campaign.id} title={campaign.title} />
            </div>
          ) : null}
        </div>
      </details>
    </li>
  );
}
