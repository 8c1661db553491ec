"""Step 3: change one thing in the pair and watch what follows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.analyses.candidates import won
from core.coreference.bench import ItemAnswer
from core.coreference.items import Item
from core.errors import UnsupportedModel
from core.figures.shares import ShareBar, split_bars
from core.models.loading import LanguageModel, no_head

from ...explorer.bench_runs import answer, bench_run
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.locale import error_text, percent, plain, t
from ...shell.state import Chosen
from .pair import ORIGINAL, about_condition, pair_markdown, pair_to_show, pick_condition, probe_of


def show_change(chosen: Chosen) -> None:
    """The original pair beside the changed one: the sentences, the model's answers, how many heads look at the noun."""
    condition = pick_condition()
    model = one_stack(cache.language_model(chosen))
    original, changed = pair_to_show(ORIGINAL), pair_to_show(condition)
    columns = [(ORIGINAL, original)] if condition == ORIGINAL else [(ORIGINAL, original), (condition, changed)]
    titles = {True: t("The original"), False: t("Changed")}
    takeaway, answers_by_pair = st.container(), []
    for column, (name, pair) in zip(st.columns(2), columns, strict=False):
        with column:
            st.markdown(f"**{titles[name == ORIGINAL]}.** {about_condition(name)}")
            answers_by_pair.append(_pair(chosen, model, pair, original[0].text, key=f"change_{name}"))
    if len(answers_by_pair) == 2:
        with takeaway:
            _say(*answers_by_pair, model)


def one_stack(model: LanguageModel) -> LanguageModel:
    """The model, if these Portuguese sentences make sense for it.

    Raises:
        UnsupportedModel: an encoder–decoder.
    """
    if model.kind == "encoder-decoder":
        raise UnsupportedModel(
            "This screen compares models of one stack (encoder or decoder), and “{name}” has an encoder and a decoder. "
            "Choose another model, or see this one in Explore.",
            name=model.name,
        )
    return model


def _pair(chosen: Chosen, model: LanguageModel, pair: Sequence[Item], original: str, *, key: str) -> list[ItemAnswer]:
    """Both members: their sentence, and the answers as bars."""
    st.markdown(pair_markdown(pair[0], original, pair[1].word))
    answers = [answer(bench_run(chosen, pair, probe_of(model, item)), item) for item in pair]
    reason = (
        t("no answer can be right: gender and meaning disagree")
        if _disagree(pair)
        else t("its vocabulary splits a noun")
        if model.has_head
        else t("it was saved without a prediction head")
    )
    chart(
        split_bars(
            [_split(item_answer) for item_answer in answers], look=look(), unknown_note=reason, chance_note=t("chance")
        ),
        key=key,
    )
    st.caption(
        t(
            "Bars: between the two nouns, how much of the answer each has. "
            "Strong colour: the right noun; pale: the other."
        )
    )
    if all(item_answer.weights is not None for item_answer in answers):
        st.caption(
            t(
                "Heads that look more at **{first}** after “{one}”: {n}; at **{second}** after “{two}”: "
                "{m}; of {heads}.",
                **_looks(answers),
            )
        )
    return answers


def _disagree(pair: Sequence[Item]) -> bool:
    """Gender says one noun and meaning the other."""
    return pair[0].gold != pair[0].meaning


def _split(answer: ItemAnswer) -> ShareBar:
    item = answer.item
    gold = item.candidates[item.gold].text
    other = " / ".join(noun.text for noun in item.candidates if noun.text != gold)
    return ShareBar(f"{item.word} →", gold, answer.share, other)


def _looks(answers: Sequence[ItemAnswer]) -> dict[str, object]:
    """How many heads look more at the noun that agrees, per member."""
    hits = [int(won(item_answer.weights, item_answer.item.gold).sum()) for item_answer in answers]
    nouns = [item_answer.item.candidates[item_answer.item.gold].text for item_answer in answers]
    heads = answers[0].weights[..., 0].size
    return {
        "first": nouns[0],
        "one": answers[0].item.word,
        "n": hits[0],
        "second": nouns[1],
        "two": answers[1].item.word,
        "m": hits[1],
        "heads": heads,
    }


def _say(original: Sequence[ItemAnswer], changed: Sequence[ItemAnswer], model: LanguageModel) -> None:
    """One sentence: did the answers survive the change?"""
    if _disagree([item_answer.item for item_answer in changed]):
        st.markdown(
            t(
                "Here no answer is right or wrong. Count the heads: do more of them follow the gender of "
                "the adjective, or what happened to the water?"
            )
        )
        return
    if not model.has_head:
        st.markdown(plain(error_text(no_head(model.name))))
        return
    if any(item_answer.share is None for item_answer in (*original, *changed)):
        st.markdown(t("This model cannot be asked for these nouns: its vocabulary splits one of them."))
        return
    before, after = (sum(bool(item_answer.right) for item_answer in answers) for answers in (original, changed))
    mean = sum(item_answer.share for item_answer in changed) / 2
    st.markdown(
        t(
            "**Right answers: {before} of 2 before, {after} of 2 after the change** (mean share of the "
            "right noun {share}). One pair is an example; step 5 asks many.",
            before=before,
            after=after,
            share=percent(mean),
        )
    )
