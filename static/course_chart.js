/* Draws symptoms over sessions from the numbers that the page carries. Without script the table says the same. */
(function () {
  "use strict";

  const source = document.getElementById("course-progress");
  const frame = document.getElementById("course-chart");
  if (!source || !frame || !window.Plot) return;
  const progress = JSON.parse(source.textContent);
  const lines = progress.lines.filter((line) => line.points.length > 0);
  if (lines.length === 0) return;

  // Each line has its own dash and its name at the end: colour is never the only sign.
  const LOOKS = {
    phq9: { stroke: "var(--brand)" },
    gad7: { stroke: "var(--end)", strokeDasharray: "6,4" },
  };
  const NARROW = 500; // as wide in pixels as course.css has it
  const NAME_WIDTH = 84;
  const LABEL_HEIGHT = 1.7; // points of the scale that a line's name takes up

  const places = lines.flatMap((line) => line.points.map((point) => point.place));
  const events = progress.events || [];
  const along = [...places, ...events.map((event) => event.place)];
  const first = Math.min(0.5, Math.min(...along) - 0.1, Math.min(...places) - 0.25);
  const last = Math.max(progress.planned + 0.5, Math.max(...places) + 0.5, Math.max(...along) + 0.1);

  /* Names stand beside the last points, the upper one higher, where both would stand on one another. */
  function labels() {
    const ends = lines.map((line) => {
      const end = line.points[line.points.length - 1];
      return { code: line.code, place: end.place, total: end.total, at: end.total, words: `${line.name} ${end.total}` };
    });
    ends.sort((a, b) => a.total - b.total);
    for (let i = 1; i < ends.length; i += 1) {
      const gap = ends[i].at - ends[i - 1].at;
      if (gap < LABEL_HEIGHT) {
        ends[i].at += (LABEL_HEIGHT - gap) / 2;
        ends[i - 1].at -= (LABEL_HEIGHT - gap) / 2;
      }
    }
    return ends;
  }

  function sessionTicks(width) {
    const step = [1, 2, 4, 6, 12, 24].find((size) => (last / size) * 30 < width) || 36;
    const ticks = [];
    for (let n = step === 1 ? 1 : step; n < last; n += step) ticks.push(n);
    return ticks;
  }

  function phaseMarks(band, above) {
    const colour = `var(--${band.code})`;
    const shape = { x1: band.first - 0.5, x2: band.last + 0.5 };
    return [
      Plot.rect([shape], { x1: "x1", x2: "x2", y1: 0, y2: progress.highest, fill: colour, fillOpacity: 0.07 }),
      Plot.text([shape], {
        x: "x1", text: () => band.name, frameAnchor: "top", dy: -18 - above, dx: 6, textAnchor: "start",
        fill: colour, fontWeight: 600, fontSize: 13,
      }),
    ];
  }

  /* Where most of the clinic's courses with this start have been, with its name at the right end. */
  function bandMarks(band) {
    if (!band) return [];
    const points = band.points.filter((point) => point.session <= last);
    if (points.length === 0) return [];
    const look = { fill: "var(--brand)", fillOpacity: 0.13 };
    const edge = { x: "session", stroke: "var(--brand)", strokeOpacity: 0.45, strokeDasharray: "2,3" };
    const end = points[points.length - 1];
    // Inside the band, but not on the words of the caseness line.
    const middle = (end.low + end.high) / 2;
    const isTaken = Math.abs(middle - progress.caseness.value - 0.8) < 2.4;
    const label = { session: end.session, at: isTaken ? end.low - 1 : middle };
    return [
      points.length === 1
        ? Plot.rect(points, { x1: (p) => p.session - 0.25, x2: (p) => p.session + 0.25, y1: "low", y2: "high", ...look })
        : Plot.areaY(points, { x: "session", y1: "low", y2: "high", ...look }),
      Plot.line(points, { ...edge, y: "high" }),
      Plot.line(points, { ...edge, y: "low" }),
      Plot.text([label], {
        x: "session", y: "at", text: () => band.name, textAnchor: "end", dx: -6,
        fill: "var(--bs-secondary-color)", stroke: "var(--surface)", strokeWidth: 3, fontSize: 12,
      }),
    ];
  }

  /* Events stand above the plot, in as many rows as it takes so that no words meet: in words where there is room for them,
     else as the number that they have in the table. */
  const EVENT_ROWS = 3;
  const EVENT_ROW = 16;
  const LONGEST = 190;
  const pen = document.createElement("canvas").getContext("2d");
  function widthOf(words) {
    pen.font = `12px ${window.getComputedStyle(frame).fontFamily}`;
    return pen.measureText(words).width;
  }

  function cut(words, room) {
    if (widthOf(words) <= room) return words;
    let short = words;
    while (short && widthOf(`${short}…`) > room) short = short.slice(0, -1);
    return short.length > 5 ? `${short.trim()}…` : "";
  }

  function placedEvents(left, right, isNarrow) {
    const taken = Array.from({ length: EVENT_ROWS }, () => []);
    const isFree = (row, from, to) => taken[row].every(([low, high]) => to + 8 <= low || from >= high + 8);
    const x = (event) => left + ((event.place - first) / (last - first)) * (right - left);
    return events.map((event) => {
      const at = x(event);
      const choices = [String(event.number)];
      if (!isNarrow) choices.unshift(event.title, cut(event.title, LONGEST), cut(event.title, 110));
      for (const words of choices) {
        const width = widthOf(words);
        if (!words || width > LONGEST) continue;
        const isBefore = at + 4 + width > right;
        const from = isBefore ? at - 4 - width : at;
        const to = isBefore ? at : at + 4 + width;
        if (from < 0) continue;
        for (let row = 0; row < EVENT_ROWS; row += 1) {
          if (isFree(row, from, to)) {
            taken[row].push([from, to]);
            return { ...event, label: words, row, isBefore };
          }
        }
      }
      return { ...event, label: "", row: -1, isBefore: false };
    });
  }

  function eventMarks(placed) {
    const colour = "var(--bs-secondary-color)";
    const rules = placed.map((event) => Plot.ruleX([event], {
      x: "place", y1: progress.highest, y2: 0, stroke: colour, strokeDasharray: "2,3",
      insetTop: -(event.row + 1) * EVENT_ROW, title: "words",
    }));
    // The line of one event may pass behind the words of another, which the halo keeps readable.
    const words = placed.filter((event) => event.label).map((event) => Plot.text([event], {
      x: "place", frameAnchor: "top", dy: -event.row * EVENT_ROW - 9, dx: event.isBefore ? -4 : 4,
      textAnchor: event.isBefore ? "end" : "start", text: "label", fontSize: 12, title: "words",
      fill: "var(--bs-body-color)", stroke: "var(--surface)", strokeWidth: 5,
    }));
    return [...rules, ...words];
  }

  function lineMarks(line) {
    const look = LOOKS[line.code];
    const at = { x: "place", y: "total" };
    return [
      Plot.line(line.points, { ...at, ...look, strokeWidth: 2.4, curve: "linear" }),
      Plot.dot(line.points, {
        ...at, r: 4.2, stroke: look.stroke, strokeWidth: 2.2, fill: "var(--surface)", title: "words",
      }),
    ];
  }

  function chart(width) {
    const caseness = [progress.caseness];
    const isNarrow = width < NARROW;
    const share = (Math.max(...places) - first) / (last - first);
    const marginLeft = 34;
    // The names at the end of the lines need room only where a line comes near the right edge.
    const marginRight = (width - marginLeft) * (1 - share) < NAME_WIDTH ? NAME_WIDTH : 8;
    const placed = placedEvents(marginLeft, width - marginRight, isNarrow);
    const rows = Math.max(0, ...placed.map((event) => event.row + 1));
    const above = rows * EVENT_ROW;
    return Plot.plot({
      className: "course-chart",
      width,
      height: (isNarrow ? 260 : 330) + above,
      marginTop: 36 + above, marginRight, marginLeft, marginBottom: 44,
      ariaLabel: progress.title,
      ariaDescription: progress.summary,
      x: { domain: [first, last] },
      y: { domain: [0, progress.highest], label: null },
      marks: [
        ...progress.phases.flatMap((band) => phaseMarks(band, above)),
        Plot.gridY([5, 10, 15, 20, 25], { stroke: "var(--bs-border-color)", strokeOpacity: 1 }),
        Plot.axisY([0, 5, 10, 15, 20, 25], { tickSize: 0, fontSize: 12 }),
        Plot.axisX(sessionTicks(width), {
          tickSize: 0, fontSize: 12, tickFormat: String,
          label: "Session", labelAnchor: "center", labelArrow: "none",
        }),
        Plot.ruleY(caseness, { y: "value", stroke: "var(--bs-secondary-color)", strokeDasharray: "5,4" }),
        // Where there is no room for the words they stand below the chart (course.css).
        ...(isNarrow ? [] : [Plot.text(caseness, {
          y: "value", text: "words", frameAnchor: "right", textAnchor: "end", dx: -4, dy: -8,
          fill: "var(--bs-secondary-color)", stroke: "var(--surface)", strokeWidth: 3, fontSize: 12,
        })]),
        ...bandMarks(progress.band),
        ...eventMarks(placed),
        ...lines.flatMap(lineMarks),
        ...labels().map((label) =>
          Plot.text([label], {
            x: "place", y: "at", text: "words", textAnchor: "start", dx: 10,
            fill: LOOKS[label.code].stroke, stroke: "var(--surface)", strokeWidth: 4,
            fontWeight: 600, fontSize: 13,
          }),
        ),
      ],
    });
  }

  function draw() {
    const svg = chart(Math.max(280, Math.round(frame.clientWidth)));
    // Plot brings its few rules in a <style>, which the page's policy refuses; they stand in course.css.
    svg.querySelectorAll("style").forEach((style) => style.remove());
    svg.setAttribute("role", "img");
    svg.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
    for (const [name, words] of [["desc", progress.summary], ["title", progress.title]]) {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      element.textContent = words;
      svg.prepend(element);
    }
    frame.replaceChildren(svg);
  }

  draw();
  const table = document.getElementById("course-progress-table");
  if (table) table.open = false;

  let width = frame.clientWidth;
  let waiting = 0;
  window.addEventListener("resize", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      if (frame.clientWidth !== width) {
        width = frame.clientWidth;
        draw();
      }
    }, 120);
  });
})();
