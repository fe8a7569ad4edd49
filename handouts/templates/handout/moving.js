// Live figures, in a handout and in slides. No kernel, no network. All starts from the page as it was
// built: a page that was saved while it was used begins anew.
"use strict";

const TOO_OLD =
  "このブラウザでは、この図を動かせません。新しい版の Chrome・Edge・Firefox・Safari で開くと動きます。";

async function inflate(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// Return an input for one slider; its value is the position, 0 for the first option.
function makeInput(slider, id, row) {
  const { label, options, start } = slider;
  row.append(element("label", { htmlFor: id, textContent: label }));
  if (slider.kind === "list") {
    const input = element("select", { id });
    options.forEach((text, k) => input.append(element("option", { value: k, textContent: text })));
    input.value = start;
    row.append(input);
    return input;
  }
  const input = element("input", { id, type: "range", min: 0, max: options.length - 1, step: 1 });
  const value = element("span", { className: "value" });
  value.setAttribute("aria-hidden", "true"); // the slider itself says it
  const tell = () => {
    value.textContent = options[input.value];
    input.setAttribute("aria-valuetext", options[input.value]);
  };
  input.value = start;
  input.addEventListener("input", tell);
  tell();
  row.append(input, value);
  return input;
}

function makeLive(figure) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const picture = figure.querySelector(".picture");
  const rows = figure.querySelector(".sliders");
  rows.replaceChildren();
  picture.querySelector(".spoken")?.remove();
  const parked = // where the still picture stays while another stands in its place
    figure.querySelector(".parked") ?? element("div", { className: "parked", hidden: true });
  figure.append(parked);
  if (parked.firstChild) picture.querySelector("img").replaceWith(parked.firstChild);
  if (!window.DecompressionStream) {
    rows.append(element("p", { className: "note", textContent: TOO_OLD }));
    return;
  }
  const still = picture.querySelector("img");
  const svg = picture.querySelector("svg");
  const { name } = figure.dataset;
  const spoken = element("p", { className: "spoken" });
  spoken.setAttribute("role", "status");
  picture.append(spoken);

  const inputs = data.sliders.map((slider, k) =>
    slider.options.length > 1
      ? makeInput(slider, `${name}-slider-${k}`, rows)
      : { value: 0 },
  );
  const position = () =>
    inputs.reduce((sum, input, k) => sum * data.sliders[k].options.length + Number(input.value), 0);

  const named = (markup) => markup.replaceAll("@", `${name}-`);
  let unpacking;
  async function unpack() {
    const frames = await inflate(data.packed);
    svg.innerHTML = `<defs>${named(frames.definitions)}</defs>`;
    frames.layers = frames.drawings.map(() => {
      const layer = document.createElementNS("http://www.w3.org/2000/svg", "g");
      svg.append(layer);
      return layer;
    });
    frames.shown = [];
    return frames;
  }

  const backgrounds = [];
  backgrounds[figure.dataset.background] = still;
  async function background(k) {
    if (!backgrounds[k]) {
      const { alt, width, height } = still;
      const src = `data:image/webp;base64,${data.backgrounds[k]}`;
      backgrounds[k] = element("img", { src, alt, width, height });
      await backgrounds[k].decode();
    }
    return backgrounds[k];
  }

  // The position wanted last wins, however fast the slider moves.
  async function show() {
    unpacking ??= unpack();
    const frames = await unpacking;
    const [under, ...drawings] = frames.frames[position()];
    const image = await background(under);
    if (under !== frames.frames[position()][0]) return;
    frames.frames[position()].slice(1).forEach((drawing, k) => {
      if (frames.shown[k] === drawing) return;
      frames.shown[k] = drawing;
      frames.layers[k].innerHTML = drawing < 0 ? "" : named(frames.drawings[k][drawing]);
    });
    const before = picture.querySelector("img");
    before.replaceWith(image);
    if (before === still && image !== still) parked.append(still);
    const texts = [...svg.querySelectorAll("[aria-label]")];
    spoken.textContent = texts.map((text) => text.getAttribute("aria-label")).join("、");
    figure.dataset.position = position();
  }
  inputs.forEach((input) => input.addEventListener?.("input", show));
  if (figure.dataset.position) show(); // a saved page: the drawing may be another
  figure.dataset.position = position();
}

document.querySelectorAll("figure.live").forEach(makeLive);
