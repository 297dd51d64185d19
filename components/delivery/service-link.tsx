import { Link } from "@/components/ui/link";

/** The service's page in the catalog. */
export function ServiceLink({ service }: { service: string }) {
  const [kind = "component", rest = service] = service.split(":");
  const [namespace = "default", name = rest] = rest.split("/");
  return <Link href={`/catalog/${namespace}/${kind}/${name}`}>{namespace === "default" ? name : `${namespace}/${name}`}</Link>;
}
