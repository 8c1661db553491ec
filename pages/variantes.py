"""The page Variants: one head under nine kinds of efficient attention, with what each keeps, errs and costs."""

from ui.shell.frame import guard

guard()

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.explorer.target_text import sentence_trace
from ui.pages.variants.comparison import compare_variants, show_comparison
from ui.pages.variants.growth import show_growth
from ui.pages.variants.link import pick_setup
from ui.pages.variants.pictures import show_variant
from ui.pages.variants.tiles import show_tiles
from ui.shell.frame import open_page
from ui.shell.locale import t

with open_page(t("Variants")) as chosen:
    trace = sentence_trace(chosen)
    setup = pick_setup(chosen, trace)
    results = compare_variants(setup)
    if results is not None:
        if setup.variant == "flash":
            show_tiles(setup)
        else:
            show_variant(setup, results[setup.variant])
        show_comparison(setup, results)
    show_growth()
    explain(
        t(
            "The queries, keys and values that this model made of your sentence, under another way of "
            "looking: which cells stay open and why, the weights that follow, how far the output moves, and "
            "what it costs."
        ),
        t(
            "Choose BigBird and draw again; widen the window until the error is gone. Give Performer more "
            "features. Walk the tiles of FlashAttention one by one and watch m and s."
        ),
        t(
            "Some ways are exact and only move less (FlashAttention); some look at fewer cells; some "
            "replace words by mixtures or by estimates. Each gives something up, and you see what in this "
            "head."
        ),
        t(
            "Not how good a model trained with a variant would be: such a model learns to live with it. "
            "Cells of Linformer are not words, and Performer's map is implied, never used."
        ),
    )
    number_cards("variantes")
