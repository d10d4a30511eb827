/**
 * Writing to the document, and only what changed: so that nothing is announced, laid out
 * or taken from under a pointer twice. Text goes in as text and never as markup.
 */

/** Elements by their id, wherever they are: the overlay moves to another window and keeps them. */
const known = new Map([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));

/** @param {string} id */
export function at(id) {
  return known.get(id);
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function mark(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

export function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export function seen(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

/** A field follows what the program knows, but not while somebody writes in it. */
export function fill(field, value) {
  const writing = field.ownerDocument.activeElement === field;
  if (!writing && field.value !== value) field.value = value;
}

/** A choice follows what the program knows; while it is open somebody chooses. */
export function pick(select, { options, value }) {
  list(select, options, ({ value }) => value, ({ value }) => make("option", { value }), (option, { text }) => write(option, text));
  fill(select, value);
}

/** An element with texts and other elements in it. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

export function onClick(id, act) {
  at(id).addEventListener("click", act);
}

export function onChange(id, act) {
  at(id).addEventListener("change", () => act(at(id)));
}

/** What is sent goes to this function, and nowhere else. */
export function onSubmit(id, act) {
  at(id).addEventListener("submit", (event) => {
    event.preventDefault();
    act(event.target);
  });
}

export function button(act, attributes = {}) {
  const made = make("button", { type: "button", ...attributes });
  made.addEventListener("click", act);
  return made;
}

/**
 * Makes a list hold these things in this order. What stays keeps its element, and so the focus in it;
 * `build` makes an element, `show` writes a thing into it.
 */
export function list(container, things, key, build, show) {
  const there = new Map([...container.children].map((child) => [child.dataset.key, child]));
  const wanted = things.map((thing) => {
    const name = String(key(thing));
    const child = there.get(name) ?? build(thing);
    child.dataset.key = name;
    show(child, thing);
    return child;
  });
  for (const child of there.values()) if (!wanted.includes(child)) child.remove();
  wanted.forEach((child, place) => {
    if (container.children[place] !== child) container.insertBefore(child, container.children[place] ?? null);
  });
}
