"""The page Anatomy: the forward pass of the chosen model on the sentence, stage by stage.

Beside it: its stream, its neurons, its positions, and the three families side by side.
"""

from ui.shell.frame import guard

guard()

from ui.explorer.edited_sentence import hidden_in
from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.explorer.state_size import state_size
from ui.explorer.target_text import sentence_trace
from ui.explorer.token_pickers import pick_stack
from ui.pages.anatomy.families import show_families
from ui.pages.anatomy.forward_pass import forward_stages, show_forward_pass
from ui.pages.anatomy.link import pick_picture
from ui.pages.anatomy.neurons import show_neurons
from ui.pages.anatomy.positions import show_positions
from ui.pages.anatomy.river import show_river
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Anatomy")) as chosen:
    with beside_title():
        picture = pick_picture()
    if picture == "families":
        show_families(chosen)
    else:
        chosen = hidden_in(chosen)
        trace = sentence_trace(chosen)
        with beside_title():
            kind = pick_stack(trace) if picture != "positions" else trace.kinds[0]
        if picture == "positions":
            show_positions(chosen, trace)
        elif picture == "neurons":
            show_neurons(chosen, trace, kind)
        elif (stages := forward_stages(chosen, trace, kind)) is not None:
            if picture == "walk":
                show_forward_pass(chosen, trace, kind, stages)
            else:
                show_river(trace, kind, stages)
        state_size(trace, chosen)
    explain(
        t(
            "The model as one stream of vectors, a column per token: embeddings enter below, every block adds "
            "what attention fetched and what the feed-forward block made of it, and the prediction head "
            "answers above."
        ),
        t(
            "Walk upwards stage by stage and watch the sizes. Switch off the strongest neuron of a word. "
            "Shuffle the words with positions off."
        ),
        t(
            "Every part reads the stream and adds to it; in some families a normalisation follows each sum. "
            "Attention moves information between words; the feed-forward block works on each word alone."
        ),
        t(
            "A large vector is not an important one: parts may cancel, and a normalisation rescales them. What "
            "a part does to the answer is asked in Causes."
        ),
    )
    number_cards("anatomia", picture)
