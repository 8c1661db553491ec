"""Loading a model with its tokenizer so that its attention can be captured.

Only safetensors, never remote code, always float32 on the CPU. The class of the language model comes from the
configuration; whether the attention can be shown truthfully comes from a test forward (verify.py), never from a list.
Where names lead is in sources.py; what is shipped, in catalog.py.
"""

from __future__ import annotations

import copy
import hashlib
import os
from dataclasses import dataclass
from typing import Any, Literal

import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
)

from ..attention import eager, seam
from ..attention.families import is_relative, is_sinusoidal, offset_tables, size_of
from ..boundary import boundary, is_foreign
from ..errors import BadFile, BadInput, Message, MiranteError, UnsupportedModel, is_failure
from ..text.translation import LanguagePair, keep_still, language_ids
from . import devices
from .bounded_json import unreadable
from .completeness import require_ties, require_whole
from .folder_check import CheckedSource, check_built, check_source, model_limit
from .locks import LOADING
from .other_weights import no_weights
from .sources import Source, fingerprint, locate
from .verify import Layout, verify

ModelKind = Literal["encoder", "decoder", "encoder-decoder"]


@dataclass(frozen=True, eq=False)
class LanguageModel:
    """A loaded model, shared read-only by every session.

    ``has_head``: False when the checkpoint has no language-model head, so that there are no logits to show.
    ``max_positions``: positions the model was built for, special tokens included; None when relative.
    ``languages``: what a translator of many languages reads and writes (translating.py); None for any other model.
    """

    name: str
    kind: ModelKind
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    device: torch.device
    dtype: torch.dtype
    revision: str
    tokenizer_hash: str
    layout: Layout
    has_head: bool
    max_positions: int | None
    languages: LanguagePair | None = None

    @property
    def source_language(self) -> int | None:
        """Id of the language that is read, in the texts that it reads; None where there is none."""
        return None if self.languages is None else language_ids(self.tokenizer)[self.languages.source]

    @property
    def target_language(self) -> int | None:
        """Id of the language that is written."""
        return None if self.languages is None else language_ids(self.tokenizer)[self.languages.target]

    @property
    def first_written(self) -> dict[str, int]:
        """Options of `generate` by which the language that is written comes first."""
        return {} if self.target_language is None else {"forced_bos_token_id": self.target_language}

    def generate(self, **options: Any) -> Any:
        """The library's own generation, which its classes do not declare; the result is the library's."""
        generate: Any = self.model.generate
        try:
            return generate(**options)
        except Exception as error:
            if not is_foreign(error):
                raise
            # its cache may have no place for all layers (T5 with more decoder than encoder layers)
            return generate(**options, use_cache=False)

    def require_head(self) -> None:
        """Raise BadInput where the checkpoint has no prediction head."""
        if not self.has_head:
            raise headless(self.name)

    @property
    def parameters(self) -> int:
        """Learned numbers; tables of sines, which no checkpoint holds, are not counted."""
        fixed = {id(p) for module in self.model.modules() if is_sinusoidal(module) for p in module.parameters()}
        return sum(p.numel() for p in self.model.parameters() if id(p) not in fixed)


def headless(name: str) -> BadInput:
    """The error for a question about words, asked of a model that was saved without its prediction head."""
    reason = no_head(name)
    return BadInput(reason.template, **reason.fields)


def no_head(name: str) -> Message:
    """Why a model that was saved without its prediction head is not asked for words."""
    return Message("“{model}” was saved without a prediction head, so it predicts no words.", model=name)


def load(
    name: str,
    device: str | None = None,
    *,
    precision: devices.Precision = "float32",
    revision: str | None = None,
    root: str | os.PathLike | None = None,
    limit_mb: float | None = None,
) -> LanguageModel:
    """Load a bundled model, a local folder or a hub id.

    ``root``: accept local folders only below it (used by the web app). ``limit_mb``: the most that the weights may take
    in memory, in 10**6 bytes; None takes that of the environment (``MIRANTE_MODEL_MB``, else 4096).

    Raises:
        ModelNotFound: nothing under that name, or the hub cannot be reached.
        UnsupportedModel: not a text model, remote code needed, no attention, or attention that would be misreported.
        BadFile: a broken or unsafe file (no safetensors, unreadable configuration).
        TooLong: the weights take more memory than the limit.
        BadInput: an impossible name, device or precision. MiranteError: the model was not loaded whole.
    """
    return load_source(locate(name, root), device, precision=precision, revision=revision, root=root, limit_mb=limit_mb)


def load_source(
    source: Source,
    device: str | None = None,
    *,
    precision: devices.Precision = "float32",
    revision: str | None = None,
    root: str | os.PathLike | None = None,
    limit_mb: float | None = None,
) -> LanguageModel:
    """``load``, for a name whose place is known: a folder may be called otherwise than where it lies."""
    target = devices.choose_device(device)
    dtype = devices.dtype_for(target, precision)
    limit = model_limit(limit_mb)
    with boundary("load", source.name, Message("looking at its files")):
        checked = check_source(source, revision, root, dtype, limit)
    with LOADING, boundary("load", source.name, Message("a test sentence")):
        return _load(checked, dtype, target, limit)


def check_family(source: Source) -> None:
    """Look at a folder that has no weights yet: whether its configuration and tokenizer open, and are of a family that
    can be shown.

    Raises:
        UnsupportedModel, BadFile: as ``load``.
    """
    options = {"trust_remote_code": False, "local_files_only": True}
    with LOADING:
        config = _from_pretrained(source, options, "configuration", AutoConfig.from_pretrained)
        eager.refuse(config)
        _auto_class(config)
        _from_pretrained(source, options | {"config": config}, "tokenizer", AutoTokenizer.from_pretrained)


def _load(checked: CheckedSource, dtype: torch.dtype, target: torch.device, limit: int) -> LanguageModel:
    """What is on this disk, as a model; alone in the process."""
    source, options = checked.source, {"trust_remote_code": False, "local_files_only": True}
    seam.register()
    config = _from_pretrained(source, options, "configuration", AutoConfig.from_pretrained)
    eager.refuse(config)  # before gigabytes are read, and before a family's own assertions fail
    with boundary("load", source.name, Message("comparing its configuration with its weights")):
        check_built(source.name, config, lambda: _outline(source, config), checked.weights, limit)
    if source.origin == "hub":
        config.name_or_path = source.name  # some repositories are told by name to read their tokenizer another way
    tokenizer = _from_pretrained(source, options | {"config": config}, "tokenizer", AutoTokenizer.from_pretrained)
    keep_still(tokenizer)
    model, has_head, layout = _verified(source, options, config, dtype, target, tokenizer)
    return LanguageModel(
        name=source.name,
        kind=_kind(model, layout),
        model=model,
        tokenizer=tokenizer,
        device=target,
        dtype=dtype,
        revision=checked.revision or fingerprint(source),
        tokenizer_hash=_hash(tokenizer),
        layout=layout,
        has_head=has_head,
        max_positions=_max_positions(model, tokenizer),
        languages=_languages(model, tokenizer),
    )


def _languages(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> LanguagePair | None:
    """The pair that a checkpoint is saved with: its tokenizer's source, and the target that the generation forces or
    the tokenizer names; Portuguese, or English from Portuguese, where neither says one.
    """
    ids = language_ids(tokenizer)
    if not ids:
        return None
    source: str = getattr(tokenizer, "src_lang", None) or ""
    settings: Any = getattr(model, "generation_config", None)
    embeddings: Any = model.get_input_embeddings()
    if source not in ids or max(ids.values()) >= len(embeddings.weight):
        return None
    named = [code for code, index in ids.items() if index == getattr(settings, "forced_bos_token_id", None)]
    named.append(getattr(tokenizer, "tgt_lang", None) or "")
    named += [code for start in ("pt", "por_Latn", "en") for code in ids if code.startswith(start) and code != source]
    return LanguagePair(source, next((code for code in named if code in ids), source))


def _verified(source: Source, options: dict, config, dtype, device, tokenizer) -> tuple[PreTrainedModel, bool, Layout]:
    """The model, whether it has its head, and its layout: through the seam, or eager for families outside it."""
    for implementation in (seam.IMPLEMENTATION, "eager"):
        loaded = _weights(source, options, config, dtype, implementation)
        if loaded is not None:
            require_whole(loaded[0], source.name)
            model = loaded[0].to(device).eval().requires_grad_(False)
            layout = verify(model, tokenizer, through_seam=implementation == seam.IMPLEMENTATION)
            if layout is not None:
                return model, loaded[1], layout
    raise UnsupportedModel("“{name}” ({type}) lets nobody see its attention.", name=source.name, type=config.model_type)


def _weights(source: Source, options: dict, config, dtype, implementation: str) -> tuple[PreTrainedModel, bool] | None:
    """The model with its language head, or without it when the checkpoint has none; None when it refuses the seam."""
    loaded = _load_weights(_auto_class(config), source, options, config, dtype, implementation)
    if loaded is None:
        return None
    model, missing = loaded
    require_ties(model, missing, source.name)
    if not missing:
        return model, True
    if _was_whole(model, config) or any(key.startswith(model.base_model_prefix + ".") for key in missing):
        raise BadFile(
            "The weights of “{name}” are incomplete: {count} tensors are missing, the first is “{first}”. "
            "Nothing computed with them would be true.",
            name=source.name,
            count=len(missing),
            first=missing[0],
        )
    body = _load_weights(AutoModel, source, options, config, dtype, implementation)
    return None if body is None else (body[0], False)


def _was_whole(model: PreTrainedModel, config) -> bool:
    """Whether the checkpoint says that it was saved with the head that ``model`` has, or is never saved without."""
    return config.is_encoder_decoder or type(model).__name__ in (getattr(config, "architectures", None) or ())


def _load_weights(
    auto, source: Source, options: dict, config, dtype, implementation: str
) -> tuple[PreTrainedModel, list[str]] | None:
    """(model, names of missing tensors); None when this family does not accept the seam."""
    try:
        model, info = auto.from_pretrained(
            source.location,
            config=copy.deepcopy(config),
            dtype=dtype,
            use_safetensors=True,
            attn_implementation=implementation,
            output_loading_info=True,
            **options,
        )
    except Exception as error:
        if implementation == seam.IMPLEMENTATION and isinstance(error, (ValueError, KeyError)):
            return None  # tried again eager, where a real fault is raised
        raise _explained(source, "weights", error) from error
    return model, sorted(info["missing_keys"])


def _auto_class(config):
    """The Auto class whose head the checkpoint was saved with."""
    architecture = (getattr(config, "architectures", None) or [""])[0]
    kind = config.model_type
    if getattr(config, "is_encoder_decoder", False) and kind in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES:
        return AutoModelForSeq2SeqLM
    if kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES and _writes(config, architecture):
        return AutoModelForCausalLM
    if kind in MODEL_FOR_MASKED_LM_MAPPING_NAMES:
        return AutoModelForMaskedLM
    if kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        return AutoModelForCausalLM
    raise UnsupportedModel(
        "“{type}” is not a text model that Mirante can show: an encoder, decoder or encoder–decoder "
        "language model was expected.",
        type=kind,
    )


def _writes(config, architecture: str) -> bool:
    """Whether a family that has both heads was saved to write from left to right (BERT with ``is_decoder``)."""
    if architecture.endswith(("CausalLM", "LMHeadModel")):
        return True
    return bool(getattr(config, "is_decoder", False)) and not architecture.endswith("MaskedLM")


def _outline(source: Source, config) -> PreTrainedModel:
    """The model that a configuration describes; called where tensors take no memory."""
    auto = _auto_class(config)
    try:
        return auto.from_config(copy.deepcopy(config), attn_implementation="eager")
    except Exception as error:
        raise _explained(source, "configuration", error) from error


def _from_pretrained(source: Source, options: dict, part: str, reader):
    """Call one ``from_pretrained`` of configuration or tokenizer."""
    try:
        return reader(source.location, **options)
    except BaseException as error:
        if not is_failure(error):
            raise
        raise _explained(source, part, error) from error


def _explained(source: Source, part: str, error: BaseException) -> BaseException:
    """One of our errors for whatever transformers, safetensors, json or the hub raised."""
    if isinstance(error, (MiranteError, MemoryError)):
        return error
    if isinstance(error, OSError) and part == "weights":
        return no_weights(source.name, _first_line(error))
    if isinstance(error, ValueError):
        return _refused(source, part, error)
    return unreadable(source.name, part, _first_line(error))


def _refused(source: Source, part: str, error: ValueError):
    if "trust_remote_code" in str(error) or "custom code" in str(error):
        return UnsupportedModel(
            "“{name}” needs code of its own to run, and Mirante never runs code that comes with a model.",
            name=source.name,
        )
    if "model type" in str(error) or "Unrecognized" in str(error):
        return UnsupportedModel(
            "“{name}” is of a kind that this version of transformers does not know: {detail}",
            name=source.name,
            detail=_first_line(error),
        )
    return unreadable(source.name, part, _first_line(error))


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]


def _kind(model: PreTrainedModel, layout: Layout) -> ModelKind:
    if "cross" in layout.counts:
        return "encoder-decoder"
    return "decoder" if layout.causal else "encoder"


def _max_positions(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> int | None:
    """Positions that the configuration, the tokenizer and a RoBERTa-like offset leave; None when relative."""
    config = model.config.get_text_config()
    limits = [] if is_relative(config.model_type) else [size_of(config, "positions") or 0]
    stated: Any = tokenizer.model_max_length  # as its file says it, which may be anything
    if isinstance(stated, int | float) and stated < 10**6:  # the library's stand-in for “no limit” is larger
        limits.append(int(stated))
    limits += [table.num_embeddings - (table.padding_idx or 0) - 1 for table in offset_tables(model)]
    return min((limit for limit in limits if limit > 0), default=None)


def _hash(tokenizer: PreTrainedTokenizerBase) -> str:
    """First 16 hex digits of the SHA-256 of everything that decides the pieces."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    text = backend.to_str() if backend is not None else repr(sorted(tokenizer.get_vocab().items()))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
