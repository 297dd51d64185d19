import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** Says which role a page needs, instead of hiding that it exists. */
export function AdminsOnly({ what }: { what: string }) {
  return (
    <div className="table-wrap">
      <Empty title="Only platform admins may see this" action={<LinkButton href="/">Go home</LinkButton>}>
        {what} Ask a platform admin if you need something here; your account page says which role you have.
      </Empty>
    </div>
  );
}
