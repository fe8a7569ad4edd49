// Light or dark: as the system has it, or as chosen, for all pages at once. Stands in the head, so that
// a page is never shown in other colours first.
"use strict";

// Return the choice that is kept, and show it.
function showTheme() {
  const { dataset } = document.documentElement;
  const theme = keep.read("表示");
  if (["light", "dark"].includes(theme)) dataset.theme = theme;
  else delete dataset.theme;
  return dataset.theme ?? "auto";
}
showTheme();

// Also when a reader comes back to a page that the browser has kept as it was.
addEventListener("pageshow", () => {
  document.querySelector(".theme select").value = showTheme();
});
document.addEventListener("change", ({ target }) => {
  if (!target.matches(".theme select")) return;
  keep.write("表示", target.value);
  if (target.value !== showTheme()) document.documentElement.dataset.theme = target.value;
});
