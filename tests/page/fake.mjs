/**
 * A small server that speaks the wire as Keicho does, for looking at the page and
 * for trying its check without a call: static files under the same policy, hello,
 * resume from a log, snapshots, and a stop and a start on the same port.
 */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const web = new URL("../../web/", import.meta.url);
const types = { html: "text/html", css: "text/css", js: "text/javascript" };
const token = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

export async function serve() {
  const events = [];
  let snapshot = null;
  let port = 0;
  let http = null;
  let sockets = null;

  async function start() {
    http = createServer(answer);
    sockets = new WebSocketServer({ server: http, path: "/ws" });
    sockets.on("connection", (socket) => socket.once("message", (data) => greet(socket, JSON.parse(data))));
    await new Promise((done) => http.listen(port, "127.0.0.1", done));
    port = http.address().port;
  }

  async function answer({ url }, response) {
    const name = url === "/" ? "index.html" : url.slice(1);
    const type = types[name.split(".").at(-1)];
    const body = /^[a-z]+\.[a-z]+$/.test(name) && type && (await readFile(new URL(name, web)).catch(() => null));
    if (!body) return response.writeHead(404).end();
    const policy =
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; ` +
      `connect-src 'self' ws://127.0.0.1:${port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
    response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-security-policy": policy }).end(body);
  }

  function greet(socket, hello) {
    if (hello.token !== token) return socket.close(4401);
    const { epoch, seq } = snapshot;
    tell(socket, { type: "hello", protocol: 1, epoch, seq: Math.max(seq, events.at(-1)?.seq ?? 0) });
    if (hello.epoch === epoch) events.filter((event) => event.seq > hello.last_seq).forEach((event) => tell(socket, event));
    tell(socket, snapshot);
    socket.greeted = true;
  }

  function tell(socket, message) {
    socket.send(JSON.stringify(message));
  }

  function say(message) {
    if (message.type === "event") events.push(message);
    if (message.type === "snapshot") snapshot = message;
    for (const socket of sockets.clients) if (socket.greeted) tell(socket, message);
  }

  async function stop() {
    for (const socket of sockets.clients) socket.close(1001);
    const gone = new Promise((done) => http.close(done));
    http.closeAllConnections();
    await gone;
  }

  await start();
  return { address: `http://127.0.0.1:${port}/#token=${token}`, say, start, stop };
}
