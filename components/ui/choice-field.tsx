import { ChevronDown } from "lucide-react";
import type { SelectHTMLAttributes } from "react";

type Props = SelectHTMLAttributes<HTMLSelectElement> & { options: { value: string; label: string }[] };

/** A native select in the form's look; label and error come from its Field. */
export function ChoiceField({ options, ...rest }: Props) {
  return (
    <span className="select full">
      <select className="w-full appearance-none border-0 bg-transparent outline-none" {...rest}>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown className="i pointer-events-none" aria-hidden />
    </span>
  );
}
