import { createRequire } from "node:module";

// The published packages are CommonJS.
const require = createRequire(import.meta.url);
const { createBackend } = require("@backstage/backend-defaults");

const backend = createBackend();
for (const name of ["@backstage/plugin-catalog-backend", "@backstage/plugin-catalog-backend-module-logs"]) {
  const feature = require(name);
  backend.add(feature.default ?? feature);
}
await backend.start();
