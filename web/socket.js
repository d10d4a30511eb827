/**
 * The way to the server: connects, says hello, comes back after a loss. It keeps
 * nothing of the call; where to resume is asked of `resume` each time, and null
 * from there means that nothing is worth coming back for.
 */

import { paced } from "./pace.js";

const PROTOCOL = 1;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** What a socket is while it takes messages; one that is closing drops them without a word. */
const OPEN = 1;

/** Closes after which trying again cannot help. */
const FINAL = { 1000: "over", 4401: "old_address", 4400: "old_page" };

const clock = {
  after: (ms, then) => setTimeout(then, ms),
  cancel: (timer) => clearTimeout(timer),
};

/**
 * @param {object} way
 * @param {string} way.url
 * @param {string} way.token
 * @param {() => { last_seq: number, epoch: number } | null} way.resume
 * @param {boolean} [way.asks]  whether this page asks how much one believes to have talked; the process then waits for it
 * @param {(message: object) => void} way.deliver  wire messages, and `link` and `unsent` ones
 * @param {typeof globalThis.WebSocket} [way.WebSocket]
 * @param {typeof clock} [way.time]
 * @returns {{ send: (name: string, fields?: object) => boolean, retry: () => void, close: () => void }}
 */
export function connect({ url, token, asks = false, resume, deliver, WebSocket = globalThis.WebSocket, time = clock }) {
  let socket;
  let pause = null;
  let attempts = 0;
  let greeted = false;
  const pace = paced({
    transmit: (name, fields) => socket.send(JSON.stringify({ type: "command", command: name, ...fields })),
    deliver,
    time,
  });

  function open() {
    pause = null;
    const opened = new WebSocket(url);
    socket = opened;
    opened.onopen = () => {
      const from = resume() ?? { last_seq: 0, epoch: 0 };
      opened.send(JSON.stringify({ type: "hello", protocol: PROTOCOL, token, ...from, ...(asks && { asks }) }));
    };
    opened.onmessage = ({ data }) => receive(JSON.parse(data));
    opened.onclose = ({ code }) => closed(code);
  }

  function receive(message) {
    if (message.type === "hello") {
      if (message.protocol !== PROTOCOL) {
        close();
        deliver({ type: "link", link: "old_page" });
        return;
      }
      // Only now: a server that takes us and drops us at once must not be hammered.
      attempts = 0;
      greeted = true;
    }
    deliver(message);
  }

  /**
   * Tells the server what to do. A command is never kept for another connection: by then it might be wrong. One that
   * finds none, or loses it before its turn, is told as `unsent`.
   */
  function send(name, fields = {}) {
    if (greeted && socket.readyState === OPEN) return pace.send(name, fields);
    deliver({ type: "unsent", command: name });
    return false;
  }

  function closed(code) {
    greeted = false;
    for (const command of pace.forget()) deliver({ type: "unsent", command });
    if (FINAL[code]) {
      deliver({ type: "link", link: FINAL[code] });
      return;
    }
    if (resume() === null) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** attempts, LONGEST_WAIT_MS);
    attempts += 1;
    pause = time.after(wait, open);
    deliver({ type: "link", link: "lost", attempts });
  }

  /** Browsers slow the timers of hidden pages, so the page asks for this when it is seen again. */
  function retry() {
    if (pause === null) return;
    time.cancel(pause);
    open();
  }

  function close() {
    if (pause !== null) time.cancel(pause);
    pause = null;
    greeted = false;
    pace.forget();
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  open();
  return { send, retry, close };
}
