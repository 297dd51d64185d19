// Carries connections from a unix socket to a TCP address. Sandboxes without a network reach an outside server through it.
// Usage: relay-process.mjs <socket> <host> <port> plain|tls|tls-verify|postgres|postgres-verify
// `postgres`: asks the server for encryption the way PostgreSQL wants it, so that the client inside need not.
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { connect as secure } from "node:tls";

const [, , socketPath, host, port, mode] = process.argv;
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const ACCEPTED = 0x53;

const encryption = () => ({ servername: host, rejectUnauthorized: mode.endsWith("verify") });

function open(ready) {
  if (mode.startsWith("tls")) return ready(secure({ host, port: Number(port), ...encryption() }));
  const socket = connect({ host, port: Number(port), allowHalfOpen: true });
  if (mode === "plain") return ready(socket);
  const refused = (error) => {
    report(error);
    ready(null);
  };
  socket.once("error", refused);
  socket.write(SSL_REQUEST);
  socket.once("data", (answer) => {
    socket.off("error", refused);
    if (answer[0] === ACCEPTED) return ready(secure({ socket, ...encryption() }));
    socket.destroy();
    ready(null);
  });
}

function report(error) {
  console.error(`${new Date().toISOString()} ${host}:${port} ${error.message}`);
}

/** What ends on one side ends on the other; what breaks on one side is cut on the other. */
function carry(from, to) {
  from.pipe(to);
  from.on("error", report);
  from.on("close", () => {
    if (!from.readableEnded) to.destroy();
  });
}

const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
  open((upstream) => {
    if (!upstream) {
      client.destroy();
      return;
    }
    carry(client, upstream);
    carry(upstream, client);
  });
});

rmSync(socketPath, { force: true });
server.listen(socketPath, () => chmodSync(socketPath, 0o666));
process.once("SIGTERM", () => process.exit(0));
