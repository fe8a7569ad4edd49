// What moves, in a handout and in slides: live figures, quizzes, the mock exam. No kernel, no network.
"use strict";

document.documentElement.classList.add("with-script");

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, attributes);
  made.append(...children);
  return made;
}

// ---- live figures ----

async function inflate(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// Return an input for one slider; its value is the position, 0 for the first option.
function makeInput(slider, id, row) {
  const { label, options, start } = slider;
  row.append(element("label", { htmlFor: id, textContent: label }));
  if (slider.kind === "list") {
    const input = element("select", { id });
    options.forEach((text, k) => input.append(element("option", { value: k, textContent: text })));
    input.value = start;
    row.append(input);
    return input;
  }
  const input = element("input", { id, type: "range", min: 0, max: options.length - 1, step: 1 });
  const value = element("span", { className: "value" });
  value.setAttribute("aria-hidden", "true"); // the slider itself says it
  const tell = () => {
    value.textContent = options[input.value];
    input.setAttribute("aria-valuetext", options[input.value]);
  };
  input.value = start;
  input.addEventListener("input", tell);
  tell();
  row.append(input, value);
  return input;
}

function makeLive(figure) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const picture = figure.querySelector(".picture");
  const still = picture.querySelector("img");
  const svg = picture.querySelector("svg");
  const { name } = figure.dataset;
  const spoken = element("p", { className: "spoken" });
  spoken.setAttribute("role", "status");
  picture.append(spoken);

  const inputs = data.sliders.map((slider, k) =>
    slider.options.length > 1
      ? makeInput(slider, `${name}-slider-${k}`, figure.querySelector(".sliders"))
      : { value: 0 },
  );
  const position = () =>
    inputs.reduce((sum, input, k) => sum * data.sliders[k].options.length + Number(input.value), 0);

  const named = (markup) => markup.replaceAll("@", `${name}-`);
  let unpacking;
  async function unpack() {
    const frames = await inflate(data.packed);
    svg.innerHTML = `<defs>${named(frames.definitions)}</defs>`;
    frames.layers = frames.drawings.map(() => {
      const layer = document.createElementNS("http://www.w3.org/2000/svg", "g");
      svg.append(layer);
      return layer;
    });
    frames.shown = [];
    return frames;
  }

  const backgrounds = [];
  backgrounds[figure.dataset.background] = still;
  async function background(k) {
    if (!backgrounds[k]) {
      const { alt, width, height } = still;
      const src = `data:image/webp;base64,${data.backgrounds[k]}`;
      backgrounds[k] = element("img", { src, alt, width, height });
      await backgrounds[k].decode();
    }
    return backgrounds[k];
  }

  // The position wanted last wins, however fast the slider moves.
  async function show() {
    unpacking ??= unpack();
    const frames = await unpacking;
    const [under, ...drawings] = frames.frames[position()];
    const image = await background(under);
    if (under !== frames.frames[position()][0]) return;
    frames.frames[position()].slice(1).forEach((drawing, k) => {
      if (frames.shown[k] === drawing) return;
      frames.shown[k] = drawing;
      frames.layers[k].innerHTML = drawing < 0 ? "" : named(frames.drawings[k][drawing]);
    });
    picture.querySelector("img").replaceWith(image);
    const texts = [...svg.querySelectorAll("[aria-label]")];
    spoken.textContent = texts.map((text) => text.getAttribute("aria-label")).join("、");
    figure.dataset.position = position();
  }
  inputs.forEach((input) => input.addEventListener?.("input", show));
  figure.dataset.position = position();
}

document.querySelectorAll("figure.live").forEach(makeLive);

// ---- quizzes and the mock exam ----

function chosen(question) {
  return Number(question.querySelector("input:checked")?.value ?? 0);
}

// Show whether the answer is right, and why; 0 is no answer.
function grade(question) {
  const answer = Number(question.dataset.answer);
  const choice = chosen(question);
  const right = choice === answer;
  const word = choice === 0 ? "未回答" : right ? "正解" : "不正解";
  const shown = choice === 0 ? `　正解は ${answer} です。` : `（${choice} を選択）`;
  const note = question.querySelectorAll(".answers li")[(choice || answer) - 1].cloneNode(true);
  question.querySelector(".verdict").replaceChildren(
    element("strong", { className: right ? "right" : "wrong", textContent: word }),
    shown,
    ...note.childNodes,
  );
  return right;
}

function makeQuiz(form) {
  const questions = [...form.querySelectorAll(".question")];
  const right = new Set();
  const tell = () => {
    form.querySelector(".score").textContent = `${questions.length} 問中 ${right.size} 問正解`;
  };
  for (const question of questions) {
    question.querySelector(".grade-one").addEventListener("click", () => {
      if (grade(question)) right.add(question);
      else right.delete(question);
      tell();
    });
  }
  tell();
}

function makeExam(form) {
  const all = [...form.querySelectorAll(".question")];
  const papers = JSON.parse(form.dataset.papers); // of each seed, which questions it draws
  const seed = form.querySelector(".seed");
  const clock = form.querySelector(".clock");
  const finish = form.querySelector(".grade");
  const result = form.querySelector(".result");
  let ticking;
  let drawn = [];
  const hide = (hidden) => {
    all.forEach((question) => (question.hidden = hidden));
    finish.hidden = hidden;
  };

  function begin() {
    if (!seed.reportValidity()) return;
    drawn = papers[Number(seed.value)].map((k) => all[k]);
    form.querySelectorAll("input:checked").forEach((choice) => (choice.checked = false));
    hide(true);
    finish.hidden = false;
    result.replaceChildren();
    drawn.forEach((question, k) => {
      question.hidden = false;
      question.querySelector(".number").textContent = k + 1;
      question.querySelector(".verdict").replaceChildren();
    });
    const start = Date.now();
    const tick = () => {
      const seconds = Math.floor((Date.now() - start) / 1000);
      const two = (number) => String(number).padStart(2, "0");
      clock.textContent = `経過時間 ${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    };
    clearInterval(ticking);
    ticking = setInterval(tick, 1000);
    tick();
  }

  function finishAndGrade() {
    clearInterval(ticking);
    const right = drawn.filter(grade);
    const rows = JSON.parse(result.dataset.lessons).flatMap(({ number, name, page }) => {
      const here = drawn.filter((question) => question.dataset.lesson === number);
      const good = here.filter((question) => right.includes(question)).length;
      if (!here.length) return [];
      const again = element("td");
      if (good < here.length) {
        again.append(element("a", { href: page, textContent: `${number} ${name}` }));
      }
      return [
        element("tr", {}, element("td", {}, `${number} ${name}`),
          element("td", {}, `${good} / ${here.length}`), again),
      ];
    });
    const head = element("tr", {}, ...["章", "得点", "読み直す"].map((text) =>
      element("th", { textContent: text, scope: "col" })));
    result.replaceChildren(
      element("p", {}, element("strong", {}, `得点 ${right.length} / ${drawn.length}`)),
      element("table", {}, head, ...rows),
    );
    result.scrollIntoView({ block: "nearest" });
  }

  hide(true);
  form.querySelector(".begin").addEventListener("click", begin);
  finish.addEventListener("click", finishAndGrade);
}

document.querySelectorAll("form").forEach((form) =>
  form.addEventListener("submit", (event) => event.preventDefault()));
document.querySelectorAll("form.quiz").forEach(makeQuiz);
document.querySelectorAll("form.exam").forEach(makeExam);
