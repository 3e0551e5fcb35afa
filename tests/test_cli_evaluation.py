"""``rmtext evaluate`` and ``rmtext agreement`` from outside: exit code, output, error text."""

import csv
import json

import pytest
from evaluation_codings import coding, theme
from typer.testing import CliRunner

from rmtext.cli import app
from rmtext.codebook import Codebook
from rmtext.model import root
from rmtext.tables import write_codings

CORPUS = root("corpora") / "reverse_mentoring"
TEXTS = ("Zu wenig Zeit.", "Das Team war toll.", "Zu wenig Zeit, aber das Team war toll.", "", "Alles gut.", "k. A.")


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def files(tmp_path, monkeypatch):
    """kodiert.jsonl (a model's), and anna.csv and ben.xlsx, in which they checked four and two of six rows."""
    book = Codebook.read(root("models") / "reverse_mentoring" / "codebook.yaml")

    def answers(checked, *first):
        for number, text in enumerate(TEXTS, 1):
            themes = [theme("kapazitaet", "negativ", 0.9, (0, 4))] if "Zeit" in text else []
            themes += [theme(name) for name in first] if number == 1 else []
            mood = {1: "negativ", 2: "positiv", 3: "gemischt"}.get(number, "neutral")
            who = (
                {"checked": True, "coder": checked}
                if checked and number in ((1, 2, 3, 4, 5), (2, 3, 4))[checked == "ben"]
                else {}
            )
            columns = {"id": f"P{number}", "haus": f"h{number // 2}"}
            sure = 0.5 + number / 20
            yield coding(
                f"P{number}", *themes, text=text, sentiment=mood, columns=columns, sentiment_confidence=sure, **who
            )

    write_codings(answers(None, "matching"), tmp_path / "kodiert.jsonl", codebook=book)
    write_codings(answers("anna"), tmp_path / "anna.csv", codebook=book)
    write_codings(answers("ben"), tmp_path / "ben.xlsx", codebook=book)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_evaluate_prints_tables(files):
    shown = run("evaluate", "kodiert.jsonl", "anna.csv")
    assert shown.exit_code == 0, shown.output
    assert "anna.csv: 4 of 6 rows were checked by people; only these count." in shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("kodiert.jsonl, gemessen an 4 Antworten aus „anna.csv“")
    rows = {row[0]: row[1:] for row in csv.reader(lines, delimiter="\t") if row}
    assert rows["Kapazität und Zeit"][:2] == ["2", "2"]
    assert rows["Passung des Tandems"][:3] == ["0", "1", "0,00 (0,00–0,00)"]
    assert rows["Stimmung, Anteil richtig"] == ["1,00 (1,00–1,00)"]


def test_evaluate_as_json_is_nothing_else(files):
    shown = run("evaluate", "kodiert.jsonl", "anna.csv", "--json", "--quiet", "--person", "haus", "-n", 1)
    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert shown.stderr == ""
    assert (found["measured_on"]["answers"], found["measured_on"]["persons"]) == (4, 3)
    assert found["measured_on"]["without_gold"] == {"n": 1, "ids": ["P6"]}
    assert [m["theme"] for m in found["worst"]] == ["matching"]


def test_evaluate_a_model(files):
    shown = run("evaluate", "reverse_mentoring", "anna.csv", "-o", "guete.html", "--json")
    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert found["measured_on"]["coded_by"].startswith("reverse_mentoring ")
    assert found["measured_on"]["answers"] == 4
    assert found["measured_on"]["tuned_on_gold"] == "unknown"
    assert "Güte der Kodierung" in (files / "guete.html").read_text(encoding="utf-8")
    assert "guete.html" in shown.stderr


def test_evaluate_a_corpus_by_itself(files):
    """A corpus is codes too; nothing needs the model."""
    assert "gold itself" in run("evaluate", CORPUS, CORPUS).stderr


def test_agreement_prints_a_table(files):
    shown = run("agreement", "anna.csv", "ben.xlsx", "kodiert.jsonl")
    assert shown.exit_code == 0, shown.output
    assert "anna.csv: only the 4 rows that people checked count." in shown.stderr
    assert shown.stdout.splitlines()[0] == "Verglichen: „anna.csv“, „ben.xlsx“ und „kodiert.jsonl“, 4 Antworten."
    rows = {row[0]: row[1:] for row in csv.reader(shown.stdout.splitlines(), delimiter="\t") if row}
    assert rows["Kapazität und Zeit"][:4] == ["2", "1", "2", "1,00 (1,00–1,00)"]
    assert rows["Stimmung"][3] == "1,00 (1,00–1,00)"


def test_agreement_with_a_model_and_a_file(files):
    shown = run("agreement", "reverse_mentoring", "anna.csv", "-o", "vergleich.md", "--person", "haus")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout == ""
    page = (files / "vergleich.md").read_text(encoding="utf-8")
    assert page.startswith("# Übereinstimmung")
    assert "von 3 Personen" in page
    assert "- anna.csv: " in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("evaluate", "fehlt.csv", "anna.csv"), "no file 'fehlt.csv'"),
        (("evaluate", "kodiert.jsonl", "fehlt.csv"), "fehlt.csv"),
        (("evaluate", "kodiert.jsonl", "kodiert.jsonl"), "geprueft"),
        (("evaluate", "anna.csv", "anna.csv"), "gold itself"),
        (("evaluate", "kodiert.jsonl", "anna.csv", "-o", "guete.pdf"), ".html"),
        (("evaluate", "kodiert.jsonl", "anna.csv", "--person", "name"), "no coder has a column 'name'"),
        (("evaluate", "kodiert.jsonl", "anna.csv", "--id", "haus"), "--id"),
        (("evaluate", "reverse_mentoring", CORPUS, "--split", "test"), "no split 'test'"),
        (("agreement", "anna.csv"), "at least two"),
        (("agreement", "reverse_mentoring"), "Name a file or a corpus"),
        (("agreement", "anna.csv", "anna.csv"), "named 2 times"),
        (("agreement", "anna.csv", "roh.csv"), "holds no codings"),
        (("agreement", "anna.csv", "anders.csv"), "not the same answers"),
    ],
)  # fmt: skip
def test_mistakes_give_one_sentence_and_exit_code_1(files, arguments, sentence):
    (files / "roh.csv").write_text("id;antwort\nP1;Alles gut.\n", encoding="utf-8")
    other = (files / "anna.csv").read_text(encoding="utf-8").replace("Zu wenig Zeit.", "Genug Zeit.")
    (files / "anders.csv").write_text(other, encoding="utf-8")
    before = sorted(files.iterdir())
    shown = run(*arguments)
    assert shown.exit_code == 1
    assert sentence.lower() in shown.stderr.lower()
    assert len([line for line in shown.stderr.splitlines() if line.startswith("rmtext:")]) == 1
    assert "Traceback" not in shown.output
    assert sorted(files.iterdir()) == before
