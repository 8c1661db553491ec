"""Whatever code that is not ours raises becomes one message; which analyses lie inside the boundary is read from the
sources, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest

import core
from core.boundary import WHAT_TO_DO, boundary, named_step
from core.errors import BadInput, Message, ModelFailure, UnsupportedModel
from tests.tiny import SENTENCE, TARGET, folder

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("tracing", "predictions", "analyses", "coreference", "vision", "conv", "studies")
MODELS = {"LanguageModel", "VisionModel"}
# Parts of an analysis that has its boundary, sizes, estimates, and questions to a tokenizer.
WITHOUT = {
    *("captures.forward", "captures.check_length", "captures.ends", "rerun.inputs_of", "memory.estimate_bytes"),
    *("memory.check_memory", "batches.batch_kind", "blocks.blocks", "output_matrix.output_module"),
    *("generation.beginning", "generation.check_writes", "generation.next_logits", "masked.can_mask"),
    *("masked.with_mask", "contributions.contribution_seconds", "contributions.checked_context"),
    *("gradients.gradient_times_attention", "logit_lens.entry_of", "logit_lens.lens_seconds"),
    *("query_key_plane.rotates", "score.logit_difference", "score.piece", "steps.check_steps"),
    *("bench.answer", "probes.refusal", "probes.probed_item", "report.document", "scores.reader", "scores.item_looks"),
    *("scores.preferences", "stakes.item_logit_difference", "stakes.fall", "documents.relations_document"),
    *("documents.ask_relations", "faithfulness.faithfulness_item", "faithfulness.importances", "faithfulness.curves"),
    *("roles.repeated", "roles.readable", "captures.tokens_of", "models.prepared", "models.as_read"),
    *("models.grid_of", "pointing.covered", "masked.no_mask_reason", "score.place_asked"),
    *("patching.require_one_stream", "learned.learned_items", "learned.length_note"),
}


class Foreign(RuntimeError):
    """What somebody else's code raises."""


def named(name: str = "a-model") -> SimpleNamespace:
    return SimpleNamespace(name=name)


def test_a_foreign_error_names_the_model_the_step_and_what_to_do():
    for stage, template in WHAT_TO_DO.items():
        with pytest.raises(ModelFailure) as caught, boundary(stage, "a-model", Message("the lens")):
            raise Foreign("size 3 is not 4\nsecond line")
        said, cause = str(caught.value), caught.value.__cause__
        assert caught.value.template == template and isinstance(cause, Foreign)
        assert "“a-model”" in said and "the lens" in said and "Foreign: size 3 is not 4" in said
        assert "choose another model" in said and "second line" not in said
    assert issubclass(ModelFailure, UnsupportedModel)


class OutOfMemoryError(RuntimeError):
    """As torch calls it."""


@pytest.mark.parametrize(
    "error", [BadInput("no"), MemoryError(), KeyboardInterrupt(), SystemExit(), OutOfMemoryError()]
)
def test_what_has_an_answer_of_its_own_passes(error):
    with pytest.raises(type(error)) as caught, boundary("load", "a-model", Message("the lens")):
        raise error
    assert caught.value is error


def test_the_innermost_step_is_named_and_a_generator_is_inside_too():
    @named_step(Message("the inner step"))
    def inner(_model):
        yield 1
        raise Foreign

    @named_step(Message("the outer step"))
    def outer(model):
        return list(inner(model))

    with pytest.raises(ModelFailure, match="the inner step failed .Foreign."):
        outer(named())
    with pytest.raises(TypeError, match="argument"):
        outer()  # a wrong call is no failure of a model


def test_every_analysis_of_a_model_lies_inside_the_boundary():
    outside, known = [], set()
    for room in ROOMS:
        for path in sorted((ROOT / "core" / room).glob("*.py")):
            for function in ast.parse(path.read_text(encoding="utf-8")).body:
                if not isinstance(function, ast.FunctionDef) or function.name.startswith("_") or not _takes(function):
                    continue
                name = f"{path.stem}.{function.name}"
                known.add(name)
                if name not in WITHOUT and not any("named_step" in ast.unparse(d) for d in function.decorator_list):
                    outside.append(name)
    assert outside == [], f"give {outside} the boundary (core/boundary.py), or name them in WITHOUT"
    assert WITHOUT <= known


def _takes(function: ast.FunctionDef) -> bool:
    """Whether the first argument is a model."""
    first = function.args.args[0].annotation if function.args.args else None
    return first is not None and ast.unparse(first) in MODELS


def test_an_analysis_that_fails_leaves_the_maps(monkeypatch):
    """The trace is there; the lens alone is refused, and says what the model's head raised."""
    from core.analyses import logit_lens

    def fail(*_args):
        raise Foreign("the head is of another kind")

    lm = core.load(folder("bert"), device="cpu")
    trace = core.capture(lm, SENTENCE)
    monkeypatch.setattr(logit_lens, "_logits", fail)
    with pytest.raises(ModelFailure, match="the head is of another kind.*Its maps are in Explore"):
        logit_lens.lens(lm, trace)
    assert trace.attention(0, 0).shape == (len(trace.tokens),) * 2


def test_a_method_that_fails_is_missing_with_its_reason_and_the_others_are_there(monkeypatch):
    from core.analyses import contributions as by_position
    from core.analyses.input_attribution import method_maps

    def fail(*_args):
        raise Foreign("no such block")

    lm = core.load(folder("bert"), device="cpu")
    monkeypatch.setattr(by_position, "_layer", fail)
    maps = method_maps(lm, core.capture(lm, SENTENCE))
    assert "raw" in maps.layers and "no such block" in str(maps.missing["norm"])


def test_sizes_stated_for_each_layer_count_as_the_largest():
    """Gemma 3n states its inner width as a list."""
    from core.attention.families import size_of

    assert size_of({"intermediate_size": [40, 56, 40]}, "inner") == 56
    assert size_of({"intermediate_size": ["40"]}, "inner") is None and size_of({}, "inner") is None


def test_a_quantised_table_of_words_is_counted_by_its_weights():
    """I-BERT's table has no ``num_embeddings``; its maps are shown, and nothing in it is edited."""
    lm = core.load(folder("ibert"), device="cpu")
    assert lm.layout.adapter == "outside" and core.capture(lm, SENTENCE).layers() == 3


def test_bert_as_a_decoder_writes():
    """With ``is_decoder`` it reads from left to right, whatever head it was saved with; the page that writes on says
    what it lacks.
    """
    from core.predictions.generation import continue_text

    lm = core.load(folder("bert-decoder"), device="cpu")
    assert lm.kind == "decoder" and core.capture(lm, SENTENCE).layers() == 3
    with pytest.raises(ModelFailure, match="writing on from a text"):
        continue_text(lm, [1, 7, 8], 1)  # saved with the head of a masked model, which knows no cache


def test_a_deeper_decoder_writes_without_a_cache(monkeypatch):
    """The library's cache has a place for each layer of T5's encoder, and here the decoder has one more."""
    monkeypatch.setattr("core.tracing.captures.MAX_GENERATED", 5)
    lm = core.load(folder("t5-deeper-decoder"), device="cpu")
    trace = core.capture(lm, SENTENCE)
    assert trace.generated and (trace.layers("encoder"), trace.layers("decoder")) == (2, 3)


@pytest.mark.parametrize("target", [None, TARGET])
def test_a_decoder_without_a_start_token_says_so(monkeypatch, target):
    lm = core.load(folder("t5-deeper-decoder"), device="cpu")
    for settings in (lm.model.config, lm.model.generation_config):
        for name in ("decoder_start_token_id", "bos_token_id"):
            monkeypatch.setattr(settings, name, None)
    with pytest.raises(UnsupportedModel, match="decoder_start_token_id"):
        core.capture(lm, SENTENCE, target)
    assert core.capture(lm, SENTENCE, target=[0, 7, 8]).layers("cross") == 3, "ids say their own beginning"


def test_an_edited_output_lies_in_memory_as_the_model_expects_it():
    """AFMoE and JetMoE look at what the heads give through ``view``."""
    from core.attention.edits import Ablation

    lm = core.load(folder("afmoe"), device="cpu")
    plain, edited = core.capture(lm, SENTENCE), core.capture(lm, SENTENCE, edits=[Ablation(0, 0)])
    assert abs(plain.logits - edited.logits).max() > 1e-6
