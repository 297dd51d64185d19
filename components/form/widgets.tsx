import type { WidgetProps } from "@rjsf/utils";
import type { ChangeEvent } from "react";
import { fieldProps } from "@/components/ui/field";

export interface PickerOption {
  value: string;
  label: string;
  /** Of an entity, lower case; to filter by. */
  kind?: string;
}

/** What pickers offer; without it they are plain fields. */
export interface Pickers {
  owners?: PickerOption[];
  entities?: PickerOption[];
  /** Entities of the person's teams. */
  ownEntities?: PickerOption[];
  /** Tags that are in use in the catalog. */
  tags?: string[];
  /** Who repositories can belong to. */
  repositoryOwners?: string[];
  /** Hosts of repositories that are connected. */
  repositoryHosts?: { host: string; provider: string; owner: string }[];
}

interface FormContext {
  pickers: Pickers;
}

export function inputProps(props: WidgetProps) {
  const { id, rawErrors, options, disabled, readonly, autofocus, required } = props;
  const help = options.help ?? options.description ?? props.schema.description;
  return { ...fieldProps(id, rawErrors?.[0], Boolean(help)), disabled, readOnly: readonly, autoFocus: autofocus, "aria-required": required || undefined };
}

export const emptied = (text: string, emptyValue: unknown) => (text === "" ? emptyValue : text);
const isNumber = (props: WidgetProps) => ["number", "integer"].includes(String([props.schema.type].flat()[0]));

/** Text becomes the number it spells; what spells none is kept, so that the error can show it. */
function typed(props: WidgetProps, text: string): unknown {
  if (text === "") return props.options.emptyValue;
  return isNumber(props) && text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

export function TextWidget(props: WidgetProps) {
  const { value, onChange, placeholder } = props;
  return (
    <input
      {...inputProps(props)}
      className="input"
      inputMode={isNumber(props) ? "decimal" : undefined}
      value={value ?? ""}
      placeholder={placeholder}
      onChange={(event: ChangeEvent<HTMLInputElement>) => onChange(typed(props, event.target.value))}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

export function PasswordWidget(props: WidgetProps) {
  const { value, onChange, options } = props;
  return (
    <input
      {...inputProps(props)}
      className="input"
      type="password"
      value={value ?? ""}
      onChange={(event) => onChange(emptied(event.target.value, options.emptyValue))}
      autoComplete="new-password"
    />
  );
}

export function TextareaWidget(props: WidgetProps) {
  const { value, onChange, options, placeholder } = props;
  const rows = typeof options.rows === "number" ? options.rows : 4;
  return (
    <textarea
      {...inputProps(props)}
      className="input"
      rows={rows}
      value={value ?? ""}
      placeholder={placeholder}
      onChange={(event) => onChange(emptied(event.target.value, options.emptyValue))}
    />
  );
}

export function CheckboxWidget(props: WidgetProps) {
  const { id, label, value, onChange } = props;
  return (
    <label className="check" htmlFor={id}>
      <input {...inputProps(props)} type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

/** The options that were chosen keep the type of the schema, so they are told apart by position. */
export function SelectWidget(props: WidgetProps) {
  const { value, onChange, options, required } = props;
  const choices = options.enumOptions ?? [];
  const at = choices.findIndex((choice) => choice.value === value);
  return (
    <select
      {...inputProps(props)}
      className="input"
      value={at === -1 ? "" : String(at)}
      onChange={(event) => onChange(event.target.value === "" ? options.emptyValue : choices[Number(event.target.value)]?.value)}
    >
      {required && at !== -1 ? null : <option value="">{required ? "Choose one" : "Not set"}</option>}
      {choices.map((choice, index) => (
        <option key={String(choice.value)} value={String(index)}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

export function RadioWidget(props: WidgetProps) {
  const { id, value, onChange, options } = props;
  return (
    <div role="radiogroup" aria-labelledby={`${id}-label`}>
      {(options.enumOptions ?? []).map((choice) => (
        <label key={String(choice.value)} className="check">
          <input type="radio" name={id} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          {choice.label}
        </label>
      ))}
    </div>
  );
}

export function CheckboxesWidget(props: WidgetProps) {
  const { id, value, onChange, options } = props;
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  return (
    <div role="group" aria-labelledby={`${id}-label`}>
      {(options.enumOptions ?? []).map((choice) => (
        <label key={String(choice.value)} className="check">
          <input
            type="checkbox"
            name={id}
            checked={chosen.includes(choice.value)}
            onChange={(event) => onChange(event.target.checked ? [...chosen, choice.value] : chosen.filter((one) => one !== choice.value))}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}

export function HiddenWidget() {
  return null;
}

export const pickersOf = (props: WidgetProps): Pickers => (props.registry.formContext as FormContext | undefined)?.pickers ?? {};

/** A team out of those offered. */
export function OwnerWidget(props: WidgetProps) {
  const { value, onChange, options, required } = props;
  const owners = pickersOf(props).owners;
  if (!owners?.length) return <TextWidget {...props} placeholder={props.placeholder || "group:default/checkout"} />;
  const isForeign = typeof value === "string" && value !== "" && !owners.some((owner) => owner.value === value);
  return (
    <select {...inputProps(props)} className="input" value={value ?? ""} onChange={(event) => onChange(emptied(event.target.value, options.emptyValue))}>
      {required && value ? null : <option value="">{required ? "Choose a team" : "Not set"}</option>}
      {isForeign ? <option value={value}>{value}</option> : null}
      {owners.map((owner) => (
        <option key={owner.value} value={owner.value}>
          {owner.label}
        </option>
      ))}
    </select>
  );
}

/** The kinds that a template's `catalogFilter` or `allowedKinds` asks for; empty = all. */
export function wantedKinds(options: Record<string, unknown>): string[] {
  const filters = [options.catalogFilter].flat().filter((one) => typeof one === "object" && one !== null) as Record<string, unknown>[];
  return [...filters.map((filter) => filter.kind), options.allowedKinds, options.defaultKind]
    .flat(2)
    .filter((kind) => typeof kind === "string")
    .map((kind) => kind.toLowerCase());
}
