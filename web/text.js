/** What texts need wherever they stand. Pure. */

/** A name stays on one line with its figure. */
export function unbroken(...parts) {
  return parts.map((part) => part.replaceAll(" ", "\u00a0"));
}

/** What somebody typed may hold marks that turn the direction of writing: they end with it. */
export function isolated(text) {
  return `\u2068${text.replaceAll(/[\u2066-\u2069]/g, "")}\u2069`;
}

/** A name in a Japanese sentence: with さん, unless it ends in a form of address already. */
export function addressed(name) {
  return isolated(name) + (/(さん|様|先生)$/.test(name) ? "" : "さん");
}
