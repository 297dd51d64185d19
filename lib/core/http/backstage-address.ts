import { DomainError } from "../errors";

// How clients of Backstage write lists into addresses: `fields` and the like once with commas, the others repeated.

const separated = (values: string[]) =>
  values
    .flatMap((value) => value.split(","))
    .map((one) => one.trim())
    .filter(Boolean);

const given = (name: string, value: string | null) => (value === null || value === "" ? {} : { [name]: value });

/** Input for a page from the query of an address. Throws invalid. */
export function pageAddress(url: string) {
  const query = new URL(url).searchParams;
  const orders = [
    ...query.getAll("orderField").map((one) => orderOf("orderField", one.split(",").reverse())),
    ...query.getAll("order").map((one) => orderOf("order", [one.slice(0, one.indexOf(":")), one.slice(one.indexOf(":") + 1)])),
  ];
  const [term, textFields] = [query.get("fullTextFilterTerm"), separated(query.getAll("fullTextFilterFields"))];
  return {
    filter: query.getAll("filter"),
    fields: separated(query.getAll("fields")),
    ...(orders.length ? { orderFields: orders } : {}),
    ...(term ? { fullTextFilter: { term, ...(textFields.length ? { fields: textFields } : {}) } } : {}),
    ...given("limit", query.get("limit")),
    ...given("offset", query.get("offset")),
    ...given("cursor", query.get("cursor") ?? query.get("after")),
    ...given("totalItems", query.get("totalItems")),
  };
}

function orderOf(name: string, [order = "asc", field = ""]: string[]): { field: string; order: "asc" | "desc" } {
  if (order === "asc" || order === "desc") return { field, order };
  // Only a field.
  if (name === "orderField" && field === "") return { field: order, order: "asc" };
  throw new DomainError("invalid", `The ${name} is not understood.`, { fields: [{ path: name, message: "Write orderField=metadata.name,asc or order=asc:metadata.name." }] });
}

/** Input for counts from the query of an address. */
export function facetAddress(url: string) {
  const query = new URL(url).searchParams;
  return { facets: separated(query.getAll("facet")), filter: query.getAll("filter") };
}
