import { createServer } from "node:http";
import { attempts } from "./attempts/index.js";
import { report, runAll } from "./results.js";

const port = process.env.PORT ?? "3000";
let running = null;

function begin() {
  running ??= runAll(attempts).finally(() => {
    running = null;
  });
  return running;
}

const routes = {
  "/healthz": async () => ({ status: "ok" }),
  "/probe": () => begin(),
  "/results": () => report(attempts),
};

const server = createServer(async (request, response) => {
  const route = routes[request.url.split("?")[0]];
  const answer = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  try {
    answer(route ? 200 : 404, route ? await route() : { routes: Object.keys(routes) });
  } catch (error) {
    answer(500, { error: error.message });
  }
});
server.requestTimeout = 0;
server.listen(port.includes("/") ? port : Number(port), () => console.log(JSON.stringify({ level: "info", message: "listening", on: port })));
process.once("SIGTERM", () => server.close(() => process.exit(0)));
