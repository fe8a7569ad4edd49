"""Progress is kept in one local file of the learner, survives damage, and can be reset."""

import pytest

from helpers import record
from helpers.progress import Progress


@pytest.fixture(autouse=True)
def own_file(tmp_path, monkeypatch):
    path = tmp_path / "folder" / "progress.json"
    monkeypatch.setenv("KOUBAI_NOTES_PROGRESS", str(path))
    return path


def test_nothing_is_done_at_first_and_nothing_is_written(own_file):
    assert record.done() == set()
    assert not own_file.exists()


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


@pytest.mark.parametrize("text", ["", "{", "3", '{"a": 1}', "[[1], {}, null, 2]"])
def test_a_damaged_file_counts_as_empty_and_is_repaired(own_file, text):
    own_file.parent.mkdir()
    own_file.write_text(text, encoding="utf-8")
    assert record.done() == set()
    record.mark_done("小テスト 01")
    assert record.done() == {"小テスト 01"}


def test_a_place_that_cannot_be_written_is_told_and_stops_nobody(own_file, capsys):
    own_file.parent.write_text("a file where the folder should be", encoding="utf-8")
    record.mark_done("小テスト 01")
    assert "保存できませんでした" in capsys.readouterr().out


def test_a_file_that_cannot_be_removed_is_told_and_stops_nobody(own_file, capsys):
    own_file.mkdir(parents=True)
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
