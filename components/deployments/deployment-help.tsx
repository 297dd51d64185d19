import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** For an entity without a repository here: why nothing can be deployed, and what to do. */
export function DeploymentHelp() {
  return (
    <div className="table-wrap">
      <Empty title="Nothing to deploy from" action={<LinkButton href="/services/new">Create a service</LinkButton>}>
        This entity has no repository that Waymark knows, so there is no commit to run. A service that is created from a golden path has one from its first minute.
      </Empty>
    </div>
  );
}
