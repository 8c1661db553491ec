"""Bench: every head and the model's choice on many controlled pairs, with chance, luck, rules and nulls."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer.bench_runs import answers, ask_all, bench_results, bench_run
from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.bench.heads import show_bench_heads
from ui.pages.bench.options import pick_items, pick_options
from ui.pages.bench.pairs_table import edit_pairs
from ui.pages.bench.results import draw_conditions, show_left_out, show_results_table, show_takeaway
from ui.serving import cache
from ui.shell.frame import beside_title, open_page, picture_beside_words
from ui.shell.locale import t

with open_page(t("Bench")) as chosen:
    model = cache.language_model(chosen)
    with beside_title():
        source = pick_items(model)
    own_pairs = edit_pairs() if source == "own" else ()
    if source != "own" or own_pairs:
        with beside_title():
            options = pick_options(model, source, own_pairs)
        runs = [
            bench_run(
                chosen, options.items, options.probe, untrained=untrained, causal=options.causal and not untrained
            )
            for untrained in (False, True)[: 1 + options.untrained]
        ]
        if options.items and ask_all(
            [(run, options.items) for run in runs],
            label=t("Test {n} sentences", n=len(options.items) * len(runs)),
            key="bench",
        ):
            results, *null = (bench_results(run, answers(run, options.items)) for run in runs)
            picture, words = picture_beside_words()
            with words:
                show_takeaway(results)
                show_left_out(answers(runs[0], options.items))
            if results:
                with picture:
                    draw_conditions(results, null[0] if null else [])
                show_results_table(results, model)
                show_bench_heads(results, answers(runs[0], options.items), chosen, model)
    st.markdown(
        t(
            "Many controlled pairs instead of one anecdote: which heads find the noun, what does the model "
            "answer, and is it more than luck?"
        )
    )
    st.caption(
        t(
            "For comparison, on the Portuguese Winograd set (277 items): an LSTM language model 45.1% (Melo, Imaizumi "
            "& Cozman 2019), BERT 47.7 to 50.2% (Melo's dissertation). A coin lies within 50 ± 5.9% (our binomial "
            "interval): none differs from chance."
        )
    )
    explain(
        t(
            "Each column is a condition: what gender and meaning say about the noun. Points are shares of "
            "right sentences, whiskers their 95% intervals."
        ),
        t(
            "Compare P0 with P2 and P3: what is left when gender says nothing? Then choose a head on the "
            "map and read the sentences it gets wrong."
        ),
        t(
            "A head above the dashed line on sentences that did not choose it finds the noun more often "
            "than a coin does."
        ),
        t(
            "That the model uses it: for that, turn on “Cut edges too”. Nor that the best-looking head is "
            "special: the dotted line shows what luck gives."
        ),
    )
    number_cards("bancada")
