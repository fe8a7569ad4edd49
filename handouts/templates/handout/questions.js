// Quizzes and the mock exam, in a handout and in slides. No kernel, no network.
"use strict";

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
