"""Faults of the live figure's engine, each with the tests that should see it."""

from tests.mutation.mutants import in_file


def tests_of(*names):
    return tuple(f"tests/helpers/live/test_{name}.py" for name in names)


LIVE = [
    *in_file(
        "helpers/live/controls.py",
        ("a start beside a stop is that stop", "rtol=1e-9, atol=1e-12", "rtol=0.1, atol=0.1"),
        ("added values are lost", "(*values, *extra)", "values"),
        ("the last step is missing", "(*range(0, last, every), last)", "tuple(range(last))"),
        ("a mark stands one stop off", "- value).argmin()), text", "- value).argmax()), text"),
        (
            "two stops look alike",
            "if len(set(texts)) < len(texts):\n        twice",
            "if 0:\n        twice",
        ),
        ("a list starts at its first name", 'texts.index(start), "list")', '0, "list")'),
        tests=tests_of("controls"),
    ),
    *in_file(
        "helpers/live/scene.py",
        ("nothing is erased", "            artist.remove()\n", "            pass\n"),
        ("bars leave their containers", "            del ax.containers[count:]\n", ""),
        (
            "changed limits stay",
            "                _restore(ax, self.state[ax])\n",
            "                pass\n",
        ),
        ("every frame has a background of its own", "if look not in self.known:", "if True:"),
        ("another legend is no other background", ", _named(self.figure.axes))", ",)"),
        ("an error is silent", 'f"{type(error).__name__}: {error}")', '"")'),
        (
            "moved artists stay in the background",
            "            artist.set_visible(False)\n",
            "            pass\n",
        ),
        (
            "drawn in the order of their making",
            "sorted(added, key=",
            "list(added) or sorted(added, key=",
        ),
        ("a goal may be any word", "if label == GOAL and (", "if False and ("),
        ("reached is not reached", '("達成", "未達成") if', '("未達成", "達成") if'),
        tests=tests_of("scene"),
    ),
    *in_file(
        "helpers/live/strokes.py",
        ("upside down", "height - points[:, 1]", "points[:, 1]"),
        ("ten times too coarse", "TENTH = 10", "TENTH = 1"),
        ("dashes in points", "round(float(d) * pixels, 2)", "round(float(d), 2)"),
        ("the clip is lost", "if box is not None)", "if False)"),
        ("a line far away is bent", "                points = self._clipped(points)\n", ""),
        ("an image upside down", "Image.fromarray(im[::-1])", "Image.fromarray(im)"),
        ("alpha is lost", "alpha if alpha is not None else own[0] if own else 1", "1"),
        ("open lines are closed", "return gc.get_linewidth() == 0", "return True"),
        ("a marker at infinity", "self._tenths(points[near])", "self._tenths(points)"),
        tests=tests_of("strokes"),
    ),
    *in_file(
        "helpers/live/pack.py",
        (
            "differences run over the arrays' borders",
            "np.diff(values, axis=0, prepend=np.zeros((1, width), np.int16))",
            "values",
        ),
        (
            "a path has all points of the longer one",
            "return array, len(points), -1 if",
            "return array, 10**6, -1 if",
        ),
        (
            "everything is sent again",
            "        self.sent[name] += len(new)\n        return new\n",
            "        return new\n",
        ),
        ("every load is the first", "        self.first = False\n", ""),
        (
            "pieces of a line are not shared",
            "if root.startswith(data, at):",
            "if False:",
        ),
        tests=tests_of("pack"),
    ),
    *in_file(
        "helpers/live/frozen.py",
        ("names are not frozen", "names = dict(update.__globals__)", "names = update.__globals__"),
        (
            "functions that it calls are not frozen",
            "names[name] = _rebuilt(names[name], names)",
            "pass",
        ),
        ("a changed default is no change", " and a.__defaults__ == b.__defaults__", ""),
        ("only what update itself reads", "waiting.append(update.__globals__[name])", "pass"),
        ("an Axes of another figure is accepted", "not in (figure, None)", "in ()"),
        tests=tests_of("frozen"),
    ),
    *in_file(
        "helpers/live/widget.py",
        (
            "sent before a page is there",
            "        if self.pack:\n            self._start([k])",
            "        self.pack = self.pack or Pack(self.scene.strokes)\n        self._start([k])",
        ),
        ("the farthest first", "key=lambda i: abs(i - at))", "key=lambda i: -abs(i - at))"),
        (
            "an old stream goes on",
            "            if turn != self.turn:\n                return\n",
            "",
        ),
        (
            "a slow figure is asked ahead",
            "        if self.scene.took < SLOW:\n",
            "        if True:\n",
        ),
        (
            "a page that comes again gets nothing",
            "self.pack, self.known = Pack(self.scene.strokes), set()",
            "self.pack = Pack(self.scene.strokes)",
        ),
        (
            "no answer to a question",
            '            self.live.send({"kind": "pong"})\n',
            "            pass\n",
        ),
        (
            "nothing is prepared around a point",
            "                lists.append(self._around(pair))\n",
            "                pass\n",
        ),
        tests=tests_of("widget"),
    ),
    *in_file(
        "helpers/live/__init__.py",
        ("update is not frozen", "freeze(update), sliders", "update, sliders"),
        ("drag by a list", 'and sliders[name].kind != "list"]', "]"),
        ("a prediction of one choice", " or len(options) == 1 or", " or"),
        tests=tests_of("explore"),
    ),
    *in_file(
        "handouts/live.py",
        ("the start is not the first", "itertools.chain([start], *(", "itertools.chain(*("),
        ("ends are lost", "np.linspace(0, last, count)", "np.linspace(1, last, count)"),
        (
            "the start is no stop",
            "        inside[np.abs(inside - control.start).argmin()] = control.start\n",
            "        pass\n",
        ),
        ("no plane for a dragged point", "if any(counts[k] < len(", "if any(counts[k] > len("),
        ("thinned is not told", '        "thinned": thinned,\n', '        "thinned": [],\n'),
        tests=("tests/handouts/test_live_data.py",),
    ),
    *in_file(
        "tools/positions.py",
        ("facts are not compared", 'for part in ("facts", "error"):', 'for part in ("error",):'),
        (
            "strokes are not compared",
            "    if [stroke[:2] for stroke in before] !=",
            "    return True\n    if [stroke[:2] for stroke in before] !=",
        ),
        ("only the start", "for end in (0, count - 1)]", "for end in ()]"),
        ("a lost position is not told", 'yield f"position {at} is on one side only"', "pass"),
        tests=("tests/tools/test_positions.py",),
    ),
]
