"use client";

// The package itself also loads a test registry that needs ajv, which the content security policy forbids.
import RjsfForm from "@rjsf/core/lib/components/Form.js";
import type { ErrorSchema } from "@rjsf/utils";
import { memo, useMemo } from "react";
import { asSchema, type Schema } from "@/lib/core/schema-messages";
import { EntityWidget } from "./entity-widget";
import { ListWidget } from "./list-widget";
import { RepoBranchWidget, RepoOwnerWidget, RepoUrlWidget } from "./repository-widgets";
import { ArrayFieldItemTemplate, ArrayFieldTemplate, FieldTemplate, MultiSchemaFieldTemplate, Nothing, ObjectFieldTemplate } from "./templates";
import { splitSchema } from "./ui-schema";
import { interpretingValidator } from "./validator";
import { CheckboxesWidget, CheckboxWidget, HiddenWidget, OwnerWidget, PasswordWidget, type Pickers, RadioWidget, SelectWidget, TextareaWidget, TextWidget } from "./widgets";

export type Values = Record<string, unknown>;

interface Props {
  /** JSON Schema of each page, with `ui:…` hints inside, as templates write them. A single schema is a list of one. */
  pages: Schema[];
  values: Values;
  onChange: (values: Values) => void;
  /** What does not fit, by dotted path below the values, for example `limits.memory`. */
  errors?: Record<string, string>;
  /** Only this page, counted from 0; all of them one below the other when left out. */
  page?: number;
  pickers?: Pickers;
  /** Questions that are asked elsewhere on the screen. */
  without?: string[];
}

const WIDGETS = {
  TextWidget,
  EmailWidget: TextWidget,
  URLWidget: TextWidget,
  DateWidget: TextWidget,
  DateTimeWidget: TextWidget,
  TimeWidget: TextWidget,
  UpDownWidget: TextWidget,
  PasswordWidget,
  TextareaWidget,
  CheckboxWidget,
  CheckboxesWidget,
  SelectWidget,
  RadioWidget,
  HiddenWidget,
  owner: OwnerWidget,
  entity: EntityWidget,
  entityList: ListWidget,
  repoUrl: RepoUrlWidget,
  repoOwner: RepoOwnerWidget,
  repoBranch: RepoBranchWidget,
};
const TEMPLATES = {
  FieldTemplate,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  ArrayFieldItemTemplate,
  MultiSchemaFieldTemplate,
  FieldErrorTemplate: Nothing,
  FieldHelpTemplate: Nothing,
  DescriptionFieldTemplate: Nothing,
  ErrorListTemplate: Nothing,
  UnsupportedFieldTemplate: Nothing,
};

// The same objects every time: a page that did not change is not worked out anew.
const NO_ERRORS: Record<string, string> = {};
const NO_PICKERS: Pickers = {};
const NO_NAMES: string[] = [];

/** The form of a golden path or an action: questions out of JSON Schema, controlled by the caller, without a form element of its own. */
export function SchemaForm({ pages, values, onChange, errors = NO_ERRORS, page, pickers = NO_PICKERS, without = NO_NAMES }: Props) {
  const shown = page === undefined ? pages : pages.slice(page, page + 1);
  return (
    <div className="stack-8">
      {shown.map((one, index) => (
        <FormPage key={page ?? index} schema={one} showTitle={pages.length > 1} {...{ values, onChange, errors, pickers, without }} />
      ))}
    </div>
  );
}

type PageProps = Required<Omit<Props, "pages" | "page">> & { schema: Schema; showTitle: boolean };

const FormPage = memo(function FormPage({ schema: page, showTitle, values, onChange, errors, pickers, without }: PageProps) {
  const left = without.join("\n");
  const { schema, uiSchema } = useMemo(() => {
    const names = left.split("\n");
    const properties = Object.fromEntries(Object.entries(asSchema(page.properties)).filter(([name]) => !names.includes(name)));
    const required = Array.isArray(page.required) ? page.required.filter((name) => !names.includes(String(name))) : [];
    const { title: _title, description: _description, ...rest } = page;
    return splitSchema({ type: "object", ...rest, properties, required });
  }, [page, left]);
  return (
    <section className="stack-4">
      {showTitle && typeof page.title === "string" ? <h2 className="form-title">{page.title}</h2> : null}
      {typeof page.description === "string" ? <p className="muted">{page.description}</p> : null}
      <RjsfForm
        tagName="div"
        idPrefix="values"
        idSeparator="."
        schema={schema}
        uiSchema={uiSchema}
        formData={values}
        formContext={{ pickers }}
        validator={interpretingValidator}
        widgets={WIDGETS}
        templates={TEMPLATES}
        extraErrors={errorTree(errors)}
        onChange={(event) => onChange(event.formData as Values)}
        noHtml5Validate
        showErrorList={false}
      >
        {/* Without a child the library adds a submit button. */}
        <span hidden />
      </RjsfForm>
    </section>
  );
});

/** Problems by dotted path as the nested shape of the library. */
function errorTree(errors: Record<string, string>): ErrorSchema {
  const root: Record<string, unknown> = {};
  for (const [path, message] of Object.entries(errors)) {
    let node = root;
    for (const key of path.split(".").filter(Boolean)) {
      node[key] ??= {};
      node = node[key] as Record<string, unknown>;
    }
    node.__errors = [message];
  }
  return root as ErrorSchema;
}
