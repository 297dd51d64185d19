import { downloadRunArchive } from "@/lib/golden-paths/stream";

export const GET = downloadRunArchive;
