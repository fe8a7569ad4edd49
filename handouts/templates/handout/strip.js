// On paper a live figure stands at three places of one slider: its ends, and where it is now (or the
// middle). It stands between helpers/live/figure.js and live.js, whose figures say that they are live.

// The slider and its places: a learning rate tells most, then a step count.
function telling({ card: { controls }, at }) {
  const first = test => controls.findIndex(test);
  const k = [first(({ name }) => name.startsWith("lr")), first(({ kind }) => kind === "steps"), 0].find(k => k >= 0);
  const last = controls[k].texts.length - 1;
  const between = at[k] > 0 && at[k] < last ? at[k] : Math.round(last / 2);
  return [...new Set([0, between, last])].map(index => [k, index]);
}

// The figure at one of them, the values of its sliders above it; gives what takes it away again.
function onPaper(page, [k, index], box) {
  const there = new Page(page.card, page.store);
  there.at = page.at;
  there.go(page.at.with(k, index), k);
  element("p", "koubai-values", box).textContent =
    page.card.controls.map(({ label, texts }, i) => `${label}: ${texts[there.at[i]]}`).join("、");
  there.card = { ...page.card, goal: "", predict: null, controls: [], drag: [] };
  return print(there, box);
}

const figures = new Map();
let taken = [];
addEventListener("live", ({ target, detail }) => figures.set(target, detail));
addEventListener("beforeprint", () => {
  for (const [figure, page] of figures) {
    if (!page.card.controls.length) continue;
    const box = element("div", "koubai-strip", figure.querySelector(".koubai-place"));
    const close = telling(page).map(place => onPaper(page, place, element("div", "", box)));
    taken.push(() => { close.forEach(each => each()); box.remove(); });
  }
});
addEventListener("afterprint", () => {
  taken.forEach(take => take());
  taken = [];
});
