import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Gallery } from "@/components/gallery/gallery";
import { env } from "@/lib/core/env";

export const metadata: Metadata = { title: "Gallery" };
export const dynamic = "force-dynamic";

export default function GalleryPage() {
  if (env().isProduction) notFound();
  return <Gallery />;
}
