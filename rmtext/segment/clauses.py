"""Where a sentence turns or goes on to the next thing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from rmtext.segment.words import DASHES, STROKES, TURNS, Word, word_set

SCOPE = 40  # words looked at on each side of a comma: no clause that people write is longer

# How many words must follow a turn for it to open a segment of its own.
_TURN_LENGTH = {"nur": 3, "dafür": 3, "obwohl": 4, "leider": 2}
# "Ich mache gern wieder mit, wenn ich mehr Zeit bekomme": praise for the one, a lack of the other.
_CONDITIONS = word_set("wenn sofern falls vorausgesetzt")
_WILLING = word_set("wieder nochmal nochmals erneut jederzeit gern gerne dabei")
_SUBORDINATE = word_set(
    """dass daß weil wenn ob wie was als damit bevor sobald wo warum wer wen wem wann woran worauf womit wozu wofür
    welche welcher welches nachdem seit solange bis indem falls sodass wohin woher weshalb denen dessen deren"""
)
_INTRODUCE = word_set(
    """sondern denn nämlich um statt ohne anstatt sogar zumindest jedenfalls also sowie sprich z.b besonders
    insbesondere oder vor"""
)
_PRONOUNS = word_set("ich er sie es wir man du ihr")
_ARTICLES = word_set("der die das den dem")
_OBJECTS = _PRONOUNS | word_set("mich dich sich uns euch mir dir ihm ihn ihnen ihr da dort hier dann")
_VERBS = word_set(
    """ist war sind waren hat habe hab haben hatte hatten wird wurde wurden werden kann konnte konnten können muss
    musste mussten müssen soll sollte sollten sollen will wollte wollten wollen würde würden wäre wären hätte
    hätten gibt gab gäbe gabs gibts ging geht gehen gingen läuft lief liefen laufen kam kommt kamen kommen blieb
    bleibt blieben bleiben macht machte machen machten fehlt fehlte fehlten fehlen fand finde findet fanden
    finden steht stand standen stehen weiß weiss wusste wissen sagt sagte sagen sagten ließ lässt lassen nahm
    nimmt nehmen bekam bekomme bekommt bekamen passt passte passten heißt hieß bin bist bringt brachte brachten
    dauert dauerte klappt klappte funktioniert funktionierte merkt merke merkte darf durfte dürfen durften mag
    mochte möchte sitzt saß sitze saßen liegt lag lagen hält halte hielt tut tat zeigt zeigte hört hörte hilft
    half lernt lernte lerne kenne kennt kannte versteht verstehe verstand gefiel gefällt traue traut trau hängt
    hing fiel fällt fielen redet redete rede spricht sprach fragt fragte gehört gehörte schreibt schrieb sieht
    sehe sah sahen braucht brauche brauchte bräuchte denkt denke dachte glaube würd hätt wär hats wars ists
    nervt nervte stört störte reicht reichte kostet kostete wünsche empfehle stimmt stimmte fing fühlt fühle
    fühlte kriegt kriege kriegte wirkt wirkte schafft schaffte klingt klang freut freue"""
)
_NO_VERBS = word_set(
    """statt meist zuletzt mindestens zeit arbeit erste zweite dritte letzte heute leute seite nette beste rechte
    weite harte mitte bitte beide minute minuten anstatt samt insgesamt direkt perfekt konkret kompetent
    interessant spannend relevant transparent bekannt unbekannt verpasst recht nicht selbst jetzt sonst fast
    echt"""
)
_WISHES = word_set("würde müsste bitte sollte könnte")
_PREFIXES = ("ge", "be", "ver", "er", "ent", "zer")
_NO_VERB_ENDINGS = ("ht", "keit", "heit", "ert", "iert", "ort", "aft", "est", "ägt")


def _is_verb(word: Word) -> bool:
    """Whether a word is likely a finite verb: a common one, or by its ending ("klickte", "nervt")."""
    bare = word.bare
    if bare in _VERBS:
        return True
    if word.capital or len(bare) < 5 or bare in _NO_VERBS:
        return False
    if bare.endswith(("te", "ten")):
        return True
    return bare.endswith("t") and not bare.startswith(_PREFIXES) and not bare.endswith(_NO_VERB_ENDINGS)


# A comma, a dash or an "und" cuts where these points add up to more than nothing. They were fitted to how people cut
# the training writers' answers (logistic regression, times ten, rounded).
_POINTS = {
    "comma": -8, "dash": 6, "bare": -26,
    "left up to 1": -5, "left up to 4": -5, "left up to 6": -2, "left up to 8": 0, "left up to 12": -1,
    "left over 12": 4,
    "right up to 1": -11, "right up to 4": -11, "right up to 6": -6, "right up to 8": 0, "right up to 12": 8,
    "right over 12": 10,
    "text up to 7": 22, "text up to 15": 5, "text up to 29": -4, "text up to 49": -13, "text over 49": -20,
    "article": 8, "article verb": -6, "bare nouns": 2, "capital": 13, "even if": 6, "introduced": -3, "last": -7,
    "nouns": 10, "other": 5, "pronoun": -2, "relative": -9, "sequel": 2, "subordinate": -5,
    "subordinate left": -3, "tight": -18, "turn": 1, "turn inside": 20, "turn left": -3, "und": 14, "verb": -10,
    "verb and verb": 5, "verb second": 1, "wish inside": 11,
}  # fmt: skip
_LENGTHS = (1, 4, 6, 8, 12)
_TEXT_LENGTHS = (7, 15, 29, 49)


class Sentence(NamedTuple):
    """Words of a sentence, which of them are verbs, whether any is, and how many words the whole text has."""

    words: list[Word]
    verbs: list[bool]
    spoken: bool
    total: int


def split_clauses(text: str, words: list[Word], asides: list[int], total: int) -> list[tuple[int, int]]:
    """Parts of one sentence as (first word, last word + 1); ``total`` is the number of words in the whole text."""
    kinds = [_kind(text, words, i, asides) for i in range(len(words) - 1)]
    if not any(kinds):
        return [(0, len(words))]
    verbs = [_is_verb(word) for word in words]
    sentence = Sentence(words, verbs, any(verbs), total)
    stops = [i + 1 for i, kind in enumerate(kinds) if kind not in ("", "bare")]
    listed = kinds.count("dash") > 1  # "Einblicke - neue Werkzeuge - mehr Begleitung wäre gut"
    parts = []
    first = 0
    for i, kind in enumerate(kinds, 1):
        if not kind:
            continue
        place = bisect_right(stops, i - 1)
        start = max(stops[place - 1] if place else 0, i - SCOPE)
        place = bisect_right(stops, i)
        end = min(stops[place] if place < len(stops) else len(words), i + SCOPE)
        left = [j for j in range(start, i) if words[j].bare]
        right = [j for j in range(i, end) if words[j].bare]
        if left and right and ((listed and kind == "dash") or _cuts(kind, sentence, left, right)):
            parts.append((first, i))
            first = i
    return [*parts, (first, len(words))]


def _kind(text: str, words: list[Word], i: int, asides: list[int]) -> str:
    """What stands between word ``i`` and the next: a comma, a dash, a stroke, bare "und" or "aber", or nothing."""
    word, after = words[i], words[i + 1]
    if bisect_right(asides, word.end) % 2:
        return ""
    sign = text[after.start : after.end] if after.end - after.start == 1 else ""
    if sign in DASHES | STROKES and word.bare.isdigit() and i + 2 < len(words) and words[i + 2].bare.isdigit():
        return ""
    if sign in DASHES:
        return "dash"
    if sign in STROKES:
        return "stroke"
    if text[word.end - 1] in ",;" or (
        word.end - word.start > 1 and text[word.end - 2 : word.end] in (',"', ",“", ",)")
    ):
        return "comma"
    if not word.bare:
        return ""
    return "bare" if after.bare in ("und", "aber") else ""


def _cuts(kind: str, sentence: Sentence, left: list[int], right: list[int]) -> bool:
    spoken = [j for j in right if sentence.words[j].bare not in DASHES]
    opening = sentence.words[spoken[0]].bare if spoken else ""
    if kind == "stroke":
        apart = len(left) > 2 and len(right) > 2
        return apart or not sentence.spoken
    if kind != "bare" and opening in TURNS and len(right) >= _TURN_LENGTH.get(opening, 2):
        return True
    if kind == "comma" and opening in _CONDITIONS and any(sentence.words[j].bare in _WILLING for j in left):
        return True
    if kind == "bare" and opening == "aber":
        return _opens_clause(sentence, left, right)
    return sum(_POINTS[cue] for cue in cues(kind, sentence, left, right)) > 0


def _opens_clause(sentence: Sentence, left: list[int], right: list[int]) -> bool:
    """Whether a bare "aber" opens a clause ("war gut aber die Zeit fehlte") and does not stand inside one."""
    words, verbs = sentence.words, sentence.verbs
    before = words[left[-1]]
    if len(left) < 2 or len(right) < 3 or verbs[left[-1]] or before.bare in _OBJECTS:
        return False
    opening = words[right[1]].bare
    if opening in _PRONOUNS:
        return verbs[right[2]]
    if opening in _ARTICLES:
        return any(verbs[j] for j in right[2:5])
    return opening in ("warum", "wenn", "dann") or (opening in ("zu", "leider", "nicht") and not before.capital)


def cues(kind: str, sentence: Sentence, left: list[int], right: list[int]) -> Iterator[str]:
    """What speaks for or against a cut between two clauses, ``left`` and ``right``: places in ``sentence.words``."""
    words, verbs = sentence.words, sentence.verbs
    opening = words[right[0]]
    verb = next((n for n, j in enumerate(right[:24]) if verbs[j]), None)
    first = _opening(opening, verb, verbs, right)
    yield kind
    yield f"left {_size(len(left), _LENGTHS)}"
    yield f"right {_size(len(right), _LENGTHS)}"
    yield f"text {_size(sentence.total, _TEXT_LENGTHS)}"
    yield first
    if first in ("capital", "other", "article") and verb in (1, 2, 3):
        yield "verb second"
    inside = {words[j].bare for j in right[1:8]}
    if inside & _TURNS_INSIDE:
        yield "turn inside"
    if inside & _WISHES:
        yield "wish inside"
    if not sentence.spoken:
        yield "nouns" if kind != "bare" else "bare nouns"
    elif verb is not None and any(verbs[j] for j in left[-24:]):
        yield "verb and verb"
    if opening.bare in _SEQUELS:
        yield "sequel"
    if opening.bare == "auch" and len(right) > 1 and words[right[1]].bare == "wenn":
        yield "even if"
    start = words[left[0]].bare
    if start in _SUBORDINATE:
        yield "subordinate left"
    if start in TURNS:
        yield "turn left"
    if right[-1] == len(words) - 1:
        yield "last"


def _opening(word: Word, verb: int | None, verbs: list[bool], right: list[int]) -> str:
    """How the clause opens that ``word`` begins; ``verb``: place of its first verb in ``right``."""
    if word.bare in _ARTICLES:
        if verb == 1:
            return "article verb"
        return "relative" if len(right) > 2 and verbs[right[-1]] and verb == len(right) - 1 else "article"
    for name, listed in _OPENINGS.items():
        if word.bare in listed:
            return name
    return "capital" if word.capital else "other"


def _size(n: int, limits: tuple[int, ...]) -> str:
    return next((f"up to {limit}" for limit in limits if n <= limit), f"over {limits[-1]}")


_TURNS_INSIDE = word_set("aber leider trotzdem dafür allerdings jedoch dagegen hingegen")
_SEQUELS = word_set("jetzt heute inzwischen mittlerweile danach ansonsten umgekehrt später seitdem")
_OPENINGS = {
    "turn": TURNS | {"doch"},
    "und": word_set("und"),
    "tight": word_set("dass daß wie ob wenn damit bevor"),
    "subordinate": _SUBORDINATE,
    "introduced": _INTRODUCE,
    "pronoun": _PRONOUNS,
    "verb": _VERBS,
}
