"""Progress is kept in one local file of the learner, survives damage, and can be reset."""

import pytest

from helpers import record
from helpers.progress import Progress


def test_nothing_is_done_at_first_and_nothing_is_written(progress):
    assert record.done() == set()
    assert not progress.exists()


def test_what_is_done_stays_done():
    record.mark_done("小テスト 06")
    record.mark_done("演習 step_decay_rate")
    record.mark_done("小テスト 06")
    assert record.done() == {"小テスト 06", "演習 step_decay_rate"}


def test_reset_forgets_everything_and_may_be_repeated():
    record.mark_done("小テスト 06")
    record.reset()
    record.reset()
    assert record.done() == set()


@pytest.mark.parametrize(
    "text", ["", "{", "3", '{"a": 1, "b": "true"}', "[[1], {}, null, 2]", '{"模擬試験": true}']
)
def test_a_damaged_file_counts_as_empty_and_is_repaired(progress, text):
    written(progress, text)
    assert record.done() == set()
    assert record.scores() == {}
    record.mark_done("小テスト 01")
    record.keep_score(3, 4)
    assert record.done() == {"小テスト 01"}
    assert record.scores() == {"best": (3, 4), "all": [(3, 4)]}


def written(path, text):
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "score",
    ["true", "[1, 2]", '{"best": [1, 2]}']
    + [f'{{"best": [1, 2], "last": {last}}}' for last in ("[3, 2]", "[0, 0]", "[-1, 2]", "3")]
    + [f'{{"best": [1, 2], "last": {last}}}' for last in ("[1]", "[1, 2, 3]", "[1.5, 2]", "null")]
    + ['{"best": [1, 2], "last": ["1", 2]}', '{"best": [1, 2], "last": [true, 2]}'],
)
def test_a_damaged_score_is_none(progress, score):
    written(progress, f'{{"演習 gd_update": true, "模擬試験": {score}}}')
    assert record.scores() == {}
    assert record.done() == {"演習 gd_update"}


def test_a_file_from_before_there_were_scores_is_read_and_the_exam_is_not_done(progress):
    written(progress, '["小テスト 01", "模擬試験"]')
    assert record.done() == {"小テスト 01"}
    assert record.scores() == {}
    record.keep_score(1, 2)
    assert record.done() == {"小テスト 01"}


def test_scores_from_before_there_was_a_history_begin_it(progress):
    written(progress, '{"模擬試験": {"best": [9, 10], "last": [1, 2]}}')
    assert record.scores() == {"best": (9, 10), "all": [(1, 2)]}
    record.keep_score(2, 2)
    assert record.scores() == {"best": (2, 2), "all": [(1, 2), (2, 2)]}


def test_the_best_score_is_the_largest_share_and_the_last_ten_are_kept():
    kept = []
    given = [(3, 20), (5, 7), (14, 20), (10, 14), (0, 7)]
    for right, count in given:
        record.keep_score(right, count)
        kept.append(record.scores())
    best = [(3, 20), (5, 7), (5, 7), (10, 14), (10, 14)]  # of equal shares the later one
    assert [each["best"] for each in kept] == best
    assert [each["all"] for each in kept] == [given[:k] for k in range(1, 6)]
    for right in range(10):
        record.keep_score(right, 20)
    assert record.scores() == {"best": (10, 14), "all": [(k, 20) for k in range(10)]}
    kept.append(record.scores())
    record.mark_done("小テスト 01")
    assert record.scores() == kept[-1]
    record.reset()
    assert record.scores() == {}


def test_the_table_shows_the_scores_of_the_exam():
    table = Progress()
    assert "<p>模擬試験: まだ</p>" in table.table.value
    record.keep_score(18, 20)
    record.keep_score(3, 20)
    table.refresh()
    assert "<p>模擬試験: 最高 18 / 20、これまで 18 / 20 → 3 / 20</p>" in table.table.value


def test_a_place_that_cannot_be_written_is_told_and_stops_nobody(progress, capsys):
    progress.parent.write_text("a file where the folder should be", encoding="utf-8")
    record.mark_done("小テスト 01")
    assert "保存できませんでした" in capsys.readouterr().out


def test_a_file_that_cannot_be_removed_is_told_and_stops_nobody(progress, capsys):
    progress.mkdir(parents=True)
    record.reset()
    assert "消せませんでした" in capsys.readouterr().out


def test_the_table_shows_what_is_done_and_is_cleared_by_the_second_press():
    table = Progress()
    assert "済" not in table.table.value
    record.mark_done("小テスト 06")
    table.refresh_button.click()
    assert "<td>06 学習率</td><td>済</td>" in table.table.value
    table.reset_button.click()
    assert record.done() == {"小テスト 06"}
    table.reset_button.click()
    assert record.done() == set()
    assert "済" not in table.table.value
