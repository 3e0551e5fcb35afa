"""Every rmtext command in README and docs does what the page says: it runs, on files like those it names."""

import csv
import re
import shlex
import shutil
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from typer.testing import CliRunner

from rmtext.cli import app
from rmtext.model import root

CHECKOUT = Path(__file__).parent.parent
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
COMMAND = re.compile(r"^\$ (rmtext [^#\n]*)", re.MULTILINE)
FAILS = {"--text kommentar"}  # shown for its error message
SOME = 40  # answers: enough to show that a command runs


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """Codings of some answers, all rows checked, as bytes of a workbook."""
    folder = tmp_path_factory.mktemp("codings")
    run = CliRunner().invoke(
        app, ["classify", str(_workbook(folder)), "--text", "Kommentar", "-o", str(folder / "k.xlsx")]
    )
    assert run.exit_code == 0, run.output
    book = openpyxl.load_workbook(folder / "k.xlsx")
    sheet = book.active
    place = [cell.value for cell in sheet[1]].index("geprueft") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, place, "Anna")
    book.save(folder / "geprueft.xlsx")
    return (folder / "geprueft.xlsx").read_bytes()


@pytest.fixture
def folder(tmp_path, monkeypatch, checked):
    """A folder that holds what the pages name: a corpus, antworten.xlsx and .csv, files that people checked."""
    corpus = tmp_path / "corpora" / "reverse_mentoring"
    shutil.copytree(root("corpora") / "reverse_mentoring", corpus)
    lines = (corpus / "answers.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (corpus / "answers.jsonl").write_text("".join([s for s in lines if '"split": "dev"' in s][:SOME]), encoding="utf-8")
    for name in ("geprueft", "anna", "ben"):
        (tmp_path / f"{name}.xlsx").write_bytes(checked)
    rows = _rows()
    _workbook(tmp_path)
    with (tmp_path / "antworten.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("nr", "abteilung", "antwort"), *rows])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _rows():
    with (root("corpora") / "reverse_mentoring" / "beispiel.csv").open(encoding="utf-8", newline="") as file:
        return [(row["id"], row["abteilung"], row["antwort"]) for row in csv.DictReader(file)][:SOME]


def _workbook(folder):
    with xlsxwriter.Workbook(folder / "antworten.xlsx") as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([("Nr", "Abteilung", "Kommentar"), *_rows()]):
            for j, cell in enumerate(row):
                sheet.write_string(i, j, cell)
    return folder / "antworten.xlsx"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_run(page, folder):
    for command in COMMAND.findall(page.read_text(encoding="utf-8")):
        shown = CliRunner().invoke(app, shlex.split(command)[1:])
        wanted = 1 if any(part in command for part in FAILS) else 0
        assert shown.exit_code == wanted, f"{command}\n{shown.output}"


def test_the_pages_show_commands():
    assert sum(len(COMMAND.findall(page.read_text(encoding="utf-8"))) for page in PAGES) >= 8


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize(("page", "number"), [("README.md", 2), ("docs/evaluate.md", 1)])
def test_python_runs(page, number, folder):
    blocks = re.findall(r"```python\n(.*?)```", (CHECKOUT / page).read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == number
    for block in blocks:
        exec(compile(block, page, "exec"), {})
