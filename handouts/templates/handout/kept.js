// What a reader did, kept by this browser alone: the answers of quizzes and the place of reading.
// (The scores of the mock exam are kept by questions.js.) In the pages and on the front page of the site.
"use strict";

// A quiz takes up the answers that were graded.
function keepAnswers(form) {
  const questions = [...form.querySelectorAll(".question")];
  const name = `小テスト/${questions[0].dataset.lesson}`;
  const answers = keep.read(name)?.answers ?? {};
  for (const question of questions) {
    const kept = question.querySelector(`input[value="${Number(answers[question.dataset.id])}"]`);
    if (!kept) continue;
    kept.checked = true;
    question.querySelector(".grade-one").click();
  }
  const write = () => {
    const graded = questions.filter((one) => chosen(one) && one.querySelector(".verdict strong"));
    keep.write(name, {
      answers: Object.fromEntries(graded.map((one) => [one.dataset.id, chosen(one)])),
      right: graded.filter((one) => chosen(one) === Number(one.dataset.answer)).length,
      count: questions.length,
    });
  };
  form.addEventListener("click", ({ target }) => target.matches(".grade-one") && write());
  form.addEventListener("change", write);
}
document.querySelectorAll("form.quiz").forEach(keepAnswers);

// The cards of the front page say how much of a lesson's quiz is right.
document.querySelectorAll(".done").forEach((place) => {
  const { right, count } = keep.read(`小テスト/${place.dataset.lesson}`) ?? {};
  if (![right, count].every(Number.isInteger)) return;
  place.textContent = `${right === count ? "✓ " : ""}小テスト ${right} / ${count} 問正解`;
});

// A lesson keeps the section that is read when it is left; the index and the front page lead there.
function keepPlace() {
  const [page, section] = ["page", "true"].map((kind) =>
    document.querySelector(`.contents [aria-current=${kind}]`));
  if (!document.hidden) return;
  keep.write("場所", {
    page: page.getAttribute("href"),
    section: section?.hash ?? "",
    text: [page, section].map((link) => link?.textContent).join(" "),
  });
}
const resume = document.querySelector(".resume");
const { page: left, section, text } = keep.read("場所") ?? {};
if (!resume) document.addEventListener("visibilitychange", keepPlace);
else if (/^\w+\.html$/.test(left)) {
  const href = `${resume.dataset.folder}${left}${section}`;
  resume.replaceChildren("続きから: ", element("a", { href, textContent: text }));
}

// All of it is thrown away when 消す was pressed twice.
const forget = document.querySelector(".forget");
forget.textContent = "消す";
forget.addEventListener("click", () => {
  if (forget.textContent === "消す") {
    forget.textContent = "本当に消す";
    return;
  }
  document.removeEventListener("visibilitychange", keepPlace);
  keep.clear();
  location.reload();
});
forget.addEventListener("blur", () => (forget.textContent = "消す"));
