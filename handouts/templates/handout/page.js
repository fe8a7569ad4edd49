// Reading a handout: boxes that scroll, the contents, code to copy. Without a script
// the page is still complete to read.
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

// The contents mark the section being read. On wide screens they stand open beside the page, on
// narrow ones they are a menu, which a choice and Escape close.
const contents = document.querySelector(".contents details");
const list = contents.querySelector("ul");
const entries = [...contents.querySelectorAll("ol a")];
const headings = entries.map((entry) => document.getElementById(entry.hash.slice(1)));
function markSection() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 120).length;
  entries.forEach((entry, k) => {
    if (k === passed - 1) {
      entry.setAttribute("aria-current", "true");
      list.scrollTop = entry.offsetTop - list.clientHeight / 2;
    } else entry.removeAttribute("aria-current");
  });
}
addEventListener("scroll", markSection, { passive: true });
contents.addEventListener("toggle", markSection);
markSection();

const wide = matchMedia("(min-width: 75rem)");
const fold = () => (contents.open = wide.matches);
wide.addEventListener("change", fold);
fold();
document.addEventListener("click", ({ target }) => {
  if (!contents.contains(target) || target.closest("a")) contents.open &&= wide.matches;
});
contents.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  fold();
  contents.querySelector("summary").focus();
});

// A page that may not write to the clipboard selects the code, to be copied by keys.
async function copy(button) {
  const code = button.parentElement.querySelector("pre");
  try {
    await navigator.clipboard.writeText(code.textContent.trimEnd());
    button.textContent = "✓ コピーしました";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "選択しました";
  }
}
document.querySelectorAll(".copy").forEach((button) => {
  button.textContent = "コピー";
  button.addEventListener("click", () => copy(button));
  button.addEventListener("blur", () => (button.textContent = "コピー"));
});

// The arrows to the left and to the right turn the pages, where nothing else wants them.
document.addEventListener("keydown", (event) => {
  const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[key];
  if (target === document.body && !(altKey || ctrlKey || metaKey || shiftKey))
    document.querySelector(`.pages [rel="${way}"]`)?.click();
});
