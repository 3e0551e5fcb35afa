"""Evaluation: gold against predicted; agreement between coders."""

from rmtext.evaluation.agreement import Agreement, agree
from rmtext.evaluation.bootstrap import Score
from rmtext.evaluation.coders import Coder, is_model, model_coder, read_coder
from rmtext.evaluation.counts import confusion, f1, macro_f1, polarity_counts, scores, span_counts, theme_counts
from rmtext.evaluation.evaluate import Evaluation, evaluate
from rmtext.evaluation.figures import theme_figures

__all__ = [
    "Agreement", "Coder", "Evaluation", "Score", "agree", "confusion", "evaluate", "f1", "is_model", "macro_f1",
    "model_coder", "polarity_counts", "read_coder", "scores", "span_counts", "theme_counts", "theme_figures",
]  # fmt: skip
