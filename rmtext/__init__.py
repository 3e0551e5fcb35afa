"""Sentiment, themes and quotes from German free-text survey answers, offline.

``rmtext.load()`` gives an ``Analyzer``; ``analyzer.code(rmtext.read_answers("antworten.csv"))`` yields one
``Coding`` for each answer, in order.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rmtext.analyzer import Analyzer, load
    from rmtext.answers import read_answers
    from rmtext.codebook import Codebook
    from rmtext.coding import Coding
    from rmtext.errors import RmtextError
    from rmtext.quotes import select_quotes

__version__ = "0.1.0"
__all__ = ["Analyzer", "Codebook", "Coding", "RmtextError", "load", "read_answers", "select_quotes"]

_HOMES = {
    "Analyzer": "analyzer",
    "Codebook": "codebook",
    "Coding": "coding",
    "RmtextError": "errors",
    "load": "analyzer",
    "read_answers": "answers",
    "select_quotes": "quotes",
}


def __getattr__(name: str) -> Any:
    """Imports a public name at its first use, so that ``rmtext --help`` need not wait for numpy and spaCy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rmtext' has no attribute '{name}'")
    return getattr(import_module(f"rmtext.{_HOMES[name]}"), name)
