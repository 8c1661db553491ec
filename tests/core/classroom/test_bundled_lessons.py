"""The lessons that come with Mirante: read without a mistake, links and answers of the bundled models, claims held."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.analyses.contributions import value_norms
from core.assets import ASSETS
from core.attention.edits import Ablation, Knockout
from core.classroom.answers import (
    ChoiceTruth,
    HeadTruth,
    LessonModel,
    NumberTruth,
    Truth,
    WordTruth,
    answer_of,
    first_pairs,
    look_view,
)
from core.classroom.lesson import Lesson, LessonCard, LinkState
from core.classroom.lesson_file import read_lesson
from core.classroom.questions import NumberQuestion, PairsMoved
from core.coreference.bench import run_bench
from core.models.catalog import alignment_head
from core.predictions.masked import probabilities
from core.tracing.rerun import rerun
from core.tracing.trace import Trace
from tests.core.classroom.test_comece_aqui import model, texts_in
from ui.shell.page_parameters import page_parameters

LESSONS = (
    "uma-palavra-olha",
    "jarra-e-copo",
    "de-qk-ao-peso",
    "nao-ve-o-futuro",
    "strawberry-fraise",
    "um-peso-nao-e-um-motivo",
)
_PLACED = re.compile(r"(\d+):(.+)")
_MINUTES = re.compile(r"(\d+) min\. ")


@cache
def lesson(name: str) -> Lesson:
    file = ASSETS / "lessons" / f"{name}.yaml"
    return read_lesson(file.read_bytes(), file.name, page_parameters())


def card(name: str, code: str) -> LessonCard:
    return next(card for card in lesson(name).cards if card.code == code)


def at_model(state: LinkState) -> LessonModel:
    return model(state.first("model"))


@cache
def truth(name: str, code: str) -> Truth:
    state = card(name, code).state
    question = card(name, code).question
    assert question is not None
    return answer_of(question, state, at_model(state))


def word_labels(found: Truth) -> set[str]:
    assert isinstance(found, WordTruth)
    return {found.labels[word] for word in found.right}


def asks_the_bench(found: LessonCard) -> bool:
    return isinstance(getattr(found.question, "answer", None), PairsMoved)


CARDS = [(name, one.code) for name in LESSONS for one in lesson(name).cards]


def test_every_file_of_the_folder_is_known() -> None:
    files = {path.stem for path in (ASSETS / "lessons").glob("*.yaml")}
    assert files == {*LESSONS, "comece-aqui", "inventario-de-atencao"}
    for language in ("docs/lessons.md", "docs/lessons.pt-BR.md"):
        text = (Path(__file__).parents[3] / language).read_text(encoding="utf-8")
        assert [name for name in LESSONS if f"{name}.yaml" not in text] == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_fills_a_class_in_both_languages(name: str) -> None:
    found = lesson(name)
    assert {text.languages for text in texts_in(found)} == {frozenset({"pt", "en"})}
    assert 6 <= len(found.cards) <= 12 and sum(card.question is not None for card in found.cards) >= 4
    for language in ("pt", "en"):
        notes = [_MINUTES.match(card.note.of(language)) for card in found.cards if card.note]
        assert None not in notes and sum(int(note[1]) for note in notes if note) == found.minutes
    assert 45 <= found.minutes <= 50
    assert all(card.note and card.attempt and card.question for card in found.cards)
    assert [card.code for card in found.cards if card.question and card.question.reveal is None] == []


def test_reveals_carry_no_measured_number() -> None:
    """Numbers of a model are computed: a reveal may only have those that hold for every model."""
    allowed = {"32", "256", "8", "100 %", "0", "1"}
    stray = {}
    for name, code in CARDS:
        question = card(name, code).question
        assert question is not None and question.reveal is not None
        numbers = set(re.findall(r"\d+(?:[.,]\d+)?(?: %)?", question.reveal.of("pt"))) - allowed
        if numbers and name != "de-qk-ao-peso":
            stray[name, code] = numbers
    assert stray == {
        ("nao-ve-o-futuro", "one"): {"21"},
        ("uma-palavra-olha", "mixtures"): {"2"},
        ("um-peso-nao-e-um-motivo", "off"): {"31"},
    }


@pytest.mark.parametrize("name", LESSONS)
def test_words_in_the_links_stand_where_the_links_say(name: str) -> None:
    for found in lesson(name).cards:
        state = found.state
        sentence = state.first("sentence")
        for parameter, value in state.parameters:
            match = _PLACED.fullmatch(value)
            if match is None or parameter == "sentence":
                continue
            trace = at_model(state).trace(sentence)
            by_page = trace.tokens.pieces if state.page == "passo_a_passo" else trace.tokens.words
            if state.first("unit") == "pieces":
                by_page = trace.tokens.pieces
            if state.page == "traduzir":
                by_page = look_view(trace, "cross").query.labels
            assert by_page[int(match[1])] == match[2], (found.code, parameter, by_page)


@pytest.mark.parametrize(("name", "code"), [place for place in CARDS if not asks_the_bench(card(*place))])
def test_every_answer_can_be_computed(name: str, code: str) -> None:
    question, found = card(name, code).question, truth(name, code)
    assert question is not None
    if isinstance(found, WordTruth):
        assert found.right <= set(found.offered) and bool(found.right) == (question.answer is not None)
    elif isinstance(found, ChoiceTruth):
        assert found.right is not None and (found.shares is None or None not in found.shares)
    elif isinstance(found, HeadTruth):
        assert found.right is not None
    else:
        assert isinstance(question, NumberQuestion) and question.least <= (found.value or 0) <= question.most


def test_the_first_head_is_not_the_readers() -> None:
    looks = truth("uma-palavra-olha", "row")
    assert word_labels(looks) == {"estava"} and word_labels(truth("uma-palavra-olha", "your-look")) == {"menina"}
    left = truth("uma-palavra-olha", "portion")
    assert isinstance(left, NumberTruth) and left.value is not None and left.value < 50, "most of the row is on estava"


def test_a_head_follows_the_place() -> None:
    state = card("uma-palavra-olha", "pattern").state
    looks = look_view(at_model(state).trace(state.first("sentence")))
    head = looks.head(int(state.first("layer")) - 1, int(state.first("head")) - 1)
    words = looks.key.labels
    for before, word in pairwise(words[1:-2]):
        place = words.index(word)
        assert words[int(head[place].argmax())] == before, word


def test_a_divided_word_and_the_share_of_mixtures() -> None:
    tokens, mixtures = truth("uma-palavra-olha", "tokens"), truth("uma-palavra-olha", "mixtures")
    assert isinstance(tokens, NumberTruth) and tokens.value == 3
    assert isinstance(mixtures, NumberTruth) and mixtures.value == 9 and mixtures.values is not None
    words = [i for i, label in enumerate(mixtures.labels) if label not in ("[CLS]", "bolo", "[SEP]")]
    assert not (mixtures.values[0, words] > 1e-5).any(), "layer 1 reads each word as it is"
    assert mixtures.values[1, words].max() > 10 * mixtures.values[1, words].min(), "some much, some next to nothing"


def test_a_true_and_a_false_story_have_heads() -> None:
    true, false = truth("uma-palavra-olha", "heads"), truth("um-peso-nao-e-um-motivo", "stories")
    assert isinstance(true, NumberTruth) and isinstance(false, NumberTruth)
    assert false.value and true.value and (false.twin or 0) >= 1, "an untrained network has its own"
    state = card("um-peso-nao-e-um-motivo", "stories").state
    shown = false.values[int(state.first("layer")) - 1, int(state.first("head")) - 1]
    assert false.labels[shown] == "vizinhos"


def test_agreement_takes_nearly_all() -> None:
    found = truth("jarra-e-copo", "agreement")
    assert isinstance(found, ChoiceTruth) and found.shares is not None
    full, full_feminine, empty, empty_feminine = (share or 0 for share in found.shares)
    assert full + empty_feminine > 20 * (full_feminine + empty)


def test_the_head_of_the_sums() -> None:
    assert word_labels(truth("de-qk-ao-peso", "largest")) == {"janela"}
    state = card("de-qk-ao-peso", "largest").state
    at = at_model(state)
    config = at.lm.model.config
    assert (config.hidden_size, config.num_attention_heads) == (256, 8), "the card about sizes says so"
    trace = at.trace(state.first("sentence"))
    layer, head = int(state.first("layer")) - 1, int(state.first("head")) - 1
    looker = trace.tokens.pieces.index("quente")
    scores, weights = trace.scores(layer, head)[looker], trace.attention(layer, head)[looker]
    assert scores.argmax() == weights.argmax() == trace.tokens.pieces.index("janela")
    few = np.sort(weights)[::-1][:3].sum()
    assert few > 0.85, "the two or three largest scores are enough"
    weight = truth("de-qk-ao-peso", "weight")
    assert isinstance(weight, NumberTruth) and weight.value == pytest.approx(100 * weights.max(), abs=0.01)


def test_what_was_read_does_not_change() -> None:
    reach, changed = truth("nao-ve-o-futuro", "triangle"), truth("nao-ve-o-futuro", "unchanged")
    assert word_labels(reach) == {"e", "saiu", "para", "o", "jardim", "."}
    assert isinstance(changed, NumberTruth) and changed.value == len(reach.right) == 6
    assert card("nao-ve-o-futuro", "unchanged").question.most == len(reach.labels) - 2
    assert changed.values[:, : changed.labels.index("porta")].max() < 1e-6


def test_the_first_word_has_two_positions() -> None:
    state = card("nao-ve-o-futuro", "first").state
    looks = look_view(at_model(state).trace(state.first("sentence")))
    assert (looks.head(0, 0)[1] > 0).sum() == truth("nao-ve-o-futuro", "first").value == 2
    assert looks.key.labels[:2] == ("<s>", "A")


def test_drinks_lie_close_and_a_stone_far() -> None:
    found = truth("nao-ve-o-futuro", "bet")
    assert isinstance(found, ChoiceTruth) and found.shares is not None
    *drinks, stone = (share or 0 for share in found.shares)
    assert max(drinks) < 3 * min(drinks) and stone < min(drinks) / 10


def test_an_encoder_cannot_keep_its_keys() -> None:
    state = card("nao-ve-o-futuro", "encoder").state
    at = at_model(state)
    first, second = (at.trace(state.first(name), hidden=True).hidden for name in ("sentence", "b_sentence"))
    words = slice(1, at.trace(state.first("sentence")).tokens.words.index("jardim"))
    different = np.abs(first[:, words] - second[:, words]).max(-1)
    assert different[0].max() < 1e-5 and different[1].min() > 1e-4


def test_the_translator_at_strawberries() -> None:
    heads, tes = truth("strawberry-fraise", "heads"), truth("strawberry-fraise", "tes")
    state = card("strawberry-fraise", "tes").state
    trace = at_model(state).trace(state.first("sentence"))
    assert trace.target.text == "J'ai mangé tes fraises."
    assert word_labels(tes) == {"strawberries"}, "not the word that is being translated"
    assert isinstance(heads, NumberTruth) and 0 < heads.value < 12 and heads.values.shape == (3, 4)
    assert heads.twin is not None and heads.chance == pytest.approx(12 / 5)
    looks = look_view(trace, "cross")
    row = looks.query.labels.index("fraises")
    favourites = {looks.key.labels[int(looks.head(*place)[row].argmax())] for place in np.ndindex(3, 4)}
    assert favourites == {"strawberries"}, "for fraises they agree"
    row = looks.query.labels.index("tes")
    mean = np.mean([looks.head(*place)[row] for place in np.ndindex(3, 4)], axis=0)
    best = looks.head(*alignment_head("mirante-translator"))[row]
    assert (looks.key.labels[int(mean.argmax())], looks.key.labels[int(best.argmax())]) == ("strawberries", "your")


def test_the_translator_aligns_well_and_agrees_badly() -> None:
    order, wrong = card("strawberry-fraise", "order"), card("strawberry-fraise", "wrong")
    assert at_model(order.state).trace(order.state.first("sentence")).target.text == "Elle a acheté une voiture rouge."
    assert word_labels(truth("strawberry-fraise", "order")) == {"red"}
    assert (2, 1) == tuple(part + 1 for part in alignment_head("mirante-translator")), "the cards name this head"
    trace = at_model(wrong.state).trace(wrong.state.first("sentence"))
    assert trace.target.text == "La maison blanc est petite."
    looks = look_view(trace, "cross")
    row = looks.head(*alignment_head("mirante-translator"))[looks.query.labels.index("blanc")]
    assert looks.key.labels[int(row.argmax())] == "white"


def masked_run(code: str, word: str) -> Trace:
    state = card("um-peso-nao-e-um-motivo", code).state
    return at_model(state).trace(state.first("sentence").replace(word, "[MASK]"))


def answer_and_rival(trace: Trace, word: str) -> tuple[int, int, int]:
    """The position of the mask, the answer's entry and that of the word which the model prefers, as Causes does."""
    lm = model("mirante-encoder-pt").lm
    place, answer = trace.tokens.pieces.index("[MASK]"), lm.tokenizer.convert_tokens_to_ids(word)
    first, second = np.argsort(-probabilities(trace, place))[:2]
    return place, answer, int(second if first == answer else first)


def logit_difference(trace: Trace, place: int, answer: int, rival: int) -> float:
    return float(trace.logits[place][answer] - trace.logits[place][rival])


def without_word(trace: Trace, place: int, word: int) -> Trace:
    keys = tuple(i for i, other in enumerate(trace.tokens.word_of) if other == word)
    return rerun(model("mirante-encoder-pt").lm, trace, (Knockout(None, None, trace.kinds[0], (place,), keys),))


def test_much_weight_and_hardly_any_effect() -> None:
    found = truth("um-peso-nao-e-um-motivo", "cut")
    assert isinstance(found, WordTruth) and found.beside is not None and found.values is not None
    arrived = found.labels.index("chegou")
    assert found.beside.argmax() == arrived and found.beside[arrived] > 0.9
    assert found.values[arrived] == pytest.approx(found.even, rel=0.1)
    assert word_labels(found) == {"O"} and found.values[max(found.right)] < 0.3 * found.even
    masked = masked_run("cut", "trem")
    looks = look_view(masked)
    heads = sum(looks.head(*place)[found.looker].argmax() == arrived for place in np.ndindex(looks.layers, looks.heads))
    assert heads >= 3, "it is not the only head"
    place, answer, rival = answer_and_rival(masked, "trem")
    before = logit_difference(masked, place, answer, rival)
    changed = [
        logit_difference(without_word(masked, place, word), place, answer, rival) - before for word in found.offered
    ]
    by_page = dict(zip((found.labels[word] for word in found.offered), map(abs, changed), strict=True))
    assert by_page["chegou"] < 0.15 and max(by_page, key=by_page.__getitem__) == "O", "the page's measure says the same"


def test_the_same_head_switched_off() -> None:
    state = card("um-peso-nao-e-um-motivo", "off").state
    masked = masked_run("off", "trem")
    layer, head = (int(part) - 1 for part in state.first("off").split("."))
    place, answer, rival = answer_and_rival(masked, "trem")
    without = rerun(at_model(state).lm, masked, (Ablation(layer, head, masked.kinds[0]),))
    before, after = (float(probabilities(trace, place)[answer]) for trace in (masked, without))
    assert 0.85 < after / before < 1.15, "changes little"
    difference = logit_difference(without, place, answer, rival) - logit_difference(masked, place, answer, rival)
    assert abs(difference) < 0.2, "by the page's measure too"
    question = card("um-peso-nao-e-um-motivo", "cut").question
    assert (question.answer.layer - 1, question.answer.head - 1) == (layer, head)


def test_where_weight_and_cause_agree() -> None:
    found = truth("um-peso-nao-e-um-motivo", "agree")
    assert isinstance(found, WordTruth) and found.beside is not None
    assert word_labels(found) == {"leram"} and found.labels[int(found.beside.argmax())] == "leram"
    masked = masked_run("agree", "livro")
    place, answer, rival = answer_and_rival(masked, "livro")
    without = without_word(masked, place, found.labels.index("leram"))
    assert logit_difference(without, place, answer, rival) < logit_difference(masked, place, answer, rival) - 1


def test_a_mark_that_knows_nothing_of_the_sentence() -> None:
    state = card("um-peso-nao-e-um-motivo", "mark").state
    at = at_model(state)
    weight = truth("um-peso-nao-e-um-motivo", "mark")
    assert isinstance(weight, NumberTruth) and weight.value is not None and weight.value > 90
    first, other = (
        at.trace(text, hidden=True).hidden[:, 0] for text in (state.first("sentence"), "Ela bebeu um copo de água.")
    )
    assert np.abs(first - other).max() < 1e-4, "its vector is the same in all sentences"
    trace = at.trace(state.first("sentence"))
    norms = value_norms(at.lm, trace, trace.kinds[0])[int(state.first("layer")) - 1, int(state.first("head")) - 1]
    assert norms[0] < norms[1:].min()


@pytest.mark.slow
def test_what_the_jug_shows() -> None:
    moved, right = truth("jarra-e-copo", "pairs"), truth("jarra-e-copo", "answers")
    assert isinstance(moved, NumberTruth) and isinstance(right, NumberTruth)
    assert moved.value >= 20 > moved.chance == 12 and 2 < moved.twin < 18, "the untrained network moves some too"
    assert 18 <= right.value <= 30 and right.chance == 24 and right.value == moved.answers_right
    pairs = first_pairs("P2")
    answers = iter(run_bench(model("mirante-encoder-pt").lm, [item for pair in pairs for item in pair], "question"))
    same = [next(answers).preferences.preferred == next(answers).preferences.preferred for _ in pairs]
    assert sum(same) > 0.75 * len(pairs), "mostly the same noun for both sentences"
