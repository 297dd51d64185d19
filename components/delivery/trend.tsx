"use client";

import dynamic from "next/dynamic";
import { Drawing } from "@/components/ui/drawing";

/** The drawing is loaded after the page: its numbers are in the tile and in the table anyway. */
export const Trend = dynamic(() => import("@/components/charts/trend-chart").then((module) => module.TrendChart), {
  ssr: false,
  loading: () => <Drawing className="h-[148px]" />,
});
