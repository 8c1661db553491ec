"""My sentences: paste or send them, see what the model reads in each, open one in Explore."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.my_sentences.reading import read_sentences, show_report
from ui.pages.my_sentences.summaries import pick_sentence, read_all, show_summaries
from ui.shell.frame import open_page
from ui.shell.locale import t

with open_page(t("My sentences")) as chosen:
    words, table = st.columns([2, 3], gap="medium")
    with words:
        sentence_file = read_sentences()
        if sentence_file:
            show_report(sentence_file)
    if sentence_file and sentence_file.sentences:
        with table:
            results = read_all(sentence_file.sentences, chosen)
            show_summaries(sentence_file, results)
        with words:
            pick_sentence(sentence_file.sentences, chosen.sentence)
    explain(
        t(
            "One row per sentence: how many tokens the model reads, how many it does not know, and the head "
            "whose looks are the most concentrated."
        ),
        t("Click a row, then “Explore it”. Put two versions of a sentence in the list and compare their focus."),
        t(
            "A focus near 1: in that head, nearly every word puts its weight on a single token (which may be "
            "the word itself). Near 0: it spreads it, or rests on special tokens."
        ),
        t(
            "A focused head is not an important head, and one sentence does not tell what a head does: that "
            "takes many, and a comparison with chance."
        ),
    )
    number_cards("minhas_frases")
