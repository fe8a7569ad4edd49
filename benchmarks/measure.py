"""Time several ways of doing the same thing, side by side."""

import statistics
import time
import timeit

ROUNDS = 7
FEWEST = 3
PATIENCE = 10  # seconds: after these, no round beyond the fewest; no single call may need longer
SHORTEST = 0.005  # seconds: a quicker call is repeated until it has run for so long


def medians(ways):
    """Return the median seconds of one call of each way, given as {name: function}.

    The ways take turns, round by round, so that a load from elsewhere meets them all.
    """
    timers = {name: timeit.Timer(way) for name, way in ways.items()}
    counts = {name: max(1, round(SHORTEST / timer.timeit(1))) for name, timer in timers.items()}
    laps = []
    end = time.perf_counter() + PATIENCE
    while len(laps) < FEWEST or (len(laps) < ROUNDS and time.perf_counter() < end):
        laps.append({name: t.timeit(counts[name]) / counts[name] for name, t in timers.items()})
    return {name: statistics.median(lap[name] for lap in laps) for name in ways}
