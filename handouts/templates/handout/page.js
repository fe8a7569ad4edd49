// Reading a handout: boxes that scroll, the table of contents, folded solutions. Without a script the
// page is still complete to read.
"use strict";

// A box that scrolls sideways can be reached by keyboard.
const boxes = document.querySelectorAll(".scroll, pre, math");
const watchWidth = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
boxes.forEach((box) => watchWidth.observe(box));

// The table of contents marks the section being read, and is folded on narrow screens.
const entries = [...document.querySelectorAll(".contents a")];
const contents = document.querySelector(".contents");
const headings = entries.map((entry) => document.getElementById(entry.hash.slice(1)));
function markSection() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 120).length;
  entries.forEach((entry, k) => {
    if (k === passed - 1) {
      entry.setAttribute("aria-current", "true");
      contents.scrollTop = entry.offsetTop - contents.clientHeight / 2;
    } else entry.removeAttribute("aria-current");
  });
}
addEventListener("scroll", markSection, { passive: true });
markSection();

const wide = matchMedia("(min-width: 75rem)");
const fold = () => (document.querySelector(".contents details").open = wide.matches);
wide.addEventListener("change", fold);
fold();

// A link into a folded solution opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches("details")) target.open = true;
}
addEventListener("hashchange", openTarget);
openTarget();
