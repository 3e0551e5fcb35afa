"""Non-answers: found whatever was asked, and no answer swallowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmtext.coding import NON_ANSWERS
from rmtext.non_answers import asks, non_answer

PRAISE = "Was hat Ihnen gefallen?"
CRITICISM = "Was hat Sie gestört?"
WISH = "Was wünschen Sie sich für die Zukunft?"
QUESTIONS = [
    None, PRAISE, CRITICISM, WISH, "Anmerkungen?", "Wie war die Zusammenarbeit?", "Würden Sie wieder teilnehmen?",
]  # fmt: skip

EMPTY = ["", "   ", "\n\t", "\u200b", "\ufeff", "\u00a0\u2060", "\u2800", "\u3164", "\x00", "\u00ad"]
SIGNS = [
    "-", "--", "–", "—", ".", "...", "…", "?", "???", "!", "/", "//", "*", "_", "x", "X", "xx", "xxx", "x x x",
    "- x -", "a", "0", "123", "4711 99", "asdf", "sdfgh", "qwertz", "jklö", "asdfasdf", "fghfgh", "hjkl hjkl", "yxcv",
    "aaaa", "test", "Test.", "dfgdfgdfg", "🚗", "🤷", "📎📎", "=", "(...)", "¿?", "8)",
]  # fmt: skip
REFERENCES = [
    "siehe oben", "Siehe oben!", "s.o.", "s. o.", "S.O.", "siehe Frage 3", "s. Frage 12", "s. oben", "wie oben",
    "Wie oben.", "siehe vorherige Antwort", "siehe Antwort 2", "siehe Antwort zu Frage 4", "dito", "Dito.",
    "schon beantwortet", "bereits genannt", "bereits oben erwähnt", "habe ich schon gesagt", "wie schon gesagt",
    "hab ich oben bereits geschrieben", "siehe letzte Umfrage", "vgl. Frage 2", "gleiche Antwort wie oben",
    "wie bei Frage 1", "siehe unten", "wurde bereits genannt", "s.u.", "siehe meinen Kommentar oben",
    "das steht schon oben", "wie vorher beschrieben",
]  # fmt: skip
REFUSALS = [
    "k.A.", "k. A.", "kA", "K.A", "k.a.!", "keine Angabe", "Keine Angaben", "keine  angabe.",
    "keine Angabe möglich", "Ohne Angabe", "keine Angbae", "keine Angaeb", "keine Anganbe", "weiß nicht",
    "weiss ich nicht", "Weiß ich leider nicht", "weis nicht", "weiß nich", "weiß ich nicht mehr so genau",
    "Ich weiß es nicht.", "weiß ich noch nicht", "keine Ahnung", "Keine Ahnung!!!", "keine anhung",
    "Hab keine Ahnung", "kein Plan", "keine Idee", "keine Meinung", "dazu habe ich keine Meinung",
    "Ich habe dazu keine Meinung.", "keine Auskunft", "keine Antwort", "kann ich nicht beurteilen",
    "Kann ich (noch) nicht sagen", "kann ich leider noch nicht beurteilen", "Das kann ich nicht einschätzen",
    "kann ich nicht beurteielen", "dazu kann ich nichts sagen", "Dazu kann ich leider nichts sagen.",
    "da kann ich nichts zu sagen", "kann dazu nix sagen", "Dazu kann ich als Mentor nichts sagen",
    "nicht beurteilbar", "schwer zu sagen", "fällt mir nichts ein", "Mir fällt nichts ein",
    "fällt mir spontan nichts ein", "faellt mir grad nix ein", "mir fällt da gerade leider nichts ein",
    "trifft nicht zu", "Trifft auf mich nicht zu", "nicht zutreffend", "entfällt", "Entfaellt", "nicht relevant",
    "für mich nicht relevant", "n/a", "N/A", "n.a.", "na", "none", "NaN", "kein Kommentar", "Kein Kommentar!",
    "ohne Kommentar", "möchte ich nicht sagen", "Das möchte ich nicht beantworten", "will ich hier nicht schreiben",
    "dazu möchte ich mich nicht äußern", "möchte dazu keine Angaben machen", "da enthalte ich mich", "Enthaltung",
    "keine weiteren Anmerkungen", "Keine Anmerkungen.", "keine Bemerkungen", "nichts hinzuzufügen",
    "Habe nichts hinzuzufügen", "nichts anzumerken", "nichts zu ergänzen", "Ich habe dazu nichts zu sagen",
    "Frage nicht verstanden", "Ich verstehe die Frage nicht", "war nicht dabei", "Ich habe nicht teilgenommen",
    "betrifft mich nicht", "noch zu kurz dabei", "zu früh für ein Urteil", "ich kann mich nicht erinnern",
    "kann mich nicht mehr erinnern", "Hier möchte ich keine Angabe machen", "an dieser Stelle keine Angabe",
    "zur Zeit keine Angabe", "kann ich ehrlich gesagt nicht beurteilen", "idk", "kp", "hm", "k.A., war krank",
    "keine Ahnung, bin erst seit Mai dabei", "Kann ich nicht sagen, bin neu hier.",
    "Ich bin erst seit drei Wochen da und kann noch nichts sagen", "woas i net", "das behalte ich für mich",
    "keine Zeit für Umfragen", "Antwort verweigert", "Dazu äußere ich mich nicht.", "ohne Begründung",
    "das darf ich nicht sagen", "muss ich mir erst noch überlegen", "Muss ich erst mal drüber nachdenken",
    "sage ich ihm lieber persönlich", "hab dazu nix beizutragen", "nicht gelesen", "nie genutzt", "gute Frage",
    "geht euch nix an", "Kein Kommentar 🙃", "Überspringe ich.", "kann man so pauschal nicht sagen",
    "bin erst seit zwei Wochen dabei", "bin noch neu hier", "war leider krank", "haben noch nicht begonnen",
    "Bin noch zu kurz dabei, um das zu beantworten", "unbekannt", "möchte anonym bleiben",
]  # fmt: skip
NOTHING = [
    "nichts", "Nichts.", "nix", "keine", "Keine!", "keines", "nein", "Nein.", "nö", "gar nichts",
    "überhaupt nichts", "nichts Nennenswertes", "nichts Besonderes", "nichts weiter", "sonst nichts", "alles",
    "zur Zeit nichts", "aktuell keine", "nichts bekannt", "eigentlich nichts", "es gibt nichts", "keine Vorschläge",
    "nein, aktuell nicht", "nein danke",
]  # fmt: skip
ANSWERS = [
    "weiß nicht, ob ich nochmal mitmache, es war zu viel Arbeit", "keine Zeit",
    "Keine Zeit neben dem Tagesgeschäft", "kein Geld", "keine Kritik", "keine Probleme", "nichts zu meckern",
    "nichts auszusetzen", "nichts gelernt", "nichts mitgenommen", "keine Ahnung, was das sollte",
    "keine Ahnung vom Fach hatte mein Mentor", "k.A., aber die Kantine ist schlecht", "nicht übel", "nicht gut",
    "nicht besonders", "nicht schlecht", "so nicht", "so lala", "keine Unterstützung", "keine Rückmeldung",
    "kein Feedback", "keine klaren Ziele", "Ich weiß nicht mehr weiter", "Wir haben nichts zu sagen",
    "Meine Meinung darf ich nicht sagen", "Man kann nichts sagen", "Da kann man nichts sagen",
    "Danke für nichts", "Nix für mich", "alles gut", "alles super", "alles, was mit Technik zu tun hat", "alle",
    "nein, alles bestens", "nichts, alles gut", "gut", "ok", "passt", "top", "na ja", "Mag ich nicht",
    "keine klare Ansage", "keine Wertschätzung", "Zeit", "mehr Zeit", "die Termine", "Einmal reicht.",
    "kenne jetzt den Vorstand", "Ich kann das nur empfehlen", "nie wieder",
    "Siehe Frage 3, und außerdem fehlt Zeit", "wie oben, nur schlimmer", "siehe Punkt Kommunikation",
    "schon gut gemacht", "bereits sehr zufrieden", "kann ich nur weitersagen", "Abgabe war zu früh",
    "keine Abgabe", "Das weiß hier niemand", "Kommunikation", "HR", "IT", "ÖPNV", "BGM", "Rewe", "Wert", "er",
    "DFG", "Chef nie dabei", "keine Lust", "Team", "Tests", "egal wem man es sagt, keiner hört zu",
    "nicht ganz klar", "Ich möchte wieder mitmachen", "will ich wieder", "unentschieden",
    "keine Ahnungslosigkeit mehr bei LinkedIn", "👍", "❤️", "😡😡", ":)", ":-(", "<3", "+", "++", "10/10", "2-",
    "100 %", "⭐⭐⭐⭐", "👍🏽", "xD", "好", "Хорошо", "5 von 5", "Der Mentor war nicht dabei",
    "Nein sagen kann ich nicht", "Weiß nicht, was das soll", "Mein Chef war nie dabei", "kein Plan im Team",
    "Habe nach drei Wochen keine Antwort", "Die Bewertung war nicht da", "gerne dabei", "bin gern dabei",
    "lieber nicht alleine", "Praktikant weiß nichts", "war nie da",
    "Ein zweites Mal melde ich mich dafür nicht.", "seit Wochen keine Zeit", "leider nein",
    "habe mich nicht getraut",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("reason", "texts"), [("leer", EMPTY), ("zeichen", SIGNS), ("verweis", REFERENCES), ("keine_angabe", REFUSALS)]
)
def test_non_answers_are_found_under_any_question(reason: str, texts: list[str], question: str | None) -> None:
    assert {text: non_answer(text, question) for text in texts} == dict.fromkeys(texts, reason)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_is_swallowed(question: str | None) -> None:
    assert {text: non_answer(text, question) for text in ANSWERS} == dict.fromkeys(ANSWERS)


@pytest.mark.parametrize("question", [PRAISE, CRITICISM, WISH, "Gab es Probleme?", "Was hat sich für Sie verändert?"])
def test_nothing_is_an_answer_where_something_was_asked_for(question: str) -> None:
    assert {text: non_answer(text, question) for text in NOTHING} == dict.fromkeys(NOTHING)


@pytest.mark.parametrize(
    "question",
    [
        None,
        "",
        "  ",
        "Anmerkungen?",
        "Haben Sie weitere Anmerkungen?",
        "Möchten Sie uns noch etwas mitteilen?",
        "Image",
    ],
)
def test_nothing_is_no_answer_where_nothing_was_asked_for(question: str | None) -> None:
    assert {text: non_answer(text, question) for text in NOTHING} == dict.fromkeys(NOTHING, "keine_angabe")


def test_how_is_answered_by_not_at_all_but_not_by_nothing() -> None:
    assert non_answer("gar nicht", "Wie hilft Ihnen die App?") is None
    assert non_answer("nichts", "Wie war die Zusammenarbeit?") == "keine_angabe"


def test_digits_answer_a_question_for_a_number() -> None:
    assert non_answer("6", "Wie oft haben Sie sich getroffen?") is None
    assert non_answer("2", "Welche Schulnote geben Sie uns?") is None
    assert non_answer("6", PRAISE) == "zeichen"


def test_regretted_lack_of_strengths_is_an_answer() -> None:
    assert non_answer("Fällt mir leider keine ein.", "Stärken") is None
    assert non_answer("Fällt mir leider nichts ein.", "Stärken") == "keine_angabe"


def test_a_state_explains_silence_but_answers_why() -> None:
    assert non_answer("war krank", "Wie war der Kickoff?") == "keine_angabe"
    assert non_answer("war krank", "Warum haben Sie gefehlt?") is None


def test_question_may_be_left_out() -> None:
    assert non_answer("nichts") == "keine_angabe"


@pytest.mark.parametrize(
    ("expected", "questions"),
    [
        ("lob", [PRAISE, "Stärken", "Pro:", "Gut am Arbeitgeber finde ich", "Was war Ihr Highlight?",
                 "Was soll so bleiben?", "Was nehmen Sie aus dem Training mit?", "Am meisten geschätzt habe ich …",
                 "Was darf sich auf keinen Fall ändern?"]),
        ("kritik", [CRITICISM, "Was hat Ihnen nicht gefallen?", "Was war weniger gut?", "Schwächen",
                    "Wo hat es gehakt?", "Womit sind Sie unzufrieden?", "Was war hinderlich?", "Tiefpunkt",
                    "Was kam zu kurz?", "Contra",
                    "Wovon hätten Sie gern weniger?", "Was war gut, was war schlecht?", "Was soll nicht bleiben?"]),
        ("wunsch", [WISH, "Verbesserungsvorschläge", "Was fehlt Ihnen?", "Was sollten wir ändern?",
                    "Was können wir besser machen?",
                    "Haben Sie Anregungen?",
                    "Was sollte anders sein?", "Was brauchen Sie, um gut zu arbeiten?"]),
        (None, [None, "", "Anmerkungen?", "Sonstiges", "Wie war die Zusammenarbeit?", "Wie zufrieden sind Sie?",
                "Würden Sie uns weiterempfehlen?", "Was hat sich verändert?", "Wie gut wurden Sie begleitet?"]),
    ],
)  # fmt: skip
def test_asks_tells_what_a_question_wants(expected: str | None, questions: list[str | None]) -> None:
    assert {question: asks(question) for question in questions} == dict.fromkeys(questions, expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" " * 1_000_000, "leer"),
        ("-" * 1_000_000, "zeichen"),
        ("x" * 1_000_000, "zeichen"),
        ("1 " * 500_000, "zeichen"),
        ("🚗" * 250_000, "zeichen"),
        ("keine Angabe " * 80_000, None),
        ("siehe oben " * 90_000, None),
        ("ab" * 500_000, None),
    ],
)
def test_a_megabyte_is_judged_like_any_text(text: str, reason: str | None) -> None:
    assert non_answer(text, PRAISE) == reason


@given(st.text(max_size=60), st.none() | st.text(max_size=60))
def test_any_text_gets_a_known_reason_or_none(text: str, question: str | None) -> None:
    assert non_answer(text, question) in (None, *NON_ANSWERS)


@given(st.sampled_from(REFUSALS + REFERENCES), st.sampled_from(["", " ", "\n", ".", "!", "\u200b"]))
def test_surroundings_and_case_do_not_matter(text: str, around: str) -> None:
    assert non_answer(around + text.upper() + around, PRAISE) is not None


@given(
    st.sampled_from(REFUSALS + NOTHING + REFERENCES),
    st.sampled_from(["Gehalt", "Kantine war gut", "aber zu wenig Personal"]),
)
def test_one_word_of_content_makes_an_answer(text: str, content: str) -> None:
    assert non_answer(f"{text} {content}", None) is None
