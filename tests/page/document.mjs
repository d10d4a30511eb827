/** What is looked for in a page that is a document: a summary, a mirror, a history. Each runs in the page. */

/** In the page: what reaches over the window, or out of its plot. */
export function overflow() {
  const over = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) over.push(`${root.scrollWidth} px wide in ${innerWidth}`);
  for (const text of document.querySelectorAll("svg text, h1, h2, p, td, th, li")) {
    const { left, right, width } = text.getBoundingClientRect();
    if (width && !text.closest(".unseen") && (left < 0 || right > innerWidth)) over.push(`"${text.textContent}" is cut off`);
  }
  return over;
}

/** In the page: words of one plot that lie on one another. */
export function collisions() {
  const found = [];
  for (const plot of document.querySelectorAll("svg.fluid, svg.trend")) {
    const boxes = [...plot.querySelectorAll("text:not(.question)")]
      .map((text) => [text.textContent, text.getBoundingClientRect()])
      .filter(([, box]) => box.width);
    boxes.forEach(([words, a], place) => {
      for (const [others, b] of boxes.slice(place + 1)) {
        const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const under = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (over > 1 && under > 4) found.push(`"${words}" lies on "${others}"`);
      }
    });
  }
  return found;
}
