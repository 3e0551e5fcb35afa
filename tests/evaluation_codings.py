"""Codings made by hand, for the tests of evaluation and agreement."""

from rmtext.coding import Coding, Evidence, ThemeCode
from rmtext.evaluation import Coder


def theme(name, polarity="negativ", confidence=0.9, *places) -> ThemeCode:
    return ThemeCode(name, polarity, confidence, tuple(Evidence(start, end) for start, end in places))


def coding(id, *themes, sentiment="positiv", text=None, question=None, **more) -> Coding:
    """Themes as codes or as names."""
    codes = tuple(theme(t) if isinstance(t, str) else t for t in themes)
    given = {"sentiment_score": 0.0, "sentiment_confidence": 0.8, **more}
    return Coding(id, f"Antwort {id}." if text is None else text, question, sentiment, themes=codes, **given)


def coder(name, *codings, kind="file", **more) -> Coder:
    return Coder(name, kind, tuple(codings), len(codings), **more)
