"""The encoder: windows, pooling, and vectors that depend on nothing but question and answer."""

import itertools
import json
import random
import shutil
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

import rmtext.encoder
from rmtext.encoder import (
    BOS,
    EOS,
    OVERLAP_TOKENS,
    QUESTION_TOKENS,
    WINDOW_TOKENS,
    Encoded,
    Encoder,
    join_ids,
    windows,
)
from rmtext.errors import RmtextError
from rmtext.model import ENCODER_FILES, root

DIRECTORY = root("models") / "encoders" / "e5-klein"
QUESTION = "Was hat Ihnen am Programm nicht gefallen?"
ANSWERS = [
    "Die Termine",
    "Mein Mentee war klasse, aber die Zeit fehlte uns fast immer.",
    "👍🏽 Super!!! 😀",
    "z.B. Ö, ß & ½ – Straße",
    "Ich habe viel gelernt.\nDanke dafür.",
    "k.A.",
]


@pytest.fixture(scope="module")
def encoder():
    return Encoder(DIRECTORY, threads=2)


def encode(encoder, *texts, question=None):
    return list(encoder.encode([(question, text) for text in texts]))


@given(st.integers(0, 5000), st.integers(OVERLAP_TOKENS + 1, WINDOW_TOKENS))
def test_windows_cover_everything_and_overlap(tokens, room):
    spans = windows(tokens, room)
    assert spans[0][0] == 0
    assert spans[-1][1] == tokens
    assert all(0 <= end - start <= room for start, end in spans)
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert end - start == OVERLAP_TOKENS
    assert len(spans) == 1 or spans[-1][1] - spans[-1][0] > OVERLAP_TOKENS


def test_the_input_has_the_question_before_the_answer():
    assert join_ids([], [7, 8]) == [BOS, 7, 8, EOS]
    assert join_ids([5, 6], [7, 8]) == [BOS, 5, 6, EOS, 7, 8, EOS]
    assert join_ids([], []) == [BOS, EOS]
    long = join_ids(range(100, 200), [7])
    assert long == [BOS, *range(100, 100 + QUESTION_TOKENS), EOS, 7, EOS]


def test_a_segment_has_the_tokens_that_end_within_it():
    vectors = np.array([[1, 0], [3, 0], [0, 5], [0, 7]], dtype=np.float32)
    encoded = Encoded(vectors, np.array([3, 7, 8, 12]), 1)
    assert encoded.between(0, 7).tolist() == [[1, 0], [3, 0]]
    assert encoded.between(7, 12).tolist() == [[0, 5], [0, 7]]
    assert encoded.between(4, 7).tolist() == [[3, 0]]
    assert encoded.between(0, 12).tolist() == vectors.tolist()
    assert encoded.between(8, 11).shape == (0, 2)
    assert Encoded(vectors[:0], np.array([], dtype=np.int64), 1).between(0, 5).shape == (0, 2)


@given(st.data())
def test_segments_share_out_the_tokens(data):
    count = data.draw(st.integers(1, 20))
    ends = np.array(sorted(data.draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))))
    cuts = sorted({0, 60, *data.draw(st.lists(st.integers(1, 59), max_size=6))})
    vectors = np.arange(count * 3, dtype=np.float32).reshape(count, 3)
    encoded = Encoded(vectors, ends, 1)
    shares = [encoded.between(start, end) for start, end in itertools.pairwise(cuts)]
    assert np.array_equal(np.concatenate(shares), vectors)
    for share, (start, end) in zip(shares, itertools.pairwise(cuts), strict=True):
        assert len(share) == ((ends > start) & (ends <= end)).sum()


def test_every_token_has_a_vector_and_an_end(encoder):
    for text, encoded in zip(ANSWERS, encode(encoder, *ANSWERS), strict=True):
        assert encoded.vectors.shape == (len(encoded.ends), encoder.width)
        assert encoded.vectors.dtype == np.float32
        assert encoded.vectors.any(axis=1).all()
        assert (np.diff(encoded.ends) >= 0).all()
        assert encoded.ends[-1] == len(text)
        assert encoded.windows == 1


def test_ends_count_characters_not_bytes(encoder):
    (encoded,) = encode(encoder, "😀😀 Äpfel, 👩‍💻 gut")
    assert encoded.ends[-1] == len("😀😀 Äpfel, 👩‍💻 gut")
    comma = "😀😀 Äpfel,".index(",")
    assert comma in encoded.ends
    assert comma + 1 in encoded.ends


def test_segments_in_their_answer_differ_from_the_same_words_alone(encoder):
    text = "Die Zeit fehlte. Sonst alles super."
    (whole,) = encode(encoder, text)
    (alone,) = encode(encoder, text[:16])
    count = len(alone.ends)
    assert whole.ends[:count].tolist() == alone.ends.tolist()
    assert np.array_equal(whole.between(0, 16), whole.vectors[:count])
    assert not np.allclose(whole.between(0, 16), alone.vectors, atol=0.01)


def test_an_answer_among_others_has_the_vectors_it_has_alone(encoder):
    pairs = [(question, text) for question in (None, QUESTION) for text in (*ANSWERS, "Wort " * 400)]
    alone = [next(encoder.encode([pair])) for pair in pairs]
    for seed in range(3):
        order = random.Random(seed).sample(range(len(pairs)), len(pairs))
        for i, encoded in zip(order, encoder.encode([pairs[i] for i in order]), strict=True):
            assert encoded.vectors.tobytes() == alone[i].vectors.tobytes()
            assert encoded.ends.tolist() == alone[i].ends.tolist()


def test_the_number_of_threads_changes_nothing(encoder):
    one = encode(Encoder(DIRECTORY, threads=1), *ANSWERS)
    for a, b in zip(one, encode(encoder, *ANSWERS), strict=True):
        assert a.vectors.tobytes() == b.vectors.tobytes()


def test_the_question_is_read_but_has_no_vector_among_the_answers(encoder):
    (plain,) = encode(encoder, "Die Termine")
    (asked,) = encode(encoder, "Die Termine", question=QUESTION)
    assert asked.ends.tolist() == plain.ends.tolist()
    assert asked.vectors.shape == plain.vectors.shape
    assert not np.allclose(asked.vectors, plain.vectors, atol=0.01)
    tokenizer = Tokenizer.from_file(str(DIRECTORY / "tokenizer.json"))
    question, answer = (tokenizer.encode(t, add_special_tokens=False).ids for t in (QUESTION, "Die Termine"))
    hidden = encoder._run([BOS, *question, EOS, *answer, EOS])
    assert np.array_equal(asked.vectors, hidden[-1 - len(answer) : -1])


@pytest.mark.parametrize("question", ["", None])
def test_an_empty_question_is_none(encoder, question):
    (plain,) = encode(encoder, "Die Termine")
    (asked,) = encode(encoder, "Die Termine", question=question)
    assert np.array_equal(asked.vectors, plain.vectors)


def test_the_end_of_a_long_question_is_not_read(encoder):
    long = "Was hat Ihnen an diesem Programm, wenn Sie zurückblicken, gefallen oder nicht gefallen, " * 4
    (first,) = encode(encoder, "nichts", question=long)
    (second,) = encode(encoder, "nichts", question=long + " Und warum?")
    assert np.array_equal(first.vectors, second.vectors)


def test_questions_of_a_large_file_do_not_pile_up(encoder):
    list(encoder.encode([(f"Frage {i}?", "ja") for i in range(3)]))
    encoder._questions.update({f"alte Frage {i}": [5] for i in range(2000)})
    (encoded,) = encode(encoder, "ja", question="Frage 9?")
    assert len(encoder._questions) < 1100
    assert len(encoded.ends) == 1


@pytest.mark.parametrize("question", [None, QUESTION])
def test_a_long_answer_loses_no_word(encoder, question):
    sentence = "Zeit und Team waren gut aber Termine fehlten oft, schade."
    words = random.Random(3).choices(sentence.split(), k=3000)
    text = " ".join(words)
    (encoded,) = encode(encoder, text, question=question)
    assert encoded.windows > 10
    assert encoded.vectors.any(axis=1).all()
    assert encoded.ends[-1] == len(text)
    position = 0
    for word in words:
        assert len(encoded.between(position, position + len(word)))
        position += len(word) + 1


def test_windows_read_what_stands_around_their_edges(encoder):
    text = "Die Zeit war immer knapp und das Team sehr nett. " * 60
    (encoded,) = encode(encoder, text)
    room = WINDOW_TOKENS - 2
    first, second = windows(len(encoded.ends), room)[:2]
    ids = Tokenizer.from_file(str(DIRECTORY / "tokenizer.json")).encode(text, add_special_tokens=False).ids
    for (start, end), inside in ((first, slice(0, 200)), (second, slice(230, 300))):
        hidden = encoder._run([BOS, *ids[start:end], EOS])[1:-1]
        assert np.array_equal(encoded.vectors[inside], hidden[inside.start - start : inside.stop - start])


@pytest.mark.parametrize("text", ["", "\x00", "\x07\x07"])
def test_nothing_to_read(encoder, text):
    (encoded,) = encode(encoder, text, question=QUESTION)
    assert encoded.vectors.shape == (len(encoded.ends), encoder.width)
    assert len(encoded.between(0, 5)) == len(encoded.ends)
    assert np.isfinite(encoded.vectors).all()


def test_no_answers_at_all(encoder):
    assert list(encoder.encode([])) == []


def test_half_a_surrogate_pair_moves_no_offset(encoder):
    (broken,) = encode(encoder, "gut \ud83d und schlecht", question="Wie\udfff?")
    (whole,) = encode(encoder, "gut \ufffd und schlecht", question="Wie\ufffd?")
    assert np.array_equal(broken.vectors, whole.vectors)
    assert broken.ends.tolist() == whole.ends.tolist()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_text_has_sound_offsets(encoder, text):
    (encoded,) = encode(encoder, text)
    assert (np.diff(encoded.ends) >= 0).all()
    assert not len(encoded.ends) or 0 <= encoded.ends[0] <= encoded.ends[-1] <= len(text)
    assert np.isfinite(encoded.vectors).all()


def test_vectors_that_nobody_fetched_do_not_fill_the_memory(encoder, monkeypatch):
    expected = encode(encoder, *ANSWERS)
    started = []
    lock = threading.Lock()
    original = encoder._read

    def counted(question, answer):
        with lock:
            started.append(answer)
        return original(question, answer)

    monkeypatch.setattr(encoder, "_read", counted)
    monkeypatch.setattr(rmtext.encoder, "HELD_TOKENS", 10)
    results = encoder.encode([(None, text) for text in ANSWERS * 5])
    first = next(results)
    assert np.array_equal(first.vectors, expected[0].vectors)
    assert len(started) <= 5
    for fetched, (encoded, wanted) in enumerate(zip(results, (expected * 5)[1:], strict=True), 2):
        assert np.array_equal(encoded.vectors, wanted.vectors)
        assert len(started) <= fetched + 5
    assert len(started) == 5 * len(ANSWERS)


@pytest.fixture
def copy(tmp_path):
    for name in ENCODER_FILES:
        shutil.copyfile(DIRECTORY / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", ENCODER_FILES)
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x08\x07kein Netz", b"[" * 100_000])
def test_broken_files_are_refused(copy, name, content):
    if content is None:
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(content)
    with pytest.raises(RmtextError, match="cannot be used"):
        Encoder(copy)


def test_a_width_that_is_not_the_networks(copy):
    (copy / "encoder.json").write_text(json.dumps({"width": 385}), encoding="utf-8")
    with pytest.raises(RmtextError, match="other vectors"):
        Encoder(copy)


def test_a_tokenizer_of_another_network(copy):
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + [(f"▁{i}", -9.0) for i in range(70_000)]
    Tokenizer(models.Unigram(pieces, unk_id=3)).save(str(copy / "tokenizer.json"))
    with pytest.raises(RmtextError, match="cannot be used"):
        Encoder(copy)


def test_a_tokenizer_that_would_cut_long_answers_is_not_let(copy):
    tokenizer = Tokenizer.from_file(str(copy / "tokenizer.json"))
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=20)
    tokenizer.save(str(copy / "tokenizer.json"))
    first, second = encode(Encoder(copy), "Das war ein sehr langer Tag ohne Ende.", "ja")
    assert first.ends[-1] == len("Das war ein sehr langer Tag ohne Ende.")
    assert len(second.ends) == 1
