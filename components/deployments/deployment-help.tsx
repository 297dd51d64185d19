import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** For an entity without a repository here: why nothing can be deployed, and what to do. */
export function DeploymentHelp({ hasEnded }: { hasEnded: boolean }) {
  if (hasEnded) {
    return (
      <div className="table-wrap">
        <Empty title="Nothing was deployed">This entity has ended, and it had no repository that Waymark knew.</Empty>
      </div>
    );
  }
  return (
    <div className="table-wrap">
      <Empty title="Nothing to deploy from" action={<LinkButton href="/services/new">Create a service</LinkButton>}>
        This entity has no repository that Waymark knows, so there is no commit to run. A service that is created from a golden path has one from its first minute.
      </Empty>
    </div>
  );
}
