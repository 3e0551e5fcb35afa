"""What each part of the training recipe is worth, and what others would be: one variant a run, on a part of the corpus.

    python tests/benchmarks/bench_recipe.py --encoder e5-deutsch --work recipe            # all, hours on two cores
    python tests/benchmarks/bench_recipe.py --encoder e5-deutsch --work recipe base no-join

Every variant trains on the same answers for as many steps with the same seed, and is measured in float32 on the
development split with cross-fitted thresholds. Runs are kept in the work folder and not repeated; two processes may
share it. Prints the table for the model card (`python -m rmtext.training … --experiments FILE`). Needs `train`.
"""

import argparse
import dataclasses
import json
import random
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from rmtext.codebook import Codebook
from rmtext.corpus import read_corpus
from rmtext.encoder import Encoder
from rmtext.evaluation import scores
from rmtext.heads import sigmoid, softmax
from rmtext.model import root
from rmtext.training import examples, network
from rmtext.training import fit as fitting
from rmtext.training.build import score_answers
from rmtext.training.calibrate import Scored, cross_fitted
from rmtext.training.examples import Piece, build, pieces
from rmtext.training.export import export_encoder, export_heads
from rmtext.training.network import Network, collate, load_encoder

GENERAL = ("answers_19", "answers_33", "answers_34")  # feedback of other kinds: here only the sign counts
WARM_UP_STEPS = 150
SOFT = 0.5  # weight of the teachers beside the labels

# Name → what it is and the numbers of the recipe it changes: (module, name, value).
VARIANTS = {
    "base": ("the recipe", ()),
    "seed-2": ("the recipe, another seed", ()),
    "mean": ("themes of the answer from the mean of its tokens instead of their smooth maximum", ()),
    "plain-polarity": ("polarity from the mean of the segment instead of the tokens that speak of the theme", ()),
    "no-join": ("without joining short answers", ((examples, "JOIN_SHORT", 0.0),)),
    "no-rough": (
        "without dropped capitals, umlauts, full stops and swapped letters",
        tuple((examples, name, 0.0) for name in ("LOWER_CASE", "NO_UMLAUTS", "NO_FINAL_STOP", "TYPO")),
    ),
    "no-merge": ("without undoing cuts between segments", ((examples, "MERGE", 0.0),)),
    "no-ask": ("without random questions", ((examples, "ASK", 0.0),)),
    "flat-rates": ("the same rate for all layers", ((fitting, "LAYER_DECAY", 1.0),)),
    "steep-rates": ("rates falling by 15 % a layer", ((fitting, "LAYER_DECAY", 0.85),)),
    "fast": ("encoder's rate 3e-4", ((fitting, "ENCODER_RATE", 3e-4),)),
    "even-weights": ("positives weighted 1", ((network, "POSITIVE_WEIGHT", 1.0),)),
    "definitions": ("theme heads start from the codebook's definitions", ()),
    "contrastive": ("contrastive warm-up on pairs of segments, as in SetFit", ()),
    "distilled": ("learnt from base and seed-2 as well as from the labels", ()),
}
# Made from the runs above without training.
DERIVED = {
    "average": "weights averaged over the last three epochs",
    "segment-sentiment": "the segment's sentiment as polarity of its themes, no polarity head",
    "hybrid": "theme probabilities averaged with logistic regression on character n-grams (0.7 / 0.3)",
    "ensemble": "probabilities of base and seed-2 averaged",
}


class Bench:
    """The data and the settings that all variants share."""

    def __init__(self, args):
        corpus = root("corpora") / "reverse_mentoring"
        self.codebook = Codebook.read(corpus / "codebook.yaml")
        self.ids = self.codebook.ids
        train = list(read_corpus(corpus, "train"))
        self.train = random.Random(0).sample(train, min(args.answers, len(train)))
        self.dev = list(read_corpus(corpus, "dev"))
        self.start, self.work, self.epochs = args.encoder, args.work, args.epochs
        self.tokenizer = Tokenizer.from_file(str(args.encoder / "tokenizer.json"))
        self.work.mkdir(parents=True, exist_ok=True)

    def network(self, seed):
        torch.manual_seed(seed)
        body = load_encoder(self.start)
        return Network(body, body.config.hidden_size, len(self.ids))

    def batch(self, texts):
        parts = [build(self.tokenizer, None, [Piece(text, None, False, {})], "neutral", self.ids) for text in texts]
        return collate(parts)

    def scored(self, net, name):
        folder = self.work / f"{name}.onnx"
        net.eval()
        export_encoder(net.encoder, self.start / "tokenizer.json", folder, license_text="", int8=False)
        try:
            return score_answers(Encoder(folder), export_heads(net, np.zeros(net.center.shape[0])), self.dev)
        finally:
            shutil.rmtree(folder)

    def record(self, name, scored, seconds=0.0):
        pairs = cross_fitted(scored, self.ids)
        mentoring = scores([p for p in pairs if p[0].writer not in GENERAL])
        signed = [p for p in pairs if p[0].writer in GENERAL and p[0].sentiment in ("positiv", "negativ")]
        row = {key: figure.value for key, figure in mentoring.items()}
        row["sign"] = float(np.mean([(c.sentiment_score > 0) == (g.sentiment == "positiv") for g, c in signed]))
        row |= {"name": name, "seconds": round(seconds), "answers": len(self.train), "epochs": self.epochs}
        (self.work / f"{name}.json").write_text(json.dumps(row) + "\n", encoding="utf-8")
        return row


def run(bench, name):
    """Trains one variant and writes its figures."""
    seed = 2 if name == "seed-2" else 1
    changed = VARIANTS[name][1]
    before = [getattr(module, key) for module, key, _ in changed]
    for module, key, value in changed:
        setattr(module, key, value)
    originals = network.smooth_maximum, Network._places, Network.loss
    if name == "mean":
        network.smooth_maximum = mean_of_tokens
    if name == "plain-polarity":
        Network._places = segment_vectors
    net = bench.network(seed)
    if name == "distilled":
        Network.loss = distilled_loss([load(bench, teacher) for teacher in ("base", "seed-2")], Network.loss)
    started = time.monotonic()
    if name in ("definitions", "contrastive"):
        {"definitions": from_definitions, "contrastive": warm_up}[name](bench, net, seed)
    kept, save = [], fitting._save

    def remember(path, trained, *_):
        kept.append({key: value.clone() for key, value in trained.state_dict().items()})
        del kept[:-3]

    fitting._save = remember
    options = {"epochs": bench.epochs, "seed": seed, "checkpoint": bench.work / "none"}
    fitting.fit(net, bench.train, bench.tokenizer, bench.ids, **options)
    seconds = time.monotonic() - started
    fitting._save = save
    network.smooth_maximum, Network._places, Network.loss = originals
    for (module, key, _), value in zip(changed, before, strict=True):
        setattr(module, key, value)
    scored = bench.scored(net, name)
    if name == "mean":
        scored = [dataclasses.replace(s, scores=plain_themes(bench, net, s)) for s in scored]
    bench.record(name, scored, seconds)
    if name in ("base", "seed-2"):
        torch.save(net.state_dict(), bench.work / f"{name}.pt")
    if name == "base":
        bench.record("segment-sentiment", [with_segment_sentiment(s) for s in scored])
        bench.record("hybrid", hybrid(bench, scored))
        net.load_state_dict(averaged(kept))
        bench.record("average", bench.scored(net, "average"))
    if all((bench.work / f"{teacher}.pt").is_file() for teacher in ("base", "seed-2")):
        both = [bench.scored(load(bench, teacher), teacher) for teacher in ("base", "seed-2")]
        bench.record("ensemble", [together(a, b) for a, b in zip(*both, strict=True)])


def load(bench, name):
    net = bench.network(1)
    net.load_state_dict(torch.load(bench.work / f"{name}.pt", weights_only=True))
    return net.eval()


def mean_of_tokens(values, inside):
    weights = inside.float() / inside.sum(1, keepdim=True).clamp(min=1)
    return torch.einsum("nt,nth->nh", weights, values)


def plain_themes(bench, net, scored):
    """Scores of one answer with its themes read from the mean vector."""
    gold = scored.gold
    example = build(bench.tokenizer, gold.question, pieces(gold), gold.sentiment, bench.ids)
    batch = collate([example])
    with torch.no_grad():
        logits = net.answer_themes((batch.pool @ net.tokens(batch))[0, -1]).numpy()
    return dataclasses.replace(scored.scores, answer_themes=sigmoid(logits))


def segment_vectors(net, batch, tokens, coded):
    row, part, _ = torch.nonzero(coded, as_tuple=True)
    return (batch.pool @ tokens)[row, part]


def from_definitions(bench, net, seed):
    """The theme heads point where the untrained encoder puts label, definition and examples."""
    sample = bench.train[:256]
    plain = [build(bench.tokenizer, a.question, pieces(a), a.sentiment, bench.ids) for a in sample]
    net.eval()
    net.calibrate([collate(plain[i : i + 16]) for i in range(0, len(plain), 16)])
    rows = []
    for theme in bench.codebook.themes:
        batch = bench.batch([theme.label, theme.definition, *theme.include, *theme.examples])
        with torch.no_grad():
            rows.append((batch.pool @ net.tokens(batch))[:, -1].mean(0))
    directions = torch.stack(rows)
    directions = F.normalize(directions - directions.mean(0), dim=1)
    with torch.no_grad():
        for head in (net.themes, net.answer_themes):
            head.weight.copy_(0.3 * directions)


def warm_up(bench, net, seed):
    """Segments of the same theme and polarity closer than others (Tunstall et al. 2022, with in-batch negatives)."""
    groups = {}
    for answer in bench.train:
        for s in answer.segments:
            if len(s.themes) == 1:
                groups.setdefault(next(iter(s.themes.items())), []).append(answer.text[s.start : s.end])
    keys = [key for key, texts in groups.items() if len(texts) > 5]
    optimizer = torch.optim.AdamW(net.encoder.parameters(), lr=5e-5)
    rng = random.Random(seed)
    net.train()
    for _ in range(WARM_UP_STEPS):
        pairs = [rng.sample(groups[key], 2) for key in rng.sample(keys, min(16, len(keys)))]
        batch = bench.batch([pair[side] for side in (0, 1) for pair in pairs])
        vectors = F.normalize((batch.pool @ net.tokens(batch))[:, -1], dim=-1)
        first, second = vectors.chunk(2)
        F.cross_entropy(first @ second.T / 0.07, torch.arange(len(pairs))).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()


def distilled_loss(teachers, labelled):
    """The loss with the teachers' mean probabilities as further labels (Hinton et al. 2015)."""

    def answers(net, batch):
        tokens = net.tokens(batch)
        vectors = batch.pool @ tokens
        whole = network.smooth_maximum(net.answer_themes(tokens), batch.pool[:, -1] > 0)
        return whole, net.themes(vectors[:, :-1][batch.real]), net.answer_sentiment(vectors[:, -1])

    def loss(net, batch):
        with torch.no_grad():
            told = [answers(teacher, batch) for teacher in teachers]
        whole, parts, sentiment = answers(net, batch)
        bce = F.binary_cross_entropy_with_logits
        soft = network.THEME_WEIGHT * bce(whole, torch.stack([t[0].sigmoid() for t in told]).mean(0))
        soft = soft + network.THEME_WEIGHT * bce(parts, torch.stack([t[1].sigmoid() for t in told]).mean(0))
        soft = soft + F.cross_entropy(sentiment, torch.stack([t[2].softmax(-1) for t in told]).mean(0))
        return (1 - SOFT) * labelled(net, batch) + SOFT * soft

    return loss


def averaged(states):
    last = states[-1]
    return {k: sum(s[k] for s in states) / len(states) if v.is_floating_point() else v for k, v in last.items()}


def with_segment_sentiment(scored):
    s = scored.scores
    polarity = np.repeat(s.sentiment[:, None, :], s.themes.shape[1], axis=1)
    return dataclasses.replace(scored, scores=dataclasses.replace(s, polarity=polarity))


def hybrid(bench, scored):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
    known = grams.fit_transform([a.text for a in bench.train])
    gold = np.array([[theme in a.themes for theme in bench.ids] for a in bench.train])
    model = OneVsRestClassifier(LogisticRegression(C=30, max_iter=200)).fit(known, gold)
    other = model.predict_proba(grams.transform([s.gold.text for s in scored]))
    return [
        dataclasses.replace(s, scores=dataclasses.replace(s.scores, answer_themes=mixed, themes=s.scores.themes))
        for s, p in zip(scored, other, strict=True)
        for mixed in [(0.7 * s.scores.answer_themes + 0.3 * p).astype(np.float32)]
    ]


def together(first, second):
    a, b = first.scores, second.scores
    mean = {
        key: (getattr(a, key) + getattr(b, key)) / 2 for key in ("themes", "answer_themes", "polarity", "sentiment")
    }
    mean["suggestion"] = (a.suggestion + b.suggestion) / 2
    mean["answer_suggestion"] = (a.answer_suggestion + b.answer_suggestion) / 2
    mean["answer_sentiment"] = np.log((softmax(a.answer_sentiment) + softmax(b.answer_sentiment)) / 2 + 1e-9)
    return Scored(first.gold, dataclasses.replace(a, **mean))


def table(work):
    """The rows of all runs in the folder, in Markdown."""
    print("| variant | themes, micro-F1 | sentiment, macro-F1 | polarity | suggestion, F1 | sign elsewhere | minutes |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, words in {k: v[0] for k, v in VARIANTS.items()} | DERIVED | {}.items():
        path = work / f"{name}.json"
        if not path.is_file():
            continue
        row = json.loads(path.read_text(encoding="utf-8"))
        keys = ("theme_micro_f1", "sentiment_macro_f1", "polarity_accuracy", "suggestion_f1", "sign")
        cells = [f"{row[key]:.3f}" for key in keys]
        minutes = f"{row['seconds'] / 60:.0f}" if row["seconds"] else ""
        print(f"| {words} | " + " | ".join(cells) + f" | {minutes} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variants", nargs="*", help="all where none is named")
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--answers", type=int, default=3000)
    parser.add_argument("--epochs", type=int, default=5)
    args = parser.parse_args()
    bench = Bench(args)
    for name in args.variants or VARIANTS:
        if not (bench.work / f"{name}.json").is_file():
            run(bench, name)
    table(bench.work)


if __name__ == "__main__":
    main()
