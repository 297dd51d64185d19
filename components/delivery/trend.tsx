"use client";

import dynamic from "next/dynamic";

/** The drawing is loaded after the page: its numbers are in the tile and in the table anyway. */
export const Trend = dynamic(() => import("@/components/charts/trend-chart").then((module) => module.TrendChart), {
  ssr: false,
  loading: () => <div className="h-[148px]" />,
});
