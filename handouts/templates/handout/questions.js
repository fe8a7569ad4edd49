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

// Make the sheet of a form: numbers that tell what is answered and lead to their questions, and the
// choice to see one question at a time. Returns what lays out a list of questions on it.
function makeSheet(form) {
  const bar = form.querySelector(".sheet");
  const single = bar.querySelector(".single");
  const numbers = bar.querySelector(".numbers");
  let asked = [];
  let shown = 0;

  function tell() {
    asked.forEach((question, k) => {
      const answered = chosen(question);
      Object.assign(numbers.children[k], {
        textContent: answered ? `● ${k + 1}` : `${k + 1}`,
        ariaLabel: `問${k + 1} に移る${answered ? "（解答済み）" : ""}`,
        ariaCurrent: String(single.checked && k === shown),
      });
    });
  }

  function layOut() {
    asked.forEach((question, k) => {
      question.hidden = single.checked && k !== shown;
    });
    tell();
  }

  function goTo(k) {
    shown = k;
    layOut();
    asked[k].scrollIntoView({ block: "nearest" });
    asked[k].querySelector("input").focus({ preventScroll: true });
  }

  bar.hidden = true;
  single.checked = false;
  single.addEventListener("change", layOut);
  form.addEventListener("change", tell);
  form.addEventListener("click", tell); // an answer that was kept is only graded
  return (questions) => {
    asked = questions;
    shown = 0;
    numbers.replaceChildren(...asked.map((question, k) => {
      const number = element("button", { type: "button" });
      number.addEventListener("click", () => goTo(k));
      return number;
    }));
    bar.hidden = asked.length < 2;
    layOut();
  };
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
  makeSheet(form)(questions);
  tell();
}

// The scores of the mock exam that this browser keeps: {best: [points, questions], all: the last ten}.
const KEPT = "模擬試験";

const isScore = (pair) =>
  pair?.length === 2 && pair.every(Number.isInteger) && 0 <= pair[0] && pair[0] <= pair[1] && pair[1];

function scores() {
  const { best, last, all = [last] } = keep.read(KEPT) ?? {}; // once only the last one was kept
  return Array.isArray(all) && all.length && [best, ...all].every(isScore) ? { best, all } : {};
}

// Keep a score; the best is compared by its share, and of equal ones it is the newer.
function keepScore(points, count) {
  const newest = [points, count];
  const { best = newest, all = [] } = scores();
  keep.write(KEPT, {
    best: points * best[1] >= best[0] * count ? newest : best,
    all: [...all, newest].slice(-10),
  });
}

// Return links to the sections that the questions lead to, each once, one below the other.
function linksAgain(questions) {
  const links = questions.map((each) => each.querySelector(".again").content.querySelector("a"));
  const places = links.map((link) => link.href);
  return links
    .filter((link, k) => places.indexOf(link.href) === k)
    .map((link) => element("div", {}, link.cloneNode(true)));
}

// A table of points: a row for each group that was asked about; with three heads, where to read again.
function pointsTable(heads, groups, drawn, right) {
  const rows = groups.flatMap(({ name, has }) => {
    const here = drawn.filter(has);
    if (!here.length) return [];
    const missed = here.filter((question) => !right.includes(question));
    const points = `${here.length - missed.length} / ${here.length}`;
    const cells = [[name], [points], linksAgain(missed)].slice(0, heads.length);
    return [element("tr", {}, ...cells.map((parts) => element("td", {}, ...parts)))];
  });
  const head = heads.map((textContent) => element("th", { textContent, scope: "col" }));
  return element("table", {}, element("tr", {}, ...head), ...rows);
}

function makeExam(form) {
  const all = [...form.querySelectorAll(".question")];
  const orders = JSON.parse(form.dataset.orders); // of each seed, in which order it draws questions
  const [seed, size, begin, beginAgain, warning, limit, clock, finish, unanswered, result] = [
    "seed", "size", "begin", "begin-again", "warning", "limit", "clock", "finish", "unanswered",
    "result",
  ].map((name) => form.querySelector(`.${name}`));
  const lessons = [...form.querySelectorAll(".lesson")];
  const layOut = makeSheet(form);
  let ticking;
  let drawn = [];
  let missed = [];
  let again = false; // only what was missed: its score is not kept
  let graded = true;

  function draw() {
    const chosenLessons = lessons.filter((box) => box.checked).map((box) => box.value);
    const order = orders[Number(seed.value)] ?? [];
    return order
      .filter((k) => chosenLessons.includes(all[k].dataset.lesson))
      .slice(0, Number(size.value))
      .sort((a, b) => a - b)
      .map((k) => all[k]);
  }

  function tellLimit() {
    const count = draw().length;
    const { seconds } = form.dataset;
    limit.textContent = `${count} 問、目安 ${Math.round((count * seconds) / 60)} 分（1問 ${seconds} 秒）`;
  }

  function showScores() {
    const { best, all: every } = scores();
    const told = (pair) => pair.join(" / ");
    form.querySelector(".kept").textContent = best
      ? `最高 ${told(best)}、これまで ${every.map(told).join(" → ")}`
      : "";
  }

  // The question whether something may be lost is over.
  function unask() {
    warning.textContent = "";
    unanswered.textContent = "";
  }

  function unlessLost(button, start) {
    if (!seed.reportValidity()) return;
    const told = `まだ採点していない答えが消えます。よければ、もう一度「${button.textContent}」を押します。`;
    if (!graded && drawn.some(chosen) && warning.textContent !== told) warning.textContent = told;
    else start();
  }

  function start(questions) {
    unask();
    if (!questions.length) {
      warning.textContent = "出題する章を1つ以上選びます。";
      return;
    }
    graded = false;
    again = questions === missed;
    drawn = questions;
    all.forEach((question) => {
      question.hidden = true;
      blank(question);
    });
    drawn.forEach((question, k) => {
      question.querySelector(".number").textContent = k + 1;
    });
    layOut(drawn);
    finish.hidden = false;
    finish.firstElementChild.disabled = false;
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

  function unlessUnanswered() {
    const left = drawn.flatMap((question, k) => (chosen(question) ? [] : [k + 1]));
    const told = `まだ答えていない問題: ${left.join("、")}。よければ、もう一度押します。`;
    if (left.length && unanswered.textContent !== told) unanswered.textContent = told;
    else finishAndGrade();
  }

  function finishAndGrade() {
    clearInterval(ticking);
    unask();
    graded = true;
    finish.firstElementChild.disabled = true;
    const right = drawn.filter(grade);
    missed = drawn.filter((question) => !right.includes(question));
    beginAgain.disabled = !missed.length;
    drawn.forEach((question) =>
      question.querySelectorAll("input").forEach((choice) => (choice.disabled = true)));
    const byLesson = JSON.parse(result.dataset.lessons).map(({ number, name }) => ({
      name: `${number} ${name}`,
      has: (question) => question.dataset.lesson === number,
    }));
    const byItem = Object.entries(JSON.parse(result.dataset.items)).map(([id, name]) => ({
      name,
      has: (question) => question.dataset.item === id,
    }));
    result.replaceChildren(
      element("p", {}, element("strong", {}, `得点 ${right.length} / ${drawn.length}`)),
      pointsTable(["章", "得点", "読み直す"], byLesson, drawn, right),
      pointsTable(["シラバスの項目", "得点"], byItem, drawn, right),
    );
    if (!again) keepScore(right.length, drawn.length);
    showScores();
    result.scrollIntoView({ block: "nearest" });
  }

  all.forEach((question) => {
    question.hidden = true;
    blank(question);
  });
  lessons.forEach((box) => (box.checked = true));
  finish.hidden = true;
  clock.textContent = "";
  result.replaceChildren();
  unask();
  tellLimit();
  showScores();
  begin.addEventListener("click", () => unlessLost(begin, () => start(draw())));
  beginAgain.addEventListener("click", () => unlessLost(beginAgain, () => start(missed)));
  form.addEventListener("change", unask);
  form.addEventListener("change", tellLimit);
  finish.firstElementChild.addEventListener("click", unlessUnanswered);
}

document.querySelectorAll("form.quiz, form.exam").forEach((form) =>
  form.addEventListener("submit", (event) => event.preventDefault()));
document.querySelectorAll("form.quiz").forEach(makeQuiz);
document.querySelectorAll("form.exam").forEach(makeExam);
