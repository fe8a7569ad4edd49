// Light or dark: as the system has it, or as chosen, for all pages at once. Stands in the head, so that
// a page is never shown in other colours first.
"use strict";

function showTheme(theme = keep.read("表示")) {
  const { dataset } = document.documentElement;
  if (["light", "dark"].includes(theme)) dataset.theme = theme;
  else delete dataset.theme;
  const choice = document.querySelector(".theme select"); // not there yet in the head
  if (choice) choice.value = dataset.theme ?? "auto";
}
showTheme();

// Also when a reader comes back to a page that the browser has kept as it was.
addEventListener("pageshow", ({ persisted }) => persisted && showTheme());
document.addEventListener("change", ({ target }) => {
  if (!target.matches(".theme select")) return;
  keep.write("表示", target.value);
  showTheme(target.value);
});
