import type { WidgetProps } from "@rjsf/utils";
import { EntityInput } from "./entity-input";
import { useEntityOptions } from "./entity-options";
import { emptied, inputProps, wantedKinds } from "./widgets";

/** Something of the catalog; another name can be typed as well. */
export function EntityWidget(props: WidgetProps) {
  const { value, onChange, options } = props;
  const { offered, onFocus } = useEntityOptions(props, value ?? "");
  return (
    <EntityInput
      {...inputProps(props)}
      entities={offered}
      value={value ?? ""}
      placeholder={props.placeholder || `${wantedKinds(options)[0] ?? "component"}:default/checkout-api`}
      onFocus={onFocus}
      onChange={(event) => onChange(emptied(event.target.value, options.emptyValue))}
    />
  );
}
