"""From a corpus to a model directory that loads and codes."""

import json
import sys

import pytest

import rmtext.model
from rmtext.analyzer import load
from rmtext.answers import Answer
from rmtext.model import open_model
from rmtext.training import __main__ as command
from rmtext.training.build import build_model

# The exporter that the optimizer understands is an old one, and says so.
pytestmark = pytest.mark.filterwarnings("ignore")


def row(answer) -> dict:
    segments = [
        {"start": s.start, "end": s.end, "sentiment": s.sentiment, "suggestion": s.suggestion, "themes": s.themes}
        for s in answer.segments
    ]
    return {
        "id": answer.id, "text": answer.text, "question": answer.question, "sentiment": answer.sentiment,
        "segments": segments, "writer": answer.writer, "split": answer.split,
    }  # fmt: skip


@pytest.fixture
def corpus(answers, development, themes, tmp_path):
    folder = tmp_path / "korpus"
    folder.mkdir()
    names = "".join(f"- {{id: {theme}, label: {theme.title()}}}\n" for theme in themes)
    (folder / "codebook.yaml").write_text(f"name: Probe\nversion: 1.10\nthemes:\n{names}", encoding="utf-8")
    lines = "\n".join(json.dumps(row(answer), ensure_ascii=False) for answer in (*answers, *development))
    (folder / "answers.jsonl").write_text(lines + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def start(network, tokenizer, tmp_path):
    folder = tmp_path / "anfang"
    network.encoder.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def test_a_model_that_loads_and_codes(corpus, start, tmp_path, monkeypatch):
    work = tmp_path / "arbeit"
    work.mkdir()
    models = tmp_path / "models"
    tried = tmp_path / "versucht.md"
    tried.write_text("## What was tried\n\nTried: nothing.\n", encoding="utf-8")
    build_model(
        corpus, start, work, models,
        name="probe", encoder_name="winzig", version="0.1", epochs=2, seed=3, experiments=tried,
    )  # fmt: skip
    monkeypatch.setattr(rmtext.model, "root", lambda kind: tmp_path / kind)
    files = open_model("probe")
    assert (files.name, files.version, files.encoder) == ("probe", "0.1", models / "encoders" / "winzig")
    assert files.card["codebook"] == {"name": "Probe", "version": "1.10"}
    assert files.card["scores"]["theme_micro_f1"]["n"] == 24
    assert files.card["training"]["answers"] == 40
    assert {p.name for p in files.directory.iterdir()} == {
        "LICENSE", "MODEL_CARD.md", "codebook.yaml", "heads.safetensors", "model.json",
    }  # fmt: skip
    card = (files.directory / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"| themes per answer, micro-F1 | {files.card['scores']['theme_micro_f1']['value']:.3f} |" in card
    assert "24 development answers" in card
    assert "40 answers" in card
    exact = files.card["scores_float32"]["theme_micro_f1"]["value"]
    assert f"{exact:.3f} |" in card
    assert files.card["training"]["seconds"] >= 0
    assert files.card["review"]["answers"] == 24
    assert "Expected calibration error of sentiment" in card
    assert "Tried: nothing." in card

    analyzer = load("probe", threads=1)
    answers = [
        Answer("1", "das Team war toll."),
        Answer("2", "k.A."),
        Answer("3", "die Zeit hat gefehlt", "Wie war es?"),
    ]
    codings = list(analyzer.code(answers))
    assert [c.id for c in codings] == ["1", "2", "3"]
    assert [c.non_answer for c in codings] == [None, "keine_angabe", None]
    assert all(theme.theme in analyzer.codebook.ids for c in codings for theme in c.themes)


def test_the_command_passes_everything_on(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(command, "build_model", lambda *args, **options: calls.append((args, options)))
    paths = {name: tmp_path / name for name in ("korpus", "anfang", "arbeit", "models")}
    folders = ["--encoder", str(paths["anfang"]), "--work", str(paths["arbeit"]), "--models", str(paths["models"])]
    options = ["--epochs", "3", "--seed", "9", "--name", "probe"]
    monkeypatch.setattr(sys, "argv", ["training", str(paths["korpus"]), *folders, *options])
    command.main()
    ((args, options),) = calls
    assert args == tuple(paths.values())
    assert options == {
        "name": "probe",
        "encoder_name": "e5-klein",
        "version": "2.0",
        "epochs": 3,
        "seed": 9,
        "experiments": None,
    }
    assert (tmp_path / "arbeit").is_dir()
