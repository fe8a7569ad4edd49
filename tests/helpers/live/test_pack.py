"""A load against an unpacker of its own, written from the format's description."""

import numpy as np
import pytest

from helpers import draw_contour, gradient_descent, subplots, valley
from helpers.figures import draw_path
from helpers.live.pack import KINDS, OP_COLUMNS, WIDTHS, Pack, long_lines
from helpers.live.scene import Scene


class Unpacked:
    """What loads hold, tables continued from load to load."""

    def __init__(self):
        self.arrays, self.ops, self.frames, self.stills = [], [], {}, []

    def add(self, head, body):
        self.at, self.body = 0, body
        found = {}
        for width in WIDTHS:
            lengths = self.read(np.int32, head["widths"].count(width))
            total = int(lengths.sum())
            steps = self.read(np.int16, total * width).reshape(width, total).T
            self.at += -self.at % 4
            parts = np.split(steps, np.cumsum(lengths)[:-1]) if len(lengths) else []
            found[width] = [np.cumsum(part, axis=0, dtype=np.int16) for part in parts]
        self.arrays += [found[width].pop(0) for width in head["widths"]]
        rows = self.read(np.int32, head["ops"] * OP_COLUMNS).reshape(OP_COLUMNS, -1).T
        self.ops += np.cumsum(rows, axis=0).tolist()
        self.stills += self.ragged(len(head["axes"]))
        for (key, still, facts, error), ops in zip(
            head["frames"], self.ragged(len(head["frames"])), strict=True
        ):
            self.frames[tuple(key)] = (still, ops, facts, error)
        assert self.at == len(body)

    def read(self, kind, count):
        values = np.frombuffer(self.body, kind, count, self.at)
        self.at += values.nbytes
        return values

    def ragged(self, count):
        return [self.read(np.int32, n).tolist() for n in self.read(np.int32, count)]

    def lines(self, key):
        """The points of all paths without codes and of markers of a frame."""
        rows = [self.ops[number] for number in self.frames[key][1]]
        return [self.arrays[row[2]][row[5] : row[5] + row[3]] for row in rows]


@pytest.fixture
def scene():
    figure, ax = subplots()
    draw_contour(ax, valley)

    def update(step_num):
        _, x_history = gradient_descent(valley, [-7, 2], 0.5, step_num, grad=valley.grad)
        draw_path(ax, x_history)
        return {"ステップ": step_num}

    return Scene(figure, update, {"step_num": 5})


def test_frames_come_back_whole_over_several_loads(scene):
    pack, page, wanted = Pack(scene.strokes), Unpacked(), {}
    for load in ([3, 1], [1, 8], [9]):
        for k in load:
            frame = scene.frame({"step_num": k})
            wanted[(k,)] = [op[2] for op in frame.ops]
            pack.add((k,), frame, scene.stills)
        page.add(*pack.take())
    for key, lines in wanted.items():
        for got, line in zip(page.lines(key), lines, strict=True):
            np.testing.assert_array_equal(got, line)
    assert page.frames[(8,)][2] == [["ステップ", "8"]]
    assert len(page.stills) == 1


def test_only_the_first_load_says_that_it_is_the_first(scene):
    pack = Pack(scene.strokes)
    heads = []
    for k in (1, 2):
        pack.add((k,), scene.frame({"step_num": k}), scene.stills)
        heads.append(pack.take()[0])
    assert [head["first"] for head in heads] == [True, False]


def test_what_was_sent_is_not_sent_again(scene):
    pack = Pack(scene.strokes)
    sizes = []
    for k in (7, 7):
        pack.add((k,), scene.frame({"step_num": k}), scene.stills)
        head, body = pack.take()
        sizes.append(len(body))
    assert sizes[1] < 0.01 * sizes[0]
    assert head["styles"] == head["glyphs"] == head["shapes"] == []


def test_a_path_that_begins_a_longer_one_is_sent_as_a_count(scene):
    frames = {k: scene.frame({"step_num": k}) for k in range(20)}
    shared, alone = (Pack(scene.strokes, roots) for roots in (long_lines(frames.values()), None))
    page = Unpacked()
    for k, frame in frames.items():
        shared.add((k,), frame, scene.stills)
        alone.add((k,), frame, scene.stills)
    assert len(shared.arrays) == len(alone.arrays) - 19  # of 20 paths, the longest is left
    page.add(*shared.take())
    for k, frame in frames.items():
        for got, op in zip(page.lines((k,)), frame.ops, strict=True):
            np.testing.assert_array_equal(got, op[2])


def test_a_piece_of_a_longer_line_is_sent_as_a_place_in_it():
    figure, ax = subplots()
    ax.set(xlim=(0, 50), ylim=(0, 50))
    points = np.random.default_rng(0).uniform(0, 50, (2, 40))
    scene = Scene(figure, lambda a, b: ax.plot(*points[:, a:b]) and None, {"a": 0, "b": 40})
    pieces = [(0, 40), (7, 19), (30, 31), (38, 40), (0, 3)]
    frames = {piece: scene.frame(dict(zip("ab", piece, strict=True))) for piece in pieces}
    pack, page = Pack(scene.strokes, long_lines(frames.values())), Unpacked()
    for piece, frame in frames.items():
        pack.add(piece, frame, scene.stills)
    page.add(*pack.take())
    used = {page.ops[page.frames[piece][1][0]][2] for piece in pieces}
    assert len(used) == 1
    for piece, frame in frames.items():
        np.testing.assert_array_equal(page.lines(piece)[0], frame.ops[0][2])


def test_every_kind_of_operation_has_a_number():
    assert sorted(KINDS.values()) == list(range(5))
