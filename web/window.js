/**
 * A small window for the overlay: always on top where the browser can (Document
 * Picture-in-Picture), else a pop-up that is the same page over again, with a
 * connection of its own.
 */

import { at } from "./dom.js";

const SIZE = { width: 360, height: 120 };

/** The name by which the page knows that it is the pop-up. */
const POPUP = "keicho-overlay";

/** The colours of base.css. */
const COLOURS = ["paper", "ink", "me", "them", "target", "band", "quiet", "track", "rule", "edge"];

export const isPopup = window.name === POPUP && window.opener !== null;

/** A window of its own may be dark beside a light page: it takes the page's colours, whatever it would have by itself. */
function wearColours(document) {
  const page = getComputedStyle(window.document.documentElement);
  const root = document.documentElement.style;
  for (const name of COLOURS) root.setProperty(`--${name}`, page.getPropertyValue(`--${name}`));
  root.colorScheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/**
 * @param {object} page
 * @param {Record<string, (event: Event) => void>} page.keys  listeners for the keys of that window
 * @param {() => void} page.changed   the overlay has gone, or is back
 */
export function ownWindow({ keys, changed }) {
  /** @type {Window | null} */
  let other = null;

  /** Whether there is a window now; the browser may refuse. Only within a click or a key. */
  async function open() {
    if (isAway()) return true;
    other = "documentPictureInPicture" in window ? await onTop() : window.open("/", POPUP, `popup,width=${SIZE.width},height=${SIZE.height}`);
    changed();
    return other !== null;
  }

  async function onTop() {
    const pip = await window.documentPictureInPicture.requestWindow(SIZE).catch(() => null);
    if (!pip) return null;
    pip.document.documentElement.lang = document.documentElement.lang;
    pip.document.title = document.title;
    for (const [name, listener] of Object.entries(keys)) pip.addEventListener(name, listener);
    pip.addEventListener("pagehide", back);
    const styled = [...document.querySelectorAll('link[rel="stylesheet"]')].map((link) => {
      const copy = pip.document.createElement("link");
      Object.assign(copy, { rel: "stylesheet", href: link.href });
      pip.document.head.append(copy);
      return new Promise((done) => (copy.onload = copy.onerror = done));
    });
    await Promise.all(styled);
    if (pip.closed) return null;
    wearColours(pip.document);
    pip.document.body.append(at("call"));
    // What is written and ticked has no room there, and stays where it is.
    at("away").append(at("beside"));
    return pip;
  }

  /** The overlay comes home when its window closes, whoever closed it. */
  function back() {
    at("place").append(at("call"));
    at("more").insertBefore(at("beside"), at("show-keys"));
    other = null;
    changed();
  }

  function close() {
    other?.close();
  }

  /** A pop-up tells nobody when it closes, so it is asked. */
  function isAway() {
    if (other?.closed) back();
    return other !== null;
  }

  return { open, close, isAway };
}
