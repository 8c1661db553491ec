"""Scan: the most surprising true things about this sentence and this model, each beyond its null."""

from ui.shell.frame import guard

guard()

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.scan.findings import scanned, show_findings
from ui.shell.frame import open_page
from ui.shell.locale import t

with open_page(t("Scan")) as chosen:
    result = scanned(chosen)
    if result is not None:
        show_findings(result, chosen)
    explain(
        t(
            "What stands out in this sentence: looks of heads that distance does not explain, words whose cut moves "
            "the answer, methods that order the words differently. The sentence is compared with 59 others."
        ),
        t(
            "Write a sentence of your own and compute. Open a finding where it can be seen. Change one word and scan "
            "again."
        ),
        t("A list is short, or empty, when a sentence is like the others for this model. That is an answer too."),
        t(
            "Surprising is not important: a look may stand out and change nothing. And a list says nothing about other "
            "models, or why."
        ),
    )
    number_cards("varredura")
