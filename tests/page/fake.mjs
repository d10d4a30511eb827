/**
 * A small server that speaks the wire as Keicho does, for looking at the page and
 * for trying its check without a call: static files under the same policy, hello,
 * resume from a log, snapshots, the desk, commands, the summary, the limit of messages in a second,
 * and a stop and a start on the same port.
 */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const web = new URL("../../web/", import.meta.url);
const types = { html: "text/html", css: "text/css", js: "text/javascript" };
/** A client that sends more messages in a second is closed. */
const MOST_MESSAGES = 20;
export const token = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/**
 * @param {(command: object, server: { say: (message: object) => void }, answer: (message: object) => void) => void} [obey]
 *   what a command does; all are kept in `commands`
 */
export async function serve(obey = () => {}) {
  const events = [];
  const commands = [];
  const hellos = [];
  let snapshot = null;
  let desk = null;
  let summary = null;
  let port = 0;
  let http = null;
  let sockets = null;

  async function start() {
    http = createServer(answer);
    sockets = new WebSocketServer({ server: http, path: "/ws", maxPayload: 16_384 });
    sockets.on("connection", (socket) => socket.once("message", (data) => greet(socket, JSON.parse(data))));
    await new Promise((done) => http.listen(port, "127.0.0.1", done));
    port = http.address().port;
  }

  async function answer(request, response) {
    const { url, method, headers } = request;
    const origin = headers.origin;
    const protect = (type, policy) => ({
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
    // What may act on the call must have our origin; a page that is opened has none.
    const acts = method !== "GET";
    if ((acts || origin !== undefined) && origin !== `http://127.0.0.1:${port}`) {
      return response.writeHead(403).end("Open the address that keicho printed.\n");
    }
    if (method === "POST" && url === "/summary") {
      let body = "";
      for await (const part of request) body += part;
      const right = new URLSearchParams(body).get("token") === token && summary !== null;
      if (!right) return response.writeHead(404).end("There is no summary yet.\n");
      return response.writeHead(200, protect("text/html", "default-src 'none'")).end(summary);
    }
    const name = url === "/" ? "index.html" : url.slice(1);
    const type = types[name.split(".").at(-1)];
    const body = /^[a-z_]+\.[a-z]+$/.test(name) && type && (await readFile(new URL(name, web)).catch(() => null));
    if (!body) return response.writeHead(404).end();
    const policy =
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; ` +
      `connect-src 'self' ws://127.0.0.1:${port}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
    response.writeHead(200, protect(type, policy)).end(body);
  }

  function greet(socket, hello) {
    if (hello.type !== "hello" || hello.token !== token) return socket.close(4401);
    hellos.push(hello);
    const { epoch, seq } = snapshot;
    tell(socket, { type: "hello", protocol: 1, epoch, seq: Math.max(seq, events.at(-1)?.seq ?? 0) });
    if (hello.epoch === epoch) events.filter((event) => event.seq > hello.last_seq).forEach((event) => tell(socket, event));
    if (desk) tell(socket, desk);
    tell(socket, snapshot);
    socket.greeted = true;
    const arrivals = [];
    socket.on("message", (data) => {
      arrivals.push(performance.now());
      if (arrivals.length > MOST_MESSAGES && arrivals.at(-1) - arrivals.at(-1 - MOST_MESSAGES) < 1_000) return socket.close(1008);
      const command = JSON.parse(data);
      commands.push(command);
      obey(command, { say }, (message) => tell(socket, message));
    });
  }

  function tell(socket, message) {
    socket.send(JSON.stringify(message));
  }

  function say(message) {
    if (message.type === "event") events.push(message);
    if (message.type === "snapshot") snapshot = message;
    if (message.type === "desk") desk = message;
    for (const socket of sockets.clients) if (socket.greeted) tell(socket, message);
  }

  async function stop(code = 1001) {
    for (const socket of sockets.clients) socket.close(code);
    const gone = new Promise((done) => http.close(done));
    http.closeAllConnections();
    await gone;
  }

  await start();
  return {
    address: `http://127.0.0.1:${port}/#token=${token}`,
    say,
    start,
    stop,
    commands,
    hellos,
    summarise: (html) => (summary = html),
  };
}
