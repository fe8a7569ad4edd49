// What a term or a lesson is, shown beside its link while the pointer or the focus is there.
"use strict";

const abouts = JSON.parse(document.getElementById("about-links").textContent);
const about = document.getElementById("about");
let explained = null; // the link
let tapped = false; // a finger is on a link that is not explained yet

const linkAt = (node) => {
  const link = node?.closest?.("main a[href]");
  return link?.getAttribute("href") in abouts ? link : null;
};

function explain(link) {
  explained?.removeAttribute("aria-describedby");
  explained = link;
  about.hidden = !link;
  if (!link) return;
  about.textContent = abouts[link.getAttribute("href")];
  link.setAttribute("aria-describedby", "about");
  const line = link.getClientRects()[0];
  const below = line.bottom + about.offsetHeight < innerHeight;
  about.style.left = `${scrollX + Math.max(8, Math.min(line.left, document.body.clientWidth - about.offsetWidth - 8))}px`;
  about.style.top = `${scrollY + (below ? line.bottom : line.top - about.offsetHeight)}px`;
}

document.addEventListener("mouseover", ({ target }) => {
  if (!about.contains(target)) explain(linkAt(target) ?? linkAt(document.activeElement));
});
document.addEventListener("focusin", ({ target }) => explain(linkAt(target)));
document.addEventListener("focusout", () => explain(null));
document.addEventListener("keydown", ({ key }) => key === "Escape" && explain(null));
about.addEventListener("click", () => explain(null));
// The first tap explains, the second leads there.
document.addEventListener("pointerdown", ({ target, pointerType }) => {
  tapped = pointerType === "touch" && linkAt(target) !== null && linkAt(target) !== explained;
});
document.addEventListener("click", (event) => {
  if (!tapped || !linkAt(event.target)) return;
  event.preventDefault();
  explain(linkAt(event.target));
});
