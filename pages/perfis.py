"""Profiles: how every head behaves over many sentences, beside the same network with random weights."""

from ui.shell.frame import guard

guard()


from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.explorer.sentence_lists import pick_sentences
from ui.explorer.target_text import sentence_trace
from ui.explorer.token_pickers import pick_stack
from ui.pages.profiles.measured import measured_profiles
from ui.pages.profiles.views import pick_name, show_finder, show_metric, show_plane
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Profiles")) as chosen:
    with beside_title():
        texts = pick_sentences(chosen)
        trace = sentence_trace(chosen)
        kind = pick_stack(trace)
    profiles = measured_profiles(chosen, texts, kind)
    if profiles is not None:
        with beside_title():
            name = pick_name(profiles)
        show_metric(chosen, profiles, name)
        number_cards("perfis", name)
        show_finder(chosen, profiles, name, kind)
        show_plane(chosen, trace, kind)
        number_cards("perfis")
    explain(
        t(
            "Each cell is one head, its colour the mean of the chosen number over the sentences. Below, "
            "every head is a point, with the heads of a network that was never trained under them."
        ),
        t(
            "Choose “previous token” and look for a head near 100%. Then compare a head's weight on sinks with "
            "what the sinks bring."
        ),
        t("A head far from all points of the random twin does something that training put there."),
        t(
            "What a head is for. A role says where it looks on these sentences; whether the model uses that "
            "is asked in Causes."
        ),
    )
