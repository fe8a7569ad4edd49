"""What tests everywhere need: the project's folder, what is Japanese, and a record of their own."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
JAPANESE = r"[\u3041-\u30ff\u4e00-\u9fff]"  # a pattern: one character of Japanese


@pytest.fixture(autouse=True)
def progress(tmp_path, monkeypatch):
    """The record of what a learner has done, away from the home folder; there is none yet."""
    path = tmp_path / "progress" / "progress.json"
    monkeypatch.setenv("KOUBAI_NOTES_PROGRESS", str(path))
    return path
