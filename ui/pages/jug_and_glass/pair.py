"""The pair that the guided screen shows: its sentences, its one changed thing, what the two members are called."""

from __future__ import annotations

import streamlit as st

from core.coreference.items import Item, bundled_items, pair_nearest
from core.coreference.probes import Probe
from core.models.loading import LanguageModel
from core.predictions.masked import can_mask

from ...shell.locale import plain, t
from ...shell.state import publish, settle

_CHANGE = "change"
ORIGINAL = "P0"
_CONDITIONS = ("P0", "P4", "P2", "P3", "P1", "P5", "P6", "P7", "P8")


def changes() -> dict[str, str]:
    """What each condition changes, in a word or two."""
    return {
        "P0": t("nothing"),
        "P4": t("genders exchanged"),
        "P2": t("another pair, both masculine"),
        "P3": t("another pair, both feminine"),
        "P1": t("gender against meaning"),
        "P5": t("a pronoun"),
        "P6": t("no distractors"),
        "P7": t("order"),
        "P8": t("order and one gender"),
    }


def about_condition(condition: str) -> str:
    """What a condition isolates, in one sentence."""
    texts = {
        "P0": t("Gender and meaning point to the same noun."),
        "P4": t("The two places exchange their genders: does the link follow the gender or the role?"),
        "P2": t("Both nouns are masculine: agreement says nothing, only meaning decides."),
        "P3": t("Both nouns are feminine: agreement says nothing, only meaning decides."),
        "P1": t("Gender says one noun, meaning the other: which cue wins?"),
        "P5": t("A pronoun stands before the adjective and gives the gender away."),
        "P6": t("No other feminine words: neither “Ela” nor “água”."),
        "P7": t("The glass comes first: is it only the nearest noun?"),
        "P8": t("The glass comes first and both nouns have one gender: neither agreement nor place decides."),
    }
    return texts[condition]


def pick_condition() -> str:
    """The condition that the visitor chose; kept in the link."""
    settle(_CHANGE, _CONDITIONS, ORIGINAL)
    change = st.pills(
        t("Change one thing"),
        _CONDITIONS,
        key=_CHANGE,
        persist_state="session",
        format_func=changes().get,
        required=True,
    )
    publish(_CHANGE, change, ORIGINAL)
    return change


def pair_to_show(condition: str) -> tuple[Item, Item]:
    """The two members of the pair to show: of those of the condition, the one nearest to the original sentence."""
    items = bundled_items("containers")
    original = next(item for item in items if item.condition == ORIGINAL)
    return pair_nearest(items, condition, original.text)


def probe_of(model: LanguageModel, item: Item) -> Probe:
    """How the screen asks: the question with a hidden noun; the adjective where the pair has no question (P1)."""
    return "question" if item.question and (can_mask(model) or model.kind == "decoder") else "adjective"


def pair_markdown(item: Item, original: str, rival: str) -> str:
    """The sentence of a pair as Markdown: both adjectives bold; words that the original does not have in colour."""
    known = {word.strip(".,") for word in original.split()}
    words, position = [], 0
    for word in item.text.split(" "):
        text = plain(word)
        if position <= item.probe[0] < position + len(word):
            text = f"**{plain(word.rstrip('.'))}** / **{plain(rival)}**" + "." * word.endswith(".")
        elif word.strip(".,") not in known:
            text = f":primary[{text}]"
        words.append(text)
        position += len(word) + 1
    return " ".join(words)
