"""Codebooks as people write them, and YAML that means harm."""

from pathlib import Path

import pytest
import yaml

from rmtext.codebook import MAX_BYTES, Codebook, Theme
from rmtext.errors import RmtextError
from rmtext.model import root

PLAIN = """\
name: Patenschaften
language: de
version: 1.10
themes:
  - id: zeit
    label: Zeit füreinander
    definition: Ob Stunden frei waren.
    include: [Termine fielen aus]
    exclude:
      - Räume
    examples:
      - "Kalender: immer voll"
  - id: zeit_privat
    parent: zeit
"""


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "codebook.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def test_reads_what_people_write(write):
    codebook = Codebook.read(write(PLAIN))
    assert (codebook.name, codebook.language, codebook.version) == ("Patenschaften", "de", "1.10")
    assert codebook.ids == ("zeit", "zeit_privat")
    assert codebook.themes[0] == Theme(
        id="zeit",
        label="Zeit füreinander",
        definition="Ob Stunden frei waren.",
        include=("Termine fielen aus",),
        exclude=("Räume",),
        examples=("Kalender: immer voll",),
    )
    assert codebook.themes[1] == Theme(id="zeit_privat", label="zeit_privat", parent="zeit")


def test_label_of_an_unknown_theme_is_its_id(write):
    codebook = Codebook.read(write(PLAIN))
    assert codebook.label("zeit") == "Zeit füreinander"
    assert codebook.label("gibt_es_nicht") == "gibt_es_nicht"


def test_the_checksum_follows_the_bytes(write):
    first = Codebook.read(write(PLAIN)).checksum
    assert Codebook.read(write(PLAIN)).checksum == first
    assert Codebook.read(write(PLAIN + "# Notiz\n")).checksum != first


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(write):
    plain = Codebook.read(write(PLAIN))
    windows = Codebook.read(write(b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode("utf-8")))
    assert windows.themes == plain.themes


def test_missing_names_have_defaults(write):
    codebook = Codebook.read(write("themes: [{id: a}]"))
    assert (codebook.name, codebook.language, codebook.version) == ("codebook", "de", "1")


@pytest.mark.parametrize("nothing", ["", "~", "null", '""'])
def test_an_empty_field_is_a_missing_field(write, nothing):
    fields = "\n".join(f"    {field}: {nothing}" for field in ("label", "definition", "include", "examples", "parent"))
    codebook = Codebook.read(write(f"version: {nothing}\nthemes:\n  - id: a\n{fields}\n"))
    assert codebook.themes == (Theme(id="a", label="a"),)
    assert codebook.version == "1"


@pytest.mark.parametrize("word", ["no", "on", "007", "2024"])
def test_words_that_yaml_reads_as_something_else_stay_words(write, word):
    codebook = Codebook.read(write(f"version: 2024-13-45\nthemes: [{{id: {word}, label: {word}}}]"))
    assert (codebook.ids, codebook.themes[0].label, codebook.version) == ((word,), word, "2024-13-45")


def test_one_sentence_needs_no_list(write):
    codebook = Codebook.read(write("themes:\n  - id: a\n    examples: Alles bestens.\n"))
    assert codebook.themes[0].examples == ("Alles bestens.",)


def test_a_sentence_with_a_colon_needs_no_quotes(write):
    codebook = Codebook.read(
        write("themes:\n  - id: a\n    examples:\n      - Räume, Ablauf: alles gut.\n      - Nie.\n")
    )
    assert codebook.themes[0].examples == ("Räume, Ablauf: alles gut.", "Nie.")


MISTAKES = {
    "empty": ("", "no list 'themes'"),
    "a list": ("- a\n- b\n", "no list 'themes'"),
    "no themes": ("name: x\nthemes: []\n", "no list 'themes'"),
    "themes as text": ("themes: zeit\n", "no list 'themes'"),
    "theme without id": ("themes:\n  - id: a\n  - label: Zeit\n", "theme 2: needs an 'id'"),
    "theme as text": ("themes: [zeit]\n", "theme 1: needs an 'id'"),
    "id with umlaut": ("themes: [{id: förderung}]\n", "'förderung' may hold only"),
    "id with path": ("themes: [{id: ../a}]\n", "'../a' may hold only"),
    "id with line end": ('themes: [{id: "a\\n"}]\n', "may hold only"),
    "twice": ("themes: [{id: a}, {id: b}, {id: a}]\n", "id 'a' is used more than once"),
    "unknown field": ("themes: [{id: a, beispiele: [x]}]\n", "unknown field 'beispiele'"),
    "unknown parent": ("themes: [{id: a, parent: b}]\n", "parent 'b', which is no theme"),
    "own parent": ("themes: [{id: a, parent: a}]\n", "'a' is its own ancestor"),
    "circle": ("themes: [{id: a, parent: b}, {id: b, parent: c}, {id: c, parent: b}]\n", "is its own ancestor"),
    "list in a list": ("themes: [{id: a, include: [[x, y]]}]\n", "'include' must be a list of sentences"),
    "map in a list": ("themes: [{id: a, include: [{x: {y: z}}]}]\n", "'include' must be a list of sentences"),
    "map for a list": ("themes: [{id: a, include: {x: y, z: w}}]\n", "'include' must be a list of sentences"),
    "list for a label": ("themes: [{id: a, label: [x, y]}]\n", "'label' must be one text"),
    "map for the version": ("version: {a: b}\nthemes: [{id: a}]\n", "'version' must be one text"),
    "broken": ("themes: [{id: a\n", "no readable YAML"),
    "tab": ("themes:\n\t- id: a\n", "no readable YAML"),
    "two documents": ("---\nthemes: [{id: a}]\n---\nthemes: [{id: b}]\n", "no readable YAML"),
    "latin-1": ("themes: [{id: a, label: Prüfung}]\n".encode("latin-1"), "no readable YAML"),
    "binary": (bytes(range(256)), "no readable YAML"),
}


@pytest.mark.parametrize(("content", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_named(write, content, message):
    path = write(content)
    with pytest.raises(RmtextError, match=r"codebook\.yaml") as caught:
        Codebook.read(path)
    assert message in str(caught.value)


BOMBS = {
    "aliases": "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nthemes: [{id: a, include: *b}]\n",
    "alias to itself": "themes: &a [*a]\n",
    "open brackets": "[" * 100_000,
    "nested lists": "[" * 2_000 + "]" * 2_000,
    "nested maps": "{a: " * 2_000,
    "nested a little": "themes: " + "[" * 20 + "]" * 20,
    "nested dashes": "- " * 2_000,
}


@pytest.fixture(params=["libyaml", "pure Python"])
def loader(request, monkeypatch):
    """Both readers: not every platform has the one in C."""
    if request.param == "pure Python":
        monkeypatch.delattr(yaml, "CBaseLoader", raising=False)


@pytest.mark.usefixtures("loader")
def test_both_readers_read_alike(write):
    codebook = Codebook.read(write(PLAIN))
    assert (codebook.version, codebook.themes[0].examples) == ("1.10", ("Kalender: immer voll",))


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_do_not_go_off(write, bomb):
    with pytest.raises(RmtextError, match=r"uses YAML aliases|levels deep|no readable YAML"):
        Codebook.read(write(bomb))


def test_tags_make_no_objects(write, tmp_path):
    trace = tmp_path / "trace"
    harm = f"themes: [{{id: a, definition: !!python/object/apply:pathlib.Path.touch ['{trace}']}}]\n"
    with pytest.raises(RmtextError, match="'definition' must be one text"):
        Codebook.read(write(harm))
    assert not trace.exists()


def test_too_large_is_refused_before_it_is_read(write):
    with pytest.raises(RmtextError, match="larger than 1 MB"):
        Codebook.read(write("themes: [{id: a}] #" + "x" * MAX_BYTES))


def test_many_themes_and_a_long_line_of_parents_are_read(write):
    count = 20_000
    themes = "".join(f"- {{id: t{i}, parent: t{i + 1}}}\n" for i in range(count))
    assert len(Codebook.read(write(f"themes:\n{themes}- {{id: t{count}}}\n")).ids) == count + 1


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    for path in (tmp_path / "fehlt.yaml", tmp_path):
        with pytest.raises(RmtextError, match="no codebook at"):
            Codebook.read(path)


def test_the_shipped_codebook_is_complete():
    codebook = Codebook.read(root("corpora") / "reverse_mentoring" / "codebook.yaml")
    assert len(codebook.ids) == 14
    for theme in codebook.themes:
        assert theme.label != theme.id
        assert theme.definition
        assert theme.include
        assert theme.exclude
        assert theme.examples
