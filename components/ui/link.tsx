"use client";

import NextLink from "next/link";
import { type ComponentProps, useState } from "react";

/** A link whose page is fetched ahead once somebody means it: pointed at, touched or focused. Fetching all that is in view was 70 requests a page. */
export function Link(props: ComponentProps<typeof NextLink>) {
  const [isMeant, setMeant] = useState(false);
  const mean = () => setMeant(true);
  return <NextLink prefetch={isMeant ? null : false} onPointerEnter={mean} onFocus={mean} {...props} />;
}
