// How reveal.js shows the slides. S opens the speaker's view, with notes, clock and the next slide.
// The main line goes to the right; below a slide is its appendix: code, derivations, questions.
const [SPACE, PAGE_UP, PAGE_DOWN, F1] = [32, 33, 34, 112];
Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0.02,
  center: false,
  hash: true,
  help: false, // it speaks English
  transition: "none",
  keyboard: { [SPACE]: "right", [PAGE_UP]: "left", [PAGE_DOWN]: "right", [F1]: null },
  slideNumber: (slide) => {
    if (!slide) return [""]; // before the first one
    const { h, v } = Reveal.getIndices(slide);
    const below = slide.parentElement.children.length - 1;
    const appendix = v ? `　付録 ${v} / ${below}` : below ? `　↓ 付録 ${below}` : "";
    return [`${h + 1} / ${Reveal.getHorizontalSlides().length}${appendix}`];
  },
  // A slider or a choice that has the focus takes the keys; a button takes those that press it.
  keyboardCondition: ({ target, keyCode }) =>
    !target?.closest?.("input, select") &&
    !(target?.closest?.("button, summary") && [13, SPACE].includes(keyCode)),
  plugins: [RevealNotes],
});

// The clicker's keys turn the slide, whatever has the focus.
function turn(event) {
  if (!["PageDown", "PageUp"].includes(event.key)) return;
  if (!event.target.closest?.("input, select, button, summary")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.activeElement.blur();
  if (event.key === "PageDown") Reveal.right();
  else Reveal.left();
}
document.addEventListener("keydown", turn, { capture: true });

// A figure, code and questions are as large as their slide has room for.
const bottom = (slide) => {
  const last = [...slide.children].filter((child) => child.tagName !== "ASIDE").at(-1);
  return last.offsetTop + last.offsetHeight;
};
const hasRoom = (slide) =>
  bottom(slide) <= 700 &&
  [...slide.querySelectorAll("pre, .scroll")].every((box) => box.scrollWidth <= box.clientWidth + 1);
function fit(slide) {
  slide.classList.remove("tight");
  slide.style.fontSize = "";
  const picture = slide.querySelector("figure .picture");
  if (picture) {
    picture.style.zoom = 1;
    const free = 700 - (bottom(slide) - picture.offsetHeight);
    picture.style.zoom = Math.min(free / picture.offsetHeight, 1200 / picture.offsetWidth);
  }
  const stage = slide.querySelector(".koubai-stage");
  if (stage) {
    stage.style.width = "100%";
    for (let share = 1; share > 0.3 && bottom(slide) > 700; share -= 0.04)
      stage.style.width = `${share * 100}%`;
  }
  for (let size = 26; size >= 20; size -= 1) {
    slide.style.setProperty("--code-size", `${size}px`);
    slide.style.setProperty("--quiz-size", `${Math.max(size, 22)}px`);
    if (hasRoom(slide)) break;
  }
  for (let size = 26; size >= 22 && !hasRoom(slide); size -= 1) slide.style.fontSize = `${size}px`;
  slide.classList.toggle("tight", !hasRoom(slide)); // the choices of a question two in a row
}
Reveal.on("ready", (event) => fit(event.currentSlide));
Reveal.on("slidechanged", (event) => {
  fit(event.currentSlide);
  // Who comes back along the main line does not fall into an appendix that was left.
  document.querySelectorAll(".stack").forEach((stack) => stack.removeAttribute("data-previous-indexv"));
});
document.addEventListener("click", () => fit(Reveal.getCurrentSlide())); // a verdict needs room
