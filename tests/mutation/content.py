"""Faults planted in what learners read and answer: questions, terms, prose, quiz, exam, pages."""

from tests.mutation.mutants import Mutant, in_file


def question(id, *faults):
    """The mutants of a question, that its answer key should see."""
    test = f"tests/helpers/questions/test_keys.py::test_each_choice_is_what_its_note_leads_to[{id}]"
    return in_file(f"helpers/questions/{id[:2]}.toml", *faults, tests=(test,))


def numbers(test, *ids):
    return tuple(f"tests/helpers/questions/test_numbers.py::test_{test}[{id}]" for id in ids)


def picture(name, *faults):
    tests = numbers("the_numbers_of_a_description_are_those_of_the_picture", name)
    return in_file("helpers/questions/pictures.py", *faults, tests=tests)


def lesson(name, *faults):
    """The mutants of the prose of a lesson, that the checks of notebooks should see."""
    test = f"tests/notebooks/test_notebooks.py::test_notebook[{name}]"
    return in_file(f"notebooks/{name}.ipynb", *faults, tests=(test,))


def quizzes(*faults, tests):
    path = "tests/helpers/test_quizzes.py::test_"
    return in_file("helpers/quizzes.py", *faults, tests=tuple(path + test for test in tests))


def exams(*faults, tests):
    """Faults of the mock exam, and the tests that must see them."""
    path = "tests/helpers/test_exams.py::test_"
    return in_file("helpers/exams.py", *faults, tests=tuple(path + test for test in tests))


def record(*faults):
    return in_file("helpers/record.py", *faults, tests=("tests/helpers/test_record.py",))


def symbol(term, old, new):
    test = "tests/helpers/test_terms.py::test_the_symbol_of_a_term_is_what_its_lessons_write"
    return Mutant("helpers/terms.csv", f"symbol of {term}", old, new, (test,))


def page(file, *faults):
    tests = ("tests/browser/test_questions.py",)
    return in_file(f"handouts/templates/handout/{file}", *faults, tests=tests)


CONTENT = [
    *question(
        "01-1",
        (
            "choices of two notes exchanged",
            "{ text = '5.9', note = '$\\frac{f(3) - f(2.9)}{0.1} = 5.9$ は後退差分です。"
            "前進差分は $x + h$ を使います。' },\n    { text = '6.0', ",
            "{ text = '6.0', note = '$\\frac{f(3) - f(2.9)}{0.1} = 5.9$ は後退差分です。"
            "前進差分は $x + h$ を使います。' },\n    { text = '5.9', ",
        ),
    ),
    *question(
        "03-3",
        (
            "choices of two notes exchanged",
            "{ text = '4', note = '$\\sqrt{h}$ で割らない、最急降下法の値です。' },\n"
            "    { text = '1', ",
            "{ text = '1', note = '$\\sqrt{h}$ で割らない、最急降下法の値です。' },\n"
            "    { text = '4', ",
        ),
    ),
    *question("02-2", ("a wrong choice of no misconception", "{ text = '48',", "{ text = '50',")),
    *question(
        "06-2",
        (
            "a wrong choice of no misconception",
            "text = '0.05', note = '$1/L$",
            "text = '0.04', note = '$1/L$",
        ),
    ),
    *question("07-2", ("coordinates of a wrong choice", "$(0.07,\\ 0.11)$", "$(0.07,\\ 0.22)$")),
    *question("04-2", ("last digit of a wrong choice", "'0.058'", "'0.059'")),
    *question(
        "01-4",
        (
            "a wrong code with another fault than its note's",
            "`(f(x + h) - f(x - h)) / h`",
            "`(f(x + h) - f(x)) / (2 * h)`",
        ),
    ),
    *question(
        "03-7",
        (
            "notes of two codes exchanged",
            "* grad`', note = '勾配を2乗していません。",
            "* grad`', note = '$\\rho$ と $1 - \\rho$ が逆です。",
        ),
    ),
    *question(
        "06-4",
        (
            "a wrong code that does the same in another way",
            "`min(1, t / warmup_steps)`",
            "`min(1, (1 + t) / warmup_steps)`",
        ),
    ),
    *question(
        "05-8",
        (
            "the other way in the right choice",
            "幅は学習率に比例する。学習率を下げていく",
            "幅は学習率に比例する。学習率を上げていく",
        ),
    ),
    *question("04-9", ("a probability in a note", "約 0.146", "約 0.116")),
    *in_file(
        "handouts/slides.py",
        (
            "the appendix on the main line",
            'if kind == "slide":\n            found',
            "if True:\n            found",
        ),
        (
            "code on the main line",
            "CODE_SHOWN in cell.metadata.get",
            "CODE_SHOWN not in cell.metadata.get",
        ),
        ("half of a long code", "lines = lines[cut:]", "lines = lines[cut + 2 :]"),
        ("derivations are lost", "            below += folds\n", ""),
        ("the answer before the question", "in reversed(slides):", "in slides:"),
        ("any section's time", ' in sections.split("・")', ""),
        tests=("tests/handouts/test_pages.py",),
    ),
    *in_file(
        "handouts/templates/handout/strip.js",
        (
            "the middle instead of the place",
            "at[k] > 0 && at[k] < last ? at[k] : Math",
            "Math",
        ),
        ("any slider on paper", 'name.startsWith("lr")', 'name.startsWith("lr_")'),
        ("the last place is missing", "[0, between, last]", "[0, between]"),
        ("no values on paper", "${label}: ${texts[there.at[i]]}", "${label}"),
        tests=("tests/browser/test_pdf.py",),
    ),
    *in_file(
        "handouts/templates/handout/print.js",
        ("solutions are not printed", '["演習の解答", solutions]', '["演習の解答", []]'),
        ("answers to no question", ".textContent, question", ".title, question"),
        tests=("tests/browser/test_pdf.py",),
    ),
    *in_file(
        "handouts/pdf.py",
        ("links lead to this machine", "address.startswith(folder.as_uri())", "False"),
        (
            "printed before its figures are drawn",
            'command += [f"--virtual-time-budget={PATIENCE}"]',
            "command += []",
        ),
        tests=("tests/browser/test_pdf.py",),
    ),
    *in_file(
        "helpers/live/figure.js",
        ("blurred on paper", "this.printing ? 3 :", "this.printing ? 1 :"),
        tests=("tests/browser/test_pdf.py",),
    ),
    *in_file(
        "helpers/questions/07.toml",
        ("a power in a note", "$5 \\times 0.8^3 = 2.56$", "$5 \\times 0.8^3 = 2.65$"),
        tests=numbers("equations_of_numbers_are_so", "07-9"),
    ),
    *question(
        "03-8",
        (
            "a method in the right choice",
            "'A は AdaGrad、B は SGD、C は Momentum'",
            "'A は AdaGrad、B は SGD、C は Nesterov'",
        ),
    ),
    *question("02-9", ("rows and columns", "text = '2 行 3 列で、1階", "text = '2 行 2 列で、1階")),
    *question("06-9", ("order of magnitude in a note", "上限 $10^{308}$", "上限 $10^{38}$")),
    *in_file(
        "helpers/questions/03.toml",
        ("a number of the question's text", "1000 個のサンプルを、", "1200 個のサンプルを、"),
        tests=numbers("the_key_computes_with_the_numbers_of_the_question", "03-1"),
    ),
    *in_file(
        "helpers/questions/06.toml",
        ("a rate of the question's text", "学習率を $\\eta = 0.4$ に", "学習率を $\\eta = 0.5$ に"),
        tests=numbers("the_key_computes_with_the_numbers_of_the_question", "06-5"),
    ),
    *in_file(
        "helpers/questions/05.toml",
        ("an equation in a note", "$y = 3 \\times 1 - 1 = 2$", "$y = 3 \\times 1 - 1 = 3$"),
        tests=numbers("equations_of_numbers_are_so", "05-4"),
    ),
    *in_file(
        "helpers/questions/02.toml",
        ("a sum in a note", "$4.8 + 4.8 = 9.6$", "$4.6 + 4.8 = 9.6$"),
        tests=numbers("equations_of_numbers_are_so", "02-2"),
    ),
    *picture(
        "points_on_a_cubic", ("a coordinate in a description", "点 S (2, 0.67)", "点 S (2, 0.76)")
    ),
    *picture(
        "distances_on_the_plateau",
        ("a step in a description", "B は 70 ステップ目", "B は 60 ステップ目"),
    ),
    *picture(
        "four_schedules",
        ("an interval in a description", "A は 25 ステップごと", "A は 30 ステップごと"),
    ),
    *in_file(
        "helpers/questions/pictures.py",
        ("a point moved", '("Q", 0.0), ("R", 1.0)', '("Q", 0.0), ("R", 1.3)'),
        tests=question("01-7", ("", "", ""))[0].tests,
    ),
    *in_file(
        "helpers/questions/pictures.py",
        ("another rate of a curve", '("B", 0.4), ("C", 1.02)', '("B", 0.3), ("C", 1.02)'),
        tests=question("06-3", ("", "", ""))[0].tests,
    ),
    *in_file(
        "helpers/questions/pictures.py",
        (
            "two curves exchanged",
            '("A", SGD()), ("B", RMSprop())',
            '("B", SGD()), ("A", RMSprop())',
        ),
        tests=question("05-7", ("", "", ""))[0].tests,
    ),
    *quizzes(
        ("graded, and still open", "        self.closed = True\n", "        self.closed = False\n"),
        ("a tick for a wrong answer", '{self.chosen: "wrong"}', '{self.chosen: "right"}'),
        ("a tick before it is graded", 'self._mark({k: "chosen"})', 'self._mark({k: "right"})'),
        (
            "old marks stay",
            '                row.remove_class(f"koubai-{name}")\n',
            "                pass\n",
        ),
        (
            "the lesson to read again is the first",
            "{link_again(self.question)}",
            "{link_again(self.question)[:9]}",
        ),
        ("the note of the right choice is missing", '</p>{to_html(note)}"', '</p>"'),
        tests=("an_exam_marks_what_is_chosen_and_tells_right_from_wrong_when_graded",),
    ),
    *quizzes(
        ("all on show in each case", "if self.single.value else", "if False else"),
        ("a number leads to the first", "        self.shown = k\n", "        self.shown = 0\n"),
        (
            "answered in another place",
            "self.numbers[view.number - 1]",
            "self.numbers[-view.number]",
        ),
        tests=(
            "a_sheet_shows_all_questions_or_one_at_a_time_and_goes_to_a_number",
            "the_numbers_of_a_sheet_tell_which_questions_are_answered",
        ),
    ),
    *exams(
        (
            "a minute of 100 seconds",
            "time.monotonic() - begin), 60)",
            "time.monotonic() - begin), 100)",
        ),
        ("a clock that stands", "        while True:\n", "        while False:\n"),
        (
            "a clock that goes on",
            "            self.ticking.cancel()\n",
            "            pass\n",
        ),
        tests=(
            "the_clock_shows_minutes_and_seconds_since_the_start",
            "the_clock_stops_when_graded_and_when_begun_anew_and_stays_readable",
        ),
    ),
    *exams(
        (
            "answers thrown away unasked",
            "        if answered and self.warning",
            "        if False and",
        ),
        ("asks for graded answers", "view.chosen and not view.closed for", "view.chosen for"),
        (
            "the question stays",
            '        self.warning.value = self.unanswered.value = ""\n',
            "        pass\n",
        ),
        tests=("begin_asks_before_it_throws_answers_away",),
    ),
    *exams(
        ("graded unasked", "        if left and self.unanswered", "        if False and"),
        ("answered ones are named", "if not view.chosen]", "if view.chosen]"),
        tests=("grading_asks_when_questions_are_unanswered",),
    ),
    *exams(
        (
            "sections of all lessons in each row",
            "[q for q in self.missed if q.lesson == number]",
            "self.missed",
        ),
        ("points of all lessons in each row", " if v.question.lesson == number]", "]"),
        ("points of all items in each row", " if v.question.item == id]", "]"),
        tests=(
            "marks_by_lesson_add_up_and_a_miss_links_to_its_section",
            "marks_by_item_of_the_syllabus_add_up",
        ),
    ),
    *exams(
        ("the right ones again", "if not view.correct]", "if view.correct]"),
        ("a part leaves a score", "        if not self.again:\n    ", "        if True:\n    "),
        tests=("what_was_missed_can_be_taken_again_alone",),
    ),
    *exams(
        (
            "points and questions exchanged",
            "keep_score(right, len(self.views))",
            "keep_score(len(self.views), right)",
        ),
        tests=("a_graded_exam_leaves_its_score_and_is_not_done",),
    ),
    *exams(
        ("one paper for all seeds", '/{seed}".encode()', '/0".encode()'),
        ("items drawn by lot only", "    turns.sort(key=lambda turn: turn[0])\n", ""),
        ("half a seat less", "(taken[item] + 0.5)", "(taken[item] + 1)"),
        ("every item as often", "len(item.keywords) for", "1 for"),
        tests=(
            "a_seed_draws_the_same_paper_for_ever",
            "items_are_drawn_in_proportion_to_their_words_in_the_syllabus",
        ),
    ),
    *exams(
        ("lessons not chosen are asked about", " if self.pool[k].lesson in chosen]", "]"),
        ("as many as were asked for first", "[: self.size.value]", "[:20]"),
        tests=("only_the_chosen_lessons_are_asked_about",),
    ),
    *record(
        ("the worst is the best", "if right * best[1] >= best[0]", "if right * best[1] <= best[0]"),
        (
            "the best by points, not by share",
            "if right * best[1] >= best[0] * count:",
            "if right >= best[0]:",
        ),
        ("only the first scores are kept", "(right, count)][-KEPT:]", "(right, count)][:KEPT]"),
        (
            "a score from before is lost",
            'pairs.get("all", [pairs.get("last")])',
            'pairs.get("all")',
        ),
        ("an exam from before is done", "if kept is True and name != EXAM}", "if kept is True}"),
        ("a score of no question", "        and pair[1] > 0\n", ""),
        ("truth is a number", "all(type(number) is int for", "all(isinstance(number, int) for"),
    ),
    *record(
        (
            "the newest score first",
            '(kept["best"], *kept["all"])',
            '(kept["best"], *kept["all"][::-1])',
        ),
    ),
    symbol("He", "\\sqrt{2/n}", "\\sqrt{1/n}"),
    symbol("bias correction", "m/(1-\\beta_1^t)", "m/(1-\\beta_2^t)"),
    symbol("AdaGrad", "h \\leftarrow h + g^2", "h \\leftarrow h + g"),
    symbol("momentum", "v \\leftarrow \\alpha v - \\eta g", "v \\leftarrow \\alpha v + \\eta g"),
    symbol("central difference", "\\frac{f(x+h) - f(x-h)}{2h}", "\\frac{f(x+h) - f(x-h)}{h}"),
    symbol("stationary variance", "\\eta/(2-\\eta)", "\\eta/(1-\\eta)"),
    *lesson("02_gradient_field", ("an angle", "約 64.1° ずれる", "約 61.4° ずれる")),
    *lesson(
        "03_gradient_method",
        ("an exponent", "3 ステップ以内に、f を 10⁻³ より", "3 ステップ以内に、f を 10⁻⁵ より"),
    ),
    *lesson(
        "04_saddle_point",
        ("steps", "0.6 なら 45 ステップです", "0.6 なら 54 ステップです"),
        ("a share", "$n = 3$ で約 0.025、", "$n = 3$ で約 0.035、"),
        ("an equation", "$2/L = 2/2 = 1$", "$2/L = 2/2 = 2$"),
        (
            "a number of a description",
            '"AdaGrad・RMSprop・Adam は1歩目で約 0.1 以上に跳ぶ。",',
            '"AdaGrad・RMSprop・Adam は1歩目で約 0.4 以上に跳ぶ。",',
        ),
    ),
    *lesson(
        "05_plateau",
        ("a power", "\\approx 9.5 \\times 10^{-7}$$", "\\approx 9.5 \\times 10^{-6}$$"),
        ("a root", "$0.01\\sqrt{100} = 0.1$", "$0.01 \\times \\sqrt{100} = 0.2$"),
        ("a displayed formula", "\\frac{x^4}{8}", "\\frac{x^4}{6}"),
    ),
    *in_file(
        "helpers/functions.py",
        ("steepness of Rosenbrock's valley", "+ 100 * (x[1] - x[0]", "+ 10 * (x[1] - x[0]"),
        ("a minimum of Himmelblau", "(-2.805118, 3.131313)", "(-2.805118, 3.113131)"),
        ("width of the dimple", "2) / 0.18),\n    gradient", "2) / 0.81),\n    gradient"),
        ("slope of the quartic", "4 * x**3 - 8 * x + 1", "4 * x**3 - 8 * x - 1"),
        ("a constant of Beale", "(2.625, 3)", "(2.652, 3)"),
        ("the saddle of Beale", "saddles=((0, 1),)", "saddles=((1, 0),)"),
        ("slope of a saturated loss", "sigmoid(w) ** 2 * sigmoid(-w)", "sigmoid(w) * sigmoid(-w)"),
        tests=("tests/helpers/test_functions.py",),
    ),
    *in_file(
        "helpers/exercises/lesson_06.py",
        ("a model answer half as large", "return 2 / np.max(values)", "return 1 / np.max(values)"),
        ("a drop too early", "    k = t // every\n", "    k = (t + 1) // every\n"),
        tests=("tests/helpers/test_exercises.py",),
    ),
    *page(
        "questions.js",
        ("every seed draws the first paper", "orders[Number(seed.value)]", "orders[0]"),
        ("lessons not chosen", "chosenLessons.includes(all[k].dataset.lesson)", "true"),
        ("all taken again", "start(missed)", "start(drawn)"),
        ("a part leaves a score", "if (!again) keepScore", "keepScore"),
        ("graded unasked", "left.length && unanswered.textContent !== told", "false"),
        ("answered ones are not marked", "answered ? `● ${k + 1}`", "false ? ``"),
        ("a number leads to the first", "    shown = k;\n", "    shown = 0;\n"),
        ("a minute of 100 seconds", "two(seconds % 60)", "two(seconds % 100)"),
    ),
    *page(
        "quiz.html.j2",
        (
            "the key of the next choice",
            'data-answer="{{ given.answer }}"',
            'data-answer="{{ given.answer % 4 + 1 }}"',
        ),
        (
            "notes in another order",
            "{%- for choice in given.choices %}\n<li>{{ choice.note",
            "{%- for choice in given.choices | reverse %}\n<li>{{ choice.note",
        ),
        (
            "the lesson of all questions is the first",
            'data-lesson="{{ given.lesson }}"',
            'data-lesson="01"',
        ),
    ),
]
