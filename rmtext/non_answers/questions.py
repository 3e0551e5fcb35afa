"""What a question asks for, told from its words."""

from __future__ import annotations

import re
from typing import Literal

from rmtext.non_answers.folding import any_of, fold, word_set

MAX_CHARACTERS = 240  # of a question: what is asked for stands at its beginning

_KRITIK = any_of(
    r"""nicht keine?n? nichts wenig(?:er|sten)? kaum un(?:zufrieden|angenehm|wohl|gern|klar|nuetz|sicher)* miss*
    stoer* gestoert schlecht* schlimm* negativ* schwaech* kriti* *hakt hapert *aerger* tiefpunkt* *hinder*
    *belast* problem* schwierig* schwer* erschwer* nachteil* [ck]ontra minus* flops? tadel* *ma(?:e)?ngel*
    enttaeusch* *nerv* verschlecht* schief* *scheiter* bedauer* sorgen? *bremst ueberfluess* abschaff*
    *spar(?:en|t) verzicht* runter lowlights? hass* graut demotiv* truebt? falsch* schimpf* beschwer* aufgeregt
    aufreg* gegen schuh zu_kurz strecke haengen schade zaeh* kaputt loswerden weg vermisst sechs zu_schaffen
    *kuendig* steine nutzlos* frust* stress* ablehn* drueck* kostet muehsam* verdorben abraten knabbern beanstand*"""
)
_WUNSCH = any_of(
    r"""*wuensch* *wunsch* verbesser(?:n|ung*) *vorschl* fehl(?:t|te|en|ten) gefehlt aendern *aenderung* anders
    besser_(?:machen|laufen|werden|gestalten|tun) anreg* *ideen? tipps? rat_an gern_mehr bitte_mehr brauch*
    gebraucht sollten? soll sollen muss muessten? muessen vermissen (?:haette|haetten_sie|ich_haette)_gerne?
    optimier* weiterhelfen entwicklungsfeld* *bedarf erwarten waere_schoen erhoff* wie_koennten? koennen_wir_tun
    helfen"""
)
_LOB = any_of(
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
_REMARK = any_of(
    r"""*anmerk* *bemerk* sonstig* *ergaenz* *mitteilen noch_(?:*_)?(?:sagen|loswerden|erwaehnen) kommentar* hinweis*
    herzen *nachricht hinzufuegen hinzuzufuegen fragen"""
)
_YES_NO = word_set(
    """wuerde wuerden fuehlten fuehlen gab gibt haben hat hatte hatten ist sind war waren koennen konnte konnten soll
    sollte sollten moechten wollen haetten reichte reichten blieb fanden finden kommen kennen mussten muessen durften
    werden wurde wurden nehmen nutzen bekommen bekamen glauben denken empfehlen stimmen sehen machen macht wird"""
)
_THING = word_set(
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


def asks_for_something(question: str | None, words: list[str]) -> bool:
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


_NUMBER_QUESTION = re.compile(
    r"\bwie (?:oft|viele?n?|lange|haeufig|alt|hoch)\b|\b(?:schul)?noten?\b|\b(?:punkten?|skala|anzahl|zahl|jahr)\b"
    r"|\b1 (?:bis )?(?:[3-9]|10)\b"
)


_WHY = re.compile(r"\b(?:warum|weshalb|wieso|\w*grund|\w*gruende)\b")


def wants_number(question: str | None) -> bool:
    """Whether digits answer the question."""
    return question is not None and _NUMBER_QUESTION.search(_folded(question)) is not None


def _folded(question: str) -> str:
    return " ".join(fold(question[:MAX_CHARACTERS]))


def wants_reason(question: str | None) -> bool:
    """Whether the question asks why."""
    return question is not None and _WHY.search(_folded(question)) is not None
