import SCIMMY from "scimmy";
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, MAX_COUNT, MAX_OPERATIONS, scimBase, USER_SCHEMA } from "./protocol";

// What is kept of a person is what the portal uses or shows, and no more: addresses, telephone numbers, pictures and the like are accepted
// and forgotten.

const { Attribute, SchemaDefinition } = SCIMMY.Types;
type Config = ConstructorParameters<typeof Attribute>[2];

const text = (name: string, description: string, config: Config = {}) => new Attribute("string", name, { description, ...config });
const readOnly = { mutable: false, direction: "out" } as const;

const userDefinition = new SchemaDefinition("User", USER_SCHEMA, "A person with an account", [
  text("userName", "What the provider calls the person, unique; letter case does not count.", { required: true, uniqueness: "server", direction: "both" }),
  new Attribute("complex", "name", { description: "The parts of the name." }, [
    text("formatted", "The whole name."),
    text("familyName", "Family name."),
    text("givenName", "Given name."),
    text("middleName", "Middle name."),
    text("honorificPrefix", "Title before the name."),
    text("honorificSuffix", "Suffix of the name."),
  ]),
  text("displayName", "The name that is shown."),
  text("title", "What the person does."),
  new Attribute("boolean", "active", { description: "False ends sessions and tokens at once and keeps the person out." }),
  new Attribute("complex", "emails", { description: "Addresses; the primary one is used.", multiValued: true }, [
    text("value", "The address."),
    text("display", "The address as it is shown."),
    text("type", "work, home or other."),
    new Attribute("boolean", "primary", { description: "The one to use." }),
  ]),
  new Attribute("complex", "groups", { description: "Groups of the person; changed through Groups.", multiValued: true, ...readOnly }, [
    text("value", "Id of the group.", readOnly),
    text("display", "Name of the group.", readOnly),
    text("$ref", "Address of the group.", readOnly),
  ]),
]);

const enterpriseDefinition = new SchemaDefinition("EnterpriseUser", ENTERPRISE_SCHEMA, "Place in the company", [
  text("employeeNumber", "Number of the employee."),
  text("costCenter", "Cost centre."),
  text("organization", "Organisation."),
  text("division", "Division."),
  text("department", "Department."),
  new Attribute("complex", "manager", { description: "Whom the person reports to." }, [text("value", "Id of the manager."), text("displayName", "Name of the manager.")]),
]);
userDefinition.extend(enterpriseDefinition);

const groupDefinition = new SchemaDefinition("Group", GROUP_SCHEMA, "A group that role rules may turn into teams and roles", [
  text("displayName", "Name of the group, unique in its connection; letter case does not count.", { required: true, uniqueness: "server" }),
  new Attribute("complex", "members", { description: "People of the group.", multiValued: true }, [
    text("value", "Id of the person.", { mutable: "immutable" }),
    text("display", "Name of the person.", { mutable: "immutable" }),
    text("type", "User.", { mutable: "immutable", canonicalValues: ["User"] }),
    text("$ref", "Address of the person.", { mutable: "immutable" }),
  ]),
]);

/** A person as the library checks and changes them. */
export class PersonSchema extends SCIMMY.Types.Schema {
  static override get definition() {
    return userDefinition;
  }

  constructor(data: Record<string, unknown>, direction: "in" | "out" = "out") {
    super(data, direction);
    Object.assign(this, userDefinition.coerce(data, direction));
  }
}

/** The descriptions under /Schemas. */
export const schemaDocuments = (): Record<string, unknown>[] =>
  [userDefinition, enterpriseDefinition, groupDefinition].map((definition) => JSON.parse(JSON.stringify(definition.describe(`${scimBase()}/Schemas`))) as Record<string, unknown>);

/** The descriptions under /ResourceTypes. */
export function resourceTypeDocuments(): Record<string, unknown>[] {
  const of = (name: string, endpoint: string, schema: string, schemaExtensions: unknown[]) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id: name,
    name,
    endpoint,
    description: name === "User" ? "People" : "Groups of people",
    schema,
    ...(schemaExtensions.length ? { schemaExtensions } : {}),
    meta: { resourceType: "ResourceType", location: `${scimBase()}/ResourceTypes/${name}` },
  });
  return [of("User", "/Users", USER_SCHEMA, [{ schema: ENTERPRISE_SCHEMA, required: false }]), of("Group", "/Groups", GROUP_SCHEMA, [])];
}

/** What this interface can do, under /ServiceProviderConfig. */
export function providerConfig(): Record<string, unknown> {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: MAX_OPERATIONS, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MAX_COUNT },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "The token of a connection, made under Provisioning.",
        specUri: "https://www.rfc-editor.org/info/rfc6750",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${scimBase()}/ServiceProviderConfig` },
  };
}
