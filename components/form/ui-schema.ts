import type { RJSFSchema, UiSchema } from "@rjsf/utils";
import { asSchema, type Schema } from "@/lib/core/schema-messages";

// Templates write `ui:…` hints into the JSON Schema itself; the form library wants them apart.

/** Fields of Backstage that ask for something of the platform, and the widget of ours that asks for it. */
const PICKERS: Record<string, { widget: string; options?: Record<string, unknown> }> = {
  OwnerPicker: { widget: "owner" },
  MyGroupsPicker: { widget: "owner" },
  EntityPicker: { widget: "entity" },
  OwnedEntityPicker: { widget: "entity", options: { owned: true } },
  MultiEntityPicker: { widget: "entityList" },
  EntityTagsPicker: { widget: "entityList", options: { of: "tags" } },
  EntityNamePicker: { widget: "text" },
  RepoUrlPicker: { widget: "repoUrl" },
  RepoOwnerPicker: { widget: "repoOwner" },
  RepoBranchPicker: { widget: "repoBranch" },
  Secret: { widget: "password" },
};
const WIDGETS = new Set([
  "textarea",
  "password",
  "hidden",
  "radio",
  "select",
  "checkbox",
  "checkboxes",
  "updown",
  "email",
  "uri",
  "date",
  "owner",
  "entity",
  "entityList",
  "repoUrl",
  "repoOwner",
  "repoBranch",
  "text",
]);
const NESTED = ["then", "else"];
const LISTS = ["allOf", "oneOf", "anyOf"];

/** Schema without hints, and the hints by property. Fields and widgets that we do not have fall back to the plain one of their type. */
export function splitSchema(page: Schema): { schema: RJSFSchema; uiSchema: UiSchema } {
  const uiSchema: UiSchema = {};
  const schema = strip(page, uiSchema) as RJSFSchema;
  return { schema, uiSchema };
}

function strip(node: Schema, ui: UiSchema): Schema {
  const out: Schema = {};
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith("ui:")) addHint(ui, key, value);
    else if (key === "enumNames") ui["ui:enumNames"] = value as string[];
    else if (key === "properties") out[key] = stripProperties(asSchema(value), ui);
    else if (key === "items" && !Array.isArray(value)) out[key] = strip(asSchema(value), child(ui, "items"));
    else if (NESTED.includes(key)) out[key] = strip(asSchema(value), ui);
    else if (LISTS.includes(key) && Array.isArray(value)) out[key] = value.map((one) => strip(asSchema(one), ui));
    else if (key === "dependencies")
      out[key] = Object.fromEntries(Object.entries(asSchema(value)).map(([name, one]) => [name, Array.isArray(one) ? one : strip(asSchema(one), ui)]));
    else out[key] = value;
  }
  return out;
}

function stripProperties(properties: Schema, ui: UiSchema): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, strip(asSchema(value), child(ui, name))]));
}

function child(ui: UiSchema, name: string): UiSchema {
  const known = asSchema(ui[name]) as UiSchema;
  ui[name] = known;
  return known;
}

const joined = (first: unknown, second: unknown) => ({ ...asSchema(first), ...asSchema(second) }) as NonNullable<UiSchema["ui:options"]>;

/** Said under the field, which is a plain one then. */
const missing = (name: unknown) => `The template means the field ${String(name)}, which is not known here. Type the value.`;

function addHint(ui: UiSchema, key: string, value: unknown): void {
  if (key === "ui:field") {
    const picker = PICKERS[String(value)];
    if (!picker) ui["ui:note"] = missing(value);
    else {
      ui["ui:widget"] = picker.widget;
      if (picker.options) ui["ui:options"] = joined(ui["ui:options"], picker.options);
    }
  } else if (key === "ui:widget") {
    if (WIDGETS.has(String(value))) ui["ui:widget"] = value as string;
    else ui["ui:note"] = missing(value);
  } else if (key === "ui:options") ui[key] = joined(value, ui[key]);
  else ui[key] = value;
}
