// How reveal.js shows the slides. S opens the speaker's view, with notes, clock and the next slide.
Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0.02,
  center: false,
  hash: true,
  transition: "none",
  slideNumber: "h.v",
  // A slider, a choice or a button that has the focus takes the keys.
  keyboardCondition: (event) => !event.target.closest("input, select, button, summary"),
  plugins: [RevealNotes],
});

// A figure is as large as its slide has room for; long code is set smaller.
const bottom = (slide) => {
  const last = [...slide.children].filter((child) => child.tagName !== "ASIDE").at(-1);
  return last.offsetTop + last.offsetHeight;
};
function fit(slide) {
  const picture = slide.querySelector("figure .picture");
  if (picture) {
    picture.style.zoom = 1;
    const free = 700 - (bottom(slide) - picture.offsetHeight);
    picture.style.zoom = Math.min(free / picture.offsetHeight, 1200 / picture.offsetWidth);
  }
  for (let size = 20; size > 15 && bottom(slide) > 710; size -= 1) {
    slide.style.setProperty("--code-size", `${size - 1}px`);
  }
}
Reveal.on("ready", (event) => fit(event.currentSlide));
Reveal.on("slidechanged", (event) => fit(event.currentSlide));
document.addEventListener("click", () => fit(Reveal.getCurrentSlide())); // a verdict needs room
