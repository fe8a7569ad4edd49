"""勾配ノートの部品。`from helpers import gradient_descent` のように使う。

計算の部品はすぐに、絵とウィジェットの部品（matplotlib・ipywidgets が要る）は
初めて使うときに読み込む。
"""

from importlib import import_module
from typing import TYPE_CHECKING

from helpers.descent import first_step, gradient_descent, outcome, outcomes
from helpers.functions import (
    Landscape,
    beale,
    dimple,
    function_2,
    himmelblau,
    monkey_saddle,
    plateau,
    product,
    quadratic,
    quartic,
    rosenbrock,
    saddle,
    saddle_with_minima,
    sigmoid,
    sigmoid_cross_entropy,
    sigmoid_squared_loss,
    square,
    valley,
)
from helpers.gradient import (
    numerical_derivative,
    numerical_gradient,
    numerical_hessian,
    tangent_line,
    vectorized_gradient,
)
from helpers.optimizers import SGD, AdaDelta, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSprop
from helpers.schedules import cosine_decay, exponential_decay, step_decay, warmup

if TYPE_CHECKING:  # 補完と検査のため。実行時は __getattr__ が読み込む
    from helpers.exercises import check
    from helpers.explorer import (
        choice,
        explore,
        slider,
    )
    from helpers.figures import (
        COLORS,
        add_legend,
        draw_arrows,
        draw_contour,
        draw_curve,
        draw_loss,
        draw_path,
        draw_surface,
        mark_points,
        show,
        show_source,
        subplots,
    )
    from helpers.progress import show_progress
    from helpers.quizzes import exam, quiz
    from helpers.terms import show_terms

__all__ = [
    "COLORS",
    "SGD",
    "AdaDelta",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Landscape",
    "Momentum",
    "Nesterov",
    "RMSprop",
    "add_legend",
    "beale",
    "check",
    "choice",
    "cosine_decay",
    "dimple",
    "draw_arrows",
    "draw_contour",
    "draw_curve",
    "draw_loss",
    "draw_path",
    "draw_surface",
    "exam",
    "explore",
    "exponential_decay",
    "first_step",
    "function_2",
    "gradient_descent",
    "himmelblau",
    "mark_points",
    "monkey_saddle",
    "numerical_derivative",
    "numerical_gradient",
    "numerical_hessian",
    "outcome",
    "outcomes",
    "plateau",
    "product",
    "quadratic",
    "quartic",
    "quiz",
    "rosenbrock",
    "saddle",
    "saddle_with_minima",
    "show",
    "show_progress",
    "show_source",
    "show_terms",
    "sigmoid",
    "sigmoid_cross_entropy",
    "sigmoid_squared_loss",
    "slider",
    "square",
    "step_decay",
    "subplots",
    "tangent_line",
    "valley",
    "vectorized_gradient",
    "warmup",
]


def __getattr__(name):
    """絵とウィジェットの部品を、初めて使われたときに読み込んで返す。"""
    if name in __all__:
        for module in ("figures", "explorer", "quizzes", "exercises", "terms", "progress"):
            parts = vars(import_module(f"helpers.{module}"))
            if name in parts:
                return parts[name]
    raise AttributeError(f"helpers に {name} はありません。")


def __dir__():
    """補完の候補。まだ読み込んでいない部品も見せる。"""
    return __all__
