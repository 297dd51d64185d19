import { resourceFromAttributes } from "@opentelemetry/resources";

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `key=value,key=value`, as OTEL_RESOURCE_ATTRIBUTES has it. */
const said = Object.fromEntries(
  (process.env.OTEL_RESOURCE_ATTRIBUTES ?? "").split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at > 0 ? [[decoded(pair.slice(0, at).trim()), decoded(pair.slice(at + 1).trim())]] : [];
  }),
);

/** Who sends. */
export const resource = resourceFromAttributes({
  "service.instance.id": process.env.WAYMARK_ENVIRONMENT_ID ?? "",
  ...said,
  "service.name": process.env.OTEL_SERVICE_NAME ?? said["service.name"] ?? "service",
});
