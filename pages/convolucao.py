"""The page Convolution + attention: a text classifier with one weight per word, beside the heads of an encoder."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.convolution.agreement import show_agreement, show_model
from ui.pages.convolution.classifier import show_attention, show_chart, show_shaded_sentence, show_verdict
from ui.pages.convolution.encoder import show_encoder, show_head_agreements
from ui.pages.convolution.inside import show_inside
from ui.pages.convolution.link import pick_text
from ui.pages.convolution.readings import read_both
from ui.shell.frame import open_page
from ui.shell.locale import t

with open_page(t("Convolution + attention")) as chosen:
    reading = read_both(chosen, pick_text(chosen))
    if reading is not None:
        left, right = st.columns(2, gap="medium")
        with left:
            show_attention(reading)
            show_verdict(reading)
            show_shaded_sentence(reading)
        with right:
            head = show_encoder(reading)
            show_head_agreements(reading, head)
        st.markdown(t("Praise or blame, in Portuguese? One weight per word, beside many heads."))
        show_chart(reading)
        show_agreement(reading, head)
        show_inside(reading)
        number_cards("convolucao")
        with st.expander(t("Formula, sources, and the name “AtNet”")):
            st.latex(
                r"h_t=\mathrm{relu}(W\,[x_{t-2}\dots x_{t+2}]+b)\qquad e_t=\tanh(w\cdot h_t+b')\qquad "
                r"\alpha=\mathrm{softmax}(e)\qquad \mathrm{logit}=d\cdot\sum_t\alpha_t h_t+b''"
            )
            st.markdown(
                t(
                    "The name “AtNet” circulates for this design; no paper of that name was found. Its "
                    "parts have papers: convolutions over sentences (Kim 2014), attention by a small "
                    "learned scorer (Bahdanau et al. 2015), one context vector per text (Yang et al. 2016), "
                    "and in just this form “feed-forward attention” (Raffel & Ellis 2015). Because the "
                    "score is a tanh, no weight is more than e² ≈ 7.4 times another. Hidden words: the "
                    "unknown word in the classifier, whose training hid words in that way; [MASK] in the "
                    "encoder."
                )
            )
        show_model()
    explain(
        t(
            "Every word with its one weight, and what the verdict loses when the word is hidden; beside it, "
            "a head of the encoder and the same test on it. Words underlined with dashes are unknown to the "
            "classifier."
        ),
        t(
            "Choose “Não é ruim, não.” and look for the words that carry the verdict. Then write a sentence "
            "of your own on top, with a word that the classifier cannot know."
        ),
        t(
            "Where attention and hiding agree, the weight tells where the verdict comes from; where they do "
            "not, it only tells where the average was taken. The numbers are of this sentence."
        ),
        t(
            "Not why a sentence is good or bad: the classifier learned from generated sentences, misses "
            "irony and long contrasts, and its weights are forced to add up to 100% even if no word "
            "matters."
        ),
    )
