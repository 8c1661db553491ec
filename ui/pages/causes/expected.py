"""What the model expects at the place that answers, before and after a change, as a table."""

from __future__ import annotations

import pandas as pd

from core.analyses.ablation import changed_words
from core.text.vocabulary import vocabulary
from core.tracing.trace import Trace

from ...explorer.question import Posed
from ...shell.locale import t
from ...shell.tables import share_bar, show_table


def show_expected(posed: Posed, edited: Trace) -> None:
    """The words that were, or became, most probable, with both probabilities."""
    words = changed_words(posed.trace, edited, posed.question.position)
    known = vocabulary(posed.model.tokenizer, target=posed.trace.target is not None)
    rows = [
        (entry.label.removeprefix("␣"), *words[index])
        for entry, index in zip(known.entries(list(words)), words, strict=True)
    ]
    config = {name: share_bar() for name in (t("before"), t("after"))}
    show_table(
        pd.DataFrame(rows, columns=[t("Word"), t("before"), t("after")]),
        title=t("What the model expects before and after"),
        columns=config,
    )
