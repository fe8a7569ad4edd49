// Searches the sections of all pages and the terms. Several words: sections with all of them, or with
// most. A word that stands nowhere as it is, is looked for by its pairs of letters.
"use strict";

const MOST = 40; // results
const entries = JSON.parse(document.getElementById("entries").textContent).flatMap(
  ([file, page, sections]) => sections.map(([id, heading, text]) => ({
    page, heading, text, address: id ? `${file}#${id}` : file,
    low: { heading: heading.toLowerCase(), text: text.toLowerCase() },
  })));
const input = document.querySelector("input");
const results = document.querySelector(".results");

const pairs = (word) => [...word].slice(1).map((letter, k) => [...word][k] + letter);

// How well a word fits: 0 not at all, most where a heading begins with it.
function fit({ low }, word) {
  const times = low.text.split(word).length - 1;
  const place = low.heading.indexOf(word);
  return Math.min(times, 5) + (place < 0 ? 0 : place === 0 ? 20 : 10);
}

function nearly({ low }, word) {
  const parts = pairs(word);
  const share = parts.filter((pair) => low.text.includes(pair) || low.heading.includes(pair)).length / parts.length;
  return share >= 0.6 ? share : 0;
}

function search(query) {
  const words = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const fits = words.map((word) => {
    const exact = entries.some((entry) => fit(entry, word));
    return (entry) => (exact ? fit : nearly)(entry, word);
  });
  const found = entries.map((entry) => {
    const each = fits.map((of) => of(entry)).filter(Boolean);
    return { entry, words: each.length, sum: each.reduce((sum, one) => sum + one, 0) };
  });
  const most = Math.max(1, ...found.map((one) => one.words));
  const best = found.filter((one) => one.words === most).sort((a, b) => b.sum - a.sum);
  return { words, partly: most < words.length, best: best.map((one) => one.entry) };
}

// The text around the first word found, the words marked.
function excerpt({ text, low }, words) {
  const places = words.map((word) => low.text.indexOf(word)).filter((place) => place >= 0);
  const from = places.length ? Math.max(0, Math.min(...places) - 30) : 0;
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pieces = text.slice(from, from + 120).split(new RegExp(`(${escaped.join("|")})`, "i"));
  return pieces.map((piece, k) => (k % 2 ? element("mark", { textContent: piece }) : piece));
}

function show() {
  const { words, partly, best } = search(input.value);
  const shown = words.length ? best.slice(0, MOST) : [];
  results.replaceChildren(...shown.map((entry) => element("li", {},
    element("a", { href: entry.address, textContent: entry.heading }),
    element("small", { textContent: entry.page }),
    element("p", {}, ...excerpt(entry, words)))));
  const count = partly ? `すべての語がある節はありません。一部の語がある節: ${best.length}` : `${best.length} 件`;
  document.querySelector(".count").textContent = words.length ? count : "";
}

input.addEventListener("input", () => {
  show();
  history.replaceState(null, "", `?q=${encodeURIComponent(input.value)}`); // to come back to
});
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
input.value = new URLSearchParams(location.search).get("q") ?? "";
show();
input.focus();
