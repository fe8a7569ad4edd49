// Live figures in a page: all frames are in it, packed (handouts/live.py), and no kernel is asked.
// It stands behind helpers/live/figure.js, which draws.

class Page {
  constructor(card, store, name) {
    this.card = card;
    this.store = store;
    this.name = name;
    this.at = card.controls.map(control => control.start);
    this.positions = [...store.frames.keys()].map(key => key.split(",").map(Number));
    this.callbacks = new Set();
  }

  indices() { return this.at; }

  set(k, index) { this.go(this.at.with(k, index), k); }

  // A page may lack the wanted position: the nearest that it has, first of all in the moved slider.
  go(wanted, k) {
    const far = position => position.reduce((sum, i, axis) =>
      sum + Math.abs(i - wanted[axis]) / this.card.controls[axis].texts.length * (axis === k ? 1000 : 1), 0);
    this.at = this.store.frames.has(wanted.join()) ? wanted
      : this.positions.reduce((best, position) => far(position) < far(best) ? position : best);
    for (const callback of this.callbacks) callback();
  }

  listen(callback) {
    this.callbacks.add(callback);
    return () => this.callbacks.delete(callback);
  }

  want() {}

  // What the reader expects of the figure: this browser keeps it (parts.js).
  get guess() { return this.chosen ?? keep.read(`予想/${this.name}`); }

  set guess(chosen) {
    this.chosen = chosen;
    keep.write(`予想/${this.name}`, chosen);
  }
}

async function inflated(text) {
  const packed = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))), bytes.subarray(4 + length)];
}

// Puts the card of a figure into its place; without it, the still picture and a sentence stay.
async function enliven(figure) {
  const place = figure.querySelector(".koubai-place");
  place.replaceChildren(); // a page that was saved with its card
  figure.classList.remove("is-live", "is-old");
  try {
    const data = JSON.parse(figure.querySelector("script").textContent), store = new Store();
    store.add(...await inflated(data.packed));
    const page = new Page(data.card, store, `${location.pathname.split("/").at(-1)}/${figure.id}`);
    show(page, place);
    const controls = place.querySelectorAll(".koubai-controls :is(.koubai-slider, .koubai-select)");
    const positions = [...store.frames.keys()].map(key => key.split(","));
    controls.forEach((control, k) => { // one place only: nothing to move in this page
      control.disabled = new Set(positions.map(position => position[k])).size < 2;
    });
    figure.classList.add("is-live");
    figure.dispatchEvent(new CustomEvent("live", { bubbles: true, detail: page }));
  } catch {
    figure.classList.add("is-old");
  }
}

for (const figure of document.querySelectorAll(".koubai-live")) await enliven(figure);
