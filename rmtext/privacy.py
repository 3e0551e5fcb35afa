"""What protects the people behind the answers: masked identifiers, and groups too small to be shown.

Masked are e-mail addresses, German and international phone numbers, and names that a form of address, a title
or a function announces ("Frau Müller", "Dr. Kern", "Chef Schmidt"). A name that stands alone is not found:
whoever passes quotes on must read them first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import resources

MIN_GROUP = 5  # people; a group below it is never shown
EMAIL, PHONE, NAME = "[E-Mail]", "[Telefon]", "[Name]"

Span = tuple[int, int, str]

_LETTERS = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])"
_WORD = re.compile(rf"{_LETTERS}{{0,39}}(?:['’]{_LETTERS}{{0,39}})?(?:[-‐‑]{_LETTERS}{{0,39}}){{0,2}}")
_SPACE = re.compile(r"[ \t\u00a0\u202f]{1,3}")
_TITLE = re.compile(
    r"(?:Prof|Dr|Doktor(?:in)?|Professor(?:in)?|Dipl|Ing|Mag|Mr|Mrs|med|phil|rer|nat|jur|oec|pol|hc|h\.\s?c|e\.\s?h"
    r"|habil|PD|Msc|M\.Sc|B\.Sc|MBA)(?![^\W\d_])\.?-?",
    re.IGNORECASE,
)
_PARTICLE = re.compile(
    r"(?:v\.|(?:von|vom|van|de|da|di|del|della|dos|el|al|bin|ben|zu|zur|zum|der|den|dem|ter|ten|la|le)\b)"
)
_HEAD = re.compile(
    r"(?<![\w@])(?<!\w-)(?:"
    r"(?P<address>Herrn?|Frau|Fräulein|HERRN?|FRAU|herrn?|frau|Hrn?\.|Fr\.|hrn?\.|fr\.|Hr(?=\s))"
    r"|(?P<title>(?:Dr|Prof|PD Dr|Dipl\.-Ing)\.(?:-Ing\.)?|(?:Doktor|Professor)(?:in)?(?=\s)|dr\.|prof\.)"
    r"|(?P<peer>Kolleg(?:e|in)|Schwester|Bruder)"
    r"|(?P<role>Kollegen|Kolleginnen|Herren|Familie|Ehepaar|Chef(?:in)?|Boss|Vorgesetzten?r?|Meister(?:in)?"
    r"|Mentor(?:in|en)?|Mentee|Leiter(?:in)?|[A-ZÄÖÜ][a-zäöüß]{2,20}leiter(?:in)?|Ausbilder(?:in)?|Azubi"
    r"|Direktor(?:in)?|Geschäftsführer(?:in)?|Trainer(?:in)?|Coach|Betreuer(?:in)?|Partner(?:in)?|Vorstand"
    r"|Tandempartner(?:in)?|Bürgermeister(?:in)?|Hallo|Hi|Lieber|Liebe|Danke|Gruß|Grüße|LG|VG|MfG)"
    r")(?:(?<=\.)|(?![\w@-]))"
)
_INDEFINITE = "eine einer jede jeder keine keiner junge jungen jüngere ältere älteren andere anderen"
_ARTICLES = (
    f"{_INDEFINITE} die der das den dem ein einen einem mein meine meinen meinem meiner unser unsere unseren"
    " unserem unserer sein seine ihr ihre dein deine jeden jedem kein keinen keinem dieser diese diesen diesem welche"
    " manche als"
)
_FRIDAY = "am bis jeden diesen nächsten letzten do mo di mi ab und"
_NOUN_ENDINGS = re.compile(
    r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tät|täten|ismus|ment|nisse?|zeit|zeiten|kraft"
    r"|kräfte|arbeit|leitung|innen|person|termine?|plan|pläne|themen|wissen|wesen|runde|gespräche?|stelle|stunden?"
    r"|tage?|woche|jahre?|seite|bereich|abteilung|mentoring|programm|treffen|bedarf|druck|medien|ebene|position"
    r"|(?:[aeo]r|ent|ist|ant|ör|eur|rät|at|ekt|eut|wält|log|nom|graf)in)$"
)
_FUNCTION_ENDINGS = re.compile(
    r"(?:direktor|leiter|meister|ingenieur|vorstand|präsident|sekretär|minister|inspektor|kommissar|führer|chef"
    r"|lehrer|beamter|sprecher|berater|rat|arzt|anwalt|vorsitzende[rn]?|beauftragte[rn]?)(?:in)?$"
)
_SURNAME_ENDINGS = re.compile(
    r".(?:[^t]mann|ski|sky|cki|czyk|czak|wicz|vi[cć]|i[cć]|o[gğ]lu|türk|demir|m[ae][iy]e?r|müller|schmi(?:dt?|tt)|huber"
    r"|hofer|dorfer|bacher|brecht|idis|poulos|enko|bauer|reuter|schulze?|brandt?|wald|becker)$"
)
_EMAIL_AT = re.compile(r"@|[ \t]?(?:\(at\)|\[at\]|\(ät\))[ \t]?", re.IGNORECASE)
_EMAIL_LOCAL = re.compile(r"[^\s@<>()\[\]{},;:\"„“”»«…]{1,64}\Z")
_EMAIL_DOMAIN = re.compile(
    r"[^\W_](?:[\w-]{0,62}(?:\.|[ \t]?(?:\(dot\)|\(punkt\))[ \t]?)){1,5}[^\W\d_]{2,24}", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<![\w,/+])(?<!\d[.:-])"
    r"(?:\+[1-9]\d{0,2}|00[1-9]\d{0,2}|\(\+?\d{2,6}\)|\(0\d{2,5}\)|0[1-9]\d{1,14})"
    r"(?:[ \u00a0\u202f]?(?:\(0\)[ ]?)?[-–/.]?[ \u00a0\u202f]?\d{1,14}){0,8}(?!\d)"
)
_PHONE_AFTER_WORD = re.compile(
    r"(?<!\w)(?:Tel(?:efon)?|Handy|Mobil|Fax|Durchwahl|Rufnummer|DW)(?:nummer|nr)?\.?:?[ \u00a0]{0,2}"
    r"(?:(?:ist|unter|lautet|Nr\.?|die)[ \u00a0]){0,2}(?P<number>-?\d(?:[ \u00a0/–-]{0,2}\d){2,14})(?![\d.,:]*\d)",
    re.IGNORECASE,
)
_ROOM = re.compile(
    r"(?:Raum|Raumnr|Zimmer|Büro|Gebäude|Halle|Etage|Haus|Artikel|Nummer|Personalnummer|PLZ|Postleitzahl|Ticket|Kunde"
    r"|Auftrag|Vorgang|Aktenzeichen|Az|Nr|IBAN|Konto|Seite)\.?:?[ \u00a0]?$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[ \u00a0\u202f]?(?:€|Euro|EUR|%|Prozent|Uhr|Mio|Tsd|Mrd|Stück|Stunden|Std|Minuten|Min|Tage|Mal|mal|km|kg|Leute"
    r"|Menschen|Mitarbeit|Besch|Personen|Kund)"
)


def mask(text: str) -> str:
    """The text with e-mail addresses, phone numbers and announced names replaced; see ``mask_spans``."""
    parts, last = [], 0
    for start, end, replacement in mask_spans(text):
        parts += [text[last:start], replacement]
        last = end
    return "".join([*parts, text[last:]])


def mask_spans(text: str) -> list[Span]:
    """What ``mask`` replaces: (start, end, replacement), in order, without overlap.

    The form of address stays ("Frau [Name]"). Takes time linear in the length of the text.
    """
    found = sorted([*_emails(text), *_phones(text), *_names(text)], key=lambda span: (span[0], -span[1]))
    spans: list[Span] = []
    for span in found:
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
    return spans


def withheld_groups(
    people: Mapping[str, Collection[str]], answers: Mapping[str, int], minimum: int = MIN_GROUP
) -> frozenset[str]:
    """The groups that must not be shown beside the total.

    ``people`` holds the distinct ids of each group (``minimum`` of them are enough), ``answers`` its number of
    answers. Withheld are groups of fewer than ``minimum`` people; and, because the total less the groups shown
    gives away what is left, the next smallest groups until at least two groups and ``minimum`` people together
    are withheld (complementary suppression).
    """
    hidden = {group for group, ids in people.items() if len(ids) < minimum}
    if not hidden:
        return frozenset()
    shown = sorted(set(people) - hidden, key=lambda group: (answers[group], group))
    for group in shown:
        together = {person for member in hidden for person in people[member]}
        if len(hidden) >= 2 and len(together) >= minimum:
            break
        hidden.add(group)
    return frozenset(hidden)


def _emails(text: str) -> Iterator[Span]:
    for at in _EMAIL_AT.finditer(text):
        # The address is looked for on both sides of its @, each within the length that addresses may have.
        local = _EMAIL_LOCAL.search(text, max(0, at.start() - 64), at.start())
        domain = _EMAIL_DOMAIN.match(text, at.end())
        if local and domain:
            start = local.start() + len(local[0]) - len(local[0].lstrip("'*_-.!?/=#"))
            if start < at.start():
                yield start, domain.end(), EMAIL


def _phones(text: str) -> Iterator[Span]:
    for match in _PHONE.finditer(text):
        digits = sum(character.isdigit() for character in match[0])
        before = text[max(0, match.start() - 20) : match.start()]
        if 8 <= digits <= 16 and not _ROOM.search(before) and not _UNIT.match(text, match.end()):
            yield match.start(), match.end(), PHONE
    for match in _PHONE_AFTER_WORD.finditer(text):
        digits = sum(character.isdigit() for character in match["number"])
        enough = 3 if match[0][:1] in "Dd" else 5
        if digits >= enough and not _UNIT.match(text, match.end()):
            yield match.start("number"), match.end(), PHONE


def _names(text: str) -> Iterator[Span]:
    for head in _HEAD.finditer(text):
        place = _name_after(text, head)
        if place is not None:
            yield *place, NAME


def _name_after(text: str, head: re.Match[str]) -> tuple[int, int] | None:
    """The place of the name that the head announces, None where it announces none."""
    before = _word_before(text, head.start())
    certain = head["address"] is not None or head["title"] is not None
    if head["peer"] is not None:
        certain = before not in _ARTICLES.split()
    if head[0] in ("Frau", "frau") and before in _INDEFINITE.split():
        certain = False
    if head[0] in ("Fr.", "fr.") and (
        before in _FRIDAY.split() or text[head.start() - 1 : head.start()] in ("-", "–", "—", "/")
    ):
        certain = False
    lower = head[0][0].islower() or head[0] == "FRAU" or head[0].startswith("HERR")
    position, titled = _skip_titles(text, head.end())
    start = position
    particle = _PARTICLE.match(text, position)
    if particle is not None:
        position, certain = _skip_particles(text, position, certain and before not in _ARTICLES.split())
    word = _WORD.match(text, position)
    if word is None or not _is_name(word[0], certain, lower and not titled):
        return None
    return start, _rest_of_name(text, word)


def _skip_titles(text: str, position: int) -> tuple[int, bool]:
    """Past spaces, titles and functions ("Dr.", "Direktorin", "Kollege"); whether a title was among them."""
    titled = False
    for _ in range(6):
        space = _SPACE.match(text, position)
        # "Dr.Kern", "Prof.Dr.": people forget the space after the full stop.
        start = space.end() if space else position
        title = _TITLE.match(text, start)
        word = _WORD.match(text, start)
        if title is not None:
            position, titled = title.end(), True
        elif word is not None and _is_function(word[0]) and _SPACE.match(text, word.end()):
            position = word.end()
        else:
            return start, titled
    return position, titled


def _skip_particles(text: str, position: int, certain: bool) -> tuple[int, bool]:
    """Past "von der", "van", "de"; "von" announces a name less surely, for people are also from somewhere."""
    words = []
    for _ in range(3):
        particle = _PARTICLE.match(text, position)
        space = _SPACE.match(text, particle.end()) if particle else None
        if particle is None or space is None:
            break
        words.append(particle[0])
        position = space.end()
    foreign = bool(words) and words[0] not in ("von", "v.", "vom", "zu", "zur", "zum", "der", "den", "dem")
    return position, foreign or (certain and words in (["von"], ["v."], ["zu"]))


def _rest_of_name(text: str, word: re.Match[str]) -> int:
    """Where a name ends that begins with ``word``: a first name draws the surname in, an initial its full stop."""
    end = word.end()
    if len(word[0]) == 1 and text[end : end + 1] == ".":
        end += 1
    space = _SPACE.match(text, end)
    following = _WORD.match(text, space.end()) if space else None
    if following is None or not following[0][0].isupper():
        return end
    plain = _plain(following[0])
    named = _in_list(plain, _words("surnames")) or _SURNAME_ENDINGS.search(plain) is not None
    first = _in_list(_plain(word[0]), _words("first names"))
    if named or (first and len(following[0]) > 1 and not _is_noun(following[0]) and not _TITLE.match(following[0])):
        return following.end()
    return end


def _is_name(word: str, certain: bool, lower: bool) -> bool:
    """Whether a word after a head is a name. Where that is uncertain, only known names are."""
    plain = _plain(word)
    if _is_function(word) and plain not in _words("surnames"):
        return False
    known = (
        _in_list(plain, _words("surnames"))
        or _in_list(plain, _words("first names"))
        or bool(_SURNAME_ENDINGS.search(plain))
    )
    if lower and word[0].islower():
        return (
            known
            and certain
            and plain not in _words("nouns")
            and len(plain) > 2
            and _in_list(plain, _words("surnames"))
        )
    if not word[0].isupper():
        return False
    if len(word) == 1:
        return certain
    if plain in _words("nouns"):
        return False
    return known or (certain and not lower and not _is_noun(word))


def _is_noun(word: str) -> bool:
    plain = _plain(word)
    if plain in _words("surnames"):
        return False
    return plain in _words("nouns") or _NOUN_ENDINGS.search(plain) is not None or _is_function(word)


def _is_function(word: str) -> bool:
    plain = _plain(word)
    if plain in _words("surnames"):
        return False
    return plain in _words("functions") or _FUNCTION_ENDINGS.search(plain) is not None


def _in_list(plain: str, names: frozenset[str]) -> bool:
    """Whether a name, in any of its cases ("Müllers") or as the first part of a double name, is in the list."""
    part = re.split(r"[-‐‑]", plain, maxsplit=1)[0]
    return part in names or (part.endswith("s") and part[:-1] in names)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower()


def _word_before(text: str, position: int) -> str:
    return text[max(0, position - 24) : position].rstrip(" \t\u00a0").rpartition(" ")[2].lower().strip("(\"„“'.,:;!?")


@cache
def _words(kind: str) -> frozenset[str]:
    """One of the word lists in names.txt: "surnames", "first names", "functions" or "nouns"."""
    section = (resources.files("rmtext") / "names.txt").read_text(encoding="utf-8").partition(f"[{kind}]")[2]
    lines = section.partition("[")[0].splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
