// Quizzes and the mock exam, in a handout and in slides. No kernel, no network. All starts from the
// page as it was built: a page that was saved while it was answered begins anew.
"use strict";

const WORDS = { right: "正解", wrong: "不正解" };
const MARKS = { right: "✓ 正解", wrong: "✗ 不正解" };

// Return the number of the chosen choice; 0 is none.
function chosen(question) {
  return Number(question.querySelector("input:checked")?.value ?? 0);
}

// Mark choices by word and colour, and no others. marks: [number, "right" or "wrong"] of each.
function mark(question, marks) {
  question.querySelectorAll(".choice").forEach((row, k) => {
    const [, name] = marks.find(([number]) => number === k + 1) ?? [];
    row.classList.remove("right", "wrong");
    if (name) row.classList.add(name);
    row.querySelector(".mark").textContent = name ? MARKS[name] : "";
  });
}

// Take verdict and marks away.
function clear(question) {
  mark(question, []);
  question.querySelector(".verdict").replaceChildren();
}

// Take the answer away as well.
function blank(question) {
  question.querySelectorAll("input").forEach((choice) => {
    Object.assign(choice, { checked: false, disabled: false });
  });
  clear(question);
}

// Show whether the answer is right, and why; after a miss, the right one as well.
function grade(question) {
  const answer = Number(question.dataset.answer);
  const choice = chosen(question);
  const name = choice === answer ? "right" : "wrong";
  const copy = (selector, k) => question.querySelectorAll(selector)[k - 1].cloneNode(true).childNodes;
  const told = [element("strong", { className: name, textContent: choice ? WORDS[name] : "未回答" })];
  if (choice) told.push(`（${choice} を選択）`, ...copy(".answers li", choice));
  if (name === "wrong") {
    const text = copy(".choice .text", answer);
    const again = question.querySelector(".again").content.cloneNode(true);
    told.push(element("div", { className: "correction" },
      element("p", {}, `正解は ${answer} です: `, ...text), ...copy(".answers li", answer), again));
  }
  question.querySelector(".verdict").replaceChildren(...told);
  mark(question, [[answer, "right"], [choice, name]]);
  return name === "right";
}

function makeQuiz(form) {
  const questions = [...form.querySelectorAll(".question")];
  const right = new Set();
  const tell = () => {
    form.querySelector(".score").textContent = `${questions.length} 問中 ${right.size} 問正解`;
  };
  for (const question of questions) {
    blank(question);
    question.querySelector(".grade-one").addEventListener("click", () => {
      if (grade(question)) right.add(question);
      tell();
    });
    question.addEventListener("change", () => {
      clear(question);
      right.delete(question);
      tell();
    });
  }
  tell();
}

// The scores of the mock exam that this browser keeps: {best: [points, questions], last: …}.
const KEPT = "模擬試験";

const isScore = (pair) =>
  pair?.length === 2 && pair.every(Number.isInteger) && 0 <= pair[0] && pair[0] <= pair[1] && pair[1];

function scores() {
  const { best, last } = keep.read(KEPT) ?? {};
  return isScore(best) && isScore(last) ? { best, last } : {}; // else something strange was kept
}

// Keep a score; the best is compared by its share, and of equal ones it is the newer.
function keepScore(points, count) {
  const last = [points, count];
  const { best = last } = scores();
  keep.write(KEPT, { best: points * best[1] >= best[0] * count ? last : best, last });
}

function makeExam(form) {
  const all = [...form.querySelectorAll(".question")];
  const papers = JSON.parse(form.dataset.papers); // of each seed, which questions it draws
  const seed = form.querySelector(".seed");
  const begin = form.querySelector(".begin");
  const warning = form.querySelector(".warning");
  const clock = form.querySelector(".clock");
  const finish = form.querySelector(".grade");
  const result = form.querySelector(".result");
  let ticking;
  let drawn = [];
  let graded = true;

  function showScores() {
    const { best, last } = scores();
    const kept = best ? `最高 ${best.join(" / ")}、前回 ${last.join(" / ")}` : "";
    form.querySelector(".kept").textContent = kept;
  }

  // The question whether the answers may be lost is over.
  function keep() {
    begin.textContent = "開始";
    warning.textContent = "";
  }

  function askAndStart() {
    if (!seed.reportValidity()) return;
    if (!graded && drawn.some(chosen) && !warning.textContent) {
      begin.textContent = "捨てて開始";
      warning.textContent = "まだ採点していない答えが消えます。よければ、もう一度押します。";
    } else start();
  }

  function start() {
    keep();
    graded = false;
    drawn = papers[Number(seed.value)].map((k) => all[k]);
    all.forEach((question) => {
      question.hidden = !drawn.includes(question);
      blank(question);
    });
    drawn.forEach((question, k) => {
      question.querySelector(".number").textContent = k + 1;
    });
    finish.hidden = false;
    finish.disabled = false;
    result.replaceChildren();
    const begun = Date.now();
    const tick = () => {
      const seconds = Math.floor((Date.now() - begun) / 1000);
      const two = (number) => String(number).padStart(2, "0");
      clock.textContent = `経過時間 ${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    };
    clearInterval(ticking);
    ticking = setInterval(tick, 1000);
    tick();
  }

  function finishAndGrade() {
    clearInterval(ticking);
    keep();
    graded = true;
    finish.disabled = true;
    const right = drawn.filter(grade);
    drawn.forEach((question) =>
      question.querySelectorAll("input").forEach((choice) => (choice.disabled = true)));
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
    keepScore(right.length, drawn.length);
    showScores();
    result.scrollIntoView({ block: "nearest" });
  }

  all.forEach((question) => {
    question.hidden = true;
    blank(question);
  });
  finish.hidden = true;
  clock.textContent = "";
  result.replaceChildren();
  keep();
  showScores();
  begin.addEventListener("click", askAndStart);
  form.addEventListener("change", keep);
  finish.addEventListener("click", finishAndGrade);
}

document.querySelectorAll("form").forEach((form) =>
  form.addEventListener("submit", (event) => event.preventDefault()));
document.querySelectorAll("form.quiz").forEach(makeQuiz);
document.querySelectorAll("form.exam").forEach(makeExam);
