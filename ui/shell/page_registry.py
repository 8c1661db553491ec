"""Every page of Mirante, once: its address, title, section, purpose, and the links that tests and pictures open.

The frame builds the navigation from it (ui/shell/frame.py), the shared pickers learn which page needs which kind of
model (ui/top_bar/model_fit.py), and so do tests/ui/test_pages.py, tests/e2e/test_accessibility.py,
tests/e2e/test_asgi.py, tests/e2e/test_deep_link.py, tools/screenshots.py and the table at the top of docs/features.md.
What one page alone needs stands in ``ui/pages/<folder>``. Not here: what a page draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.errors import Message

if TYPE_CHECKING:
    from core.models.loading import ModelKind

Section = Literal["Start", "See", "Understand", "Causes and measures", "Lessons and data", "Models"]
GROUPS: dict[Section, Message] = {
    "See": Message("See"),
    "Understand": Message("Understand"),
    "Causes and measures": Message("Causes and measures"),
    "Lessons and data": Message("Lessons and data"),
    "Models": Message("Models"),
}
"""The groups of the navigation, in its order; the start page stands in none (the name of the application leads to it).
"""
WITHOUT_FOLDER = ("inicio",)
"""Pages whose parts all stand in ui/explorer and ui/components."""

EXPLORER_PICTURE = ".explorer .main"
TEXT_KINDS = ("encoder", "decoder", "encoder-decoder")


@dataclass(frozen=True)
class PageView:
    """One link to a page, for those who look at it from outside.

    query: what follows the ``?``. accessibility: axe looks at it in every run ("fast"), or in ``make slow`` ("slow").
    explorer: it is ready when the sentence of an attention explorer is written; else when the page explains itself.
    picture: name of its screenshot. readme: name of that screenshot in docs/images (docs/tour.md).
    """

    query: str = ""
    accessibility: Literal["fast", "slow"] | None = None
    explorer: bool = False
    picture: str | None = None
    readme: str | None = None


@dataclass(frozen=True)
class PageEntry:
    """One page. slug: its file in pages/ and its address; needs: the kind of model without which it shows nothing;
    serves: kinds of bundled model (core.models.catalog) that it shows; reads_sentence: it shows the shared sentence,
    which then stands on top. main_picture: selector of the picture that is there when the page opens, or opens with the
    query ``shown_by``, or, where it is computed only when asked for, after a click on ``asks``;
    tests/e2e/test_main_pictures.py holds that it is in sight.
    """

    slug: str
    title: Message
    section: Section
    purpose: Message
    main_picture: str
    views: tuple[PageView, ...]
    needs: ModelKind | None = None
    serves: tuple[str, ...] = TEXT_KINDS
    reads_sentence: bool = True
    shown_by: str = ""
    asks: str | None = None

    @property
    def folder(self) -> str:
        """Folder of ui/pages: the English title in snake case."""
        return str(self.title).lower().replace(" ", "_")

    @property
    def path(self) -> str:
        """Where the page stands below the address of the server; the first one is at its root."""
        return "/" if self.slug == REGISTRY[0].slug else f"/{self.slug}"

    def link(self, view: PageView) -> str:
        """The path with the choices of a view."""
        return self.path + (f"?{view.query}" if view.query else "")


REGISTRY: tuple[PageEntry, ...] = (
    PageEntry(
        "inicio",
        Message("Home"),
        "Start",
        Message("One sentence, one head in large, and where to go next."),
        EXPLORER_PICTURE,
        (PageView(accessibility="fast", explorer=True, picture="inicio"),),
    ),
    PageEntry(
        "explorar",
        Message("Explore"),
        "See",
        Message("Every head on one sentence, in five pictures: hover, hold, hide, replace, export."),
        EXPLORER_PICTURE,
        (
            PageView(accessibility="slow", explorer=True),
            PageView("token=12:cheio", picture="explorar", readme="explorar"),
            PageView("picture=lines&token=12:cheio&heads=4.7", picture="lines", readme="linhas"),
            PageView("picture=lines&token=12:cheio&heads=4.7&syntax=true", accessibility="fast", explorer=True),
            PageView("picture=arcs&token=12:cheio", picture="arcs"),
            PageView("picture=arcs&token=12:cheio&heads=4.7&syntax=true", accessibility="slow", explorer=True),
            PageView("picture=heads", picture="heads"),
            PageView("picture=heads&token=12:cheio&heads=4.7&syntax=true", accessibility="slow", explorer=True),
            PageView("picture=map&metric=entropy", picture="map"),
            PageView("picture=map&token=12:cheio&heads=4.7&syntax=true", accessibility="slow", explorer=True),
            PageView("mask=12:cheio&token=12:[MASK]", picture="mask"),
            PageView("mask=12:cheio", accessibility="slow"),
            PageView("embed=true", accessibility="slow"),
            PageView("model=mirante-translator&sentence=I ate your strawberries.&picture=lines", picture="cross"),
        ),
    ),
    PageEntry(
        "comparar",
        Message("Compare"),
        "See",
        Message("Two sentences, two heads or two models: beside each other, over each other, their difference."),
        EXPLORER_PICTURE,
        (
            PageView(accessibility="slow", picture="beside"),
            PageView("show=difference", accessibility="slow", picture="difference", readme="comparar"),
            PageView("show=overlay", accessibility="slow", explorer=True, picture="overlay"),
        ),
    ),
    PageEntry(
        "mascarar",
        Message("Mask a word"),
        "See",
        Message("Hide a word and see what the model expects there, and which heads moved the answer."),
        EXPLORER_PICTURE,
        (PageView("mask=12:cheio", accessibility="slow", picture="mascarar"),),
        needs="encoder",
        serves=("encoder",),
        shown_by="mask=12:cheio",
    ),
    PageEntry(
        "gerar",
        Message("Generate"),
        "See",
        Message("Write on with a decoder, one token at a time, and watch its newest row and its cache."),
        EXPLORER_PICTURE,
        (PageView(accessibility="slow", picture="gerar"), PageView("measured=true", accessibility="slow")),
        needs="decoder",
        serves=("decoder",),
    ),
    PageEntry(
        "traduzir",
        Message("Translate"),
        "See",
        Message("Source and translation, with cross-attention as the lines between them."),
        EXPLORER_PICTURE,
        (PageView(accessibility="slow", picture="traduzir"),),
        needs="encoder-decoder",
        serves=("encoder-decoder",),
    ),
    PageEntry(
        "passo_a_passo",
        Message("Step by step"),
        "Understand",
        Message("One head, one word that looks: every number from its vector to the residual stream."),
        ".steps .stage",
        (
            PageView("step=6", accessibility="slow"),
            PageView("step=2", accessibility="slow"),
            PageView("step=6&token=12:cheio", picture="steps", readme="passos"),
        ),
    ),
    PageEntry(
        "camadas",
        Message("Layers"),
        "Understand",
        Message("One sentence through the depth of the model: early answers, flow, vectors."),
        ".st-key-lens_table",
        (
            PageView(accessibility="slow"),
            PageView("what=lens", picture="lens"),
            PageView("what=flow", accessibility="slow", picture="flow"),
            PageView("what=vectors", accessibility="slow", picture="vectors"),
        ),
    ),
    PageEntry(
        "anatomia",
        Message("Anatomy"),
        "Understand",
        Message("The rest of the transformer: stages, stream, neurons, positions, families."),
        '[class*="st-key-walk_"]',
        (
            PageView(accessibility="slow"),
            PageView("stage=5", picture="anatomia"),
            PageView("anatomy=river", accessibility="slow", picture="river"),
            PageView("anatomy=neurons", accessibility="slow", picture="neurons"),
            PageView("anatomy=positions", accessibility="slow", picture="positions"),
            PageView("anatomy=families", accessibility="slow", picture="families"),
        ),
    ),
    PageEntry(
        "causa",
        Message("Causes"),
        "Causes and measures",
        Message("Switch heads off, cut words, patch states: what the answer depends on."),
        '[class*="st-key-ablate_map_"]',
        (
            PageView("off=4.7", accessibility="slow"),
            PageView("off=4.4,4.5", picture="causa"),
            PageView("change=words", accessibility="slow", picture="causa_words"),
            PageView("change=parts", accessibility="slow", picture="causa_parts"),
        ),
    ),
    PageEntry(
        "caminhos",
        Message("Paths"),
        "Causes and measures",
        Message("From the inputs to one answer, by every method, each beside its nulls."),
        ".st-key-path_bars",
        (PageView(accessibility="slow", picture="caminhos"),),
    ),
    PageEntry(
        "varredura",
        Message("Scan"),
        "Causes and measures",
        Message("What stands out in one sentence, beyond 59 others and 19 untrained twins."),
        ".st-key-findings",
        (PageView(accessibility="slow", picture="varredura"),),
        asks=".st-key-scan_start button",
    ),
    PageEntry(
        "perfis",
        Message("Profiles"),
        "Causes and measures",
        Message("How every head behaves over many sentences, beside a network that was never trained."),
        ".st-key-profile_map",
        (PageView(accessibility="slow"), PageView("behaviour=previous", picture="perfis")),
    ),
    PageEntry(
        "papeis",
        Message("Roles"),
        "Causes and measures",
        Message("Which heads follow a syntactic relation of Portuguese better than a fixed offset."),
        ".st-key-relations_frame",
        (PageView(accessibility="slow", picture="papeis"),),
    ),
    PageEntry(
        "fidelidade",
        Message("Faithfulness"),
        "Causes and measures",
        Message("Whether a method's order of the words is one that the answers depend on."),
        ".st-key-faith_comprehensiveness_gain",
        (PageView(accessibility="slow", picture="fidelidade"),),
    ),
    PageEntry(
        "comece_aqui",
        Message("Start here"),
        "Lessons and data",
        Message("Ten cards, one idea each: you guess first, then the model's own picture answers."),
        ".st-key-card_picture",
        (
            PageView(picture="comece_aqui"),
            PageView("lesson_card=2&guesses=2w5", accessibility="slow", explorer=True, picture="comece_aqui_looks"),
            PageView("lesson_card=4&guesses=4n20", picture="comece_aqui_heads"),
            PageView("lesson_card=8&guesses=8w5", accessibility="slow", explorer=True),
        ),
        serves=(),
        reads_sentence=False,
        shown_by="lesson_card=2&guesses=2w5",
    ),
    PageEntry(
        "jarra_e_copo",
        Message("Jug and glass"),
        "Lessons and data",
        Message("A guided walk: one word changes, and five steps ask whether the model followed it."),
        ".st-key-guess",
        (
            PageView(picture="jarra_e_copo"),
            PageView("step=1", accessibility="slow"),
            PageView("step=2", accessibility="slow", explorer=True),
            PageView("step=3", accessibility="slow"),
            PageView("step=4", accessibility="slow"),
            PageView("step=5", accessibility="slow"),
        ),
        serves=("encoder", "decoder"),
        reads_sentence=False,
    ),
    PageEntry(
        "minhas_frases",
        Message("My sentences"),
        "Lessons and data",
        Message("Paste or send a list of sentences, and see what the model reads in each."),
        ".st-key-sentence_table",
        (PageView(accessibility="slow", picture="minhas_frases"),),
        reads_sentence=False,
    ),
    PageEntry(
        "bancada",
        Message("Bench"),
        "Lessons and data",
        Message("Many controlled pairs: heads and choices with chance, luck, rules and nulls."),
        ".st-key-bench_chart",
        (PageView(accessibility="slow", picture="bancada"), PageView("items=own", accessibility="slow")),
        reads_sentence=False,
        asks=".st-key-bench_start button",
    ),
    PageEntry(
        "modelos",
        Message("Models"),
        "Models",
        Message("The bundled models: shape, training, measures, card, and the birth of a head."),
        ".st-key-architecture",
        (PageView(accessibility="slow", picture="modelos"),),
        serves=(),
        reads_sentence=False,
    ),
    PageEntry(
        "visao",
        Message("Vision"),
        "Models",
        Message("A picture cut into patches, and where every head looks in it."),
        ".patches .stage",
        (PageView(accessibility="fast", picture="visao"),),
        serves=("vision",),
        reads_sentence=False,
    ),
    PageEntry(
        "variantes",
        Message("Variants"),
        "Models",
        Message("One head under nine kinds of efficient attention: what each keeps, errs and costs."),
        ".st-key-variant_left",
        (PageView(accessibility="slow", picture="variantes"), PageView("variant=flash&tile=6", picture="flash")),
    ),
    PageEntry(
        "convolucao",
        Message("Convolution"),
        "Models",
        Message("Praise or blame by one attention vector, beside the many heads of an encoder."),
        ".st-key-conv_attention",
        (PageView(accessibility="slow", picture="convolucao"),),
        serves=("classifier",),
    ),
)
"""In the order of the navigation; the first page is the one at the root of the server."""


def page_entry(slug: str) -> PageEntry:
    """The entry of a page.

    Raises:
        KeyError: no page has this address.
    """
    return {entry.slug: entry for entry in REGISTRY}[slug]


def pages_serving(kind: str) -> tuple[PageEntry, ...]:
    """The pages that show a bundled model of a kind, in the order of the navigation."""
    return tuple(entry for entry in REGISTRY if kind in entry.serves)


def page_links() -> list[tuple[str, PageView]]:
    """(path with its query, view) of every link of every page, in the order of the navigation."""
    return [(entry.link(view), view) for entry in REGISTRY for view in entry.views]
