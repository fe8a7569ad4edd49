// Live figures in a page: all frames are in it, packed (handouts/live.py), and no kernel is asked.
// It stands behind helpers/live/figure.js, which draws.

class Page {
  constructor(card, store) {
    this.card = card;
    this.store = store;
    this.at = card.controls.map(control => control.start);
    this.positions = [...store.frames.keys()].map(key => key.split(",").map(Number));
    this.callbacks = new Set();
  }

  indices() { return this.at; }

  // A page may lack the wanted position: the nearest that it has, first of all in the moved slider.
  set(k, index) {
    const wanted = this.at.with(k, index);
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
}

async function inflated(text) {
  const packed = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))), bytes.subarray(4 + length)];
}

for (const place of document.querySelectorAll(".koubai-live")) {
  const card = place.querySelector(".koubai-place");
  card.replaceChildren(); // a page that was saved with its card
  if (!window.DecompressionStream) { place.classList.add("is-old"); continue; }
  const data = JSON.parse(place.querySelector("script").textContent);
  const store = new Store();
  store.add(...await inflated(data.packed));
  show(new Page(data.card, store), card);
  place.classList.add("is-live");
}
