"""What long, misspelt, joined and senseless text costs, beside what people ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from time import process_time

from services_dir.search.lexicon import Lexicon
from services_dir.search.query import MAXIMUM_LENGTH, MAXIMUM_WORDS

_EACH = 8  # texts of a kind
_TIMES = 3  # each is asked so often, and the best time counts


def hostile_texts(lexicon: Lexicon) -> dict[str, list[str]]:
    """Give texts of each kind, made of the words that most and fewest programs hold."""
    counts = {
        word: lexicon.spelling.count(word) for layer in lexicon.spelling.layers for word in layer.counts
    }
    words = sorted((word for word in counts if word.isalpha()), key=lambda word: (-counts[word], word))
    long = [word for word in words if len(word) > 6]
    phrases = [" ".join(key) for key in lexicon.meanings.others if len(key) > 1]
    spread = phrases[:: max(1, len(phrases) // (_EACH * MAXIMUM_WORDS))]
    return {
        "common words": _texts(words),
        "rare words": _texts(words[::-1]),
        "phrases": _texts(spread),
        "beginnings": _texts([word[:3] for word in long]),
        "slips": _texts([word[:3] + word[4:] for word in long]),
        "two letters wrong": _texts([word[:2] + "x" + word[3:-1] + "q" for word in long]),
        "joined": _texts([one + other for one, other in zip(long[::2], long[1::2], strict=False)]),
        "quoted": [f'"{text}"' for text in _texts(words)],
        "unwanted": ["-" + text.replace(" ", " -") for text in _texts(words)],
        "no words": ["q" * MAXIMUM_LENGTH, '"' * MAXIMUM_LENGTH, "- " * 100, "9" * MAXIMUM_LENGTH, "é" * 99],
    }


def _texts(words: Sequence[str]) -> list[str]:
    starts = range(0, min(len(words), _EACH * MAXIMUM_WORDS), MAXIMUM_WORDS)
    return [" ".join(words[start : start + MAXIMUM_WORDS])[:MAXIMUM_LENGTH] for start in starts]


def seconds(ask: Callable[[str], object], texts: Sequence[str]) -> float:
    """Give the median time of an answer to some texts."""
    best = [float("inf")] * len(texts)
    for _ in range(_TIMES):
        for at, text in enumerate(texts):
            start = process_time()
            ask(text)
            best[at] = min(best[at], process_time() - start)
    return median(best)


def report_hostile(
    ask: Callable[[str], object], usual: Sequence[str], hostile: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Give a line with how many times as long as a usual answer each kind takes."""
    ordinary = seconds(ask, usual)
    factors = {kind: seconds(ask, texts) / ordinary for kind, texts in hostile.items()}
    most = max(factors.values())
    yield f"hostile text: at most {most:.1f} times the {ordinary * 1000:.1f} ms of what people ask"
    yield ", ".join(f"{kind} {factor:.1f}" for kind, factor in factors.items())
