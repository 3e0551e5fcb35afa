"""Language: whether an answer is in another language than German, which the models do not read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MIN_WORDS = 4  # "Learning by doing" or "workload crazy" is how people write German at work
MIN_CONFIDENCE = 0.6  # py3langid's probability of the other language; whole foreign sentences get 0.73 and more
MAX_CHARACTERS = 600  # a paragraph is enough to tell, and an answer may hold a megabyte
# Languages of the people who fill in German surveys; fewer candidates, fewer mistakes.
LANGUAGES = (
    "de", "en", "fr", "es", "it", "pt", "nl", "pl", "cs", "tr", "ru", "uk", "ro", "hu", "hr", "sr", "bg", "el", "ar",
    "sq", "sv", "da", "vi", "zh",
)  # fmt: skip
# Words hardly found in the others, in dialect and telegram style too: where they are a quarter, the text is German.
_GERMAN_WORDS = """
    und oder aber nicht nich ned net kein keine keinen ich mich mir wir uns sie ihr ihm ihn ist sind hat habe hab
    haben wurde wird werden war waren wäre hätte kann konnte muss soll sollte der das den dem ein eine einen einem
    einer zu zum zur vom beim mit ohne für auf aus bei nach von über auch nur noch schon sehr viel mehr immer nie
    nix nichts wenn weil dass wie wer wo leider gut gute isch allens bannig heff
"""
_GERMAN = frozenset(_GERMAN_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")


def looks_foreign(text: str) -> bool:
    """Whether the text is probably not German; False in doubt and for texts under four words.

    py3langid, a naive Bayes classifier on byte n-grams (Lui & Baldwin 2012), restricted to ``LANGUAGES``. German
    function words outvote it: English nouns in a German sentence leave it German.
    """
    start = text[:MAX_CHARACTERS]
    words = [word.casefold() for word in _WORD.findall(start)]
    if len(words) < MIN_WORDS and not _other_script(words):
        return False
    if 4 * sum(word in _GERMAN for word in words) >= len(words):
        return False
    language, confidence = _identifier().classify(start)
    return bool(language != "de" and confidence >= MIN_CONFIDENCE)


def _other_script(words: list[str]) -> bool:
    """Whether no letter is Latin: Chinese writes a sentence as one word."""
    return (
        bool(words) and not any("a" <= letter <= "ſ" for word in words for letter in word) and len("".join(words)) > 4
    )


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
