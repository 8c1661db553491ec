"""A program of its own, started by tokenizer_trial.py: opens a stranger's tokenizer under limits of time and memory.

``python -I tokenizer_worker.py FOLDER SECONDS BYTES`` opens what the library would open (tokenizer.json, else
SentencePiece models), lets it read a few texts, and prints one line of JSON: ``{}``, or ``{"problem": …}``. Regular
expressions that never end, panics of the Rust library and memory without end finish this process and nothing else. It
imports nothing of Mirante, so that it starts in a tenth of a second.
"""

import json
import os
import signal
import sys

TRIAL_SENTENCE = "Ela derramou água da jarra para o copo — até que ficasse cheio, às 12:30 («sim» & não)!"
TRIAL_TEXTS = (
    TRIAL_SENTENCE,
    *(unit * 300 + "!" for unit in ("a", " ", "1", "\n", "ã", "aA", "a ", "é1", ".", "_", "=", "字")),
)
MOST_GROWTH = 32  # characters for one: NFKC makes 18 of U+FDFA
BATCH = 64
SPARE_NUMBERS = 10_000  # numbers of pieces that no piece has


def limit(seconds: float, memory: int) -> None:
    """This process dies after ``seconds`` of processor time, and gets no more than ``memory`` bytes."""
    try:
        import resource
    except ImportError:  # Windows: only the time that the parent waits
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.setitimer(signal.ITIMER_PROF, seconds)


def read_tokenizer(path: str) -> str | None:
    """What is wrong with a tokenizer.json; None if nothing is."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    vocabulary = tokenizer.get_vocab()
    if max(vocabulary.values(), default=0) > 2 * len(vocabulary) + SPARE_NUMBERS:
        return "numbers"
    if tokenizer.normalizer is not None and grows(tokenizer.normalizer):
        return "grows"
    for text in TRIAL_TEXTS:
        tokenizer.encode(text)
    return None


def grows(normalizer) -> bool:
    """Whether some character of the first plane becomes more than a few."""
    characters = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code <= 0xDFFF]
    batches = ("".join(characters[start : start + BATCH]) for start in range(0, len(characters), BATCH))
    return any(len(normalizer.normalize_str(text)) > MOST_GROWTH * len(text) for text in (*batches, TRIAL_SENTENCE))


def read_pieces(path: str) -> None:
    """Open a SentencePiece model, and read the same texts with it."""
    from sentencepiece import SentencePieceProcessor

    pieces = SentencePieceProcessor(model_file=path)
    for text in TRIAL_TEXTS:
        pieces.encode(text)


def problem_of(folder: str) -> str | None:
    """What is wrong with the tokenizer of a folder."""
    try:
        if os.path.isfile(os.path.join(folder, "tokenizer.json")):
            return read_tokenizer(os.path.join(folder, "tokenizer.json"))
        for name in sorted(os.listdir(folder)):
            if name.endswith((".spm", "spiece.model", "bpe.model")):
                read_pieces(os.path.join(folder, name))
    except MemoryError:
        return "memory"
    except BaseException as error:  # a panic of the Rust library is no Exception
        return f"{type(error).__name__}: {error}"[:300]
    return None


if __name__ == "__main__":
    limit(float(sys.argv[2]), int(sys.argv[3]))
    problem = problem_of(sys.argv[1])
    print(json.dumps({} if problem is None else {"problem": problem}), flush=True)
    os._exit(0)  # without taking a large vocabulary apart
