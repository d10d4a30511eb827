"use strict";
// Reads a moment under the pointer or the keyboard's cursor, leads from a list to its moment, and zooms both plots of time.
// Without it the page is whole.
for (const times of document.querySelectorAll(".times")) {
  const duration = Number(times.dataset.duration);
  const plots = [...times.querySelectorAll("svg.timed")];
  if (!duration || !plots.length) continue;
  const svg = "http://www.w3.org/2000/svg";
  const steps = [1, 2, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((seconds) => seconds * 1000);
  const readout = times.querySelector(".readout");
  const controls = times.querySelector(".controls");
  const recent = (times.querySelector("path.recent")?.getAttribute("d") ?? "")
    .split(/(?=[ML])/)
    .filter(Boolean)
    .map((point) => [...point.slice(1).split(" ").map(Number), point[0] === "M"]);
  const view = { from: 0, to: duration };
  let cursor = null;
  let pointed = null;

  const clock = (ms) => {
    const seconds = Math.round(ms / 1000);
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    return minutes < 60
      ? `${minutes}:${two(seconds % 60)}`
      : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  };
  const place = (ms) => ((ms - view.from) / (view.to - view.from)) * 100;
  const within = (ms) => ms >= view.from && ms <= view.to;

  /** All that has a title and holds at this moment, or stands within a few pixels of it. */
  function says(ms) {
    const near = ((view.to - view.from) / plots[0].clientWidth) * 5;
    const found = [];
    for (const element of plots[0].querySelectorAll("rect, svg.at")) {
      const title = element.querySelector("title");
      if (!title) continue;
      const start = Number(element.dataset.at ?? element.getAttribute("x"));
      const end = start + Number(element.dataset.at ? 0 : element.getAttribute("width"));
      const spare = element.dataset.at ? near : 0;
      if (start - spare <= ms && ms <= end + spare) found.push(title.textContent);
    }
    if (!found.length) found.push(times.dataset.none);
    // Before the beginning of a line there is a gap, in which no share is known.
    const moment = recent.find(([at]) => at >= ms);
    if (moment && (!moment[2] || moment[0] === ms)) found.push(`${times.dataset.share} ${Math.round(100 - moment[1])}%`);
    return `${clock(ms)} · ${found.join(" · ")}`;
  }

  function look(ms, plot = plots[0]) {
    cursor = Math.min(Math.max(ms, 0), duration);
    const words = says(cursor);
    readout.textContent = words;
    plots[0].setAttribute("aria-valuenow", Math.round(cursor / 1000));
    plots[0].setAttribute("aria-valuetext", words);
    pointed = plot;
    draw();
  }

  /** The readout stands above the cursor, on the plot that is pointed at, and never beyond the plots. */
  function standReadout() {
    readout.hidden = pointed === null || cursor === null || !within(cursor);
    if (readout.hidden) return;
    const [box, around] = [pointed.getBoundingClientRect(), times.getBoundingClientRect()];
    const at = box.left - around.left + (place(cursor) / 100) * box.width - readout.offsetWidth / 2;
    readout.style.left = `${Math.max(0, Math.min(at, around.width - readout.offsetWidth))}px`;
    readout.style.top = `${box.top - around.top - readout.offsetHeight - 2}px`;
  }

  function ticks(plot) {
    const group = plot.querySelector(".ticks");
    const y = group.querySelector("text")?.getAttribute("y");
    const room = Math.max(2, Math.floor(plot.clientWidth / 90));
    const step = steps.find((step) => (view.to - view.from) / step <= room) ?? 7200000;
    group.replaceChildren();
    for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
      const text = document.createElementNS(svg, "text");
      const part = place(at);
      text.setAttribute("class", "tick");
      text.setAttribute("x", `${part}%`);
      text.setAttribute("y", y);
      text.setAttribute("text-anchor", part < 2 ? "start" : part > 96 ? "end" : "middle");
      text.textContent = clock(at);
      group.append(text);
    }
  }

  function draw() {
    for (const plot of plots) {
      const inner = plot.querySelector("svg.time");
      const height = inner.getAttribute("viewBox").split(" ")[3];
      inner.setAttribute("viewBox", `${view.from} 0 ${view.to - view.from} ${height}`);
      for (const mark of plot.querySelectorAll("svg.at")) {
        const at = Number(mark.dataset.at);
        mark.setAttribute("x", `${place(at)}%`);
        mark.style.display = within(at) ? "" : "none";
      }
      let line = plot.querySelector(".cursor");
      if (!line) {
        line = document.createElementNS(svg, "line");
        line.setAttribute("class", "cursor");
        line.setAttribute("y1", "0");
        line.setAttribute("y2", plot.getAttribute("height") - 18);
        plot.append(line);
      }
      const seen = cursor !== null && within(cursor);
      line.style.display = seen ? "" : "none";
      if (seen) for (const end of ["x1", "x2"]) line.setAttribute(end, `${place(cursor)}%`);
    }
    standReadout();
    const whole = view.from === 0 && view.to === duration;
    times.classList.toggle("zoomed", !whole);
    controls.querySelector("[data-do=out]").disabled = whole;
    controls.querySelector("[data-do=all]").disabled = whole;
  }

  /** Shows `length` so that the moment `around` stays where it is, never beyond the call or under five seconds. */
  function show(length, around) {
    const part = place(around) / 100;
    length = Math.min(Math.max(length, Math.min(5000, duration)), duration);
    move(around - part * length, length);
  }

  function move(from, length = view.to - view.from) {
    view.from = Math.min(Math.max(from, 0), duration - length);
    view.to = view.from + length;
    for (const plot of plots) ticks(plot);
    draw();
  }

  function zoom(factor) {
    const middle = (view.from + view.to) / 2;
    show((view.to - view.from) * factor, cursor !== null && within(cursor) ? cursor : middle);
  }

  const act = { in: () => zoom(0.5), out: () => zoom(2), all: () => move(0, duration) };
  controls.addEventListener("click", (event) => act[event.target.closest("button")?.dataset.do]?.());

  const keys = {
    ArrowLeft: (step) => look((cursor ?? view.from) - step),
    ArrowRight: (step) => look((cursor ?? view.from) + step),
    ArrowDown: (step) => look((cursor ?? view.from) - step),
    ArrowUp: (step) => look((cursor ?? view.from) + step),
    PageDown: (step) => look((cursor ?? view.from) - 10 * step),
    PageUp: (step) => look((cursor ?? view.from) + 10 * step),
    Home: () => look(0),
    End: () => look(duration),
    "+": act.in,
    "=": act.in,
    "-": act.out,
    0: act.all,
    Escape: act.all,
  };
  plots[0].setAttribute("role", "slider");
  plots[0].setAttribute("tabindex", "0");
  plots[0].setAttribute("aria-valuemin", "0");
  plots[0].setAttribute("aria-valuemax", Math.round(duration / 1000));
  plots[0].setAttribute("aria-valuenow", "0");
  plots[0].setAttribute("aria-valuetext", clock(0));
  plots[0].addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    keys[event.key]((view.to - view.from) / 100);
    if (cursor !== null && !within(cursor)) move(cursor - (view.to - view.from) / 2);
    event.preventDefault();
  });

  const moment = (plot, event) => {
    const box = plot.getBoundingClientRect();
    return view.from + ((event.clientX - box.left) / box.width) * (view.to - view.from);
  };
  for (const plot of plots) {
    let grip = null;
    plot.addEventListener("pointerdown", (event) => {
      grip = { x: event.clientX, from: view.from };
      look(moment(plot, event), plot);
    });
    plot.addEventListener("pointermove", (event) => {
      if (grip && event.buttons && times.classList.contains("zoomed")) {
        move(grip.from - ((event.clientX - grip.x) / plot.clientWidth) * (view.to - view.from));
      } else if (event.pointerType === "mouse" || event.buttons) {
        look(moment(plot, event), plot);
      }
    });
    plot.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "mouse" || document.activeElement === plots[0]) return;
      pointed = null;
      draw();
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) plot.addEventListener(end, () => (grip = null));
    plot.addEventListener("dblclick", (event) => show((view.to - view.from) / 4, moment(plot, event)));
    plot.addEventListener(
      "wheel",
      (event) => {
        // A pinch on a touchpad comes as a turned wheel with Ctrl held; the wheel alone scrolls the page as ever.
        if (!event.ctrlKey) return;
        event.preventDefault();
        show((view.to - view.from) * Math.exp(event.deltaY / 200), moment(plot, event));
      },
      { passive: false },
    );
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-at]");
    if (!link) return;
    event.preventDefault();
    const ms = Number(link.dataset.at);
    look(ms);
    if (!within(ms)) move(ms - (view.to - view.from) / 2);
    plots[0].focus({ preventScroll: true });
    plots[0].scrollIntoView({ block: "center" });
  });
  plots[0].addEventListener("blur", () => {
    pointed = null;
    draw();
  });
  addEventListener("beforeprint", act.all);
  controls.hidden = false;
  // As many labels of time as there is room for.
  addEventListener("resize", () => move(view.from));
  move(0);
}
// On paper all is there; the transcript, which may be long, is not.
for (const rest of document.querySelectorAll("details.rest")) {
  let folded = false;
  addEventListener("beforeprint", () => {
    folded = !rest.open;
    rest.open = true;
  });
  addEventListener("afterprint", () => {
    if (folded) rest.open = false;
  });
}
