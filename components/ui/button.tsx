import { cva, type VariantProps } from "class-variance-authority";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Link } from "@/components/ui/link";
import { Spinner } from "./spinner";

const look = cva("btn", {
  variants: {
    variant: { default: "", primary: "btn-primary", danger: "btn-danger", "danger-solid": "btn-danger-solid", quiet: "btn-quiet", icon: "btn-icon", square: "btn-square" },
    size: { md: "", sm: "btn-sm" },
  },
  defaultVariants: { variant: "default", size: "md" },
});

type Look = VariantProps<typeof look>;
type Props = ButtonHTMLAttributes<HTMLButtonElement> & Look & { pending?: boolean; ref?: Ref<HTMLButtonElement> };

/** A button that keeps its label and width while it works. */
export function Button({ variant, size, pending = false, className, children, type = "button", ...rest }: Props) {
  return (
    <button type={type} className={look({ variant, size, className })} aria-busy={pending || undefined} aria-disabled={pending || undefined} {...rest}>
      {pending ? <Spinner /> : null}
      {children}
    </button>
  );
}

export function LinkButton({
  href,
  variant,
  size,
  className,
  children,
  external = false,
  ...rest
}: Look & { href: string; className?: string; children: ReactNode; external?: boolean; "aria-label"?: string }) {
  const classes = look({ variant, size, className });
  if (external) {
    return (
      <a href={href} className={classes} target="_blank" rel="noreferrer" {...rest}>
        {children}
      </a>
    );
  }
  return (
    <Link href={href} className={classes} {...rest}>
      {children}
    </Link>
  );
}
