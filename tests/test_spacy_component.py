"""The component on German pipelines, with an analyzer that knows one word."""

from __future__ import annotations

import doctest
import pickle
from collections.abc import Iterable, Iterator

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from rmtext import spacy_component
from rmtext.answers import Answer
from rmtext.coding import Coding, Evidence, SegmentCode, ThemeCode
from rmtext.errors import RmtextError
from rmtext.spacy_component import RmtextComponent, make_rmtext, set_coding


class FakeAnalyzer:
    """Finds the theme kapazitaet wherever "Zeit" stands, and remembers how it was asked."""

    def __init__(self) -> None:
        self.questions: list[str | None] = []
        self.streams = 0

    def code_one(self, answer: Answer) -> Coding:
        self.questions.append(answer.question)
        return coding(answer.text, "Zeit")

    def code(self, answers: Iterable[Answer]) -> Iterator[Coding]:
        self.streams += 1
        return map(self.code_one, answers)


def coding(text: str, *words: str) -> Coding:
    found = [(text.index(word), text.index(word) + len(word)) for word in words if word in text]
    evidence = tuple(Evidence(start, end, "negativ") for start, end in found)
    themes = (ThemeCode("kapazitaet", "negativ", 0.9, evidence),) if found else ()
    segments = (SegmentCode(0, len(text), "negativ", 0.8),) if text else ()
    return Coding("", text, None, "negativ" if found else "neutral", -0.5, 0.8, themes, segments=segments)


@pytest.fixture
def nlp(monkeypatch: pytest.MonkeyPatch) -> spacy.Language:
    monkeypatch.setattr("rmtext.analyzer.load", lambda model: FakeAnalyzer())
    nlp = spacy.blank("de")
    nlp.add_pipe("rmtext")
    return nlp


def component(nlp: spacy.Language) -> RmtextComponent:
    found = nlp.get_pipe("rmtext")
    assert isinstance(found, RmtextComponent)
    return found


def labelled(doc: Doc) -> list[tuple[str, str]]:
    return [(span.text, span.label_) for span in doc.spans["rmtext"]]


def test_a_document_gets_its_coding_and_its_evidence(nlp: spacy.Language) -> None:
    doc = nlp("Die Zeit war knapp.")
    assert doc._.rmtext == coding("Die Zeit war knapp.", "Zeit")
    assert labelled(doc) == [("Zeit", "kapazitaet")]


def test_a_document_without_themes_has_no_spans(nlp: spacy.Language) -> None:
    assert labelled(nlp("Alles gut.")) == []
    assert labelled(nlp("")) == []


def test_spans_are_widened_to_whole_tokens_and_ordered() -> None:
    text = "Raum fehlte.Zeit auch"
    doc = set_coding(spacy.blank("de")(text), coding(text, "Zeit", "aum"))
    assert [span.label_ for span in doc.spans["rmtext"]] == ["kapazitaet"] * 2
    assert labelled(doc)[0][0] == "Raum"
    assert [(e.start, e.end) for e in doc._.rmtext.themes[0].evidence] == [(12, 16), (1, 4)]


def test_streams_are_coded_in_batches_and_in_order(nlp: spacy.Language) -> None:
    texts = [f"Zeit {i}" if i % 2 else f"Raum {i}" for i in range(10)]
    docs = list(nlp.pipe(texts, batch_size=4))
    assert [doc.text for doc in docs] == texts
    assert [bool(labelled(doc)) for doc in docs] == [bool(i % 2) for i in range(10)]
    fake = component(nlp).analyzer
    assert isinstance(fake, FakeAnalyzer)
    assert fake.streams == 3


def test_the_question_reaches_the_analyzer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rmtext.analyzer.load", lambda model: FakeAnalyzer())
    nlp = spacy.blank("de")
    nlp.add_pipe("rmtext", config={"question": "Was hat gestört?"})
    list(nlp.pipe([nlp("Zeit").text]))
    fake = component(nlp).analyzer
    assert isinstance(fake, FakeAnalyzer)
    assert fake.questions == ["Was hat gestört?"] * 2


def test_the_model_is_opened_late_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr("rmtext.analyzer.load", lambda model: asked.append(model) or FakeAnalyzer())
    nlp = spacy.blank("de")
    nlp.add_pipe("rmtext", config={"model": "mein_modell"})
    assert asked == []
    nlp("eins")
    nlp("zwei")
    assert asked == ["mein_modell"]


def test_codings_survive_being_stored(nlp: spacy.Language) -> None:
    doc = nlp("Die Zeit war knapp.")
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (back,) = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert back._.rmtext == doc._.rmtext
    assert labelled(back) == labelled(doc)


def test_the_component_goes_to_other_processes_without_its_model(nlp: spacy.Language) -> None:
    nlp("Zeit")
    copy = pickle.loads(pickle.dumps(component(nlp)))
    assert copy._opened is None
    assert labelled(copy(spacy.blank("de")("Zeit"))) == [("Zeit", "kapazitaet")]


def test_a_document_that_was_not_coded_has_no_coding() -> None:
    assert spacy.blank("de")("Zeit")._.rmtext is None


def test_other_languages_are_refused_with_a_way_out() -> None:
    with pytest.raises(RmtextError, match=r'this pipeline is \'fr\'\. Start from spacy\.blank\("de"\)'):
        spacy.blank("fr").add_pipe("rmtext")
    assert isinstance(make_rmtext(spacy.blank("xx"), "rmtext", None, None), RmtextComponent)


def test_it_stands_beside_other_components(nlp: spacy.Language) -> None:
    nlp.add_pipe("sentencizer", first=True)
    doc = nlp("Die Zeit war knapp. Der Raum auch.")
    assert len(list(doc.sents)) == 2
    assert labelled(doc) == [("Zeit", "kapazitaet")]
    assert "doc._.rmtext" in nlp.analyze_pipes()["attrs"]


def test_the_example_in_the_docstring_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    class Whole(FakeAnalyzer):
        def code_one(self, answer: Answer) -> Coding:
            return coding(answer.text, answer.text)

    monkeypatch.setattr("rmtext.analyzer.load", lambda model: Whole())
    (example,) = doctest.DocTestFinder().find(make_rmtext, "make_rmtext", globs=vars(spacy_component).copy())
    assert doctest.DocTestRunner().run(example).failed == 0
