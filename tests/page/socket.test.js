import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../../web/socket.js";

/** A socket and a clock that the test moves by hand. */
function stage({ resume = () => ({ last_seq: 7, epoch: 1 }), asks } = {}) {
  const sockets = [];
  const waits = [];
  const delivered = [];
  class Socket {
    constructor(url) {
      Object.assign(this, { url, sent: [], closed: false, readyState: 1 });
      sockets.push(this);
    }
    send(data) {
      this.sent.push(JSON.parse(data));
    }
    close() {
      this.closed = true;
    }
    says(message) {
      this.onmessage({ data: JSON.stringify(message) });
    }
  }
  let pending = [];
  const time = {
    after: (ms, then) => (waits.push(ms), pending.push(then), then),
    cancel: (timer) => (pending = pending.filter((then) => then !== timer)),
  };
  const connection = connect({
    url: "ws://127.0.0.1:4649/ws",
    token: "t0ken",
    resume,
    asks,
    deliver: (message) => delivered.push(message),
    WebSocket: Socket,
    time,
  });
  /** The timer that was set first goes off. */
  const pass = () => pending.shift()();
  return { sockets, waits, delivered, connection, pass, newest: () => sockets.at(-1), idle: () => pending.length === 0 };
}

const hello = { type: "hello", protocol: 1, epoch: 1, seq: 7 };

test("the first message is the hello, with the token and where to resume", () => {
  const { newest } = stage();
  newest().onopen();
  assert.deepEqual(newest().sent, [{ type: "hello", protocol: 1, token: "t0ken", last_seq: 7, epoch: 1 }]);
});

test("messages are handed on as they come", () => {
  const { newest, delivered } = stage();
  newest().says(hello);
  newest().says({ type: "eclipse" });
  assert.deepEqual(delivered, [hello, { type: "eclipse" }]);
});

test("after a loss it waits twice as long each time, up to five seconds", () => {
  const { newest, waits, delivered, pass } = stage();
  for (let i = 0; i < 7; i += 1) {
    newest().onclose({ code: 1006 });
    pass();
  }
  assert.deepEqual(waits, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  assert.deepEqual(delivered.at(-1), { type: "link", link: "lost", attempts: 7 });
});

test("only a hello makes the wait short again", () => {
  const { newest, waits, pass } = stage();
  newest().onclose({ code: 1006 });
  pass();
  newest().onopen();
  newest().onclose({ code: 1001 });
  pass();
  newest().onopen();
  newest().says(hello);
  newest().onclose({ code: 1001 });
  assert.deepEqual(waits, [250, 500, 250]);
});

test("a wrong token and an unknown protocol end the trying", () => {
  for (const [code, link] of [[4401, "old_address"], [4400, "old_page"]]) {
    const { newest, delivered, idle } = stage();
    newest().onclose({ code });
    assert.deepEqual(delivered, [{ type: "link", link }]);
    assert.ok(idle());
  }
  const { newest, delivered, idle } = stage();
  newest().says({ ...hello, protocol: 2 });
  assert.deepEqual(delivered, [{ type: "link", link: "old_page" }]);
  assert.ok(newest().closed && idle());
});

test("nothing is tried again where there is nothing to come back for", () => {
  const { newest, delivered, idle } = stage({ resume: () => null });
  newest().onclose({ code: 1001 });
  assert.deepEqual(delivered, []);
  assert.ok(idle());
});

test("asked to, it tries at once, but only while it waits", () => {
  const { sockets, newest, connection, idle } = stage();
  connection.retry();
  assert.equal(sockets.length, 1);
  newest().onclose({ code: 1006 });
  connection.retry();
  assert.equal(sockets.length, 2);
  assert.ok(idle());
});

test("closed, it is silent", () => {
  const { newest, connection, idle } = stage();
  connection.close();
  assert.ok(newest().closed && idle());
  assert.equal(newest().onclose, null);
});

test("a page that will ask at the end says so in its hello", () => {
  const { newest } = stage({ asks: true });
  newest().onopen();
  assert.equal(newest().sent[0].asks, true);
});

test("a command is sent as it is given, after the hello", () => {
  const { newest, connection } = stage();
  newest().onopen();
  newest().says(hello);
  assert.equal(connection.send("snooze", { minutes: 10 }), true);
  assert.deepEqual(newest().sent[1], { type: "command", command: "snooze", minutes: 10 });
});

test("a command without a connection is told as unsent and never sent later", () => {
  const { newest, connection, delivered, pass } = stage();
  const unsent = (command) => assert.deepEqual(delivered.at(-1), { type: "unsent", command });
  newest().onopen();
  assert.equal(connection.send("pause"), false);
  unsent("pause");
  newest().says(hello);
  newest().readyState = 2;
  connection.send("mute");
  unsent("mute");
  newest().onclose({ code: 1006 });
  connection.send("off_record");
  unsent("off_record");
  pass();
  newest().onopen();
  newest().says(hello);
  assert.deepEqual(newest().sent.map(({ type }) => type), ["hello"]);
});

test("a program that says farewell is not looked for again", () => {
  const { newest, delivered, idle } = stage();
  newest().says(hello);
  newest().onclose({ code: 1000 });
  assert.deepEqual(delivered.at(-1), { type: "link", link: "over" });
  assert.ok(idle());
});

/** A page that is connected, and what it has told the server since. */
function connected() {
  const staged = stage();
  staged.newest().onopen();
  staged.newest().says(hello);
  return { ...staged, told: () => staged.newest().sent.slice(1).map(({ type, ...command }) => command) };
}

test("a key that is held sets the last of what it gave, and the page is not closed for it", () => {
  const { connection, told, pass, idle } = connected();
  for (let minutes = 6; minutes <= 30; minutes += 1) assert.ok(connection.send("prepare", { icebreaker_min: minutes }));
  connection.send("prepare", { meeting_min: 45 });
  connection.send("choose_device", { track: "me", device: "jabra" });
  assert.deepEqual(told(), [{ command: "prepare", icebreaker_min: 6 }], "the first at once");
  pass();
  assert.deepEqual(told()[1], { command: "prepare", icebreaker_min: 30, meeting_min: 45 });
  pass();
  assert.deepEqual(told()[2], { command: "choose_device", track: "me", device: "jabra" });
  pass();
  assert.ok(idle() && told().length === 3, "nothing is left, and nothing is sent twice");
});

test("what was set is so before something is done", () => {
  const { connection, told } = connected();
  connection.send("prepare", { with: "Sato" });
  connection.send("prepare", { mode: "feedback" });
  connection.send("begin");
  assert.deepEqual(told().map(({ command, mode }) => mode ?? command), ["prepare", "feedback", "begin"]);
});

test("a button that is held does no more than a hand would, and says so; a second later it does again", () => {
  const { connection, told, delivered, pass } = connected();
  for (let press = 0; press < 30; press += 1) connection.send("dismiss");
  assert.equal(told().length, 6);
  assert.equal(delivered.at(-1).type, "refused");
  assert.match(delivered.at(-1).why.en, /^Too many commands/);
  pass();
  assert.equal(connection.send("dismiss"), true);
  assert.equal(told().length, 7);
});

test("what waits when the connection is lost is told as unsent and never sent later", () => {
  const { connection, newest, delivered, pass, sockets } = connected();
  connection.send("prepare", { mode: "feedback" });
  connection.send("prepare", { mode: "teaching" });
  newest().onclose({ code: 1006 });
  assert.deepEqual(delivered.slice(-2), [{ type: "unsent", command: "prepare" }, { type: "link", link: "lost", attempts: 1 }]);
  pass();
  pass();
  newest().onopen();
  newest().says(hello);
  assert.deepEqual(sockets.at(-1).sent.map(({ type }) => type), ["hello"]);
});
