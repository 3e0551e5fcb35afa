"""The spaCy component "rmtext": codes each document as an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from rmtext.answers import Answer
from rmtext.coding import Coding
from rmtext.errors import RmtextError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

COMPONENT = "rmtext"
LANGUAGES = ("de", "xx")  # xx is spaCy's multi-language pipeline
_KEY = "rmtext_coding"


class Codes(Protocol):
    """What codes answers, as ``rmtext.Analyzer`` does."""

    def code_one(self, answer: Answer) -> Coding:
        """The coding of one answer."""

    def code(self, answers: Iterable[Answer]) -> Iterator[Coding]:
        """The codings of answers, in order."""


def set_coding(doc: Doc, coding: Coding) -> Doc:
    """Sets ``doc._.rmtext`` and, labelled with theme ids in text order, the evidence as ``doc.spans["rmtext"]``.

    Spans end where tokens end; the exact character offsets are in the coding. Both survive ``doc.to_bytes()``,
    so that they come back from other processes.
    """
    doc.user_data[_KEY] = coding.to_json()
    places = sorted((place.start, place.end, code.theme) for code in coding.themes for place in code.evidence)
    spans = [doc.char_span(start, end, label=theme, alignment_mode="expand") for start, end, theme in places]
    doc.spans[COMPONENT] = [span for span in spans if span is not None]
    return doc


def _get_coding(doc: Doc) -> Coding | None:
    row = doc.user_data.get(_KEY)
    return None if row is None else Coding.from_json(row)


def _set_coding(doc: Doc, coding: Coding) -> None:
    set_coding(doc, coding)


class RmtextComponent:
    """Codes documents with a model that is opened when the first document arrives."""

    def __init__(self, model: str | None, question: str | None, analyzer: Codes | None = None) -> None:
        """Takes a model's name or directory (None: the default) and the question that every document answers."""
        self._model = model
        self._question = question
        self._opened = analyzer

    @property
    def analyzer(self) -> Codes:
        """The opened model. Raises RmtextError where there is none of that name."""
        if self._opened is None:
            from rmtext.analyzer import load

            self._opened = load(self._model)
        return self._opened

    def __call__(self, doc: Doc) -> Doc:
        """Codes one document."""
        return set_coding(doc, self.analyzer.code_one(self._answer(doc)))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 256) -> Iterator[Doc]:
        """Codes a stream of documents batch by batch, which is several times faster than one by one."""
        docs = iter(stream)
        while batch := list(islice(docs, max(1, batch_size))):
            codings = self.analyzer.code(self._answer(doc) for doc in batch)
            for doc, coding in zip(batch, codings, strict=True):
                yield set_coding(doc, coding)

    def _answer(self, doc: Doc) -> Answer:
        return Answer(id="", text=doc.text, question=self._question)

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes open the model for themselves."""
        return type(self), (self._model, self._question)


def make_rmtext(nlp: Language, name: str, model: str | None, question: str | None) -> RmtextComponent:
    """Codes each document as an answer: a ``Coding`` in ``doc._.rmtext``, its evidence in ``doc.spans["rmtext"]``.

    Works on any German pipeline, also a blank one. ``model`` is a model's name or directory, else the default
    model; ``question`` is the question that the documents answer. Raises RmtextError for other languages.

    Example:
        >>> import spacy
        >>> nlp = spacy.blank("de")
        >>> nlp.add_pipe("rmtext", config={"question": "Was hat Sie gestört?"})  # doctest: +ELLIPSIS
        <rmtext.spacy_component.RmtextComponent object at ...>
        >>> doc = nlp("Die Zeit war zu knapp.")
        >>> doc._.rmtext.sentiment, [(span.text, span.label_) for span in doc.spans["rmtext"]]
        ('negativ', [('Die Zeit war zu knapp.', 'kapazitaet')])

    """
    if nlp.lang not in LANGUAGES:
        raise RmtextError(
            f"The component '{name}' reads German, and this pipeline is '{nlp.lang}'. "
            'Start from spacy.blank("de") or a German pipeline.'
        )
    return RmtextComponent(model, question)


def register() -> None:
    """Makes the component known to spaCy. The entry point imports this module for that; harmless to call again."""
    from spacy.language import Language
    from spacy.tokens import Doc

    Doc.set_extension("rmtext", getter=_get_coding, setter=_set_coding, force=True)
    Language.factory(
        COMPONENT,
        assigns=["doc._.rmtext", "doc.spans"],
        default_config={"model": None, "question": None},
        func=make_rmtext,
    )


register()
