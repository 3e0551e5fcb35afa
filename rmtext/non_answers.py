"""Non-answers: why an answer says nothing, told from its words and from what was asked.

The rules read whole texts, never parts of them: an answer is a non-answer only if every one of its words
belongs to the small vocabulary of saying nothing. A single other word makes it an answer, so that "weiß nicht,
ob ich nochmal mitmache" is never swallowed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

MAX_WORDS = 24  # "Dazu kann ich noch nichts sagen, da ich erst seit zwei Wochen dabei bin" has 14; beyond, people tell
MAX_CHARACTERS = 240

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "'": None, "’": None, "`": None, "´": None})
_WORD = re.compile(r"[^\W_]+")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_INKLESS = ("Zs", "Zl", "Zp", "Cf", "Cc", "Mn", "Me")
_BLANKS = frozenset("\u2800\u3164\u115f\u1160\uffa0")  # symbols and letters by category, blank to the eye


def _words_of(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _any_of(listed: str) -> re.Pattern[str]:
    """A pattern for any of the listed words; ``*`` stands for letters, ``_`` for a space."""
    words = "|".join(listed.split()).replace("_", " ").replace("*", r"\w*")
    return re.compile(rf"\b(?:{words})\b")


# The vocabulary of saying nothing, by what a word does in such a sentence. Umlauts are written out, ß is ss.
_CLASSES = {
    "not": "nicht nichts nix nich net ned nit nichs nischt niks nichst niht nicths",
    "no": "kein keine keinen keiner keines keins koa koane ohne keien kiene kene",
    "statement": """
        ahnung meinung aussage einschaetzung stellungnahme kommentar kommentare anmerkung anmerkungen bemerkung
        bemerkungen ergaenzung ergaenzungen angabe angaben schimmer urteil erinnerung erinnerungen gedanken""",
    "clue": "antwort auskunft idee plan beurteilung bewertung",
    "know": "weiss weis wes wess weisse woas wuesste",
    "acquainted": "kenne kenn",
    "little": "wenig kaum",
    "time": "zeit",
    "survey": "umfrage umfragen fragebogen fragebogens bogen befragung befragungen auszufuellen",
    "may": "kann koennte koennen moechte moecht will mag",
    "say": """
        sagen sage sag beurteilen beurteilbar beurteilt einschaetzen bewerten bewertbar beantworten
        antworten aeussern schreiben angeben erinnern erinnere erinnerlich kommentieren benennen nennen mitteilen""",
    "fall": "faellt fallt faelt",
    "in": "ein einfallen",
    "hard": "schwer schwierig",
    "apply": "trifft zutreffend zutrifft relevant anwendbar betrifft",
    "void": "entfaellt entfaelt unzutreffend enthaltung enthalte ka kp idk keineangabe weissnicht keineahnung",
    "add": "hinzuzufuegen hinzufuegen ergaenzen anzumerken melden berichten anzugeben",
    "question": "frage fragestellung",
    "grasp": "verstehe verstanden versteh",
    "there": "dabei teilgenommen mitgemacht anwesend",
    "short": "kurz",
    "early": "frueh",
    # Words that complete "nichts" and "keine", and what only names a yes, a no or a nothing.
    "kind": """
        nennenswertes besonderes bestimmtes konkretes spezielles weiteres weiter weitere weiteren mehr bekannt
        aufgefallen dergleichen""",
    "proposal": """
        vorschlag vorschlaege verbesserungsvorschlag verbesserungsvorschlaege wunsch wuensche anregung anregungen
        ideen hinweis hinweise tipps""",
    "bare": "nein noe nee ne naa nope nada niente ja jo jep jup yes no nothing alles null",
    # Why someone cannot say: says nothing by itself, and may stand beside what says so.
    "reason": """
        ist erst seit ab kurzem einem einer zwei drei vier fuenf sechs wochen woche monaten monat monate tagen tag
        jahr jahren letzter letztem letzte letzten neu haus betrieb krank elternzeit karenz mutterschutz urlaub
        probezeit vertretungsweise nie dort nur einmal zweimal lange weile her ne eine genutzt besucht benutzt
        begonnen angefangen um am im in januar februar maerz april mai juni juli august september oktober november
        dezember und weil zwischendurch gegangen nach vor gruppe programm zustaendig ersten zweiten dritten rente
        gehe bald privat""",
    "person": "aushilfe praktikant praktikantin azubi vertretung mentor mentorin mentee neuling leiharbeiter",
    "self": "bin war habe hab hatte als moeglich",
    "light": "machen mache gemacht abgeben abzugeben treffen tun geben erlauben erlaube trauen werden koennen",
    # Words without weight beside a refusal, and the fewer ones beside a bare "nichts" ("leider nein" regrets).
    "filler": """
        ich i mir mich meinerseits da dazu hierzu hier darueber dafuer davon damit daran dabei leider grad grade
        gerade momentan aktuell derzeit zurzeit augenblicklich spontan jetzt so noch mal ehrlich ehrlicherweise
        eigentlich wirklich sorry danke hm hmm hmmm aehm aeh tja also nun doch schon bitte von seiten zu zum zur
        das dies es sie gerne gern lieber persoenlich genau recht bisher bislang heute echt auch wohl halt
        einfach sehr sonst ansonsten gar ueberhaupt absolut soweit daher deshalb deswegen der die den diesem
        dieser diese auf fuer ueber an mehr habe hab haette waere aus bei ihn""",
    "beside": """
        grad grade gerade momentan aktuell derzeit zurzeit augenblicklich spontan jetzt noch ehrlich
        ehrlicherweise eigentlich wirklich hm hmm hmmm aehm aeh tja also nun doch schon bisher bislang sonst
        ansonsten gar ueberhaupt absolut soweit das es gibt gibts ich habe hab da hier dazu von mir meinerseits
        auf ueber an zu sorry sind mehr""",
}
# A text says nothing if its words hold one of these together and no word from outside the vocabulary.
_CORES = tuple(
    _words_of(core)
    for core in (
        "no statement", "know not", "know no", "not say", "fall not in", "fall no in", "hard say", "not apply", "void",
        "not add", "question not grasp", "early statement", "early say", "no time survey",
    )
)  # fmt: skip
# These do so only without reasons: "war nicht dabei" refuses, "nach drei Wochen keine Antwort" complains.
_WEAK_CORES = tuple(
    _words_of(core) for core in ("no clue", "not there", "short there", "acquainted not", "acquainted little")
)
_NOTHING = _words_of("not no kind proposal bare")
# Only long words are forgiven a typing error, and not where it makes another word.
_MISSPELLED = ("statement", "say", "void", "apply", "add")
_OTHER_WORDS = _words_of("abgabe abgaben aufgabe aufgaben einhaltung bewerben antworte angeben einigung meidung")
_PHRASES = tuple(
    (f" {phrase} ", f" {meaning} ".replace("  ", " "))
    for phrase, meaning in {
        "zur zeit": "zurzeit", "im moment": "momentan", "im augenblick": "momentan", "auf die schnelle": "",
        "ehrlich gesagt": "", "aus dem stegreif": "", "an dieser stelle": "hier", "zu dieser frage": "dazu",
        "zu der frage": "dazu", "auf diese frage": "dazu", "zu diesem punkt": "dazu", "zu diesem thema": "dazu",
        "im team": "dort", "in der firma": "dort", "k a": "ka", "k p": "kp", "n a": "ka", "o a": "ka", "k angabe": "ka",
    }.items()
)  # fmt: skip
_WHOLE = frozenset(
    """na/nan/none/nv/undefined/hm/hmm/hmmm/tja/aeh/privat/das ist privat/noch zu frueh/ist noch zu frueh
dazu ist es noch zu frueh/dafuer ist es noch zu frueh/habe ich vergessen/hab ich vergessen/hab vergessen
habe ich leider vergessen/frag mich was leichteres/namen nenne ich keine/ich nenne keine namen/keine namen/n n
no comment/no answer/dont know/i dont know/do not know/no idea/not applicable/behalte ich fuer mich
das behalte ich fuer mich/das behalte ich lieber fuer mich/geht euch nichts an/geht sie nichts an
ohne angabe von gruenden/frage unklar/die frage ist unklar/was ist mit der frage gemeint/was ist gemeint
das war alles/das wars/das waers/das waere alles/kein eintrag""".replace("\n", "/").split("/")
)
_REFERENCE_WORDS = _words_of(
    """siehe sieh s vgl vergleiche wie o oben unten vorne vorn vorher vorhin zuvor dort dito idem ebenda weiter
    weiterhin gleiche gleiches gleich selbe dasselbe dieselbe frage fragen antwort antworten punkt nr nummer feld
    kommentar kommentare anmerkung anmerkungen seite ausfuehrung ausfuehrungen vorherige vorheriger vorherigen
    vorige voriger vorigen voriges letzte letzter letztes letzten letztem erste ersten erster zweite zweiten
    zweiter dritte dritten jahr umfrage befragung fragebogen mal meine meiner meinen die der das den dem im in zu
    zur auf unter bei und als schon bereits mehrfach ja doch alles hab habe hatte ich hier da wurde ist gesagt
    genannt erwaehnt beantwortet beschrieben geschrieben angegeben angemerkt angefuehrt aufgefuehrt geaeussert
    mitgeteilt ausgefuehrt erlaeutert dargelegt steht haben wir a b c d e u bitte beim vom"""
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
_NUMBER_QUESTION = re.compile(
    r"\bwie (?:oft|viele?n?|lange|haeufig|alt|hoch)\b|\b(?:schul)?noten?\b|\b(?:punkten?|skala|anzahl|zahl|jahr)\b"
    r"|\b1 (?:bis )?(?:[3-9]|10)\b"
)
_KEY_RUNS = _words_of("asd sdf dfg fgh ghj hjk jkl lkj kjh jhg hgf gfd fds dsa yxc zxc xcv cvb vbn bnm mnb nbv bvc vcx")
_RUBBISH = _words_of("asd qwe qwert qwertz qwerty qwertzu zuiop sdf jkl jkloe yxc fgh asf test testtest lalala blabla")


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
    if judges or len(text) > MAX_CHARACTERS:
        return None
    words = _words(text)
    if len(words) > MAX_WORDS:
        return None
    if _refers(words):
        return "verweis"
    if _says_nothing(words, question) or (_names_nothing(words) and not _asks_for_something(question, words)):
        return "keine_angabe"
    rubbish = all(map(_rubbish, words)) and not all(map(str.isdigit, words))
    return "zeichen" if rubbish else None


_KRITIK = _any_of(
    r"""nicht keine?n? nichts wenig(?:er|sten)? kaum un(?:zufrieden|angenehm|wohl|gern|klar|nuetz|sicher)* miss*
    stoer* gestoert schlecht* schlimm* negativ* schwaech* kriti* *hakt hapert *aerger* tiefpunkt* *hinder*
    *belast* problem* schwierig* schwer* erschwer* nachteil* [ck]ontra minus* flops? tadel* *ma(?:e)?ngel*
    enttaeusch* *nerv* verschlecht* schief* *scheiter* bedauer* sorgen? *bremst ueberfluess* abschaff*
    *spar(?:en|t) verzicht* runter lowlights? hass* graut demotiv* truebt? falsch* schimpf* beschwer* aufgeregt
    aufreg* gegen schuh zu_kurz strecke haengen schade zaeh* kaputt loswerden weg vermisst sechs zu_schaffen
    *kuendig* steine nutzlos* frust* stress* ablehn* drueck* kostet muehsam* verdorben abraten knabbern beanstand*"""
)
_WUNSCH = _any_of(
    r"""*wuensch* *wunsch* verbesser(?:n|ung*) *vorschl* fehl(?:t|te|en|ten) gefehlt aendern *aenderung* anders
    besser_(?:machen|laufen|werden|gestalten|tun) anreg* *ideen? tipps? rat_an gern_mehr bitte_mehr brauch*
    gebraucht sollten? soll sollen muss muessten? muessen vermissen (?:haette|haetten_sie|ich_haette)_gerne?
    optimier* weiterhelfen entwicklungsfeld* *bedarf erwarten waere_schoen erhoff* wie_koennten? koennen_wir_tun
    helfen"""
)
_LOB = _any_of(
    r"""(?:leicht)?gefallen gefaellt gefiel gut* positiv* staerken? gelungen* gelingen gelohnt geschaetzt schaetz*
    highlights? hoehepunkt* super best* schoen* toll* begeist* freuen freute? gefreut freude zufrieden vorteil*
    pro plus* tops? lob* dank* hilfreich* geholfen genuetzt nuetzlich *profit* gewinn* gebracht bringt gelernt
    lernt mit(?:genommen|nehmen) nehmen_sie_(?:*_){0,6}mit bewirkt leicht* erleichtert angenehm* stolz mag
    mochten? moegen motiv* wertvoll* genossen vorbildlich* ueberzeug* *behalten spass kompliment* spricht_fuer
    eins geschmeckt klappt geklappt funktioniert rund weitergebracht erfolg* haelt bleiben hoch_fuer verbessert
    wohl anerkannt richtig gern kraft stark gestaerkt wiederholt genauso entlastet ermutigt"""
)
_KEEP = re.compile(
    r"\bkein(?:en|em|er)? fall (?:vermissen|aendern)\b|\bnicht genug kriegen\b|\bjeden fall wiederhol|kein problem mehr"
    r"|\bsoll(?:te|en|ten)?\b.*\b(?:(?<!erspart )(?<!nicht )bleiben|beibehalten|wieder geben|genauso)\b|weitermachen"
)
# "Wie zufrieden sind Sie?" asks for a degree, and "nichts" is no degree.
_DEGREE = re.compile(
    r"\bwie (?:zufrieden|gut|hilfreich|nuetzlich|sicher|wohl|leicht|schwer|stark|schlecht|belastet|schoen)\b"
    r"|\bwie hat (?:\w+ ){1,6}gefallen\b|\bnoch (?:\w+ )?loswerden\b|\bwarum nicht\b"
)
_REMARK = _any_of(
    r"""*anmerk* *bemerk* sonstig* *ergaenz* *mitteilen noch_(?:*_)?(?:sagen|loswerden|erwaehnen) kommentar* hinweis*
    herzen *nachricht hinzufuegen hinzuzufuegen fragen"""
)
_YES_NO = _words_of(
    """wuerde wuerden fuehlten fuehlen gab gibt haben hat hatte hatten ist sind war waren koennen konnte konnten soll
    sollte sollten moechten wollen haetten reichte reichten blieb fanden finden kommen kennen mussten muessen durften
    werden wurde wurden nehmen nutzen bekommen bekamen glauben denken empfehlen stimmen sehen machen macht wird"""
)
_THING = _words_of(
    """was welche welcher welches welchen welchem wer wen wem wo wofuer womit woran worauf worueber wovon wovor wozu
    wodurch worin wobei woher"""
)


def asks(question: str | None) -> Literal["lob", "kritik", "wunsch"] | None:
    """What a question asks for: praise, criticism or wishes; None for neutral questions and where there is none.

    Decided by words, criticism before wishes before praise: "Was hat Ihnen nicht gefallen?" asks for criticism.
    """
    if not question:
        return None
    folded = _folded(question)
    if _KEEP.search(folded):
        return "lob"
    folded = _DEGREE.sub("wie", folded)
    if _KRITIK.search(folded):
        return "kritik"
    if _WUNSCH.search(folded):
        return "wunsch"
    return "lob" if _LOB.search(folded) else None


def _asks_for_something(question: str | None, words: list[str]) -> bool:
    """Whether these words, "nichts", "keine" or "nein", answer the question."""
    if not question:
        return False
    if asks(question):
        return True
    folded = _folded(question)
    if _REMARK.search(folded):
        return False
    first = folded.split(" ", 1)[0]
    # "Gar nicht" says how, "nichts" says what.
    return first in _YES_NO or first in _THING or (first == "wie" and "nicht" in words)


def _visible(characters: set[str]) -> bool:
    """Whether one of them leaves ink: letters, digits, marks of punctuation, symbols."""
    return any(unicodedata.category(character) not in _INKLESS for character in characters - _BLANKS)


def _only_signs(characters: set[str], question: str | None) -> bool:
    """Whether there are only signs, digits, or one letter ("x", "x x x")."""
    letters = {character.casefold() for character in characters if character.isalpha()}
    digits = any(map(str.isdigit, characters))
    if letters:
        return len(letters) == 1 and letters <= _LATIN and not digits
    return not (digits and question and _NUMBER_QUESTION.search(_folded(question)))


def _folded(question: str) -> str:
    return " ".join(_words(question[:MAX_CHARACTERS]))


def _words(text: str) -> list[str]:
    """Words of the text, lower-cased, with umlauts written out and ß as ss."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS))


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


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, frozenset[str]]:
    """Word → the classes it belongs to."""
    classes: dict[str, set[str]] = {}
    for name, words in _CLASSES.items():
        for word in words.split():
            classes.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in classes.items()}


@lru_cache(maxsize=1)
def _shortened() -> dict[str, str]:
    """Each longer word of the misspelled classes with one letter left out → the word.

    Two words one typing error apart share such a form (symmetric deletion, Garbe 2012).
    """
    words = [word for name in _MISSPELLED for word in _CLASSES[name].split() if len(word) >= 6]
    return {word[:place] + word[place + 1 :]: word for word in words for place in range(1, len(word))}


@lru_cache(maxsize=4096)
def _word_classes(word: str) -> frozenset[str]:
    """What a word does in a sentence that says nothing, one typing error forgiven; empty for any other word."""
    known = _vocabulary()
    if word in known:
        return known[word]
    if word.isdigit():
        return frozenset({"reason"})
    if not 5 <= len(word) <= 20 or word in _OTHER_WORDS:
        return frozenset()
    shortened = _shortened()
    candidates = {shortened.get(word)} | {shortened.get(word[:i] + word[i + 1 :]) for i in range(1, len(word))}
    candidates |= {word[:i] + word[i + 1 :] for i in range(1, len(word) - 1)} & set(shortened.values())
    for meant in sorted(candidate for candidate in candidates if candidate is not None):
        if _one_slip(word, meant):
            return known[meant]
    return frozenset()


def _one_slip(word: str, meant: str) -> bool:
    """Whether one letter too many, too few, wrong or swapped tells the words apart; endings must agree."""
    if len(word) != len(meant):
        return word[-1] == meant[-1]
    wrong = [place for place, (a, b) in enumerate(zip(word, meant, strict=True)) if a != b]
    if len(wrong) == 2:
        return word[wrong[0]] == meant[wrong[1]] and word[wrong[1]] == meant[wrong[0]]
    return len(wrong) == 1 and word[-1] == meant[-1]


def _merged(words: list[str]) -> list[str]:
    text = " " + " ".join(words) + " "
    for phrase, meaning in _PHRASES:
        text = text.replace(phrase, meaning)
    return text.split()


def _says_nothing(words: list[str], question: str | None) -> bool:
    """Whether the words refuse, or cannot say."""
    if " ".join(words) in _WHOLE:
        return True
    classes = [_word_classes(word) for word in _merged(words)]
    if not all(classes):
        return False
    found = frozenset().union(*classes)
    # "Ich weiß nicht mehr weiter" cries for help; "Der Mentor war nicht dabei" is about someone else.
    if ("weiter" in words and "know" in found) or ("person" in found and not {"ich", "bin", "als"} & set(words)):
        return False
    # "Fällt mir leider keine ein" to "Stärken?" regrets that there are none.
    if "leider" in words and {"fall", "no"} <= found and asks(question) == "lob":
        return False
    reasons = any(names <= {"reason", "person"} for names in classes)
    return any(core <= found for core in _CORES) or (not reasons and any(core <= found for core in _WEAK_CORES))


def _names_nothing(words: list[str]) -> bool:
    """Whether the words only say nothing, no, yes or all: an answer where something was asked for."""
    # No typing errors here: "nicht besonders" is one letter from "nichts Besonderes" and says something.
    classes = [
        _vocabulary().get(word, frozenset()) for word in _merged(words) if word != "danke" or "nein" not in words
    ]
    if not all(names & _NOTHING or "beside" in names for names in classes):
        return False
    return bool(frozenset().union(*classes) & (_NOTHING - {"kind", "proposal"}))
