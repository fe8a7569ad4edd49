// The page side of a live figure: it unpacks frames, draws them on a canvas and moves them by sliders,
// by ▶ and by dragging, in JupyterLab (as an anywidget) and in pages and slides (see page.js there).
// Every state lives in a Store (what may be drawn), a source (where the sliders stand) or a view.

const GAP = -32768;
const TENTH = 0.1; // coordinates are tenths of a CSS pixel of the figure at its natural size
const WIDTHS = [1, 2, 4];
const OP_COLUMNS = 8;
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -1e9, End: 1e9 };
const SPEEDS = [{ text: "×¼", perSecond: 5 }, { text: "×1", perSecond: 20 }, { text: "×3", perSecond: 60 }];
const SMALL = 0.75; // where a figure is shown smaller than that, its letters are enlarged
const WAITS = 300; // ms until a card says that it waits for a position
const BETWEEN = 500, SILENT = 1500; // ms between two questions; until a card says that nobody answers

// ---- What may be drawn --------------------------------------------------------------------------

export class Store {
  constructor() { this.clear(); }

  clear() {
    this.arrays = []; this.ops = []; this.stills = []; this.styles = [];
    this.shapes = []; this.glyphs = []; this.images = []; this.frames = new Map();
  }

  // Adds one load of pack.py. Its numbers refer to the tables that all loads share.
  add(head, bytes) {
    if (head.first) this.clear();
    const reader = new Reader(bytes);
    const base = this.arrays.length, own = WIDTHS.map(width => reader.arrays(head.widths, width));
    head.widths.forEach((width, k) => { this.arrays[base + k] = own[WIDTHS.indexOf(width)].shift(); });
    this.ops.push(...reader.rows(head.ops, OP_COLUMNS));
    const stills = reader.ragged(head.axes.length), frames = reader.ragged(head.frames.length);
    stills.forEach((ops, k) => this.stills.push({ ops, axes: head.axes[k] }));
    this.styles.push(...head.styles);
    this.shapes.push(...head.shapes);
    this.glyphs.push(...head.glyphs);
    this.images.push(...head.images.map(png => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      return image;
    }));
    head.frames.forEach(([key, still, facts, error], k) =>
      this.frames.set(key.join(), { still, facts, error, ops: frames[k] }));
  }
}

class Reader {
  constructor(bytes) {
    this.buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    this.at = 0;
  }

  int32(count) {
    const numbers = new Int32Array(this.buffer, this.at, count);
    this.at += 4 * count;
    return numbers;
  }

  // All arrays of a width, rows joined; in the load each column holds differences from row to row.
  arrays(widths, width) {
    const lengths = this.int32(widths.filter(each => each === width).length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const steps = new Int16Array(this.buffer, this.at, total * width);
    this.at += Math.ceil(total * width / 2) * 4;
    let row = 0;
    return Array.from(lengths, length => {
      const values = new Int16Array(length * width);
      for (let column = 0; column < width; column++)
        for (let k = 0, sum = 0; k < length; k++)
          values[k * width + column] = sum = (sum + steps[column * total + row + k]) << 16 >> 16;
      row += length;
      return values;
    });
  }

  rows(count, columns) {
    const steps = this.int32(count * columns), rows = Array.from({ length: count }, () => []);
    for (let column = 0; column < columns; column++)
      for (let k = 0, sum = 0; k < count; k++) rows[k].push(sum += steps[column * count + k]);
    return rows;
  }

  ragged(count) {
    return Array.from(this.int32(count)).map(length => Array.from(this.int32(length)));
  }
}

// ---- Drawing ------------------------------------------------------------------------------------

function trace(path, points, from, to) {
  let up = true, x0 = 0, y0 = 0;
  for (let i = 2 * from; i < 2 * to; i += 2) {
    const x = points[i], y = points[i + 1];
    if (x === GAP) { up = true; continue; }
    if (up) path.moveTo(x, y);
    else if (Math.abs(x - x0) + Math.abs(y - y0) < 3 && i < 2 * to - 2) continue; // under 0.3 px
    else path.lineTo(x, y);
    x0 = x; y0 = y; up = false;
  }
}

// matplotlib's codes: 1 move, 2 line, 3 and 4 curves, 79 close.
function outline(path, points, codes, left = 0, top = 0, scale = 1) {
  const x = i => left + scale * points[2 * i], y = i => top + scale * points[2 * i + 1];
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] === 1) path.moveTo(x(i), y(i));
    else if (codes[i] === 2) path.lineTo(x(i), y(i));
    else if (codes[i] === 3) { path.quadraticCurveTo(x(i), y(i), x(i + 1), y(i + 1)); i += 1; }
    else if (codes[i] === 4) {
      path.bezierCurveTo(x(i), y(i), x(i + 1), y(i + 1), x(i + 2), y(i + 2)); i += 2;
    } else if (codes[i] === 79) path.closePath();
  }
}

function inked(context, [stroke, fill, width, cap, join, dash], path, ink) {
  if (fill) { context.fillStyle = ink(fill); context.fill(path); }
  if (!stroke) return;
  context.strokeStyle = ink(stroke);
  context.lineWidth = width / TENTH;
  context.lineCap = cap; context.lineJoin = join;
  context.setLineDash(dash ? dash.slice(1).map(length => length / TENTH) : []);
  context.lineDashOffset = dash ? dash[0] / TENTH : 0;
  context.stroke(path);
}

// Thousands of markers that overlap take long; one for each half pixel looks the same.
function thinned(points, count) {
  const seen = new Set(), kept = [];
  for (let i = 0; i < 2 * count; i += 2) {
    const cell = Math.round(points[i] / 5) * 65536 + Math.round(points[i + 1] / 5);
    if (!seen.has(cell)) { seen.add(cell); kept.push(points[i], points[i + 1]); }
  }
  return kept;
}

const DRAW = [
  function path({ arrays }, style, context, ink, [, , array, count, codes, start]) {
    const path = new Path2D();
    if (codes < 0) trace(path, arrays[array], start, start + count);
    else outline(path, arrays[array], arrays[codes]);
    inked(context, style, path, ink);
  },
  function markers({ arrays, shapes }, style, context, ink, [, , array, count, shape, start]) {
    const [points, codes] = shapes[shape].map(k => arrays[k]);
    const at = thinned(arrays[array].subarray(2 * start), count);
    if (at.length < 800) {
      const path = new Path2D();
      for (let i = 0; i < at.length; i += 2) outline(path, points, codes, at[i], at[i + 1], TENTH);
      inked(context, style, path, ink);
      return;
    }
    const one = new Path2D(), scale = context.getTransform().a; // a stamp, where there are many
    outline(one, points, codes, 0, 0, TENTH);
    const reach = Math.max(...points.map(Math.abs)) * TENTH + 5 * style[2] + 10;
    const stamp = document.createElement("canvas"), pen = stamp.getContext("2d");
    stamp.width = stamp.height = Math.ceil(2 * reach * scale);
    pen.setTransform(scale, 0, 0, scale, reach * scale, reach * scale);
    inked(pen, style, one, ink);
    const size = stamp.width / scale;
    for (let i = 0; i < at.length; i += 2)
      context.drawImage(stamp, at[i] - reach, at[i + 1] - reach, size, size);
  },
  function polygons({ arrays }, style, context, ink, [, , array, , counts]) {
    const path = new Path2D();
    let from = 0;
    for (const count of arrays[counts]) {
      trace(path, arrays[array], from, from + count);
      path.closePath();
      from += count;
    }
    inked(context, style, path, ink);
  },
  function text({ arrays, glyphs }, style, context, ink, [, , array, count, x, y, angle, bars], zoom) {
    const path = new Path2D(), run = arrays[array];
    for (let i = 0; i < 4 * count; i += 4) {
      const [points, codes] = glyphs[run[i]].map(k => arrays[k]);
      outline(path, points, codes, run[i + 1], run[i + 2], run[i + 3] / 1000);
    }
    for (let i = 0, bar = arrays[bars]; bars >= 0 && i < bar.length; i += 4)
      path.rect(bar[i], bar[i + 1], bar[i + 2], bar[i + 3]);
    context.translate(x, y);
    context.rotate(-angle * TENTH * Math.PI / 180);
    if (zoom > 1 && count) { // larger on a small picture, about the middle of the text
      const middle = (run[1] + run[4 * count - 3] + run[4 * count - 1] / 2) / 2, half = run[3] / 3;
      context.translate(middle, -half);
      context.scale(zoom, zoom);
      context.translate(-middle, half);
    }
    inked(context, style, path, ink);
  },
  function image({ images }, style, context, ink, [, , image, x, y, width, height]) {
    context.imageSmoothingEnabled = true;
    if (images[image].complete) context.drawImage(images[image], x, y, width, height);
  },
];

function draw(context, store, ops, ink, zoom = 1) {
  for (const number of ops) {
    const op = store.ops[number], style = store.styles[op[1]];
    context.save();
    for (const box of style[6]) { context.beginPath(); context.rect(...box); context.clip(); }
    DRAW[op[0]](store, style, context, ink, op, zoom);
    context.restore();
  }
}

// The figures are made for white paper. On dark paper, greys change places and dark colours get lighter.
const PAPER = 30, WHITE = 232;
const dark = new Map();
function darkened(color) {
  if (!dark.has(color)) {
    const [red, green, blue, alpha] = [1, 3, 5, 7].map(i => parseInt(color.slice(i, i + 2), 16));
    const grey = Math.max(red, green, blue) - Math.min(red, green, blue) < 5;
    const light = (0.3 * red + 0.6 * green + 0.1 * blue) / 255;
    const mix = grey ? v => PAPER + (255 - v) * (WHITE - PAPER) / 255
      : v => v + (255 - v) * Math.max(0, 0.55 - light) * 0.8;
    dark.set(color, `rgb(${[red, green, blue].map(v => Math.round(mix(v))).join(" ")} / ${alpha / 255})`);
  }
  return dark.get(color);
}
const INKS = { light: color => color, dark: darkened };

// Whether the paper below an element is dark.
function isDark(element) {
  for (let at = element; at; at = at.parentElement) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) || []).map(Number);
    if (red !== undefined && alpha > 0.5) return 0.3 * red + 0.6 * green + 0.1 * blue < 110;
  }
  return false;
}

// ---- The card: goal, sliders, facts, picture ----------------------------------------------------

function element(kind, className, parent, attributes = {}) {
  const made = document.createElement(kind);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  parent?.append(made);
  return made;
}

// Shows a source in a place; returns how to take it away again.
// source: {card, store, indices(), set(k, index), listen(callback) → unlisten, want()}
export function show(source, place) {
  const view = new View(source, place);
  return () => view.close();
}

// The same for paper, at once: the browser draws nothing more before it prints.
export function print(source, place) {
  const view = new View(source, place);
  view.before();
  return () => view.close();
}

class View {
  constructor(source, place) {
    this.source = source;
    this.card = source.card;
    this.root = element("div", "koubai-figure", place, {
      role: "group", "aria-label": "動かせる図",
    });
    // JupyterLab's shortcuts stay away from the keys of the card; those with Ctrl or ⌘ work in it too.
    for (const name of ["focusin", "keydown", "keyup"])
      this.root.addEventListener(name, event => this.root.toggleAttribute(
        "data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey)));
    this.still = new Map();
    this.asked = this.playing = 0;
    this.build();
    const redraw = this.redraw = () => { this.shown = null; this.ask(); };
    this.unlisten = source.listen(() => this.ask());
    this.resized = new ResizeObserver(redraw);
    this.resized.observe(this.stage);
    this.themed = new MutationObserver(redraw);
    for (const node of [document.documentElement, document.body])
      this.themed.observe(node, { attributes: true });
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.addEventListener("change", redraw);
    this.before = () => { this.printing = true; redraw(); this.paint(); };
    this.after = () => { this.printing = false; redraw(); };
    addEventListener("beforeprint", this.before);
    addEventListener("afterprint", this.after);
    this.ask();
  }

  close() {
    this.unlisten();
    this.resized.disconnect();
    this.themed.disconnect();
    this.system.removeEventListener("change", this.redraw);
    removeEventListener("beforeprint", this.before);
    removeEventListener("afterprint", this.after);
    cancelAnimationFrame(this.asked);
    clearTimeout(this.speaking);
    this.pause();
    this.root.remove();
  }

  build() {
    const { goal, alt, controls, predict } = this.card;
    if (predict) this.predict(...predict);
    const top = element("div", "koubai-top", this.root);
    top.hidden = !controls.length; // a picture that does not move
    this.goal = element("p", "koubai-goal", top);
    this.goal.hidden = !goal;
    this.goal.textContent = goal ? `目標: ${goal}` : "";
    this.badge = element("span", "koubai-badge", top);
    const full = element("button", "koubai-button koubai-full", top, { type: "button" });
    const name = () => {
      const there = document.fullscreenElement === this.root;
      full.title = there ? "全画面を終える" : "全画面にする";
      full.setAttribute("aria-label", full.title);
    };
    this.root.onfullscreenchange = name;
    name();
    full.innerHTML = '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M1 6V1h5M10 1h5v5M15 10v5h-5M6 15H1v-5" fill="none" stroke="currentColor" stroke-width="2"/></svg>';
    full.onclick = () => document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen();
    const rows = element("div", "koubai-controls", this.root);
    this.inputs = controls.map((control, k) => this.control(control, k, rows));
    this.facts = element("div", "koubai-facts", this.root);
    this.spoken = element("p", "koubai-spoken", this.root, { "aria-live": "polite" });
    this.notice = element("p", "koubai-notice", this.root, { role: "status" });
    this.stage = element("div", "koubai-stage", this.root);
    this.canvas = element("canvas", "koubai-canvas", this.stage, { role: "img", "aria-label": alt });
    this.drags();
  }

  // What the learner expects, chosen or typed before anything is moved. It is kept, and not graded.
  predict(question, options) {
    const box = element("div", "koubai-predict", this.root, { role: "group", "aria-label": "予想" });
    element("span", "koubai-question", box).textContent = `予想: ${question}`;
    if (!options.length) {
      const input = element("input", "koubai-number", box, { type: "number", step: "any", "aria-label": "予想の数" });
      input.value = this.source.guess ?? "";
      input.oninput = () => { this.source.guess = input.value; };
      return;
    }
    const buttons = options.map((text, k) => {
      const button = element("button", "koubai-button", box, { type: "button" });
      button.textContent = text;
      button.onclick = () => { this.source.guess = k; mark(); };
      return button;
    });
    const mark = () => buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === this.source.guess));
    mark();
  }

  control(control, k, rows) {
    const marked = control.marks.length ? " koubai-marked" : "";
    const row = element("div", `koubai-row koubai-${control.kind}${marked}`, rows);
    const id = `koubai-${Math.random().toString(36).slice(2)}`;
    element("label", "koubai-label", row, { for: id }).textContent = control.label;
    if (control.kind === "list") {
      const input = element("select", "koubai-select", row, { id });
      control.texts.forEach(text => { element("option", "", input).textContent = text; });
      input.onchange = () => this.source.set(k, input.selectedIndex);
      return { input, show: index => { input.selectedIndex = index; } };
    }
    const track = element("span", "koubai-track", row);
    const last = control.texts.length - 1;
    const input = element("input", "koubai-slider", track, { id, type: "range", min: 0, max: last, step: 1 });
    for (const [at, text] of control.marks) {
      const mark = element("span", "koubai-mark", track);
      mark.style.setProperty("--at", last ? at / last : 0);
      mark.textContent = text;
    }
    const output = element("output", "koubai-value", row, { for: id });
    output.style.minWidth = `${Math.max(...control.texts.map(text => text.length))}ch`;
    input.oninput = () => { this.pause(); this.source.set(k, Number(input.value)); };
    input.addEventListener("keydown", event => { // JupyterLab keeps the arrow keys from the browser
      const by = KEYS[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.step(k, by, last);
    });
    const show = index => {
      input.value = index;
      output.textContent = control.texts[index];
      input.setAttribute("aria-valuetext", control.texts[index]);
    };
    if (control.kind === "steps") this.player(row, input, k, last);
    return { input, show };
  }

  // ▶ with its helpers; Space on the slider plays and pauses.
  player(row, input, k, last) {
    const button = (text, label, action) => {
      const made = element("button", "koubai-button", row, { type: "button", "aria-label": label, title: label });
      made.textContent = text;
      made.onclick = action;
      return made;
    };
    this.playButton = button("▶", "再生", () => this.playing ? this.pause() : this.play(k, last));
    button("◀︎|", "1つ戻す", () => this.step(k, -1, last));
    button("|▶︎", "1つ進める", () => this.step(k, 1, last));
    const speed = button("", "再生の速さ", () => hurry((this.speed + 1) % SPEEDS.length));
    const hurry = number => {
      this.speed = number;
      speed.textContent = SPEEDS[number].text;
      speed.setAttribute("aria-label", `再生の速さ: ${SPEEDS[number].text}`);
    };
    hurry(matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 1);
    input.addEventListener("keydown", event => {
      if (event.key !== " ") return;
      event.preventDefault();
      this.playButton.click();
    });
  }

  // By so many stops. A page may lack the next position: then on to the first that it has.
  step(k, by, last) {
    this.pause();
    const at = this.source.indices()[k];
    for (let to = at + by; to === at + by || (to >= 0 && to <= last); to += Math.sign(by)) {
      this.source.set(k, Math.min(last, Math.max(0, to)));
      if (this.source.indices()[k] !== at) break;
    }
    this.inputs[k].show(this.source.indices()[k]);
  }

  // Moves on by the time that has passed, and waits where a position is not there yet.
  play(k, last) {
    if (this.source.indices()[k] >= last) this.source.set(k, 0);
    this.playButton.textContent = "❚❚";
    this.playButton.setAttribute("aria-label", "止める");
    this.playButton.title = "止める";
    let then = null, owed = 0;
    const tick = now => {
      const { perSecond } = SPEEDS[this.speed], at = this.source.indices()[k];
      // At 60 a second one step belongs to each frame of the display, whatever its clock says.
      owed += then === null ? 0 : perSecond >= 60 ? 1 : (now - then) * perSecond / 1000;
      then = now;
      const there = this.source.store.frames.has(this.key());
      if (!there) owed = 0;
      if (at >= last) { this.pause(); return; }
      if (owed >= 1) {
        this.source.set(k, Math.min(last, at + Math.floor(owed)));
        owed -= this.source.indices()[k] - at; // a page may lack the next position: it is owed on
      }
      this.playing = requestAnimationFrame(tick);
    };
    this.playing = requestAnimationFrame(tick);
  }

  pause() {
    if (!this.playing) return;
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.playButton.textContent = "▶";
    this.playButton.setAttribute("aria-label", "再生");
    this.playButton.title = "再生";
  }

  key() { return this.source.indices().join(); }

  ask() { this.asked ||= requestAnimationFrame(() => { this.asked = 0; this.paint(); }); }

  paint() {
    const indices = this.source.indices(), key = indices.join();
    this.inputs.forEach((input, k) => input.show(indices[k]));
    const { frames } = this.source.store, frame = frames.get(key);
    this.root.dataset.frames = frames.size; // for tests and benchmarks
    this.wait(key, frame);
    if (!frame || key === this.shown || !this.stage.clientWidth) return;
    this.tell(frame);
    if (frame.error) { this.shown = key; return; }
    const layout = this.layout(), theme = !this.printing && isDark(this.root) ? "dark" : "light";
    const { canvas } = this, context = canvas.getContext("2d"), ink = INKS[theme];
    const width = Math.round(layout.width * layout.ratio), height = Math.round(layout.height * layout.ratio);
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    canvas.style.aspectRatio = `${layout.width} / ${layout.height}`;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.background(frame.still, layout, theme), 0, 0);
    this.onPanels(context, layout, zoom => draw(context, this.source.store, frame.ops, ink, zoom));
    this.frame = frame;
    this.handles(context, layout, theme);
    this.shown = key;
    this.root.dataset.shown = key;
    const missing = frame.ops.concat(this.source.store.stills[frame.still].ops)
      .map(op => this.source.store.ops[op]).filter(op => op[0] === 4)
      .map(op => this.source.store.images[op[2]]).filter(image => !image.complete);
    for (const image of missing) image.onload = () => { this.still.clear(); this.shown = null; this.ask(); };
  }

  // The unmoving part, painted once for each size and theme.
  background(still, layout, theme) {
    const key = [still, layout.width, layout.ratio, layout.panels.length, theme, this.source.store.stills.length && 1].join();
    let canvas = this.still.get(key);
    if (!canvas) {
      canvas = document.createElement("canvas");
      canvas.width = Math.round(layout.width * layout.ratio);
      canvas.height = Math.round(layout.height * layout.ratio);
      const context = canvas.getContext("2d");
      this.onPanels(context, layout, zoom =>
        draw(context, this.source.store, this.source.store.stills[still].ops, INKS[theme], zoom));
      if (this.still.size > 8) this.still.delete(this.still.keys().next().value);
      this.still.set(key, canvas);
    }
    return canvas;
  }

  // Where the parts of the figure stand: as drawn, or below each other where the card is narrow.
  layout() {
    const { width, height, panels } = this.card, room = this.stage.clientWidth;
    const shown = this.stage.getBoundingClientRect().width / room || 1; // a slide may be enlarged
    const ratio = this.printing ? 3 : Math.min(4, Math.max(1.25, devicePixelRatio * shown));
    const whole = [[0, 0, width, height]];
    const parts = room < 560 && panels.length > 1 && !this.printing ? panels : whole;
    let top = 0;
    const placed = parts.map(([x0, y0, x1, y1]) => {
      const scale = Math.min(room / (x1 - x0), parts === whole ? Infinity : 1.15);
      const panel = { x0, y0, x1, y1, scale, left: (room - scale * (x1 - x0)) / 2, top };
      top += scale * (y1 - y0);
      return panel;
    });
    return { width: room, height: top, ratio, panels: placed };
  }

  onPanels(context, { panels, ratio }, action) {
    for (const { x0, y0, x1, y1, scale, left, top } of panels) {
      const k = scale * ratio;
      context.save();
      context.setTransform(k * TENTH, 0, 0, k * TENTH, ratio * left - k * x0, ratio * top - k * y0);
      context.beginPath();
      context.rect(x0 / TENTH, y0 / TENTH, (x1 - x0) / TENTH, (y1 - y0) / TENTH);
      context.clip();
      action(Math.min(1.5, Math.max(1, SMALL / scale)));
      context.restore();
    }
  }

  tell({ facts, error }) {
    const goal = facts.find(([label]) => label === "目標")?.[1];
    this.badge.hidden = goal === undefined;
    this.badge.textContent = goal === "達成" ? "✓ 達成" : "未達成";
    this.badge.dataset.done = goal === "達成";
    const rest = facts.filter(([label]) => label !== "目標");
    if (rest.length !== this.facts.childElementCount)
      this.facts.replaceChildren(...rest.map(() => {
        const pair = element("span", "koubai-fact");
        element("span", "koubai-name", pair);
        element("strong", "", pair);
        return pair;
      }));
    rest.forEach(([label, text], k) => {
      const [name, value] = this.facts.children[k].children;
      name.textContent = label;
      value.textContent = text;
    });
    this.root.classList.toggle("koubai-failed", Boolean(error));
    this.failed = error ? `この位置では図を描けませんでした。${error}` : "";
    this.say();
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      this.spoken.textContent = facts.map(([label, text]) => `${label} ${text}`).join("、");
    }, 600);
  }

  // A position that is not there: the card says that it waits, and after 2 s that nobody answers.
  wait(key, frame) {
    if (frame || this.wanted !== key) clearTimeout(this.waiting);
    if (frame) { this.wanted = null; this.waits = ""; this.say(); return; }
    if (this.wanted === key) { this.say(); return; }
    this.wanted = key;
    this.source.want();
    this.waiting = setTimeout(() => {
      this.waits = "この位置を計算しています…";
      this.say();
    }, WAITS);
  }

  say() {
    const text = [this.failed, this.source.trouble?.(), this.waits].filter(Boolean).join("　");
    if (this.notice.textContent !== text) this.notice.textContent = text;
    this.root.classList.toggle("koubai-waits", Boolean(this.waits));
  }

  // ---- Dragging a point of the picture

  drags() {
    if (!this.card.drag.length) return;
    this.canvas.classList.add("koubai-drag");
    let held = null;
    this.canvas.addEventListener("pointerdown", event => {
      held = this.grabbed(event);
      if (!held) return;
      this.pause();
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      this.moveTo(held, event);
    });
    this.canvas.addEventListener("pointermove", event => { if (held) this.moveTo(held, event); });
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => { held = null; });
    // A finger that does not touch a handle scrolls the page.
    this.canvas.addEventListener("touchstart", event => { if (held) event.preventDefault(); }, { passive: false });
  }

  // The figure's own coordinates of a pointer.
  point(event, within) {
    const box = this.canvas.getBoundingClientRect(), { panels, width } = this.layout();
    const x = (event.clientX - box.left) * width / box.width, y = (event.clientY - box.top) * width / box.width;
    const inside = panels.find(p => y >= p.top && y < p.top + p.scale * (p.y1 - p.y0)) || within || panels[0];
    const panel = within || inside;
    return { panel, scale: panel.scale, x: panel.x0 + (x - panel.left) / panel.scale, y: panel.y0 + (y - panel.top) / panel.scale };
  }

  grabbed(event) {
    if (!this.frame) return null;
    const { panel, scale, x, y } = this.point(event), reach = (event.pointerType === "mouse" ? 14 : 28) / scale;
    for (const drag of this.card.drag) {
      const frame = this.source.store.stills[this.frame.still].axes[drag.axes], [hx, hy] = this.handle(drag, frame);
      const near = drag.sliders[1] === null ? Math.abs(x - hx) : Math.hypot(x - hx, y - hy);
      const inside = x >= frame[0] && x <= frame[0] + frame[2] && y >= frame[1] && y <= frame[1] + frame[3];
      if (near < reach || (inside && event.pointerType === "mouse")) return { drag, panel };
    }
    return null;
  }

  // Where the handle of a drag stands. drag.sliders: numbers of the sliders of x and y, or null.
  handle(drag, frame) {
    const [left, top, width, height, x0, x1, y0, y1, xScale, yScale] = frame, at = this.source.indices();
    const [kx, ky] = drag.sliders;
    const x = kx === null ? left + width / 2 : left + width * share(drag.values[0][at[kx]], x0, x1, xScale);
    const y = ky === null ? top + height : top + height * (1 - share(drag.values[1][at[ky]], y0, y1, yScale));
    return [x, y];
  }

  moveTo({ drag, panel }, event) {
    const { x, y } = this.point(event, panel);
    const [left, top, width, height, x0, x1, y0, y1, xScale, yScale] = this.source.store.stills[this.frame.still].axes[drag.axes];
    const wanted = [valueAt((x - left) / width, x0, x1, xScale), valueAt(1 - (y - top) / height, y0, y1, yScale)];
    drag.sliders.forEach((k, axis) => {
      if (k !== null) this.source.set(k, nearest(drag.values[axis], wanted[axis]));
    });
  }

  handles(context, layout, theme) {
    if (!this.card.drag.length || this.printing) return;
    this.onPanels(context, layout, () => {
      for (const drag of this.card.drag) {
        const frame = this.source.store.stills[this.frame.still].axes[drag.axes];
        const [x, y] = this.handle(drag, frame).map(v => v / TENTH), ring = new Path2D();
        ring.arc(x, y, 90, 0, 2 * Math.PI);
        context.lineWidth = 50; context.strokeStyle = theme === "dark" ? "#1e1e1ecc" : "#ffffffcc"; context.stroke(ring);
        context.lineWidth = 22; context.strokeStyle = "#e69f00"; context.stroke(ring);
      }
    });
  }
}

const scaled = { log: Math.log10, linear: v => v };
function share(value, low, high, scale) {
  const s = scaled[scale] || scaled.linear;
  return (s(value) - s(low)) / (s(high) - s(low));
}
function valueAt(part, low, high, scale) {
  return scale === "log" ? 10 ** (Math.log10(low) + part * Math.log10(high / low)) : low + part * (high - low);
}
function nearest(values, wanted) {
  let best = 0;
  values.forEach((value, k) => { if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = k; });
  return best;
}

// ---- In JupyterLab: the sliders are ipywidgets, whose models this page and the kernel share -------

export default function live() {
  let source;

  async function initialize({ model }) {
    const sliders = await Promise.all(model.get("sliders").map(
      reference => model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""))));
    source = new Kernel(model, sliders);
  }

  function render({ model, el }) {
    // A notebook that sees a key gives the focus to its active cell, which may be another.
    el.addEventListener("keydown", event => {
      if (!(event.ctrlKey || event.metaKey)) event.stopPropagation();
    });
    return show(source, el);
  }

  return { initialize, render };
}

class Kernel {
  constructor(model, sliders) {
    this.model = model;
    this.sliders = sliders;
    this.card = model.get("card");
    this.store = new Store();
    this.callbacks = new Set();
    this.asked = null;
    this.pinged = this.waiting = 0;
    this.stale = "";
    model.on("msg:custom", (message, buffers) => this.receive(message, buffers));
    for (const slider of sliders) {
      slider.on("change:index", () => { this.ping(); this.call(); });
      slider.on("comm_live_update", () => this.call());
    }
    model.send({ kind: "ready" });
  }

  indices() { return this.sliders.map(slider => slider.get("index")); }

  set(k, index) {
    if (this.sliders[k].get("index") === index) return;
    this.sliders[k].set("index", index);
    this.sliders[k].save_changes();
  }

  listen(callback) {
    this.callbacks.add(callback);
    return () => this.callbacks.delete(callback);
  }

  call() { for (const callback of this.callbacks) callback(); }

  receive(message, buffers) {
    this.asked = null;
    // A page that opens while the kernel sends to another has to wait for the load that begins anew.
    this.begun ||= message.head?.first;
    if (message.kind === "frames" && this.begun) this.store.add(message.head, buffers[0]);
    if (message.kind === "stale") this.stale = message.text;
    this.call();
  }

  want() { this.ping(); }

  // Does the kernel still answer? Asked after each move, at most twice a second.
  ping() {
    const due = this.pinged + BETWEEN - performance.now();
    this.waiting ||= setTimeout(() => {
      this.waiting = 0;
      if (this.gone()) return;
      this.pinged = performance.now();
      this.asked ??= this.pinged; // the first question that is still open
      this.model.send({ kind: "ping" });
      setTimeout(() => this.call(), SILENT);
    }, Math.max(0, due));
  }

  gone() { return this.sliders.some(slider => slider.comm_live === false); }

  trouble() {
    if (this.gone())
      return "カーネルが再起動したか、止まりました。描いてある位置だけが動きます。このセルをもう一度実行してください。";
    if (this.asked !== null && performance.now() - this.asked >= SILENT - 20)
      return "カーネルが答えません。ほかの計算の途中か、止まっています。描いてある位置だけが動きます。";
    return this.stale;
  }
}
