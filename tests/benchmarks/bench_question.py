"""Two ways to let the question in: as a second text in the encoder, or encoded alone and joined in the heads.

    python tests/benchmarks/bench_question.py --encoder HF_DIR [--epochs 4]

Both are trained from the same start on the corpus's training answers that have a question, with the same loss, and
measured on the development answers that have one, with gold segments. "Joined" gives the heads the segment's
vector, the question's vector (the same encoder's, computed once for each question) and their product.
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from rmtext.codebook import Codebook
from rmtext.corpus import read_corpus
from rmtext.evaluation import f1, macro_f1
from rmtext.heads import ANSWER_SENTIMENTS
from rmtext.model import root
from rmtext.training.examples import build, pieces
from rmtext.training.fit import BATCH, _parameter_groups
from rmtext.training.network import PAD, Network, collate, load_encoder, smooth_maximum


class Joined(Network):
    """Heads read segment, question and their product; ``questions`` holds the batch's questions as token ids."""

    questions: list

    def tokens(self, batch):
        hidden = self.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        width = hidden.shape[-1]
        vectors = (hidden - self.center[:width]) / self.scale
        longest = max(len(q) for q in self.questions)
        padded = torch.full((len(self.questions), longest), PAD)
        for i, q in enumerate(self.questions):
            padded[i, : len(q)] = torch.tensor(q)
        present = (padded != PAD).float()
        hidden = self.encoder(input_ids=padded, attention_mask=present.long()).last_hidden_state
        mean = (hidden * present.unsqueeze(-1)).sum(1) / present.sum(1, keepdim=True)
        question = ((mean - self.center[:width]) / self.scale).unsqueeze(1).expand_as(vectors)
        return torch.cat([vectors, question, vectors * question], dim=-1)


def run(way, start, train, dev, codebook, epochs):
    torch.manual_seed(1)
    encoder = load_encoder(start)
    width = encoder.config.hidden_size
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    joined = way == "joined in the heads"
    network = (Joined if joined else Network)(encoder, width * 3 if joined else width, len(codebook.ids))
    asked = {a.question: tokenizer.encode(a.question).ids for a in train + dev}

    def example(answer):
        return build(tokenizer, None if joined else answer.question, pieces(answer), answer.sentiment, codebook.ids)

    sample = [collate([example(a)]) for a in train[:128]]
    network.eval()
    with torch.no_grad():
        plain = torch.cat([(b.pool[:, -1:] @ encoder(input_ids=b.ids).last_hidden_state).squeeze(1) for b in sample])
    network.center[:width] = plain.mean(0)
    network.scale.copy_((plain - plain.mean(0)).std())
    optimizer = torch.optim.AdamW(_parameter_groups(network), weight_decay=0.01)
    steps = epochs * -(-len(train) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / (0.1 * steps), 1 - s / steps))
    rng = random.Random(1)
    network.train()
    for _ in range(epochs):
        order = sorted(rng.sample(train, len(train)), key=lambda a: len(a.text) // 20)
        starts = list(range(0, len(order), BATCH))
        for i in rng.sample(starts, len(starts)):
            rows = order[i : i + BATCH]
            network.questions = [asked[a.question] for a in rows]
            network.loss(collate([example(a) for a in rows])).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    network.eval()
    table = np.zeros((4, 4), dtype=int)
    best = []
    with torch.no_grad():
        for answer in dev:
            batch = collate([example(answer)])
            network.questions = [asked[answer.question]]
            tokens = network.tokens(batch)
            vectors = batch.pool @ tokens
            sentiment = int(network.answer_sentiment(vectors[:, -1]).argmax())
            table[ANSWER_SENTIMENTS.index(answer.sentiment), sentiment] += 1
            segment = network.themes(vectors[:, :-1]).sigmoid().amax(1)
            whole = smooth_maximum(network.answer_themes(tokens), batch.pool[:, -1] > 0).sigmoid()
            best.append(((segment + whole) / 2)[0].numpy())
    gold = np.array([[t in a.themes for t in codebook.ids] for a in dev])
    p = np.stack(best)
    theme = max(f1((gold & (p >= t)).sum(), (p >= t).sum(), gold.sum()) for t in np.arange(0.2, 0.8, 0.05))
    return macro_f1(table), theme


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    corpus = root("corpora") / "reverse_mentoring"
    codebook = Codebook.read(corpus / "codebook.yaml")
    train = [a for a in read_corpus(corpus, "train") if a.question]
    dev = [a for a in read_corpus(corpus, "dev") if a.question]
    print(f"{len(train)} answers to train on, {len(dev)} to measure on, {args.epochs} epochs")
    for way in ("second text in the encoder", "joined in the heads"):
        started = time.monotonic()
        sentiment, theme = run(way, args.encoder, train, dev, codebook, args.epochs)
        minutes = (time.monotonic() - started) / 60
        print(f"{way:28} sentiment macro-F1 {sentiment:.3f}  theme micro-F1 {theme:.3f}  {minutes:.1f} min", flush=True)


if __name__ == "__main__":
    main()
