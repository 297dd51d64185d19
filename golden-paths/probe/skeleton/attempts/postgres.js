import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { open } from "./network.js";

/** Signs in to Postgres by its wire protocol. Returns "ok", "password accepted, then <code>", or the server's error code. */
export async function signIn(where, { user, password, database }) {
  const socket = await open(where);
  try {
    const read = reader(socket);
    socket.write(startup({ user, database }));
    const scram = scramClient(password);
    let isAccepted = false;
    for (;;) {
      const { type, body } = await read();
      if (type === "E") return `${isAccepted ? "password accepted, then " : ""}${errorCode(body)}`;
      if (type === "Z") return "ok";
      if (type !== "R") continue;
      isAccepted ||= body.readInt32BE(0) === 0;
      const answer = authenticate(body, { user, password, scram });
      if (answer) socket.write(answer);
    }
  } finally {
    socket.destroy();
  }
}

function authenticate(body, { user, password, scram }) {
  const kind = body.readInt32BE(0);
  if (kind === 3) return message("p", Buffer.from(`${password}\0`));
  if (kind === 5) return message("p", Buffer.from(`md5${md5(md5(password + user), body.subarray(4, 8))}\0`));
  if (kind === 10) return message("p", scram.first());
  if (kind === 11) return message("p", scram.final(body.subarray(4).toString()));
  return null;
}

function scramClient(password) {
  const nonce = randomBytes(18).toString("base64");
  const bare = `n=,r=${nonce}`;
  return {
    first() {
      const text = Buffer.from(`n,,${bare}`);
      const length = Buffer.alloc(4);
      length.writeInt32BE(text.length);
      return Buffer.concat([Buffer.from("SCRAM-SHA-256\0"), length, text]);
    },
    final(server) {
      const part = Object.fromEntries(server.split(",").map((pair) => [pair[0], pair.slice(2)]));
      const withoutProof = `c=biws,r=${part.r}`;
      const salted = pbkdf2Sync(password, Buffer.from(part.s, "base64"), Number(part.i), 32, "sha256");
      const key = hmac(salted, "Client Key");
      const signature = hmac(createHash("sha256").update(key).digest(), `${bare},${server},${withoutProof}`);
      const proof = Buffer.from(key.map((byte, at) => byte ^ signature[at])).toString("base64");
      return Buffer.from(`${withoutProof},p=${proof}`);
    },
  };
}

function startup(parameters) {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`).join("");
  const body = Buffer.concat([Buffer.from([0, 3, 0, 0]), Buffer.from(`${pairs}\0`)]);
  return Buffer.concat([lengthOf(body), body]);
}

function message(type, body) {
  return Buffer.concat([Buffer.from(type), lengthOf(body), body]);
}

function lengthOf(body) {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return length;
}

function reader(socket) {
  let buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    socket.emit("more");
  });
  socket.on("close", () => socket.emit("more"));
  return async () => {
    while (buffer.length < 5 || buffer.length < buffer.readInt32BE(1) + 1) {
      if (socket.destroyed) throw new Error("connection closed");
      await once(socket, "more");
    }
    const end = buffer.readInt32BE(1) + 1;
    const next = { type: String.fromCharCode(buffer[0]), body: buffer.subarray(5, end) };
    buffer = buffer.subarray(end);
    return next;
  };
}

function errorCode(body) {
  return body.toString().split("\0").find((field) => field.startsWith("C"))?.slice(1) ?? "refused";
}

function hmac(key, text) {
  return createHmac("sha256", key).update(text).digest();
}

function md5(text, salt = "") {
  return createHash("md5").update(text).update(salt).digest("hex");
}
