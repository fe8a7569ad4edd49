// Links to parts of a page that a browser does not find alone: a folded solution, which is opened, and
// the setting of a live figure: its id and the texts of its sliders, #figure-steps/0.1/20/Adam.
"use strict";

const figures = new Map(); // id → what its sliders move

function follow() {
  let id, texts;
  try {
    [id, ...texts] = location.hash.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return; // the address is damaged
  }
  const target = document.getElementById(id);
  if (target?.matches("details")) target.open = true;
  const source = texts.length && figures.get(id);
  if (!source) return;
  source.go(source.card.controls.map((control, k) => {
    const at = control.texts.indexOf(texts[k]);
    return at < 0 ? control.start : at; // it is called otherwise now
  }));
  target.scrollIntoView();
}
addEventListener("hashchange", follow);
follow();

document.addEventListener("live", ({ target: { id }, target, detail: source }) => {
  const { controls } = source.card;
  if (!controls.length) return;
  const name = "この設定へのリンク";
  const link = element("a", { className: "koubai-button koubai-link", title: name, ariaLabel: name });
  const icon = '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M7 4l2-2a3.5 3.5 0 0 1 5 5l-2 2M9 12l-2 2a3.5 3.5 0 0 1-5-5l2-2M5.5 10.5l5-5" fill="none" stroke="currentColor" stroke-width="2"/></svg>';
  const update = () => {
    const texts = source.indices().map((at, k) => encodeURIComponent(controls[k].texts[at]));
    link.href = `#${[id, ...texts].join("/")}`;
  };
  const tell = (text) => {
    link.textContent = link.ariaLabel = text;
  };
  link.addEventListener("click", async (event) => {
    event.preventDefault(); // the figure stays where it is on the screen
    history.replaceState(null, "", link.href);
    try {
      await navigator.clipboard.writeText(link.href);
      tell("リンクをコピーしました");
    } catch {
      tell("リンクはアドレス欄にあります");
    }
  });
  link.addEventListener("blur", () => {
    link.innerHTML = icon;
    link.ariaLabel = name;
  });
  link.innerHTML = icon;
  link.ariaLive = "polite";
  source.listen(update);
  update();
  target.querySelector(".koubai-full").before(link);
  figures.set(id, source);
  if (location.hash.startsWith(`#${id}/`)) follow();
});
