"""Evaluation and agreement as a whole: figures counted by hand and beside scikit-learn's, intervals, JSON."""

import json
import random
from dataclasses import replace

import pytest
from evaluation_codings import coder, coding, theme
from sklearn.metrics import cohen_kappa_score, f1_score, precision_recall_fscore_support

from rmtext.codebook import Codebook, Theme
from rmtext.coding import SENTIMENTS
from rmtext.errors import RmtextError
from rmtext.evaluation import agree, evaluate
from rmtext.evaluation.writing import rendered

IDS = ("zeit", "team", "geld", "ort")
BOOK = Codebook("Probe", "de", "1", tuple(Theme(id, id.title()) for id in IDS))


def gold_and_coded(n=60, seed=1):
    """Two coders who often agree; nobody ever names "ort"."""
    rng = random.Random(seed)
    gold, coded = [], []
    for i in range(n):
        true = {id for id in IDS[:3] if rng.random() < 0.3}
        found = {id for id in IDS[:3] if (id in true) != (rng.random() < 0.2)}
        mood = rng.choice(SENTIMENTS)
        guess = mood if rng.random() < 0.7 else rng.choice(SENTIMENTS)
        person = {"person": f"p{i // 3}"}
        gold.append(coding(str(i), *sorted(true), sentiment=mood, suggestion=i % 4 == 0, columns=person, checked=True))
        coded.append(coding(str(i), *sorted(found), sentiment=guess, suggestion=i % 5 == 0, columns=person))
    return coder("gold", *gold, kind="people", codebook=BOOK), coder("kodiert", *coded)


def has(side, id):
    return [id in {t.theme for t in c.themes} for c in side.codings]


def test_the_figures_are_those_of_scikit_learn():
    gold, coded = gold_and_coded()
    found = evaluate(coded, gold)
    assert [(f.id, f.label) for f in found.themes] == [(id, id.title()) for id in IDS]
    for figures in found.themes[:3]:
        true, guess = has(gold, figures.id), has(coded, figures.id)
        precision, recall, f1, _ = precision_recall_fscore_support(true, guess, average="binary")
        values = [getattr(figures, name).value for name in ("precision", "recall", "f1", "kappa")]
        assert values == pytest.approx([precision, recall, f1, cohen_kappa_score(true, guess)])
        assert (figures.gold, figures.predicted) == (sum(true), sum(guess))
        assert figures.f1.low < figures.f1.value < figures.f1.high
    true, guess = (
        [list(row) for row in zip(*(has(side, id) for id in IDS[:3]), strict=True)] for side in (gold, coded)
    )
    assert found.micro.f1.value == pytest.approx(f1_score(true, guess, average="micro"))
    assert found.macro.f1.value == pytest.approx(f1_score(true, guess, average="macro"))
    flat = [[cell for id in IDS for cell in has(side, id)] for side in (gold, coded)]
    assert found.micro.kappa.value == pytest.approx(cohen_kappa_score(*flat))
    moods = [[c.sentiment for c in side.codings] for side in (gold, coded)]
    assert found.sentiment_kappa.value == pytest.approx(cohen_kappa_score(*moods))
    assert found.sentiment_macro_f1.value == pytest.approx(f1_score(*moods, average="macro"))
    assert found.accuracy.value == pytest.approx(sum(a == b for a, b in zip(*moods, strict=True)) / 60)
    asks = [[c.suggestion for c in side.codings] for side in (gold, coded)]
    assert found.suggestion.f1.value == pytest.approx(f1_score(*asks))


def test_a_theme_that_nobody_names_has_no_figures():
    gold, coded = gold_and_coded()
    empty = evaluate(coded, gold).themes[3]
    assert (empty.gold, empty.predicted) == (0, 0)
    for name in ("precision", "recall", "f1", "kappa"):
        assert getattr(empty, name).to_json() == {"value": None, "low": None, "high": None, "n": 60}


def test_no_themes_at_all():
    sides = [coder(name, *(coding(str(i)) for i in range(4))) for name in "ab"]
    found = evaluate(*sides)
    assert not found.micro.f1.defined
    assert not found.polarity.defined
    assert found.accuracy.value == 1
    for suffix in (".html", ".md", ".json"):
        assert rendered(found, suffix)
        assert rendered(agree(sides), suffix)


def test_polarity_and_evidence_of_found_themes():
    gold = coder(
        "g",
        coding("1", theme("zeit", "negativ", 1.0, (0, 4)), theme("team", "positiv"), text="Zeit fehlt dem Team."),
        coding("2", theme("zeit", "positiv", 1.0, (0, 4)), text="Zeit  war da."),
    )
    themes = theme("zeit", "negativ", 0.9, (0, 10)), theme("team", "neutral", 0.9, (15, 19))
    coded = coder(
        "c",
        coding("1", *themes, text="Zeit fehlt dem Team."),
        coding("2", theme("zeit", "positiv", 0.9, (5, 8)), text="Zeit war da."),  # other places: another text
    )
    found = evaluate(coded, gold)
    assert (found.polarity.value, found.found) == (pytest.approx(2 / 3), 3)
    # Gold names no words for the team, which says nothing about the words that were found.
    assert found.evidence.value == pytest.approx(2 * 4 / (10 + 4))


def test_persons_widen_the_intervals():
    """Each person answers three times alike: the naive interval is too narrow."""
    gold = [coding(str(i), sentiment="positiv", columns={"person": i // 3}) for i in range(90)]
    coded = [coding(str(i), sentiment=("positiv", "negativ")[i // 3 % 2]) for i in range(90)]
    sides = coder("kodiert", *coded), coder("gold", *gold)
    naive, clustered = evaluate(*sides).accuracy, evaluate(*sides, person="person").accuracy
    assert naive.value == clustered.value == 0.5
    assert clustered.high - clustered.low > 1.4 * (naive.high - naive.low)
    both = [agree(sides, person=person).sentiment.percent for person in (None, "person")]
    assert both[1].high - both[1].low > 1.4 * (both[0].high - both[0].low)
    alone = agree(sides, person=None).same_themes
    assert (alone.value, alone.low, alone.high) == (1, 1, 1)


def test_what_was_measured_is_said():
    gold, coded = gold_and_coded()
    gold = replace(gold, codings=(*gold.codings, coding("x")), rows=200)
    coded = replace(coded, codings=(*coded.codings[1:], coding("y"), coding("z")))
    measured = evaluate(coded, gold, person="person").measured
    assert (measured.answers, measured.persons, measured.rows, measured.gold_rows) == (59, 20, 200, 61)
    assert measured.without_gold == ("y", "z")
    assert measured.without_codes == ("0", "x")
    assert measured.checked == 0
    assert measured.tuned == "unknown"


def test_the_gold_itself_is_no_prediction(tmp_path):
    gold, coded = (replace(side, path=tmp_path / "a.csv") for side in gold_and_coded())
    with pytest.raises(RmtextError, match="the gold itself"):
        evaluate(coded, gold)


def test_json_holds_all_and_no_nan():
    gold, coded = gold_and_coded()
    found = json.loads(rendered(evaluate(coded, gold, mistakes=2), ".json"))
    assert found["measured_on"]["answers"] == 60
    assert found["themes"]["each"][3]["f1"]["value"] is None
    assert sum(sum(row.values()) for row in found["sentiment"]["confusion"].values()) == 60
    assert found["calibration"]["sentiment"]["bins"][0]["n"] == 60  # all of the same confidence
    assert {m["kind"] for m in found["worst"]} == {"extra", "missed", "sentiment"}
    assert len(found["worst"]) == 6


# Agreement


def test_agreement_by_hand():
    a = coder(
        "a", coding("1", "zeit"), coding("2", "zeit", sentiment="negativ"), coding("3"), coding("4"), codebook=BOOK
    )
    b = coder(
        "b",
        coding("1", "zeit"),
        coding("2", "team", sentiment="negativ"),
        coding("3"),
        coding("4", sentiment="neutral"),
    )
    found = agree([a, b])
    zeit = found.themes[0]
    assert (zeit.id, zeit.label, zeit.given, zeit.n) == ("zeit", "Zeit", (2, 1), 4)
    assert zeit.percent.value == 0.75
    assert zeit.kappa.value == pytest.approx((0.75 - 0.5) / 0.5)
    # α: of 8 codes 3 are 1; one pair differs: 1 - 7 · 2 / (2 · 3 · 5).
    assert zeit.alpha.value == pytest.approx(1 - 7 * 2 / (2 * 3 * 5))
    # AC1: π = 3/8, by chance 2 · 3/8 · 5/8.
    chance = 2 * 3 / 8 * 5 / 8
    assert zeit.ac1.value == pytest.approx((0.75 - chance) / (1 - chance))
    team, geld = found.themes[1:3]
    assert team.kappa.value == 0
    assert not geld.alpha.defined
    assert geld.ac1.value == geld.percent.value == 1
    assert found.mean.kappa.value == pytest.approx((zeit.kappa.value + team.kappa.value) / 2)
    assert found.mean.percent.value == pytest.approx((0.75 + 0.75 + 1 + 1) / 4)
    assert found.same_themes.value == 0.75
    assert found.sentiment.percent.value == 0.75
    assert found.sentiment.given is None
    assert [(d.id, [c.sentiment for c in d.codings]) for d in found.disagreements] == [
        ("2", ["negativ", "negativ"]),
        ("4", ["positiv", "neutral"]),
    ]


def test_more_coders_and_missing_codes():
    everyone = [coding(str(i), *(["zeit"] if i % 2 else [])) for i in range(6)]
    sides = [coder("a", *everyone), coder("b", *everyone[:4]), coder("c", *everyone[2:], coding("9"))]
    found = agree(sides)
    assert found.answers == 6
    assert found.themes[0].kappa.value == found.themes[0].alpha.value == found.themes_alpha.value == 1
    assert [side.compared for side in found.coders] == [6, 4, 4]
    assert found.coders[2].alone == ("9",)
    assert found.disagreements == ()


def test_the_widest_disagreement_comes_first():
    a = coder("a", coding("1", "zeit", "team"), coding("2", "zeit"), coding("3", "geld"))
    b = coder("b", coding("1", "zeit"), coding("2", "team", sentiment="negativ"), coding("3", "geld"))
    assert [d.id for d in agree([a, b]).disagreements] == ["2", "1"]


def test_one_file_is_no_two_coders(tmp_path):
    side = coder("a.csv", coding("1"), path=tmp_path / "a.csv")
    with pytest.raises(RmtextError, match=r"a\.csv is named 2 times"):
        agree([side, side])
    with pytest.raises(RmtextError, match="at least two"):
        agree([side])


def test_coders_of_the_same_name_are_told_apart(tmp_path):
    sides = [coder("a.csv", coding("1"), path=tmp_path / folder / "a.csv") for folder in ("x", "y")]
    assert agree(sides).names == (str(tmp_path / "x" / "a.csv"), str(tmp_path / "y" / "a.csv"))


def test_agreement_and_evaluation_give_the_same_kappa():
    gold, coded = gold_and_coded()
    one, other = evaluate(coded, gold), agree([coded, gold])
    assert [t.kappa.to_json() for t in one.themes] == [t.kappa.to_json() for t in other.themes]
    assert one.sentiment_kappa == other.sentiment.kappa
    assert json.loads(rendered(other, ".json"))["themes"]["masi_alpha"]["value"] is not None
