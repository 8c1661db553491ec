"""Bench: every head and the model's choice on many controlled pairs, with chance, luck, rules and nulls."""

import streamlit as st

from ui.explorer.bench_runs import answers, ask_all, bench_results, bench_run
from ui.pages.bench.heads import show_heads
from ui.pages.bench.options import pick_options, pick_source
from ui.pages.bench.own import edit_pairs
from ui.pages.bench.results import draw, say, say_left_out, table
from ui.serving import cache
from ui.shell.explain import explain
from ui.shell.frame import guard, open_page
from ui.shell.locale import t

guard()
with open_page(
    t("Bench"),
    t(
        "Many controlled pairs instead of one anecdote: which heads find the noun, what does the model "
        "answer, and is it more than luck?"
    ),
) as chosen:
    model = cache.language_model(chosen)
    source = pick_source(model)
    own_pairs = edit_pairs() if source == "own" else ()
    if source != "own" or own_pairs:
        options = pick_options(model, source, own_pairs)
        runs = [
            bench_run(chosen, options.items, options.probe, twin=twin, causal=options.causal and not twin)
            for twin in (False, True)[: 1 + options.twin]
        ]
        if options.items and ask_all(
            [(run, options.items) for run in runs],
            label=t("Ask {n} sentences", n=len(options.items) * len(runs)),
            key="bench",
        ):
            results, *null = (bench_results(run, answers(run, options.items)) for run in runs)
            say(results)
            say_left_out(answers(runs[0], options.items))
            if results:
                draw(results, null[0] if null else [])
                table(results, model)
                show_heads(results, answers(runs[0], options.items), chosen, model)
    st.caption(
        t(
            "For comparison: on the Portuguese Winograd set (277 items), published BERT results are at "
            "chance, within 5.9 points (Melo, Imaizumi, Cozman 2019)."
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
            "Not that the model uses it: turn on “Cut edges too”. And not that the best-looking head is "
            "special: the dotted line shows what luck gives."
        ),
    )
