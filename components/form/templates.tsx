import type { ArrayFieldItemTemplateProps, ArrayFieldTemplateProps, FieldTemplateProps, MultiSchemaFieldTemplateProps, ObjectFieldTemplateProps } from "@rjsf/utils";
import { ArrowDown, ArrowUp, CircleAlert, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

const helpOf = (props: { uiSchema?: Record<string, unknown>; schema: { description?: string } }) => {
  const hint = props.uiSchema?.["ui:help"] ?? (props.uiSchema?.["ui:options"] as Record<string, unknown> | undefined)?.help;
  return [props.schema.description, hint, props.uiSchema?.["ui:note"]].filter((text) => typeof text === "string" && text !== "").join(" ");
};

/** One question: label, help, answer, error. Groups and lists draw their own frame. */
export function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, children, required, rawErrors, hidden, schema, displayLabel } = props;
  if (hidden) return null;
  if (id === "values") return children;
  const help = helpOf({ schema, ...(props.uiSchema ? { uiSchema: props.uiSchema } : {}) });
  const error = rawErrors?.[0];
  const isEntry = /\.\d+$/.test(id);
  const isGroup = ["radio", "checkboxes", "repoUrl", "entityList"].includes(String(props.uiSchema?.["ui:widget"])) || schema.type === "array";
  if (displayLabel && !isEntry && !isGroup) return <Field {...{ id, label, help: help || undefined, error, required: Boolean(required), children }} />;
  const isFrame = !displayLabel && schema.type !== "boolean";
  return (
    <div className="field">
      {displayLabel ? <GroupLabel {...{ id, label, required: Boolean(required) && !isEntry, isEntry }} /> : null}
      {children}
      {help && !isFrame ? (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      ) : null}
      <FieldProblem id={id} message={error} />
    </div>
  );
}

/** Of several boxes, or of one entry of a list, whose label only a screen reader needs. */
function GroupLabel({ id, label, required, isEntry }: { id: string; label: string; required: boolean; isEntry: boolean }) {
  if (isEntry) {
    return (
      <label className="sr" htmlFor={id}>
        {label}
      </label>
    );
  }
  return (
    <span className="label" id={`${id}-label`}>
      {label}
      {required ? <span className="muted"> (required)</span> : null}
    </span>
  );
}

function FieldProblem({ id, message }: { id: string; message: string | undefined }) {
  if (!message) return null;
  return (
    <span className="error" id={`${id}-error`} role="alert">
      <CircleAlert className="i" aria-hidden />
      {message}
    </span>
  );
}

export function ObjectFieldTemplate({ fieldPathId, title, properties, schema, uiSchema, errorSchema }: ObjectFieldTemplateProps) {
  const isAdvanced = (name: string) => uiSchema?.[name]?.["ui:advanced"] === true || uiSchema?.[name]?.["ui:options"]?.advanced === true;
  const shown = (list: typeof properties) => list.map((property) => <div key={property.name}>{property.content}</div>);
  const advanced = properties.filter(({ name }) => isAdvanced(name));
  const hasProblem = advanced.some(({ name }) => errorSchema?.[name]);
  const content = (
    <>
      {shown(properties.filter(({ name }) => !isAdvanced(name)))}
      {advanced.length > 0 ? (
        <details className="stack-4" open={hasProblem || undefined}>
          <summary>{`${advanced.length} more ${advanced.length === 1 ? "question" : "questions"} with a default`}</summary>
          <div className="stack-4 mt-2">{shown(advanced)}</div>
        </details>
      ) : null}
    </>
  );
  if (fieldPathId.$id === "values") return <div className="stack-4">{content}</div>;
  return (
    <fieldset className="group">
      <legend className="label">{title}</legend>
      {schema.description ? <p className="help muted">{schema.description}</p> : null}
      <div className="stack-4">{content}</div>
    </fieldset>
  );
}

export function ArrayFieldTemplate({ title, items, canAdd, onAddClick, schema, required }: ArrayFieldTemplateProps) {
  return (
    <fieldset className="group">
      <legend className="label">
        {title}
        {required ? <span className="muted"> (required)</span> : null}
      </legend>
      {schema.description ? <p className="help muted">{schema.description}</p> : null}
      <div className="stack">{items}</div>
      {canAdd ? (
        <div>
          <Button size="sm" onClick={onAddClick}>
            Add {items.length > 0 ? "another" : "one"}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

export function ArrayFieldItemTemplate({ children, buttonsProps }: ArrayFieldItemTemplateProps) {
  const { hasMoveUp, hasMoveDown, hasRemove, index, onMoveUpItem, onMoveDownItem, onRemoveItem } = buttonsProps;
  return (
    <div className="line">
      <div className="grow">{children}</div>
      {hasMoveUp ? (
        <Button variant="icon" aria-label={`Move entry ${index + 1} up`} onClick={onMoveUpItem}>
          <ArrowUp className="i" aria-hidden />
        </Button>
      ) : null}
      {hasMoveDown ? (
        <Button variant="icon" aria-label={`Move entry ${index + 1} down`} onClick={onMoveDownItem}>
          <ArrowDown className="i" aria-hidden />
        </Button>
      ) : null}
      {hasRemove ? (
        <Button variant="icon" aria-label={`Remove entry ${index + 1}`} onClick={onRemoveItem}>
          <X className="i" aria-hidden />
        </Button>
      ) : null}
    </div>
  );
}

/** A choice between forms: what is asked first, then what belongs to it. */
export function MultiSchemaFieldTemplate({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return (
    <div className="stack-4">
      {selector}
      {optionSchemaField}
    </div>
  );
}

export function Nothing() {
  return null;
}
