"""The command line from outside: exit code, output, error text."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import rmtext
from rmtext.cli import app

CSV = 'nr;Abteilung;antwort\n1;IT;"Gute Gespräche, aber zu wenig Zeit."\n2;HR;\n3;IT;"Bitte mehr Termine!"\n'


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "antworten.csv"
    path.write_bytes(CSV.encode("cp1252"))
    return path


def run(*arguments, **options):
    return CliRunner().invoke(app, [str(a) for a in arguments], **options)


def test_version_and_module():
    shown = subprocess.run([sys.executable, "-m", "rmtext", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == f"rmtext {rmtext.__version__}"


def test_help_names_every_command_with_an_example():
    assert run("--help").exit_code == 0
    for command in ("inspect", "classify", "quotes", "report", "evaluate", "agreement"):
        shown = run(command, "--help")
        assert shown.exit_code == 0
        assert "rmtext " + command in shown.output.replace("\n", " ")


def test_help_imports_nothing_heavy():
    code = "import sys, rmtext.cli; print([m for m in ('numpy', 'spacy', 'onnxruntime', 'polars') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_inspect(answers):
    shown = run("inspect", answers, "--json")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["rows"] == 3


def test_classify_to_csv_keeps_the_rows(answers, tmp_path):
    out = tmp_path / "kodiert.csv"
    shown = run("classify", answers, "-o", out)
    assert shown.exit_code == 0, shown.output
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["nr"] for row in rows] == ["1", "2", "3"]
    assert [row["antwort"] for row in rows] == ["Gute Gespräche, aber zu wenig Zeit.", "", "Bitte mehr Termine!"]
    assert rows[0]["thema_kapazitaet"] == "1"
    assert rows[0]["beleg_kapazitaet"] in rows[0]["antwort"]
    assert rows[1]["thema_kapazitaet"] == ""
    assert "antwort" in shown.stderr


def test_classify_from_stdin_to_stdout():
    shown = run("classify", "-", "--format", "csv", "-o", "-", "--quiet", input=b"antwort\nTolles Programm!\n")
    assert shown.exit_code == 0, shown.output
    coding = json.loads(shown.stdout)
    assert (coding["id"], coding["text"], coding["sentiment"]) == ("1", "Tolles Programm!", "positiv")


def test_quotes_and_report_take_answers_or_codings(answers, tmp_path):
    codings = tmp_path / "kodiert.jsonl"
    assert run("classify", answers, "-o", codings, "--id", "nr").exit_code == 0
    assert "Gute Gespräche" in run("quotes", answers).stdout
    assert "Gute Gespräche" in run("quotes", codings).stdout
    report = tmp_path / "bericht.html"
    shown = run("report", codings, "-o", report, "--title", "Runde <eins>")
    assert shown.exit_code == 0, shown.output
    assert Path(shown.stdout.strip().splitlines()[-1]) == report.resolve()
    assert "Runde &lt;eins&gt;" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("classify", "{answers}", "-o", "{folder}/x.csv", "--text", "kommentar"), "no column 'kommentar'"),
        (("classify", "{answers}", "-o", "{folder}/x.doc"), ".doc"),
        (("classify", "{answers}", "-o", "{folder}/fehlt/x.csv"), "fehlt"),
        (("classify", "{folder}/fehlt.csv", "-o", "{folder}/x.csv"), "fehlt.csv"),
        (("report", "{answers}", "-o", "{folder}/x.pdf"), ".html"),
        (("quotes", "{answers}", "--theme", "zeit"), "kapazitaet"),
        (("quotes", "{answers}", "-o", "{folder}/x.pptx"), ".md"),
        (("classify", "{answers}", "-o", "{folder}/x.csv", "--model", "unbekannt"), "reverse_mentoring"),
    ],
)
def test_mistakes_give_one_sentence_and_exit_code_1(answers, tmp_path, arguments, sentence):
    shown = run(*(a.format(answers=answers, folder=tmp_path) for a in arguments))
    assert shown.exit_code == 1
    assert sentence in shown.stderr
    assert len(shown.stderr.strip().splitlines()) <= 3
    assert "Traceback" not in shown.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["antworten.csv"]


def test_usage_errors_give_exit_code_2(answers):
    assert run("classify", answers).exit_code == 2


def test_umlauts_on_a_cp1252_console(answers):
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-m", "rmtext", "quotes", str(answers)]
    shown = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert "Gespräche" in shown.stdout.decode("utf-8")
