"""演習（準備中）。"""

EXERCISES = ()
