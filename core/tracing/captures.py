"""Captures: one run of a model on one text, as a Trace.

Nothing is padded, truncated or sampled: a trace holds exactly the positions the tokenizer made. The forward runs in
inference mode on a tape of its own context (tape.py); how much memory it needs is estimated before it runs.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
import torch
import transformers
from transformers import PreTrainedModel

from ..attention import eager
from ..attention.edits import Edit
from ..attention.families import no_cache
from ..attention.tape import recording
from ..axes import checked_index
from ..boundary import named_step
from ..errors import BadInput, Message, TooLong, UnsupportedModel
from ..models.loading import LanguageModel
from ..models.locks import turn
from ..models.verify import Layout, records_by_kind
from ..text.tokens import Tokens, check_text, encode, encode_ids, encode_target, target_labels
from ..text.translation import reading
from .memory import check_memory, estimate_bytes
from .trace import Provenance, Trace

MAX_GENERATED = 128  # tokens of a target that the model writes itself
CHARACTERS_A_TOKEN = 12  # of a text, looked at first for each position of a model; Portuguese has about four
MAX_RUN = 5_000  # characters without a space: 0.25 s of a tokenizer whose time grows with their square
MAX_TEXT_CHARACTERS = 50_000  # about 10,000 words: 2 s of tokenizing


@named_step(Message("the run"), "capture")
def capture(
    lm: LanguageModel,
    text: str | Sequence[int],
    target: str | Sequence[int] | None = None,
    *,
    hidden: bool = False,
    edits: Sequence[Edit] = (),
) -> Trace:
    """Run ``lm`` on ``text`` and keep every head's queries, keys, values and map.

    text: or the ids of a text that a model has written, its template included (core.predictions.generation).
    target: for encoder–decoders, the text on the decoder's side, or the ids that the decoder reads; None generates it
    greedily (at most 128 tokens).
    hidden: keep the hidden states too. edits: what this run is made to do differently (edits.py).

    Raises:
        BadInput: an empty text, a target for a model that has no decoder side, or an edit of what is not there.
        TooLong: more characters than are read, positions than the model has, or memory than the limit.
        UnsupportedModel: this text makes the model do something that cannot be shown truthfully, or it cannot be
        edited.
    """
    if target is not None and lm.kind != "encoder-decoder":
        raise BadInput("A target text was given, but “{name}” has no separate target side; leave it out.", name=lm.name)
    _check_characters(target)
    tokens = read_tokens(lm, text)
    inputs = {"input_ids": _tensor(lm, tokens.ids)}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    reading, cut = None, False
    if lm.kind == "encoder-decoder":
        reading, cut = _given_target(lm, target) if target is not None else _generated_target(lm, inputs)
        check_length(lm, len(reading))
        inputs["decoder_input_ids"] = _tensor(lm, reading.ids)
    output, records = forward(lm, inputs, edits, output_hidden_states=hidden)
    _check_sizes(lm, records, len(tokens.ids), len(reading.ids) if reading else 0)
    return Trace(
        text=tokens.text,
        tokens=tokens,
        target=reading,
        records=records,
        logits=_logits(lm, output),
        hidden=_hidden(output) if hidden else None,
        provenance=provenance(lm),
        generated=reading is not None and target is None,
        cut=cut,
        edits=tuple(edits),
    )


@named_step(Message("cutting it into tokens"), "capture")
def read_tokens(lm: LanguageModel, text: str | Sequence[int]) -> Tokens:
    """The text as `capture` reads it, without a run: what draws its words asks here, and never for more than fit.

    Raises:
        BadInput, TooLong: as `capture`, before anything is made of the text's length.
    """
    _check_characters(text)
    if isinstance(text, str):
        _check_beginning(lm, text)
    if isinstance(text, str):
        tokens = encode(lm.tokenizer, text, language=lm.source_language)
    else:
        tokens = encode_ids(lm.tokenizer, text)
    check_length(lm, len(tokens))
    return tokens


def forward(
    lm: LanguageModel, inputs: dict, edits: Sequence[Edit] = (), *, gradients: bool = False, **options
) -> tuple:
    """One forward: (output, records by kind), through the adapter that core/models/verify.py chose.

    It runs in inference mode unless ``gradients`` are wanted.
    """
    _check_edits(lm, edits)
    options |= no_cache(lm.model)
    with turn(lm.model), torch.enable_grad() if gradients else torch.inference_mode():
        if lm.layout.adapter == "outside":
            return eager.run_eager(lm.model, inputs, **options)
        with recording(edits=edits, kind_of=lm.layout.kind_of, numbers=lm.layout.numbers) as tape:
            output = lm.model(**inputs, **options)
    return output, lm.layout.placed(records_by_kind(tape.calls, lm.layout.kind_of))


def _check_edits(lm: LanguageModel, edits: Sequence[Edit]) -> None:
    """Edits go through the seam, and name layers and kinds that there are."""
    if edits and lm.layout.adapter == "outside":
        raise UnsupportedModel(
            "“{name}” computes its attention in its own way, so nothing in it can be knocked out, zeroed or patched.",
            name=lm.name,
        )
    for edit in edits:
        if edit.kind is not None and edit.kind not in lm.layout.counts:
            raise BadInput(
                "This model has no “{kind}” attention; it has: {kinds}.",
                kind=edit.kind,
                kinds=", ".join(lm.layout.kinds),
            )
        if edit.layer is not None:
            kinds = lm.layout.kinds if edit.kind is None else (edit.kind,)
            checked_index(edit.layer, max(lm.layout.counts[kind] for kind in kinds), "layer")
            if edit.layer in lm.layout.others:
                raise BadInput(
                    "Layer {layer} of “{name}” has no attention that could be changed: it is {part}.",
                    layer=edit.layer + 1,
                    name=lm.name,
                    part=Message(lm.layout.others[edit.layer]),
                )


def check_length(lm: LanguageModel, n: int) -> None:
    """Raise TooLong, with the limit and the estimate, before ``n`` tokens are run."""
    if lm.max_positions is not None and n > lm.max_positions:
        raise TooLong(
            "The text makes {n} tokens (about {need} MB of memory), and “{name}” was built for at most {limit}. "
            "Shorten it or split it into sentences.",
            n=n,
            need=max(1, estimate_bytes(lm, n) // 1_000_000),
            name=lm.name,
            limit=lm.max_positions,
        )
    check_memory(lm, n)


class Loaded(Protocol):
    """What a trace says of the model that it comes from, whether it reads text or pictures."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> PreTrainedModel: ...

    @property
    def revision(self) -> str: ...

    @property
    def tokenizer_hash(self) -> str: ...

    @property
    def layout(self) -> Layout: ...

    @property
    def dtype(self) -> torch.dtype: ...

    @property
    def device(self) -> torch.device: ...


def provenance(lm: Loaded) -> Provenance:
    """Where a trace of ``lm`` comes from."""
    return Provenance(
        model=lm.name,
        revision=lm.revision,
        architecture=type(lm.model).__name__,
        tokenizer_hash=lm.tokenizer_hash,
        adapter=lm.layout.adapter,
        dtype=str(lm.dtype).removeprefix("torch."),
        device=str(lm.device),
        versions=_versions(),
        languages=getattr(lm, "languages", None),
        mixing=lm.layout.mixing,
        without_attention=tuple(lm.layout.others.items()),
    )


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    from ..version import __version__

    return (
        ("mirante", __version__),
        ("transformers", transformers.__version__),
        ("torch", torch.__version__),
        ("python", platform.python_version()),
    )


def _tensor(lm: LanguageModel, ids: tuple[int, ...]) -> torch.Tensor:
    return torch.tensor([ids], device=lm.device)


def _check_characters(*texts: str | Sequence[int] | None) -> None:
    """Raise TooLong before the tokenizer spends time on a text that no model here could read."""
    longest = max(len(text) if isinstance(text, str) else 0 for text in texts)
    if longest > MAX_TEXT_CHARACTERS:
        raise TooLong(
            "The text has {n} characters, and at most {limit} are read. Shorten it or split it into sentences.",
            n=longest,
            limit=MAX_TEXT_CHARACTERS,
        )


def _check_beginning(lm: LanguageModel, text: str) -> None:
    """Raise TooLong where the first characters alone make more tokens than the model has positions: some tokenizers
    take time that grows with the square of a text without spaces. Of those (Unigram), such a text is bounded itself.
    """
    backend = getattr(lm.tokenizer, "backend_tokenizer", None)
    longest = max(map(len, text.split()), default=0)
    if longest > MAX_RUN and type(getattr(backend, "model", None)).__name__ == "Unigram":
        raise TooLong(
            "{n} characters stand without a space between them, and “{name}” reads at most {limit} in a row. "
            "Split them.",
            n=longest,
            name=lm.name,
            limit=MAX_RUN,
        )
    if lm.max_positions is None:
        return
    most = CHARACTERS_A_TOKEN * lm.max_positions
    if len(text) <= most:
        return
    with reading(lm.tokenizer):
        n = len(lm.tokenizer(text[:most], verbose=False)["input_ids"])
    if n > lm.max_positions + 16:  # the cut may have made a few of its last word
        raise TooLong(
            "The text makes more than {n} tokens, and “{name}” was built for at most {limit}. Shorten it or split it "
            "into sentences.",
            n=lm.max_positions,
            name=lm.name,
            limit=lm.max_positions,
        )


@named_step(Message("reading the target text"), "capture")
def _given_target(lm: LanguageModel, target: str | Sequence[int]) -> tuple[Tokens, bool]:
    """(the tokens that the decoder reads for a given target, False: it was not cut).

    A text is read as its start token and then the text without its last token; ids are read as they are.
    """
    if not isinstance(target, str):
        return encode_target(lm.tokenizer, target), False
    check_text(target)
    _check_beginning(lm, target)
    labels, added = target_labels(lm.tokenizer, target, language=lm.target_language)
    ids = _shifted(lm, torch.tensor([labels], device=lm.device))
    shifted = tuple(ids[1:]) == labels[:-1]  # what stands first is put there by the model
    return encode_target(lm.tokenizer, ids, target, special=(True, *added[:-1]) if shifted else None), False


@named_step(Message("writing a target text of its own"), "capture")
def _generated_target(lm: LanguageModel, inputs: dict) -> tuple[Tokens, bool]:
    """(the tokens that the model wrote greedily, whether it stopped at the limit instead of at an end of its own)."""
    limit = min(MAX_GENERATED, lm.max_positions or MAX_GENERATED)
    if _start(lm) is None:
        raise _no_start(lm)
    with turn(lm.model), torch.inference_mode():
        generated = lm.generate(
            **inputs, max_length=limit, max_new_tokens=None, num_beams=1, do_sample=False, **lm.first_written
        )
    ids = generated[0].tolist()
    ended = len(ids) > 2 and ids[-1] in ends(lm)
    return encode_target(lm.tokenizer, ids[:-1] if ended else ids), not ended  # nothing is predicted from the end


def ends(lm: LanguageModel) -> set[int]:
    """Ids that end a generated text; some families have several."""
    eos = lm.model.generation_config.eos_token_id
    return set(eos) if isinstance(eos, (list, tuple)) else {eos if eos is not None else lm.model.config.eos_token_id}


def _shifted(lm: LanguageModel, labels: torch.Tensor) -> list[int]:
    """Decoder ids that predict ``labels`` (1, position).

    By the family's own shift (mBART wraps its language code), else start + labels[:-1].
    """
    family_shift, start = getattr(lm.model, "prepare_decoder_input_ids_from_labels", None), _start(lm)
    try:
        if family_shift is not None:
            return family_shift(labels=labels)[0].tolist()
    except ValueError as error:  # T5's own shift asks for the start token
        if start is None:
            raise _no_start(lm) from error
        raise
    if start is None:
        raise _no_start(lm)
    return [start, *labels[0, :-1].tolist()]


def _start(lm: LanguageModel) -> int | None:
    """The token with which the decoder begins, as the library looks for it."""
    settings = (lm.model.generation_config, lm.model.config)
    names = ("decoder_start_token_id", "bos_token_id")
    return next(
        (token_id for name in names for setting in settings if (token_id := getattr(setting, name, None)) is not None),
        None,
    )


def _no_start(lm: LanguageModel) -> UnsupportedModel:
    return UnsupportedModel(
        "“{name}” does not say with which token its decoder starts, so it can neither write a target text nor be given "
        "one. Whoever made it can say so in its config.json (decoder_start_token_id).",
        name=lm.name,
    )


def _check_sizes(lm: LanguageModel, records: dict, n_source: int, n_target: int) -> None:
    expected = {
        "self": (n_source, n_source),
        "encoder": (n_source, n_source),
        "decoder": (n_target, n_target),
        "cross": (n_target, n_source),
    }
    for kind, count in lm.layout.counts.items():
        layers = records.get(kind, ())
        if len(layers) != count or any(record.size != expected[kind] for record in layers):
            raise UnsupportedModel(
                "“{name}” made other attention maps for this text than for the test sentence ({kind}); they "
                "are not shown.",
                name=lm.name,
                kind=kind,
            )


def _logits(lm: LanguageModel, output) -> np.ndarray | None:
    if not lm.has_head or getattr(output, "logits", None) is None:
        return None
    return _sealed(output.logits[0].float().cpu().numpy())


def _hidden(output) -> np.ndarray | None:
    states = getattr(output, "hidden_states", None) or getattr(output, "decoder_hidden_states", None)
    return None if states is None else _sealed(torch.stack([state[0].float().cpu() for state in states]).numpy())


def _sealed(array: np.ndarray) -> np.ndarray:
    """The array, read-only: traces are shared between sessions."""
    array.setflags(write=False)
    return array
