"""Every rmtext command in README and docs does what the page says: it runs, on files like those it names."""

import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from typer.testing import CliRunner

from rmtext.cli import app
from rmtext.model import root

CHECKOUT = Path(__file__).parent.parent
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
COMMAND = re.compile(r"^\$ (rmtext [^#\n]*)", re.MULTILINE)
FAILS = {"--text kommentar"}  # shown for its error message


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that holds what the pages name: the corpora, and antworten.xlsx and .csv."""
    shutil.copytree(root("corpora") / "reverse_mentoring", tmp_path / "corpora" / "reverse_mentoring")
    with (root("corpora") / "reverse_mentoring" / "beispiel.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["id"], row["abteilung"], row["antwort"]) for row in csv.DictReader(file)][:40]
    with xlsxwriter.Workbook(tmp_path / "antworten.xlsx") as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([("Nr", "Abteilung", "Kommentar"), *rows]):
            for j, cell in enumerate(row):
                sheet.write_string(i, j, cell)
    with (tmp_path / "antworten.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("nr", "abteilung", "antwort"), *rows])
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


def test_python_in_the_readme_runs(folder):
    blocks = re.findall(r"```python\n(.*?)```", (CHECKOUT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
