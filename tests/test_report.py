"""The report: figures that are right, sentences that are true, a page that holds."""

import dataclasses
import datetime
import itertools
import random
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmtext.codebook import Codebook, Theme
from rmtext.coding import SENTIMENTS, Coding, Evidence, SegmentCode, ThemeCode
from rmtext.errors import RmtextError
from rmtext.quotes import Quote
from rmtext.report import build_report, check_target, german, write_html
from rmtext.report.drawing import INK, NARROW, WIDE, Canvas, text_width, wrap
from rmtext.report.findings import MIN_BASE
from rmtext.report.html import render
from rmtext.report.tally import MAX_GROUPS, MAX_QUESTIONS, Distinct, mentions
from rmtext.statistics import Share, wilson_interval

CODEBOOK = Codebook(
    "Tandem", "de", "2", (Theme("zeit", "Zeit"), Theme("lernen", "Lernen voneinander"), Theme("raum", "Räume"))
)
CARD = {"name": "probe", "scores": {"theme_micro_f1": {"value": 0.842, "low": 0.82, "high": 0.86, "n": 810}}}
TEXT = "Zeit war zu knapp. Gelernt haben wir viel."


def coding(
    number, sentiment="positiv", question="Wie war es?", groups=None, non_answer=None, suggestion=False, **themes
):
    """A coding whose themes all rest on its only segment: coding(1, zeit="negativ")."""
    segments = () if non_answer else (SegmentCode(0, len(TEXT), sentiment, 0.9, suggestion),)
    named = tuple(ThemeCode(theme, polarity, 0.9, (Evidence(0, 18, polarity),)) for theme, polarity in themes.items())
    return Coding(
        f"p{number}", "" if non_answer else TEXT, question, sentiment, 0.0, 0.9, named, suggestion, non_answer,
        segments=segments, groups=groups or {},
    )  # fmt: skip


def quote(text=TEXT, **changes):
    made = Quote(text, "p1", 0, len(text), "zeit", "negativ", 0.9, 0.8, question="Wie war es?", evidence=((0, 18),))
    return dataclasses.replace(made, **changes)


def report(codings, quotes=(), codebook=CODEBOOK, card=CARD, title="Probe", **options):
    return build_report(iter(codings), codebook, quotes, title=title, model_card=card, **options)


def only(codings, **options):
    return report(codings, **options).questions[0]


def figures(question, theme):
    return next(found for found in question.themes if found.id == theme)


class Page(HTMLParser):
    """Tags, texts, ids and links of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts, self.ids, self.links, self.headings = [], [], [], [], []
        self.attributes, self._open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.attributes.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append([tag, ""])
        if tag not in ("meta", "link", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open and self._open[-1] != "style":
            self.texts.append(data)
            if re.fullmatch(r"h[1-6]", self._open[-1]):
                self.headings[-1][1] += data

    @property
    def text(self):
        return " ".join("".join(self.texts).split())


# ---- counting


ASKED = SegmentCode(20, 42, "neutral", 0.9, True)
SAID = SegmentCode(0, 18, "negativ", 0.9, False)


@pytest.mark.parametrize(
    ("polarity", "evidence", "expected"),
    [
        ("positiv", ((0, 18, None),), (True, False, False)),
        ("negativ", ((0, 18, None),), (False, True, False)),
        ("gemischt", ((0, 18, None),), (True, True, False)),
        ("neutral", ((0, 18, None),), (False, False, False)),
        ("negativ", ((20, 42, None),), (False, False, True)),
        ("positiv", ((20, 42, "positiv"),), (True, False, True)),
        ("gemischt", ((0, 18, "negativ"), (20, 42, "negativ")), (False, True, True)),
        ("gemischt", ((0, 18, "positiv"), (20, 42, "negativ")), (True, False, True)),
        ("negativ", ((0, 42, None),), (False, True, True)),
        ("negativ", (), (False, True, False)),
    ],
)
def test_a_place_in_a_suggestion_is_a_wish_and_no_criticism(polarity, evidence, expected):
    theme = ThemeCode("zeit", polarity, 0.9, tuple(Evidence(*place) for place in evidence))
    answer = Coding("1", TEXT, None, "neutral", 0, 1, (theme,), True, segments=(SAID, ASKED))
    assert mentions(answer) == {"zeit": expected}


def test_non_answers_belong_to_no_base():
    question = only(
        [coding(1, zeit="negativ"), coding(2), coding(3, non_answer="leer"), coding(4, non_answer="verweis")]
    )
    assert (question.answers, question.base, question.silent) == (4, 2, {"leer": 1, "verweis": 1})
    assert figures(question, "zeit").named.value == 0.5
    assert question.without_theme.hits == 1


def test_questions_are_never_pooled():
    found = report([coding(1, zeit="negativ", question="A?"), coding(1, question="B?"), coding(2, question="B?")])
    assert [question.title for question in found.questions] == ["A?", "B?"]
    assert [figures(question, "zeit").named.value for question in found.questions] == [1.0, 0.0]
    assert (found.people, found.answers) == (2, 3)


def test_themes_are_sorted_by_size_and_unknown_ones_kept():
    question = only([coding(1, lernen="positiv", fremd="neutral"), coding(2, lernen="positiv")])
    assert [(found.id, found.named.hits) for found in question.themes] == [
        ("lernen", 2), ("fremd", 1), ("zeit", 0), ("raum", 0)
    ]  # fmt: skip


def test_weights_move_shares_and_leave_n():
    codings = [dataclasses.replace(coding(n, zeit="negativ"), weight=3.0) for n in range(10)]
    codings += [dataclasses.replace(coding(10 + n), weight=1.0) for n in range(10)]
    question = only(codings)
    named = figures(question, "zeit").named
    assert (named.value, named.hits, named.n) == (pytest.approx(0.75), 10, 20)
    assert question.effective_n == pytest.approx(40**2 / 100)
    assert "gewichtet" in Page(render(report(codings))).text


@pytest.mark.parametrize("weight", [None, -1.0, float("nan"), float("inf"), 1e200])
def test_an_unusable_weight_counts_as_one_and_is_said(weight):
    codings = [dataclasses.replace(coding(n), weight=2.0) for n in range(3)]
    question = only([*codings, dataclasses.replace(coding(4, zeit="negativ"), weight=weight)])
    assert question.unweighted == 1
    assert figures(question, "zeit").named.value == pytest.approx(1 / 7)


def test_distinct_counts_across_merges(monkeypatch):
    monkeypatch.setattr("rmtext.report.tally._MERGE_AT", 7)
    counted = Distinct()
    for number in range(100):
        counted.add(f"p{number % 60}")
    assert len(counted) == 60


def test_too_many_questions_and_groups_are_said_not_kept():
    codings = [coding(n, question=f"Frage {n}?", groups={"Name": f"N{n}"}) for n in range(MAX_QUESTIONS + 5)]
    found = report(codings)
    assert (len(found.questions), found.beyond) == (MAX_QUESTIONS, 5)
    crowd = report([coding(n, groups={"Name": f"N{n}"}) for n in range(MAX_GROUPS + 1)])
    assert crowd.dropped_groups == ("Name",)
    assert not crowd.questions[0].groupings
    assert not crowd.groups


# ---- groups


def crowd(**sizes):
    """Answers of groups: crowd(IT=9, Recht=2); in IT all name zeit."""
    people = [group for group, size in sizes.items() for _ in range(size)]
    return [
        coding(n, groups={"Abteilung": group}, **({"zeit": "negativ"} if group == "IT" else {}))
        for n, group in enumerate(people)
    ]


def test_small_groups_are_withheld_with_the_next_and_it_is_said():
    codings = crowd(IT=30, Vertrieb=20, Personal=8, Recht=3)
    grouping = only(codings).groupings[0]
    assert [(group.name, group.n) for group in grouping.groups] == [("IT", 30), ("Vertrieb", 20)]
    assert (grouping.withheld, grouping.withheld_n) == (("Personal", "Recht"), 11)
    page = Page(render(report(codings)))
    assert "Nicht ausgewiesen: Personal und Recht (zusammen 11 Antworten)" in page.text
    assert page.text.count("Recht") == 1


def test_answers_are_not_people():
    codings = [*crowd(IT=30, Vertrieb=20)] + [
        dataclasses.replace(coding(900, groups={"Abteilung": "Recht"}), row=n) for n in range(12)
    ]
    assert "Recht" in only(codings).groupings[0].withheld


def test_a_group_column_is_named_like_a_noun():
    codings = [coding(n, groups={"abteilung": "AB"[n % 2]}) for n in range(20)]
    assert only(codings).groupings[0].variable == "Abteilung"


def test_a_clear_difference_is_found_and_chance_is_not():
    grouping = only(crowd(IT=40, Vertrieb=40)).groupings[0]
    assert {(found.group, found.theme) for found in grouping.differences} == {("IT", "zeit"), ("Vertrieb", "zeit")}
    rng = random.Random(4)
    chance = [
        coding(n, groups={"Haus": rng.choice("ABCDEFGH")}, **({"zeit": "neutral"} if rng.random() < 0.4 else {}))
        for n in range(400)
    ]
    assert only(chance).groupings[0].differences == ()


def test_groups_below_a_quote_only_where_five_people_share_them():
    groups = {"Abteilung": "IT", "Rolle": "Mentee"}
    codings = [coding(n, groups={"Abteilung": "IT", "Rolle": "Mentor" if n else "Mentee"}) for n in range(12)]
    codings += [coding(20 + n, groups={"Abteilung": "Recht", "Rolle": "Mentee"}) for n in range(8)]
    cards = only(codings, quotes=[quote(groups=groups)]).quotes["zeit"]
    assert cards[0].groups == ("IT",)
    alone = [coding(n, groups={"Abteilung": "IT" if n < 4 else "Recht"}) for n in range(30)]
    assert only(alone, quotes=[quote(groups={"Abteilung": "IT"})]).quotes["zeit"][0].groups == ()


# ---- quotes


def test_quotes_are_masked_and_their_evidence_marked():
    text = "Frau Kern (kern@firma.de) hatte nie Zeit. Schade."
    card = only([coding(1, zeit="negativ")], quotes=[quote(text, evidence=((5, 41),), cut_before=True)]).quotes["zeit"][
        0
    ]
    assert card.pieces == (("… Frau ", False), ("[Name] ([E-Mail]) hatte nie Zeit.", True), (" Schade.", False))


def test_evidence_that_ends_inside_a_name_takes_the_mask_whole():
    card = only([coding(1)], quotes=[quote("Frau Kerner fehlt", evidence=((0, 8),))]).quotes["zeit"][0]
    assert card.pieces == (("Frau [Name]", True), (" fehlt", False))


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60), st.data())
def test_a_quote_loses_nothing_but_what_is_masked(text, data):
    edges = data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6).map(sorted))
    spans = tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < b)
    card = only([coding(1)], quotes=[quote(text, evidence=spans)]).quotes["zeit"][0]
    from rmtext.privacy import mask

    assert card.text == german.clean(mask(text))


def test_quotes_stay_with_their_question_praise_first():
    quotes = [quote(), quote(polarity="positiv"), quote(suggestion=True), quote(question="Anders?")]
    cards = only([coding(1)], quotes=quotes).quotes["zeit"]
    assert [card.kind for card in cards] == ["Lob", "Kritik", "Wunsch"]


# ---- findings


def naive(codings, finding):
    """The counts behind a finding, counted again from the codings: theme → how many of them do what it says."""
    counted = Counter()
    for answer in codings:
        for theme, (praise, criticism, wish) in mentions(answer).items():
            said = {"lob": praise, "kritik": criticism, "wunsch": wish}
            counted[theme] += said.get(finding.kind, True)
    return counted


def check(finding, codings, question):
    base = [answer for answer in codings if answer.counts]
    n = len(base)
    if finding.kind in ("lob", "kritik", "wunsch", "themen") or (finding.kind.startswith("thema") and finding.themes):
        counted = naive(base, finding)
        assert tuple(share.hits for share in finding.shares) == tuple(counted[theme] for theme in finding.themes)
        lowest = min(wilson_interval(counted[theme], n)[0] for theme in finding.themes)
        others = {theme.id for theme in CODEBOOK.themes} - set(finding.themes)
        assert all(wilson_interval(counted[theme], n)[1] < lowest for theme in others)
    elif finding.kind == "stimmung":
        counted = Counter(answer.sentiment for answer in base)
        more, less = ("positiv", "negativ") if "positiv" in finding.lead.split(" als ")[0] else ("negativ", "positiv")
        assert wilson_interval(counted[more], n)[0] > wilson_interval(counted[less], n)[1]
        assert ("Die meisten" in finding.lead) == (wilson_interval(counted[more], n)[0] > 0.5)
    elif finding.kind.startswith("meist_"):
        which = 1 if finding.kind == "meist_kritik" else 0
        said = [mentions(answer)[finding.themes[0]][which] for answer in base if finding.themes[0] in mentions(answer)]
        assert (sum(said), len(said)) == (finding.shares[0].hits, finding.shares[0].n)
        assert wilson_interval(sum(said), len(said))[0] > 0.5
    elif finding.kind == "gruppe":
        here, elsewhere = finding.shares
        assert here.low > elsewhere.high or elsewhere.low > here.high
        assert here.n + elsewhere.n == n
    elif finding.kind == "offen":
        good, bad = question.sentiments["positiv"], question.sentiments["negativ"]
        assert good.low <= bad.high
        assert bad.low <= good.high
    elif finding.kind == "vorschlag":
        assert finding.shares[0].hits == sum(answer.suggestion for answer in base)
    else:
        assert finding.kind == "thema_genannt"
        assert finding.shares[0].hits == sum(bool(answer.themes) for answer in base)


POLARITY = st.sampled_from(["positiv", "negativ", "neutral", "gemischt"])


@st.composite
def surveys(draw):
    rng = random.Random(draw(st.integers(0, 10**6)))
    chances = {theme: draw(st.sampled_from([0.0, 0.05, 0.3, 0.9])) for theme in CODEBOOK.ids}
    lean = draw(st.sampled_from(["positiv", "negativ"]))
    moods = [*SENTIMENTS, *([lean] * draw(st.sampled_from([0, 3, 12])))]
    made = []
    for number in range(draw(st.sampled_from([MIN_BASE - 1, MIN_BASE, 60, 150]))):
        named = {theme: rng.choice([*SENTIMENTS, lean, lean]) for theme, p in chances.items() if rng.random() < p}
        group = "A" if "zeit" in named and rng.random() < 0.7 else rng.choice("AB")
        made.append(coding(number, rng.choice(moods), groups={"Haus": group}, suggestion=rng.random() < 0.2, **named))
    return made


@settings(max_examples=60, deadline=None)
@given(surveys())
def test_findings_are_true_of_the_codings(codings):
    question = only(codings)
    assert len(question.findings) <= 5
    if len(codings) < MIN_BASE:
        assert question.findings == ()
    for finding in question.findings:
        check(finding, codings, question)
        for share in finding.shares:
            assert german.percent(share.value) in f"{finding.lead} {finding.rest}" or finding.kind.startswith("thema_")
            assert f"{german.count(share.hits)} von {german.number(share.n)}" in finding.basis


def test_the_commonest_theme_is_named_with_how_it_is_meant():
    codings = [coding(n, "negativ", zeit="negativ" if n % 10 else "positiv") for n in range(40)]
    first = only(codings + [coding(50 + n) for n in range(60)]).findings[0]
    assert first.lead == "„Zeit“ ist das häufigste Thema."
    assert first.rest == "40\u202f% der Antworten nennen es, rund neun von zehn davon kritisch."
    assert first.basis == "n\u202f=\u202f40 von 100, 95-%-Vertrauensbereich 31\u2060–\u206050\u202f%"


def test_no_theme_is_called_commonest_where_chance_could_have_it_so():
    codings = [coding(n, **({"zeit": "negativ"} if n % 2 else {"lernen": "negativ"})) for n in range(41)]
    assert not [f for f in only(codings).findings if f.kind.startswith("thema") and "häufigste Thema." in f.lead]


# ---- words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0\u202f%"),
        (1, "100\u202f%"),
        (0.41, "41\u202f%"),
        (0.004, "unter 1\u202f%"),
        (0.999, "über 99\u202f%"),
        (0.005, "1\u202f%"),
    ],
)
def test_per_cent_never_calls_some_none(value, words):
    assert german.percent(value) == words


@pytest.mark.parametrize(
    ("hits", "n", "words"),
    [(7, 9, "7 von 9"), (9, 9, "alle"), (1, 1, "die eine"), (90, 100, "rund neun von zehn"), (63, 100, "63\u202f%"),
     (34, 100, "rund ein Drittel"), (49, 100, "rund die Hälfte")],
)  # fmt: skip
def test_shares_of_shares_in_words(hits, n, words):
    low, high = wilson_interval(hits, n)
    assert german.proportion(Share(hits / n, low, high, hits, n, n)) == words


def test_other_words():
    assert german.number(1432) == "1.432"
    assert german.decimal(0.842) == "0,84"
    assert german.listed(["A"]) == "A"
    assert german.listed(["A", "B", "C"]) == "A, B und C"
    assert german.quoted("Das „Eine“") == "„Das ‚Eine‘“"
    assert german.plain("\u202everkehrt\u202c\n " + "x" * 999, 20) == "verkehrt…"
    assert german.clean("gut\x00\ud800") == "gut\ufffd\ufffd"


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from([60, 200, 340]), st.integers(1, 3))
def test_labels_keep_to_their_lines(text, width, lines):
    label = german.plain(text, 80)
    found = wrap(label, width, lines)
    assert len(found) <= lines
    assert all(text_width(line) <= width or len(line) <= 2 for line in found)
    if not found[-1].endswith("…"):
        assert "".join(found).replace(" ", "") == label.replace(" ", "")


# ---- the page


@pytest.fixture(scope="module")
def mixed():
    rng = random.Random(1)
    made = []
    for n in range(160):
        named = {"zeit": rng.choice(["negativ", "negativ", "neutral"])} if n % 3 else {"lernen": "positiv"}
        group = {"Abteilung": "IT" if n % 3 and n % 2 else rng.choice(["Vertrieb", "Personal & <b>Recht</b>"])}
        made.append(coding(n, rng.choice(SENTIMENTS), groups=group, suggestion=n % 7 == 0, **named))
    made[5] = dataclasses.replace(made[5], needs_review=True, review_reason="sprache")
    made += [coding(200 + n, non_answer="keine_angabe", groups={"Abteilung": "IT"}) for n in range(4)]
    return made


@pytest.fixture(scope="module")
def mixed_report(mixed):
    quotes = [quote("<script>alert(1)</script> & \u202eZeit\ud800", groups={"Abteilung": "IT"})]
    return report(mixed, quotes, title="Was <b>alle</b> sagen", date=datetime.date(2026, 11, 24))


@pytest.fixture(scope="module")
def html(mixed_report):
    return render(mixed_report)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_structure_of_the_page(page):
    assert [(level, " ".join(words.split())) for level, words in page.headings] == [
        ("h2", "Inhalt"),
        ("h1", "Was <b>alle</b> sagen"),
        ("h2", "Das Wichtigste"),
        ("h2", "Stimmung"),
        ("h2", "Themen"),
        ("h2", "Lob und Kritik"),
        ("h2", "Wünsche"),
        ("h2", "Nach Abteilung"),
        ("h2", "Zitate"),
        ("h3", "Zeit"),
        ("h2", "Grundlage"),
        ("h2", "Verfahren und Grenzen"),
    ]


def test_sections_of_several_questions_hang_below_their_question(mixed):
    more = [dataclasses.replace(answer, question="Und sonst?") for answer in mixed[:40]]
    headings = Page(render(report([*mixed, *more]))).headings
    levels = [int(level[1]) for level, _ in headings[1:]]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert [words for level, words in headings if level == "h2"] == [
        "Inhalt", "Auf einen Blick", "Wie war es?", "Und sonst?", "Grundlage", "Verfahren und Grenzen"
    ]  # fmt: skip


def test_what_people_wrote_never_becomes_markup(html, page):
    assert "script" not in page.tags
    assert "b" not in [tag for tag in page.tags if tag == "b" and "<b>alle</b>" in html]
    assert "„<script>alert(1)</script> & \u202eZeit\ufffd“" in "".join(page.texts)
    assert "Personal & <b>Recht</b>" in page.text
    assert "<b>alle" not in html
    assert "<b>Recht" not in html


def test_the_page_loads_nothing(html, page):
    policy = next(found["content"] for tag, found in page.attributes if found.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    addresses = set(re.findall(r"(?:https?:)?//[^\s\"'<)]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert not {"script", "img", "iframe", "object", "image", "use"} & set(page.tags)
    assert not any(name.startswith("on") or name == "src" for _, found in page.attributes for name in found)
    assert "@import" not in html
    assert "url(" not in html
    assert "@font-face" not in html


def test_basics_of_accessibility(page):
    assert ("html", {"lang": "de"}) in page.attributes
    assert page.tags.count("main") == page.tags.count("h1") == page.tags.count("header") == 1
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    drawings = [found for tag, found in page.attributes if tag == "svg"]
    assert len(drawings) >= 10
    for found in drawings:
        assert found["role"] == "img"
        assert set(found["aria-labelledby"].split()) <= set(page.ids)
    labelled = [
        found["aria-labelledby"]
        for tag, found in page.attributes
        if tag in ("section", "nav") and "aria-labelledby" in found
    ]
    assert labelled
    assert set(labelled) <= set(page.ids)
    assert page.tags.count("details") >= page.tags.count("table") - 1
    assert all("scope" in found for tag, found in page.attributes if tag == "th")


def shares_in(value):
    """All shares in report data, however deep."""
    if isinstance(value, Share):
        yield value
    elif dataclasses.is_dataclass(value):
        for entry in dataclasses.fields(value):
            yield from shares_in(getattr(value, entry.name))
    elif isinstance(value, dict):
        yield from shares_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from shares_in(entry)


def test_every_figure_shown_can_be_derived(mixed_report, page):
    shares = list(shares_in(mixed_report))
    question = mixed_report.questions[0]
    counts = {share.hits for share in shares} | {share.n for share in shares} | {810}
    for figure in re.findall(r"n\u202f=\u202f([\d.]+)", page.text):
        assert int(figure.replace(".", "")) in counts
    whole = {german.percent(share.value).split("\u202f")[0] for share in shares}
    whole |= {german.percent(share.value, short=True).split("\u202f")[0] for share in shares}
    whole |= {edge for share in shares for edge in german.interval(share).split("\u202f")[0].split("\u2060–\u2060")}
    for found in question.themes:
        whole |= {german.percent(part.hits / found.named.hits).split("\u202f")[0]
                  for part in (found.praise, found.criticism, found.wish) if found.named.hits}  # fmt: skip
    for figure in re.findall(r"([<>]?\d+)\u202f%", page.text):
        assert figure in whole | {"95", "100"}
    assert "160 Antworten von 164" in page.text
    assert "4 keine Angabe" in page.text
    assert "eine Antwort (nicht auf Deutsch)" in page.text
    assert "Gemessen an konstruierten Antworten, nicht an Ihren" in page.text
    assert "0,84" in page.text
    assert "24. November 2026" in page.text


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_in_light_and_dark(html):
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", html, re.S)[:2]
    )
    for palette in (light, {**light, **dark}):
        for letters in ("text", "muted", "accent", "warn", "praise_text", "criticism_text"):
            assert contrast(palette[letters], palette["paper"]) >= 4.5, letters
            assert contrast(palette[letters], palette["card"]) >= 4.5, letters
        assert contrast(palette["text"], palette["warn-paper"]) >= 4.5
        assert contrast(palette["warn"], palette["warn-paper"]) >= 4.5
        assert set(INK) <= set(palette) | {"text"}
    # In grey, praise and criticism still differ, and both from neutral.
    grey = [luminance(INK[name]) ** (1 / 3) for name in ("praise", "criticism", "neutral")]
    assert min(abs(a - b) for a, b in [(grey[0], grey[1]), (grey[1], grey[2])]) > 0.08


def test_every_colour_of_a_drawing_can_be_restyled(html):
    drawn = set(re.findall(r"(?:fill|stroke)=\"(#[0-9a-f]+)\"", html))
    assert drawn <= set(INK.values())
    assert len(set(INK.values())) == len(INK)


EDGES = {
    "nobody": [],
    "silent": [coding(n, non_answer="leer") for n in range(3)],
    "one": [coding(1, "neutral")],
    "three": [coding(n, zeit="negativ") for n in range(3)],
    "equal": [coding(n, lernen="positiv") for n in range(30)],
    "weightless": [dataclasses.replace(coding(n, zeit="negativ"), weight=0.0) for n in range(30)],
    "forty groups": [coding(n, zeit="negativ", groups={"Ort": f"Ort {n % 40}"}) for n in range(400)],
    "no value": [coding(n, zeit="neutral", groups={"Ort": "" if n % 2 else "Ulm"}) for n in range(30)],
    "long words": [dataclasses.replace(coding(1), question="W" * 100_000, groups={"G" * 9000: "V" * 9000})] * 9,
}


@pytest.mark.parametrize("codings", EDGES.values(), ids=EDGES)
def test_odd_surveys_make_a_whole_page(codings):
    found = report(codings, card={})
    page = Page(render(found))
    assert "Verfahren und Grenzen" in page.text
    assert f"{found.answers} Antworten" in page.text or found.answers < 2
    assert "None" not in page.text
    assert "nan" not in page.text.lower().split()


@pytest.mark.parametrize("size", [1, 30])
def test_codebooks_of_any_size(size):
    codebook = Codebook("Viele", "de", "1", tuple(Theme(f"t{n}", f"Thema {n} " * 9) for n in range(size)))
    codings = [coding(n, **dict.fromkeys(codebook.ids, "negativ")) for n in range(30)]
    page = Page(render(report(codings, codebook=codebook)))
    assert page.text.count("Teil 2 von 2") == (4 if size > 24 else 0)


def test_a_codebook_that_does_not_fit_is_warned_of():
    fits = [coding(n, **({"zeit": "negativ"} if n % 10 < 6 else {})) for n in range(30)]
    assert not only(fits).misfit
    page = Page(render(report([*fits, coding(31)])))
    assert "der Antworten tragen kein Thema" in page.text


def test_few_people_are_warned_of():
    assert "Weniger als fünf Personen" in Page(render(report([coding(n % 4) for n in range(30)]))).text


def test_what_people_coded_is_not_called_the_models():
    codings = [dataclasses.replace(coding(n), coder="Ada") for n in range(3)]
    page = Page(render(report(codings)))
    assert "Menschen haben die Antworten" in page.text
    assert "3 Antworten haben Menschen kodiert" in page.text


@pytest.mark.parametrize("scores", [None, [], {"theme_micro_f1": None}, {"theme_micro_f1": {"value": "gut"}}])
def test_a_card_without_figures_claims_none(scores):
    assert report([coding(1)], card={"scores": scores}).quality == ()


def test_drawings_name_system_fonts_only():
    canvas = Canvas(WIDE, 40)
    canvas.text("a<b", 0, 10)
    drawn = canvas.svg("T<", "D&", "x")
    assert "system-ui" in drawn
    assert "a&lt;b" in drawn
    assert '<title id="x-t">T&lt;</title><desc id="x-d">D&amp;</desc>' in drawn
    assert f'viewBox="0 0 {WIDE} 40"' in drawn
    assert NARROW < 400


# ---- writing


def test_write_html_makes_one_whole_file(tmp_path, mixed_report):
    target = tmp_path / "bericht.html"
    write_html(mixed_report, target)
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["bericht.html"]


@pytest.mark.parametrize("name", ["bericht.docx", "bericht", "fehlt/bericht.html"])
def test_targets_that_cannot_be(tmp_path, name):
    with pytest.raises(RmtextError, match="bericht"):
        check_target(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
