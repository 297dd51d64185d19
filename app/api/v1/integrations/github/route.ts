import { route } from "@/lib/core/http/route";
import { connectGithub, disconnectGithub } from "@/lib/platform/mutations";
import { readGithubIntegration } from "@/lib/platform/queries";

export const GET = route(readGithubIntegration);
export const PUT = route(connectGithub);
export const DELETE = route(disconnectGithub);
