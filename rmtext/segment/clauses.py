"""Where a sentence turns or goes on to the next thing."""

from __future__ import annotations

SCOPE = 40  # words looked at on each side of a comma: no clause that people write is longer

TURNS = word_set(
    "aber allerdings nur bloß bloss trotzdem obwohl leider jedoch dafür dagegen hingegen dennoch wobei andererseits nur"
)
# How many words must follow a turn for it to open a segment of its own.
_TURN_LENGTH = {"nur": 3, "dafür": 3, "obwohl": 4, "leider": 2}
_SUBORDINATE = word_set(
    """dass daß weil wenn ob wie was als damit bevor sobald wo warum wer wen wem wann woran worauf womit wozu wofür
    welche welcher welches nachdem seit solange bis indem falls sodass wohin woher weshalb denen dessen deren"""
)
_TIGHT = word_set("dass daß wie ob wenn damit bevor")
_INTRODUCE = word_set(
    """sondern denn nämlich um statt ohne anstatt sogar zumindest jedenfalls also sowie sprich z.b besonders
    insbesondere oder vor"""
)
_PRONOUNS = word_set("ich er sie es wir man du ihr")
_ARTICLES = word_set("der die das den dem")
_VERBS = word_set(
    """ist war sind waren hat habe hab haben hatte hatten wird wurde wurden werden kann konnte konnten können muss musste
    mussten müssen soll sollte sollten sollen will wollte wollten wollen würde würden wäre wären hätte hätten gibt gab
    gäbe gabs gibts ging geht gehen gingen läuft lief liefen laufen kam kommt kamen kommen blieb bleibt blieben bleiben
    macht machte machen machten fehlt fehlte fehlten fehlen fand finde findet fanden finden steht stand standen stehen
    weiß weiss wusste wissen sagt sagte sagen sagten ließ lässt lassen nahm nimmt nehmen bekam bekomme bekommt bekamen
    passt passte passten heißt hieß bin bist bringt brachte brachten dauert dauerte klappt klappte funktioniert
    funktionierte merkt merke merkte darf durfte dürfen durften mag mochte möchte sitzt saß sitze saßen liegt lag lagen
    hält halte hielt tut tat zeigt zeigte hört hörte hilft half lernt lernte lerne kenne kennt kannte versteht verstehe
    verstand gefiel gefällt traue traut trau hängt hing fiel fällt fielen redet redete rede spricht sprach fragt fragte
    gehört gehörte schreibt schrieb sieht sehe sah sahen braucht brauche brauchte bräuchte denkt denke dachte glaube
    würd hätt wär hats wars ists nervt nervte stört störte reicht reichte kostet kostete wünsche empfehle stimmt stimmte
    fing fühlt fühle fühlte kriegt kriege kriegte wirkt wirkte schafft schaffte klingt klang freut freue"""
)
_NO_VERBS = word_set(
    """statt meist zuletzt mindestens zeit arbeit erste zweite dritte letzte heute leute seite nette beste rechte weite
    harte mitte bitte beide minute minuten anstatt samt insgesamt direkt perfekt konkret kompetent interessant spannend
    relevant transparent bekannt unbekannt verpasst recht nicht selbst jetzt sonst fast echt"""
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
