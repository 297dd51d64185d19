import { createService } from "@/lib/golden-paths/mutations";
import { dryRunService, getGoldenPath, listGoldenPaths } from "@/lib/golden-paths/queries";
import { tool } from "../tool";
import { listed, runStarted } from "../words";

const VALUES = "Answers by the name of the question, as parameters of golden_path_get asks for them.";
const TEAM = "Short name or ref of the team; your only one when left out.";

/** From a golden path to a service. */
export const GOLDEN_PATH_TOOLS = [
  tool(listGoldenPaths, { name: "golden_path_list", title: "List golden paths", defaults: { limit: 20 }, text: listed }),
  tool(getGoldenPath, {
    name: "golden_path_get",
    title: "Show golden path",
    hint: "parameters holds its questions as JSON Schema, page by page.",
    text: ({ name, version, makes }) => `${name} ${version} makes a ${makes}.`,
  }),
  tool(dryRunService, {
    name: "golden_path_dry_run",
    title: "Dry run golden path",
    hint: "Do this before service_create and show the person what would be made.",
    fields: { values: VALUES, team: TEAM },
    text: ({ files, durationMs }) => `${files.length} files in ${durationMs} ms. Nothing was made.`,
  }),
  tool(createService, {
    name: "service_create",
    title: "Create service",
    fields: { values: VALUES, team: TEAM },
    text: ({ service, run }) => `${service.entityRef} is being made. ${runStarted(run)}`,
  }),
];
