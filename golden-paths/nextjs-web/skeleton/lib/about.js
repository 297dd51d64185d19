/** What the application is called and is for. src/server.js reads it from package.json, so a build fits every name. */
export function about() {
  const { APP_NAME: name = "app", APP_DESCRIPTION: description = "", APP_VERSION: version = "" } = process.env;
  return { name, description, version };
}
