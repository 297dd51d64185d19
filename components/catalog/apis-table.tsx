import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { type ApiLine, entityHref, refName } from "@/lib/catalog/contract";

/** APIs of a component or system: each leads to its operations. */
export function ApisTable({ apis, caption }: { apis: ApiLine[]; caption: string }) {
  const columns = [
    { key: "name", title: "API" },
    { key: "type", title: "Type", className: "end" },
    { key: "owner", title: "Owner" },
    { key: "lifecycle", title: "Lifecycle", className: "desk-cell" },
    { key: "providers", title: "Provided by", align: "end" as const, className: "desk-cell" },
    { key: "consumers", title: "Used by", align: "end" as const, className: "desk-cell" },
  ];
  const rows = apis.map((api) => ({
    key: api.ref,
    cells: {
      name: api.exists ? (
        <Link className="name" href={entityHref(api.ref, "api")} title={api.ref}>
          {api.title}
        </Link>
      ) : (
        <span title={api.ref}>
          {api.title} <span className="t-warning">not in the catalog</span>
        </span>
      ),
      type: api.type,
      owner: api.ownerRef ? <Link href={entityHref(api.ownerRef)}>{refName(api.ownerRef)}</Link> : null,
      lifecycle: api.lifecycle,
      providers: api.exists ? String(api.providers) : null,
      consumers: api.exists ? String(api.consumers) : null,
    },
  }));
  return <Table caption={caption} columns={columns} rows={rows} />;
}
