"""Sliders as data: fine scales, starts, marks, and what they refuse."""

import dataclasses

import numpy as np
import pytest

from helpers.live import choice, linear, logarithmic, preferred, slider, steps
from helpers.live.widget import as_widget


def test_a_start_within_rounding_of_a_stop_is_that_stop():
    control = slider("x", [0.1, 0.2, 0.3], 0.1 + 0.2)
    assert control.values[control.start] == 0.3


def test_linear_has_no_rounding_dust_and_ends_at_the_end():
    assert linear(0, 0.3, 0.1) == (0.0, 0.1, 0.2, 0.3)
    assert linear(-2, 2, 0.05)[40] == 0.0
    assert 0.0 in linear(-2.4, 2.4, 0.1)  # not 4e-16
    assert len(linear(-2, 2, 0.05)) == 81


def test_logarithmic_has_a_constant_ratio_to_three_digits():
    values = np.array(logarithmic(0.001, 10, 81))
    assert len(values) == 81
    assert values[1:] / values[:-1] == pytest.approx(10 ** (4 / 80), rel=0.01)


def test_preferred_numbers_are_those_of_the_e24_series():
    decade = [1, 1.1, 1.2, 1.3, 1.5, 1.6, 1.8, 2, 2.2, 2.4, 2.7, 3]
    decade += [3.3, 3.6, 3.9, 4.3, 4.7, 5.1, 5.6, 6.2, 6.8, 7.5, 8.2, 9.1, 10]
    assert preferred(1, 10) == tuple(decade)
    assert preferred(0.01, 0.1) == pytest.approx([value / 100 for value in decade])


@pytest.mark.parametrize("make", [preferred, lambda *ends, also: logarithmic(*ends, 5, also=also)])
def test_values_of_the_prose_are_added_in_their_place(make):
    values = make(0.1, 1, also=[0.95, 0.1])
    assert 0.95 in values
    assert list(values) == sorted(set(values))


def test_ends_that_are_no_preferred_numbers_are_stops_too():
    assert preferred(0.014, 0.017) == (0.014, 0.015, 0.016, 0.017)


def test_steps_go_by_ones_from_zero_and_can_be_played():
    control = steps(100, 30)
    assert control.values == tuple(range(101))
    assert (control.start, control.kind) == (30, "steps")
    assert steps(10, every=4).values == (0, 4, 8, 10)


def test_a_choice_keeps_names_and_values_together():
    control = choice("手法", {"SGD": 1, "Adam": 2}, "Adam")
    assert (control.texts, control.values, control.start) == (("SGD", "Adam"), (1, 2), 1)


def test_a_mark_stands_at_the_nearest_stop():
    assert slider("lr", [0.1, 0.5, 0.9, 1.2], marks={1: "2/L"}).marks == ((2, "2/L"),)


def test_texts_carry_unit_and_a_true_minus():
    assert slider("t", [-1, 0.5], unit=" 秒").texts == ("−1 秒", "0.5 秒")


def test_descriptions_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        slider("x", [1, 2]).start = 1


@pytest.mark.parametrize("control", [slider("x", [1, 2, 3], 2), choice("m", ["a", "b", "c"], "b")])
def test_the_widget_stands_where_the_description_says(control):
    widget = as_widget(control)
    assert (widget.index, widget.value, widget.description) == (1, control.values[1], control.label)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: slider(1, [1]), "label（スライダーの名前）"),
        (lambda: slider("x", []), "有限な数の並び"),
        (lambda: slider("x", [1, np.inf]), "有限な数の並び"),
        (lambda: slider("x", ["a"]), "有限な数の並び"),
        (lambda: slider("x", [1, 2], 3), "start は"),
        (lambda: slider("x", [1, 2], "1"), "start は"),
        (lambda: slider("x", [1, 1 + 1e-12]), "同じ 1 に見える値が2つ"),
        (lambda: slider("x", [1, 2], unit=3), "unit（単位）"),
        (lambda: slider("x", [1, 2], marks=[1]), "marks は"),
        (lambda: slider("x", [1, 2], marks={5: "a"}), "marks の値"),
        (lambda: slider("x", [1, 2], marks={1: 5}), "marks の文字"),
        (lambda: steps(0), "last（最後のステップ）"),
        (lambda: steps(2.5), "last（最後のステップ）"),
        (lambda: steps(10, 11), "start は"),
        (lambda: steps(10, every=0), "every（間隔）"),
        (lambda: choice("m", []), "options は"),
        (lambda: choice("m", "SGD"), "options は"),
        (lambda: choice("m", ["a", "a"]), "同じ名前が2つ"),
        (lambda: choice("m", ["a"], "b"), "start は"),
        (lambda: choice(None, ["a"]), "label（一覧の名前）"),
        (lambda: linear(1, 0, 0.1), "high（上限）"),
        (lambda: linear(0, 1, 0), "step（間隔）"),
        (lambda: logarithmic(0, 1, 5), "low（下限）"),
        (lambda: logarithmic(0.1, 1, 1), "count（個数）"),
        (lambda: preferred(-1, 1), "low（下限）"),
        (lambda: preferred(1, 2, also=["a"]), "also"),
    ],
)
def test_what_cannot_be_a_slider_is_refused_in_japanese(make, told):
    with pytest.raises(ValueError) as caught:
        make()
    assert told in str(caught.value)
