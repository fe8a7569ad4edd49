"""Each planted fault still fits its file: who changes a line also changes its mutant."""

import pytest

from tests.mutation.content import CONTENT
from tests.mutation.live_figures import LIVE
from tests.mutation.mutants import MUTANTS
from tests.mutation.run import ROOT, planted


@pytest.mark.parametrize(
    "mutant", [*MUTANTS, *CONTENT, *LIVE], ids=lambda mutant: f"{mutant.file}: {mutant.name}"
)
def test_a_mutant_can_be_planted(mutant):
    file = ROOT / mutant.file
    sound = file.read_text(encoding="utf-8")
    assert planted(sound, mutant, file) != sound
