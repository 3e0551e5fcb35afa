"""The vocabulary of saying nothing, and what its words do together."""

from __future__ import annotations

from functools import lru_cache

from rmtext.non_answers.folding import word_set

# The vocabulary of saying nothing, by what a word does in such a sentence. Umlauts are written out, ß is ss.
_CLASSES = {
    "not": "nicht nichts nix nich net ned nit nichs nischt niks nichst niht nicths nimmer",
    "no": "kein keine keinen keiner keines keins koa koane ohne keien kiene kene",
    "statement": """
        ahnung meinung aussage einschaetzung stellungnahme kommentar kommentare anmerkung anmerkungen bemerkung
        bemerkungen ergaenzung ergaenzungen angabe angaben schimmer urteil erinnerung erinnerungen gedanken
        begruendung relevanz einblick""",
    "clue": "antwort auskunft idee plan beurteilung bewertung",
    "know": "weiss weis wes wess weisse woas wuesste",
    "acquainted": "kenne kenn",
    "little": "wenig kaum",
    "time": "zeit",
    "survey": "umfrage umfragen fragebogen fragebogens bogen befragung befragungen auszufuellen",
    "may": "kann koennte koennen moechte moecht will mag darf",
    "say": """
        sagen sage sag beurteilen beurteilbar beurteilt einschaetzen bewerten bewertbar beantworten antworten
        aeussern schreiben angeben erinnern erinnere erinnerlich kommentieren benennen nennen mitteilen aeussere
        bespreche abschaetzen beantwortbar""",
    "fall": "faellt fallt faelt",
    "in": "ein einfallen",
    "hard": "schwer schwierig schlecht",
    "apply": "trifft zutreffend zutrifft relevant anwendbar betrifft",
    "void": """
        entfaellt entfaelt unzutreffend enthaltung enthalte ka kp idk keineangabe weissnicht keineahnung
        verweigert verweigere ueberspringe uebersprungen ueberspringen nachgereicht ueberfragt egal""",
    "add": "hinzuzufuegen hinzufuegen ergaenzen anzumerken melden berichten anzugeben beizutragen beitragen",
    "question": "frage fragestellung",
    "grasp": "verstehe verstanden versteh",
    "there": "dabei teilgenommen mitgemacht anwesend",
    "short": "kurz",
    "early": "frueh",
    "new": "neu",
    # Words that complete "nichts" and "keine", and what only names a yes, a no or a nothing.
    "kind": """
        nennenswertes besonderes bestimmtes konkretes spezielles weiteres weiter weitere weiteren mehr bekannt
        aufgefallen dergleichen vorhanden""",
    "proposal": """
        vorschlag vorschlaege verbesserungsvorschlag verbesserungsvorschlaege wunsch wuensche anregung anregungen
        ideen hinweis hinweise tipps punkte""",
    "bare": "nein noe nee ne naa nope nada niente ja jo jep jup yes no nothing alles null weder",
    # Why someone cannot say: says nothing by itself, and may stand beside what says so.
    "reason": """
        ist erst seit ab kurzem einem einer zwei drei vier fuenf sechs wochen woche monaten monat monate tagen
        tag jahr jahren letzter letztem letzte letzten neu haus betrieb krank elternzeit karenz mutterschutz
        urlaub probezeit vertretungsweise dort nur einmal zweimal lange weile her ne eine begonnen angefangen um
        am im in januar februar maerz april mai juni juli august september oktober november dezember und weil
        zwischendurch gegangen nach vor gruppe programm zustaendig ersten zweiten dritten rente gehe bald privat
        kurzen montag dienstag mittwoch donnerstag freitag gestern paar anfang mitte ende heuer jaenner
        urlaubsbedingt unternehmen""",
    "person": "aushilfe praktikant praktikantin azubi vertretung mentor mentorin mentee neuling leiharbeiter",
    "self": "bin war habe haben hab hatte als moeglich",
    "light": """
        machen mache gemacht abgeben abzugeben treffen tun geben erlauben erlaube trauen werden koennen
        gewuenscht""",
    # Words without weight beside a refusal, and the fewer ones beside a bare "nichts" ("leider nein" regrets).
    "filler": """
        ich i mir mich meinerseits da dazu hierzu hier darueber dafuer davon damit daran dabei leider grad grade
        gerade momentan aktuell derzeit zurzeit augenblicklich spontan jetzt so noch mal ehrlich ehrlicherweise
        eigentlich wirklich sorry danke hm hmm hmmm aehm aeh tja also nun doch schon bitte von seiten zu zum zur
        das dies es sie gerne gern lieber genau recht bisher bislang heute echt auch wohl halt einfach sehr sonst
        ansonsten gar ueberhaupt absolut soweit daher deshalb deswegen der die den diesem dieser diese auf fuer
        ueber an mehr habe hab haette waere aus bei ihn um erst drueber pauschal ihm ihr oder ebenfalls
        darauf""",
    "beside": """
        grad grade gerade momentan aktuell derzeit zurzeit augenblicklich spontan jetzt noch ehrlich
        ehrlicherweise eigentlich wirklich hm hmm hmmm aehm aeh tja also nun doch schon bisher bislang sonst
        ansonsten gar ueberhaupt absolut soweit das es gibt gibts ich habe hab da hier dazu von mir meinerseits
        auf ueber an zu sorry sind mehr""",
    "must": "muss muesste",
    "think": "ueberlegen nachdenken",
    "personal": "persoenlich muendlich",
    "used": "gelesen besucht genutzt benutzt verwendet bestellt probiert begonnen angefangen gestartet",
    "never": "nie",
}
# States that explain silence by themselves: "bin erst seit zwei Wochen dabei", "war krank".
STATES = word_set(
    """neu kurzem wochen tagen woche montag gestern krank elternzeit karenz mutterschutz urlaub probezeit begonnen
    angefangen"""
)
# A text says nothing if its words hold one of these together and no word from outside the vocabulary.
CORES = tuple(
    word_set(core)
    for core in (
        "no statement", "know not", "know no", "not say", "fall not in", "fall no in", "hard say", "not apply", "void",
        "not add", "question not grasp", "early statement", "early say", "no time survey", "must think", "say personal",
        "new say",
    )
)  # fmt: skip
# These do so only without reasons: "war nicht dabei" refuses, "nach drei Wochen keine Antwort" complains.
WEAK_CORES = tuple(
    word_set(core)
    for core in ("no clue", "not there", "short there", "acquainted not", "acquainted little", "not used", "never used")
)
NOTHING = word_set("not no kind proposal bare")
# Only long words are forgiven a typing error, and not where it makes another word.
_MISSPELLED = ("statement", "say", "void", "apply", "add")
_OTHER_WORDS = word_set("abgabe abgaben aufgabe aufgaben einhaltung bewerben antworte angeben einigung meidung")
_PHRASES = tuple(
    (f" {phrase} ", f" {meaning} ".replace("  ", " "))
    for phrase, meaning in {
        "zur zeit": "zurzeit", "im moment": "momentan", "im augenblick": "momentan", "auf die schnelle": "",
        "auf anhieb": "", "von meiner seite": "", "bei uns": "hier", "was ich schreiben soll": "",
        "was ich sagen soll": "", "ehrlich gesagt": "", "aus dem stegreif": "", "an dieser stelle": "hier",
        "zu dieser frage": "dazu", "zu der frage": "dazu", "auf diese frage": "dazu", "zu diesem punkt": "dazu",
        "zu diesem thema": "dazu", "im team": "dort", "in der firma": "dort", "alles gesagt": "nichts",
        "das wars": "", "k a": "ka", "k p": "kp", "n a": "ka", "o a": "ka", "k angabe": "ka",
    }.items()
)  # fmt: skip
WHOLE = frozenset(
    """na/nan/none/nv/undefined/hm/hmm/hmmm/tja/aeh/das ist privat/noch zu frueh/ist noch zu frueh
dazu ist es noch zu frueh/dafuer ist es noch zu frueh/habe ich vergessen/hab ich vergessen/hab vergessen
habe ich leider vergessen/frag mich was leichteres/namen nenne ich keine/ich nenne keine namen/keine namen/n n
no comment/no answer/dont know/i dont know/do not know/no idea/not applicable/behalte ich fuer mich
das behalte ich fuer mich/das behalte ich lieber fuer mich/geht euch nichts an/geht euch nix an
geht sie nichts an/geht sie nix an/geht niemanden etwas an/geht keinen was an/ohne angabe von gruenden
frage unklar/die frage ist unklar/was ist mit der frage gemeint/was ist gemeint/das war alles/das wars/das waers
das waere alles/kein eintrag/moechte anonym bleiben/ich moechte anonym bleiben/unbekannt/nicht bekannt
mir nicht bekannt/ist mir nicht bekannt/gute frage/puh gute frage/betriebsgeheimnis/geheim/das ist geheim
mein geheimnis/bleibt mein geheimnis/kann man so pauschal nicht sagen/kann man so nicht sagen
kann man noch nicht sagen/laesst sich nicht sagen/laesst sich noch nicht sagen/laesst sich schwer sagen
lieber nichts/privat/wuesste nicht was/weiss nicht was/mir fehlt der vergleich
keine erfahrung/keine erfahrung damit/damit keine erfahrung/das muessen andere beurteilen""".replace("\n", "/").split(
        "/"
    )
)


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, frozenset[str]]:
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
def word_classes(word: str) -> frozenset[str]:
    """What a word does in a sentence that says nothing, one typing error forgiven; empty for any other word."""
    known = vocabulary()
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


def merged(words: list[str]) -> list[str]:
    """The words with set phrases ("zur Zeit", "k. A.") as one word each."""
    text = " " + " ".join(words) + " "
    for phrase, meaning in _PHRASES:
        text = text.replace(phrase, meaning)
    return text.split()
