"""Model directories: found, checked, and refused where they are broken or mean harm."""

import copy
import hashlib
import json
import math
import os
from pathlib import Path

import pytest

import rmtext.model
from rmtext.errors import RmtextError
from rmtext.model import ENCODER_FILES, MAX_JSON_BYTES, find, names, open_model, root, sha256

CODEBOOK = "name: Probe\nthemes: [{id: zeit}, {id: team}]\n"
DESCRIPTION = {
    "format": 2,
    "name": "probe",
    "version": "1.0",
    "codebook": {"name": "Probe", "version": "1"},
    "segmenter": {"name": "rmtext-rules", "version": "1"},
    "encoder": {"name": "klein", "files": {}},
    "files": {},
    "calibration": {
        "theme_slope": 0.9,
        "theme_offset": -0.5,
        "thresholds": {"zeit": 0.4, "team": 0.25},
        "evidence_threshold": 0.5,
        "temperature": 1.5,
        "suggestion_threshold": 0.2,
        "review_below": 0.6,
    },
    "scores": {"theme_micro_f1": {"value": 0.8, "low": 0.75, "high": 0.85, "n": 120}},
}


def fill(folder: Path, contents: dict[str, str]) -> dict[str, str]:
    """Writes files; their checksums."""
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return {name: sha256(folder / name) for name in contents}


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A folder of shipped models with one encoder, in place of the real one; its checksums."""
    models = tmp_path / "shipped" / "models"
    monkeypatch.setattr(rmtext.model, "root", lambda kind: tmp_path / "shipped" / kind)
    return fill(models / "encoders" / "klein", {name: f"Netz, {name}" for name in ENCODER_FILES})


@pytest.fixture
def model(shipped, tmp_path):
    """A model directory of a user's; its description."""
    directory = tmp_path / "modell"
    files = fill(directory, {"heads.safetensors": "Zahlen", "codebook.yaml": CODEBOOK})
    description = copy.deepcopy(DESCRIPTION) | {"files": files}
    description["encoder"]["files"] = dict(shipped)
    describe(directory, description)
    return directory


def describe(directory: Path, description: object) -> None:
    (directory / "model.json").write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")


def change(directory: Path, *path: str, value: object) -> None:
    description = json.loads((directory / "model.json").read_text(encoding="utf-8"))
    place = description
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    describe(directory, description)


def test_a_sound_directory_is_described(model, tmp_path):
    files = open_model(model)
    assert (files.name, files.version, files.directory) == ("probe", "1.0", model)
    assert files.encoder == tmp_path / "shipped" / "models" / "encoders" / "klein"
    assert (files.codebook, files.heads) == (model / "codebook.yaml", model / "heads.safetensors")
    assert files.segmenter == {"name": "rmtext-rules", "version": "1"}
    assert files.calibration.thresholds == {"zeit": 0.4, "team": 0.25}
    assert (files.calibration.theme_slope, files.calibration.temperature) == (0.9, 1.5)
    assert files.card["scores"]["theme_micro_f1"]["n"] == 120
    assert files.checksum == hashlib.sha256((model / "model.json").read_bytes()).hexdigest()[:16]


def test_an_encoder_of_its_own_goes_before_the_shipped_one(model):
    change(model, "encoder", "files", value=fill(model / "encoder", {name: "eigenes Netz" for name in ENCODER_FILES}))
    assert open_model(model).encoder == model / "encoder"


def test_names_and_directories(model, tmp_path, monkeypatch):
    assert names() == []
    target = tmp_path / "shipped" / "models" / "reverse_mentoring"
    model.rename(target)
    assert names() == ["reverse_mentoring"]
    assert find() == find("reverse_mentoring") == target
    # A folder of that name in the working directory is not what was asked for.
    (tmp_path / "reverse_mentoring").mkdir()
    (tmp_path / "reverse_mentoring" / "model.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert find("reverse_mentoring") == target
    for place in ("./reverse_mentoring", Path("reverse_mentoring"), tmp_path / "reverse_mentoring"):
        assert find(place).resolve() == (tmp_path / "reverse_mentoring").resolve()


@pytest.mark.parametrize("name", ["nix", "nix/../nix", "a\0b", "x" * 5000, "\ud800", "C:\\nix", "http://nix"])
def test_what_is_no_model_is_said_with_what_there_is(shipped, name):
    with pytest.raises(RmtextError, match=r"There is no model '.*Shipped models: none") as caught:
        find(name)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


def test_a_folder_without_a_model(shipped, tmp_path):
    with pytest.raises(RmtextError, match=r"has no model\.json"):
        find(tmp_path)


@pytest.mark.parametrize("file", ["heads.safetensors", "codebook.yaml"])
def test_a_changed_file_is_refused(model, file):
    with (model / file).open("a", encoding="utf-8") as handle:
        handle.write("# ")
    with pytest.raises(RmtextError, match=rf"{file} is not the file that the model was saved with"):
        open_model(model)


@pytest.mark.parametrize("file", ENCODER_FILES)
def test_a_changed_encoder_is_refused(model, file, tmp_path):
    (tmp_path / "shipped" / "models" / "encoders" / "klein" / file).write_text("anders", encoding="utf-8")
    with pytest.raises(RmtextError, match=rf"{file} is not the file"):
        open_model(model)


@pytest.mark.parametrize("file", ["heads.safetensors", "codebook.yaml"])
def test_a_missing_file_is_named(model, file):
    (model / file).unlink()
    with pytest.raises(RmtextError, match=f"has no file {file}"):
        open_model(model)


def test_a_missing_encoder_is_named(model):
    change(model, "encoder", "name", value="gross")
    with pytest.raises(RmtextError, match="needs the encoder 'gross'"):
        open_model(model)


@pytest.mark.parametrize("name", ["../klein", "/etc", "klein/../klein", "", ".", "klein\n", "C:klein", "klein "])
@pytest.mark.parametrize("own", [False, True])
def test_no_path_hides_in_the_encoders_name(model, name, own):
    if own:
        fill(model / "encoder", {file: f"Netz, {file}" for file in ENCODER_FILES})
    change(model, "encoder", "name", value=name)
    with pytest.raises(RmtextError, match=r"no valid name|'name' must be a text"):
        open_model(model)


def test_file_names_in_the_description_lead_nowhere(model, tmp_path):
    outside = tmp_path / "geheim.txt"
    outside.write_text("geheim", encoding="utf-8")
    change(model, "files", "../geheim.txt", value=sha256(outside))
    assert open_model(model).directory == model
    change(model, "files", "heads.safetensors", value="../geheim.txt")
    with pytest.raises(RmtextError, match=r"heads\.safetensors is not the file"):
        open_model(model)


@pytest.mark.parametrize("what", ["model.json", "heads.safetensors", "codebook.yaml", "encoder"])
def test_links_are_refused(model, what, tmp_path):
    if what == "encoder":
        fill(model / "encoder", {file: f"Netz, {file}" for file in ENCODER_FILES})
    elsewhere = tmp_path / "anderswo"
    (model / what).rename(elsewhere)
    try:
        (model / what).symlink_to(elsewhere)
    except OSError:
        pytest.skip("this system makes no links")
    with pytest.raises(RmtextError, match=r"is a link|has no file"):
        open_model(model)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_a_pipe_is_not_waited_for(model):
    (model / "heads.safetensors").unlink()
    os.mkfifo(model / "heads.safetensors")
    with pytest.raises(RmtextError, match="has no file"):
        open_model(model)


@pytest.mark.parametrize("form", [0, 1, "2", None, [2]])
def test_other_formats_are_refused(model, form):
    describe(model, DESCRIPTION | {"format": form})
    with pytest.raises(RmtextError, match="reads format 2"):
        open_model(model)


FIELDS = [
    ("name",), ("version",), ("segmenter",), ("encoder",), ("files",), ("calibration",), ("encoder", "name"),
    ("encoder", "files"), *(("calibration", field) for field in DESCRIPTION["calibration"]),
]  # fmt: skip


@pytest.mark.parametrize("path", FIELDS, ids="-".join)
def test_a_missing_field_is_named(model, path):
    change(model, *path, value=None)
    with pytest.raises(RmtextError, match=rf"model\.json lacks the field '{path[-1]}'"):
        open_model(model)


@pytest.mark.parametrize("path", FIELDS, ids="-".join)
@pytest.mark.parametrize("value", [[], 7.5, "wort", {"a": []}, [[]], True, 10**400], ids=repr)
def test_any_value_is_read_or_refused_with_a_sentence(model, path, value):
    change(model, *path, value=value)
    try:
        files = open_model(model)
    except RmtextError:
        return
    assert path[-1] in ("name", "version", "segmenter", "temperature", "theme_slope", "theme_offset")
    assert isinstance(files.name, str)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature", 0),
        ("temperature", -1.5),
        ("temperature", "1.5"),
        ("evidence_threshold", 1.01),
        ("suggestion_threshold", -0.01),
        ("review_below", True),
        ("theme_slope", 1e30),
        ("thresholds", {"zeit": 0.4, "team": 1.5}),
        ("thresholds", {"zeit": 0.4, "team": "0.5"}),
        ("thresholds", ["zeit", "team"]),
    ],
)
def test_numbers_out_of_range_are_refused(model, field, value):
    change(model, "calibration", field, value=value)
    with pytest.raises(RmtextError, match="holds a wrong field"):
        open_model(model)


@pytest.mark.parametrize("field", ["temperature", "theme_slope", "review_below"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_are_refused(model, field, value):
    change(model, "calibration", field, value=value)
    with pytest.raises(RmtextError, match="is no number"):
        open_model(model)


def test_a_number_too_large_for_a_float(model):
    text = (model / "model.json").read_text(encoding="utf-8").replace('"temperature": 1.5', '"temperature": 1e999')
    (model / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(RmtextError, match="1e999 is no number"):
        open_model(model)


def test_every_theme_needs_a_threshold(model):
    change(model, "calibration", "thresholds", "team", value=None)
    with pytest.raises(RmtextError, match="no threshold for the theme 'team'"):
        open_model(model)


@pytest.mark.parametrize("label", ["a\nb", "a\x1b[31m", "\u202eb", "x" * 101, "\ud800", ""])
def test_names_that_would_upset_a_terminal_are_refused(model, label):
    for field in ("name", "version"):
        change(model, "name", value="probe")
        (model / "model.json").write_text(
            json.dumps(json.loads((model / "model.json").read_text(encoding="utf-8")) | {field: label}),
            encoding="utf-8",
        )
        with pytest.raises(RmtextError, match=f"'{field}' must be a text of 1 to 100 printable"):
            open_model(model)


HOSTILE = {
    "empty": b"",
    "no JSON": b"{'format': 1}",
    "not UTF-8": '{"name": "ü"}'.encode("utf-16"),
    "deep lists": b"[" * 200_000,
    "deep maps": b'{"format":' * 50_000,
    "endless number": b'{"format": ' + b"9" * 10_000 + b"}",
    "a list": b"[1, 2]",
    "a text": b'"format"',
    "too large": b'{"format": 2, "x": "' + b"x" * MAX_JSON_BYTES + b'"}',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_descriptions_are_refused(model, content):
    (model / "model.json").write_bytes(content)
    with pytest.raises(RmtextError, match=r"model\.json"):
        open_model(model)


def test_a_hostile_codebook_is_refused_although_its_checksum_is_right(model):
    (model / "codebook.yaml").write_text("themes: &a [*a]\n", encoding="utf-8")
    change(model, "files", "codebook.yaml", value=sha256(model / "codebook.yaml"))
    with pytest.raises(RmtextError, match="aliases"):
        open_model(model)


def test_the_shipped_models_are_found_beside_the_package_or_in_it():
    package = Path(rmtext.model.__file__).parent
    assert root("models") in (package / "_models", package.parent / "models")
    assert rmtext.model.DEFAULT in names()


def test_the_packaged_copy_goes_first(tmp_path, monkeypatch):
    module = tmp_path / "rmtext" / "model.py"
    module.parent.mkdir()
    monkeypatch.setattr(rmtext.model, "__file__", str(module))
    assert root("models") == tmp_path.resolve() / "models"
    (tmp_path / "rmtext" / "_models").mkdir()
    assert root("models") == tmp_path.resolve() / "rmtext" / "_models"
    assert root("corpora") == tmp_path.resolve() / "corpora"


def test_the_default_model_is_sound():
    files = open_model()
    assert files.name == rmtext.model.DEFAULT
    assert len(files.calibration.thresholds) == 14
    assert files.card["scores"].keys() >= {"theme_micro_f1", "sentiment_macro_f1"}
