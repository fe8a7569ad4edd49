// A page that is printed ends with an appendix: the right choices of its quiz, and the solutions of
// its exercises, which are folded on the screen.
"use strict";

// A copy of nodes, without ids: each may stand in a page once.
function copies(nodes) {
  return [...nodes].map((node) => {
    const copy = node.cloneNode(true);
    [copy, ...copy.querySelectorAll("[id]")].forEach((one) => one.removeAttribute("id"));
    return copy;
  });
}

// The heading above an element, as text.
function headingAbove(element) {
  const above = [...document.querySelectorAll("main h2, main h3")].filter(
    (heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  return above.at(-1)?.textContent ?? "";
}

// One entry of the appendix: whose answer it is, and the contents of its fold.
const entry = (name, fold) =>
  element("div", { className: "entry" }, element("p", {}, element("strong", { textContent: name })),
    ...copies(fold.querySelectorAll(":scope > :not(summary)")));

function appendix() {
  const questions = [...document.querySelectorAll(".question:not([hidden])")]
    .map((question) => entry(question.querySelector("legend").textContent, question.querySelector(".answers")));
  const solutions = [...document.querySelectorAll("details.solution")]
    .map((fold) => entry(headingAbove(fold), fold));
  const parts = [["小テストの正解と解説", questions], ["演習の解答", solutions]]
    .filter(([, entries]) => entries.length)
    .flatMap(([title, entries]) => [element("h3", { textContent: title }), ...entries]);
  return element("section", { className: "appendix" },
    ...(parts.length ? [element("h2", { textContent: "付録. 正解と解答" }), ...parts] : []));
}

let printed = null;
addEventListener("beforeprint", () => {
  printed?.remove();
  printed = appendix();
  document.querySelector("main").append(printed);
});
addEventListener("afterprint", () => printed.remove());
