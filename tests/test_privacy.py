"""What is masked, what is not, and which groups are withheld."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmtext.privacy import EMAIL, MIN_GROUP, NAME, PHONE, mask, mask_spans, withheld_groups

NAMES = [
    ("Frau Müller hat super erklärt.", "Frau [Name] hat super erklärt."),
    ("Mit Herrn Kowalzik lief es gut", "Mit Herrn [Name] lief es gut"),
    ("Hr. Thamm war oft krank", "Hr. [Name] war oft krank"),
    ("Hr.Thamm war oft krank", "Hr.[Name] war oft krank"),
    ("Fr. Özdemir vom Empfang", "Fr. [Name] vom Empfang"),
    ("Dr. Kern hält Vorträge", "Dr. [Name] hält Vorträge"),
    ("Dr.Kern hält Vorträge", "Dr.[Name] hält Vorträge"),
    ("Frau Prof. Dr. Adeyemi war da", "Frau Prof. Dr. [Name] war da"),
    ("Herr Dr. med. Sauer", "Herr Dr. med. [Name]"),
    ("Herr Direktor Wallnöfer sagte ja", "Herr Direktor [Name] sagte ja"),
    ("Frau Kollegin Brandt", "Frau Kollegin [Name]"),
    ("Chef Schmidt und Chefin Yilmaz", "Chef [Name] und Chefin [Name]"),
    ("Kollege Grabowski hilft immer", "Kollege [Name] hilft immer"),
    ("unser Kollege Weber", "unser Kollege [Name]"),
    ("Kollege Wiesenthal hilft immer", "Kollege [Name] hilft immer"),
    ("Kollegin Anna springt ein", "Kollegin [Name] springt ein"),
    ("Mein Mentor Ali war klasse", "Mein Mentor [Name] war klasse"),
    ("Teamleiterin Hoffmann plant gut", "Teamleiterin [Name] plant gut"),
    ("Herr Max Mustermeier", "Herr [Name]"),
    ("Frau Anna-Lena Schmidt-Weber rief an", "Frau [Name] rief an"),
    ("Frau Müller-Lüdenscheidt lachte", "Frau [Name] lachte"),
    ("Frau van den Berg erklärt ruhig", "Frau [Name] erklärt ruhig"),
    ("Herr von Bülow kam nie", "Herr [Name] kam nie"),
    ("Herr O'Neill war nett", "Herr [Name] war nett"),
    ("Alles gut.Herr Kern half", "Alles gut.Herr [Name] half"),
    ("-Frau Kern, -Herr v. Bülow", "-Frau [Name], -Herr [Name]"),
    ("Frau M. ist streng", "Frau [Name] ist streng"),
    ("Herr und Frau Nowak", "Herr und Frau [Name]"),
    ("Herr Müller und Frau Schulz", "Herr [Name] und Frau [Name]"),
    ("Herr/Frau Petersen", "Herr/Frau [Name]"),
    ("herr müller war toll", "herr [Name] war toll"),
    ("frau dr. yilmaz auch", "frau dr. [Name] auch"),
    ("HERR MÜLLER WAR TOLL", "HERR [Name] WAR TOLL"),
    ("Frau Müllers Ideen", "Frau [Name] Ideen"),
    ("als Frau Müller krank war", "als Frau [Name] krank war"),
    ("die Frau Okafor vom Empfang", "die Frau [Name] vom Empfang"),
    ("Dank an Frau Dragić!", "Dank an Frau [Name]!"),
    ("Frau Mu\u0308ller (zerlegte Punkte)", "Frau [Name] (zerlegte Punkte)"),
    ("Frau\u00a0Sommer im Büro", "Frau\u00a0[Name] im Büro"),
    ("weil Herr Krüger Geburtstag hatte", "weil Herr [Name] Geburtstag hatte"),
    ("Lieber Max, danke", "Lieber [Name], danke"),
    ("Schwester Agnieszka hat Nachtdienst", "Schwester [Name] hat Nachtdienst"),
]

NOT_NAMES = [
    "Frau im Team zu haben, hilft",
    "Herr Direktor sagte kein Wort",
    "wenn mein Chef Zeit hat",
    "hab meinem Chef TikTok erklärt",
    "als Frau Karriere machen",
    "Eine Frau Anfang dreißig, ein Herr Mitte fünfzig",
    "jede Frau Zugang bekommt",
    "kam jedes Mal: sehr gut, Frau Doktor",
    "Der Herr Abteilungsleiter kam nie",
    "Die Frau Prokuristin bot mir das Du an",
    "der Frau Oberregierungsrätin erklärt",
    "Dem Meister Excel beigebracht",
    "Frau Professorin und ich",
    "Mein Kollege Feedback gab, ich nicht",
    "die Kollegen Urlaub hatten",
    "mit Kollegen Kontakt halten",
    "am Fr. Nachmittag, Mo.–Fr. Training",
    "Sehr geehrte Damen und Herren",
    "Mein Mentor Verständnis zeigte",
    "Herr der Lage sein",
    "eine Frau von der Personalabteilung",
    "Frau aus dem Vertrieb",
    "Leiterin Recht und Leiter Qualitätssicherung",
    "Frauen Mut machen",
    "frau müsste mehr fragen, frau kurz vor der Rente",
    "Fachfrau Einkauf",
    "Hallo Zusammen",
    "Liebe Grüße",
    "Danke Leute",
    "Dr. Titel hin oder her",
]

DIRECT = [
    ("Schreibt an max.muster@firma.de!", "Schreibt an [E-Mail]!"),
    ("Mail: Anna_K-1@uni.hannover.de.", "Mail: [E-Mail]."),
    ("max (at) firma.de", "[E-Mail]"),
    ("max[at]firma.de", "[E-Mail]"),
    ("<jörg.grün@büro-süd.de>", "<[E-Mail]>"),
    ("0511 123456", "[Telefon]"),
    ("Tel. +49 (0)511/12 34-56 anrufen", "Tel. [Telefon] anrufen"),
    ("0170-1234567, ab 8 Uhr", "[Telefon], ab 8 Uhr"),
    ("01701234567", "[Telefon]"),
    ("(0511) 123 45 67", "[Telefon]"),
    ("0511/1234-56", "[Telefon]"),
    ("0049 511 1234567", "[Telefon]"),
    ("+43 1 2345678 oder +41 44 668 18 00", "[Telefon] oder [Telefon]"),
    ("Durchwahl 4711", "Durchwahl [Telefon]"),
    ("Tel.: 5678-123", "Tel.: [Telefon]"),
    ("Handy ist 1761234567", "Handy ist [Telefon]"),
]

NOT_DIRECT = [
    "am 01.02.2024 um 08:30",
    "vom 03.04.24 bis 05.06.24",
    "2024-05-01 bis 2024-06-30",
    "01/2024 und 02/2025",
    "08.30-09.30 Uhr",
    "seit 1998, 2023/24",
    "12.000.000 € und 0,50 €",
    "+10 000 000 Euro",
    "Raum 0511 und Raum 0.123",
    "Raum 0512 1234",
    "01067 Dresden",
    "100 000 Mitarbeitende",
    "10 von 10 Punkten, 3-4 Treffen",
    "Telefon 2023 gekauft",
    "Note 1,0 @ Kantine",
    "@team: danke",
    "3 x 45 Minuten, 24/7",
]


@pytest.mark.parametrize(("text", "masked"), NAMES)
def test_announced_names_are_masked_and_the_address_stays(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize("text", NOT_NAMES)
def test_nouns_after_a_form_of_address_stay(text):
    assert mask(text) == text


@pytest.mark.parametrize(("text", "masked"), DIRECT)
def test_addresses_and_numbers_are_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize("text", NOT_DIRECT)
def test_dates_times_amounts_and_rooms_stay(text):
    assert mask(text) == text


def test_spans_are_in_order_and_name_what_they_replace():
    text = "Frau Müller: 0511 123456, mueller@firma.de"
    assert mask_spans(text) == [(5, 11, NAME), (13, 24, PHONE), (26, 42, EMAIL)]


PIECES = st.sampled_from(
    ["Frau ", "Herr ", "Dr. ", "Prof.", "Müller", "Zeit", "max@firma.de", "0511 ", "12-34", "@", "(at)", " von ", "M.",
     "\n", "\u202e", "\ud800", "👍", "Chef ", "Anna", "+49 (0)", ".", "ß", "\u0308"]
)  # fmt: skip
WILD = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join))


@settings(deadline=None)
@given(WILD)
def test_spans_lie_in_the_text_and_nothing_else_changes(text):
    spans = mask_spans(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    kept, last = [], 0
    for start, end, replacement in spans:
        kept += [re.escape(text[last:start]), re.escape(replacement)]
        last = end
    assert re.fullmatch("".join([*kept, re.escape(text[last:])]), mask(text))


@pytest.mark.parametrize(
    "piece",
    ["a", "@", "0", "0511 ", "+1 ", "Herr ", "Dr. ", "Dr.", "Frau von der ", "a.", "a@a.", "Müller-", "(0", "12-"],
)
def test_long_texts_take_linear_time(piece):
    assert isinstance(mask(piece * (200_000 // len(piece))), str)


def test_small_groups_are_withheld_with_a_second_one_against_subtraction():
    people = {"A": set("abcdef"), "B": set("ghijk"), "C": set("lmnop"), "D": set("xy")}
    answers = {"A": 60, "B": 9, "C": 12, "D": 2}
    assert withheld_groups(people, answers) == {"D", "B"}


def test_several_small_groups_need_no_second_one_if_together_they_are_enough():
    people = {"A": set("abcdef"), "B": set("ghijk"), "C": set("xyz"), "D": set("uvw")}
    assert withheld_groups(people, dict.fromkeys(people, 5)) == {"C", "D"}


def test_several_tiny_groups_draw_in_another():
    people = {"A": set("abcdef"), "B": set("ghijk"), "C": {"x"}, "D": {"y"}}
    assert withheld_groups(people, {"A": 9, "B": 6, "C": 1, "D": 1}) == {"B", "C", "D"}


def test_the_same_people_in_two_groups_count_once():
    people = {"A": set("abcdef"), "B": set("ghijk"), "C": set("xyz"), "D": set("xyz")}
    assert withheld_groups(people, {"A": 9, "B": 6, "C": 3, "D": 3}) == {"B", "C", "D"}


def test_large_groups_are_all_shown():
    assert withheld_groups({"A": set("abcde"), "B": set("fghij")}, {"A": 5, "B": 5}) == frozenset()


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(1, 9), max_size=8))
def test_what_is_left_by_subtraction_is_never_a_small_group(sizes):
    people = {group: {f"{group}{number}" for number in range(min(size, MIN_GROUP))} for group, size in sizes.items()}
    hidden = withheld_groups(people, sizes)
    assert {group for group, size in sizes.items() if size < MIN_GROUP} <= hidden
    left = sum(sizes[group] for group in hidden)
    assert not hidden or hidden == set(sizes) or (len(hidden) >= 2 and left >= MIN_GROUP)
