"""Non-answers: why an answer says nothing, told from its words and from what was asked.

The rules read whole texts, never parts of them: an answer is a non-answer only if every one of its words
belongs to the small vocabulary of saying nothing. A single other word makes it an answer, so that "weiß nicht,
ob ich nochmal mitmache" is never swallowed.
"""

from __future__ import annotations

import re
import unicodedata

from rmtext.non_answers.folding import fold, word_set
from rmtext.non_answers.questions import asks, asks_for_something, wants_number, wants_reason
from rmtext.non_answers.vocabulary import CORES, NOTHING, STATES, WEAK_CORES, WHOLE, merged, vocabulary, word_classes

__all__ = ["asks", "non_answer"]

MAX_WORDS = 24  # "Dazu kann ich noch nichts sagen, da ich erst seit zwei Wochen dabei bin" has 14; beyond, people tell
MAX_CHARACTERS = 240
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_INKLESS = ("Zs", "Zl", "Zp", "Cf", "Cc", "Mn", "Me")
_BLANKS = frozenset("\u2800\u3164\u115f\u1160\uffa0")  # symbols and letters by category, blank to the eye
_REFERENCE_WORDS = word_set(
    """siehe sieh s vgl vergleiche wie o oben unten vorne vorn vorher vorhin zuvor dort dito idem ebenda weiter
    weiterhin gleiche gleiches gleich selbe dasselbe dieselbe frage fragen antwort antworten punkt nr nummer
    feld     kommentar kommentare anmerkung anmerkungen seite ausfuehrung ausfuehrungen vorherige vorheriger
    vorherigen     vorige voriger vorigen voriges letzte letzter letztes letzten letztem erste ersten erster
    zweite zweiten     zweiter dritte dritten jahr umfrage befragung fragebogen mal meine meiner meinen die der
    das den dem im in zu     zur auf unter bei und als schon bereits mehrfach ja doch alles hab habe hatte ich
    hier da wurde ist gesagt     genannt erwaehnt beantwortet beschrieben geschrieben angegeben angemerkt
    angefuehrt aufgefuehrt geaeussert     mitgeteilt ausgefuehrt erlaeutert dargelegt steht haben wir a b c d e
    u bitte beim vom anhang anlage rueckseite mail"""
)
_REFERENCE = re.compile(
    r"\b(?:siehe?|vgl|vergleiche|s (?:o|u|oben|unten|frage|antwort|punkt|nr|meine|vorherige|letzte)|dito|idem|ebenda)\b"
    r"|\b(?:wie|steht|gleich\w*|(?:das|die)?selbe) (?:\w+ ){0,4}(?:oben|unten|dort|frage|punkt|antwort|nr)\b"
    r"|\b(?:schon|bereits|oben|vorher|vorhin|zuvor|mehrfach) (?:\w+ ){0,5}(?:gesagt|genannt|erwaehnt|beantwortet|"
    r"beschrieben|geschrieben|angegeben|angemerkt|angefuehrt|aufgefuehrt|geaeussert|mitgeteilt|ausgefuehrt|erlaeutert|"
    r"dargelegt)\b"
)

# Faces, hearts, hands and signs that praise or blame; a shrug, a thinking face or a car says nothing.
_FEELINGS = frozenset(
    "👍👎👏🙌💪🤝🙏👌🤘✌🤞🖕❤♥🧡💛💚💙💜🖤🤍🤎💔💕💖💗💘💝💯🔥🎉🥳⭐★🌟✨🏆🥇🚀✅❌✔☀"
    "💩🤮🤢🤩🤗🤯🤬🥰🥲🥱🥴🤣🤓🤪🤡💀☠☺☹"
) | (frozenset(map(chr, range(0x1F600, 0x1F64F))) - frozenset("😐😑😶🙄🙅🙆🙇🙈🙉🙊🙋🙍🙎"))
_EMOTICON = re.compile(r"[:;=][-o^']?[)(DPp/|\\\]\[*]+|<3+|\^\^|xD+|[)(]+:")
# School marks, percentages, points and pluses judge; nobody writes "+" to skip a question, while dashes do skip it.
_RATING = re.compile(r"\++|[1-6]\s*[+-]|\d+(?:[.,]\d+)?\s*[%€$]|\d+\s*(?:/|von|aus)\s*\d+", re.IGNORECASE)
_KEY_RUNS = word_set("asd sdf dfg fgh ghj hjk jkl lkj kjh jhg hgf gfd fds dsa yxc zxc xcv cvb vbn bnm mnb nbv bvc vcx")
_RUBBISH = word_set(
    """asd qwe qwert qwertz qwerty qwertzu zuiop sdf jkl jkloe yxc fgh asf test testtest lalala blabla blub blubb
    abc abcd abcdef qwer lorem ipsum foo"""
)


_STATE_CLASSES = word_set("reason self filler there short beside new")
_SELF = word_set("ich bin war habe hab hatte haben")


def non_answer(text: str, question: str | None = None) -> str | None:
    """Why ``text`` says nothing, or None if it is an answer.

    ``leer``: no visible character. ``zeichen``: only punctuation, digits, single letters, keyboard rubbish, or emoji
    without meaning; 👍, ❤️, 😡, ``:)``, "++", "10/10" and "2-" judge and are answers, and so are digits where the
    question asks for a number. ``verweis``: only points elsewhere ("siehe oben"). ``keine_angabe``: refuses or
    cannot say ("k.A.", "kann ich nicht beurteilen"). "Nichts", "keine", "nein", "alles" and their like are answers
    where the question asks for praise, criticism or wishes (see ``asks``), for a yes or no, or for a thing
    ("Was hat sich verändert?"); without such a question they are ``keine_angabe``.
    """
    characters = set(text)
    if not _visible(characters):
        return "leer"
    text = text.strip()
    judges = bool(
        characters & _FEELINGS or _RATING.fullmatch(text[:MAX_CHARACTERS]) or _EMOTICON.search(text[:MAX_CHARACTERS])
    )
    if not judges and _only_signs(characters, question):
        return "zeichen"
    if len(text) > MAX_CHARACTERS:
        return None
    words = fold(text)
    if len(words) > MAX_WORDS:
        return None
    if _refers(words):
        return "verweis"
    if words and _says_nothing(words, question):
        return "keine_angabe"
    if judges:
        return None
    if _names_nothing(words) and not asks_for_something(question, words):
        return "keine_angabe"
    rubbish = all(map(_rubbish, words)) and not all(map(str.isdigit, words))
    return "zeichen" if rubbish else None


def _visible(characters: set[str]) -> bool:
    """Whether one of them leaves ink: letters, digits, marks of punctuation, symbols."""
    return any(unicodedata.category(character) not in _INKLESS for character in characters - _BLANKS)


def _only_signs(characters: set[str], question: str | None) -> bool:
    """Whether there are only signs, digits, or one letter ("x", "x x x")."""
    letters = {character.casefold() for character in characters if character.isalpha()}
    digits = any(map(str.isdigit, characters))
    if letters:
        return len(letters) == 1 and letters <= _LATIN and not digits
    return not (digits and wants_number(question))


def _rubbish(word: str) -> bool:
    """Whether a word is none: keys beside each other ("asdf"), one letter repeated, consonants without end."""
    if word in _RUBBISH or (word == word[0] * len(word) and word.isascii()):
        return True
    runs = sum(word[start : start + 3] in _KEY_RUNS for start in range(len(word) - 2))
    vowels = sum(letter in "aeiouy" for letter in word)
    if len(word) >= 4 and runs and (runs >= 2 or vowels * 4 <= len(word)):
        return True
    return len(word) >= 7 and not vowels and word.isascii() and word.isalpha()


def _refers(words: list[str]) -> bool:
    if not all(word in _REFERENCE_WORDS or word.isdigit() for word in words):
        return False
    return _REFERENCE.search(" ".join(words)) is not None


def _says_nothing(words: list[str], question: str | None) -> bool:
    """Whether the words refuse, or cannot say."""
    if " ".join(words) in WHOLE:
        return True
    classes = []
    for word in merged(words):
        classes.append(word_classes(word))
        if not classes[-1]:
            return False
    found = frozenset().union(*classes)
    if "nein sagen" in " ".join(words):
        return False
    # "Ich weiß nicht mehr weiter" cries for help; "Der Mentor war nicht dabei" is about someone else.
    if ("weiter" in words and "know" in found) or ("person" in found and not {"ich", "bin", "als"} & set(words)):
        return False
    # "Fällt mir leider keine ein" to "Stärken?" regrets that there are none.
    if "leider" in words and {"fall", "no"} <= found and asks(question) == "lob":
        return False
    if found <= _STATE_CLASSES and STATES.intersection(words) and _SELF.intersection(words):
        return not wants_reason(question)
    reasons = any(names <= {"reason", "person"} for names in classes)
    return any(core <= found for core in CORES) or (not reasons and any(core <= found for core in WEAK_CORES))


def _names_nothing(words: list[str]) -> bool:
    """Whether the words only say nothing, no, yes or all: an answer where something was asked for."""
    # No typing errors here: "nicht besonders" is one letter from "nichts Besonderes" and says something.
    classes = [vocabulary().get(word, frozenset()) for word in merged(words) if word != "danke" or "nein" not in words]
    if not all(names & NOTHING or "beside" in names for names in classes):
        return False
    return bool(frozenset().union(*classes) & (NOTHING - {"kind", "proposal"}))
