"""The main job in a real browser: any sentence, right labels, keyboard, options, links, refusals."""

from __future__ import annotations

import random
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from core.text.tokens import encode
from core.text.vocabulary import visible
from tests.e2e.conftest import write

expect.set_options(timeout=45_000)
JUG = "Ela derramou água da jarra para o copo até que ficasse cheio."
VOCABULARY = (
    "ela derramou água jarra copo café coração ação avó pôde três à noite João d'água guarda-chuva R$ "
    "1.000,50 the quick brown fox "
    "🙂 👩‍🚀 🇧🇷 שלום عليكم مرحبا 日本語 Привет naïve ﬁm e\u0301 zero\u200blargura https://exemplo.pt/a?b=c&d <s> "
    "</s> [MASK] ##x ▁ Ġ “aspas” … — "
    "<b>negrito</b> {campo} $x^2$ **forte** :smile: & &amp; ' \" ` \\ % 100%"
).split(" ")
HOSTILE = [
    "<s>",
    "</s>",
    "<a href=x>clique</a>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "&lt;b&gt; &amp;",
    "{query} {0} %s",
    "[CLS] a [SEP] b [MASK]",
    "$\\alpha$ :material/home: :red[oi]",
    "\u202eabc\u202c def",
    "a\u200db\u2060c",
    "=1+1 @x +y -z",
    "שלום עולם",
    "👨‍👩‍👧 e\u0301",
]


@pytest.fixture(scope="module")
def tokenizer():
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained("assets/models/mirante-encoder-pt")


def field(page: Page):
    return page.get_by_role("textbox", name="Frase")


def faces(page: Page, n: int) -> list[str]:
    """Labels of the sentence's words, once there are ``n`` of them."""
    expect(page.locator(".sentence.query-side .word")).to_have_count(n)
    return page.locator(".sentence.query-side .face").all_text_contents()


def expect_faces(page: Page, words: list[str]) -> None:
    """The sentence that is shown, exactly, special tokens left out."""
    expect(page.locator(".sentence.query-side .face")).to_have_text(["[CLS]", *words, "[SEP]"])
    assert page.locator(".sentence.query-side .face").all_text_contents()[1:-1] == words


def visit(page: Page, address: str, path: str = "/explorar") -> None:
    page.goto(address + path)
    expect(page.locator(".takeaway").first).not_to_be_empty()


def sentence(seed: int) -> str:
    """1 to 300 words of every kind."""
    chance = random.Random(seed)
    length = chance.choice([1, 2, 3, 5, 8, 13, 21, 40, 120, 300])
    return " ".join(
        chance.choice(VOCABULARY if chance.random() < 0.7 else ["de", "a", "o", "que"]) for _ in range(length)
    )


@pytest.mark.slow
@pytest.mark.parametrize("many", [4, 40])
def test_sentences_in_a_row_are_labelled_exactly(page: Page, server: str, tokenizer, many: int) -> None:
    visit(page, server)
    tried = 0
    for seed in range(200):
        text = sentence(seed)
        tokens = encode(tokenizer, text)
        if len(tokens) > 512:
            continue
        write(page, text)
        found = faces(page, len(tokens.words))
        expect(page.locator(".sentence.query-side .face").nth(1)).to_have_text(tokens.words[1], use_inner_text=False)
        found = page.locator(".sentence.query-side .face").all_text_contents()
        assert found == list(tokens.words), text
        assert "".join(found[1:-1]).replace(" ", "") == visible(text.replace(" ", "")), text
        expect(page.get_by_test_id("stAlert")).to_have_count(0)
        tried += 1
        if tried == many:
            return
    raise AssertionError("too few sentences were short enough")


def test_hostile_labels_are_text(page: Page, server: str, tokenizer) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    for place, text in enumerate(HOSTILE):
        if place < 2:
            visit(page, server, f"/explorar?sentence={quote(text)}")
        else:
            write(page, text)
        words = encode(tokenizer, text).words
        expect(page.locator(".sentence.query-side .face")).to_have_text(list(words), use_inner_text=False)
        assert faces(page, len(words)) == list(words), text
        for side in (page.locator(".explorer a"), page.locator(".explorer script"), page.locator(".explorer img")):
            expect(side).to_have_count(0)


def test_arrows_walk_over_heads_and_the_link_follows(page: Page, server: str) -> None:
    visit(page, server, "/explorar?layer=2&head=3")
    expect(page.locator(".chip")).to_have_text("C2·3")
    page.locator(".explorer").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".chip")).to_have_text("C3·4")
    page.wait_for_url(re.compile(r"layer=3.*head=4|head=4.*layer=3"))


def test_a_head_that_is_here_is_drawn_and_addressed_before_python_hears_of_it(page: Page, server: str) -> None:
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))))
    visit(page, server, "/explorar?lang=pt&layer=2&head=3")
    page.wait_for_timeout(1000)
    page.locator(".explorer").focus()
    before = len(sent)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".chip")).to_have_text("C2·6", timeout=1000)
    assert re.search(r"layer=2&head=6$", page.url) and len(sent) == before
    page.wait_for_timeout(3000)
    assert len(sent) == before + 1, "three steps of the walk are one message"
    assert re.search(r"layer=2&head=6$", page.url)
    page.locator(".pickers select").nth(0).select_option("0")
    expect(page.locator(".chip")).to_have_text("C1·6", timeout=1000)
    page.reload()
    expect(page.locator(".chip")).to_have_text("C1·6")
    expect(page.locator(".pickers select").nth(1)).to_have_value("5")


def test_a_link_restores_sentence_head_options_and_held_word(page: Page, server: str, browser: Browser) -> None:
    visit(page, server, "/explorar?layer=2&head=4&unit=pieces")
    write(page, "O menino leu o livro.")
    faces(page, 8)
    page.locator(".sentence.query-side .word").nth(2).click()
    page.wait_for_url(re.compile("token=2"))
    page.get_by_role("button", name="Opções").click()
    page.get_by_text("Mostrar tokens especiais").click()
    faces(page, 6)
    page.wait_for_url(re.compile("specials=false"))
    context = browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 720})
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator(".chip")).to_have_text("C2·4")
    assert faces(other, 6) == ["O", "menino", "leu", "o", "livro", "."]
    assert field(other).input_value() == "O menino leu o livro."
    expect(other.locator(".budget")).to_contain_text("[CLS]/[SEP]")
    context.close()


def test_hidden_mass_is_stated(page: Page, server: str) -> None:
    visit(page, server, "/explorar?specials=false")
    expect(page.locator(".budget")).to_contain_text(re.compile(r"\d+\s?%.*\[CLS\]/\[SEP\]"))


@pytest.mark.parametrize(
    "query",
    [
        "layer=abc&unit=nothing&kind=zzz&token=5:nada",
        *(
            pytest.param(query, marks=pytest.mark.slow)
            for query in ("layer=999&head=-1", "lang=xx&device=tpu", "token=999999999999:x")
        ),
    ],
)
def test_a_link_of_nonsense_opens_the_page(page: Page, server: str, query: str) -> None:
    visit(page, server, f"/explorar?{query}")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.locator(".chip")).to_have_text(re.compile(r"C\d·\d"))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("nobody/nothing-here", "não foi encontrado"),
        ("../../etc", "fora da pasta"),
        ("/etc", "fora da pasta"),
        ("no such name!", "Nenhum modelo"),
    ],
)
def test_an_impossible_model_is_refused_in_words(page: Page, server: str, model: str, message: str) -> None:
    page.goto(f"{server}/explorar?model={quote(model, safe='')}")
    expect(page.get_by_test_id("stAlert")).to_contain_text(message)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    expect(field(page)).to_be_visible()


def test_an_empty_and_a_long_text_are_refused_and_the_next_one_works(page: Page, server: str) -> None:
    visit(page, server)
    write(page, "   ")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    write(page, "copo " * 2000)
    expect(page.get_by_test_id("stAlert")).to_contain_text("512")
    write(page, "O copo está cheio.")
    expect_faces(page, ["O", "copo", "está", "cheio", "."])
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_two_visitors_at_once_see_their_own_sentences(page: Page, server: str, browser: Browser) -> None:
    context = browser.new_context(locale="pt-BR")
    other = context.new_page()
    visit(page, server)
    visit(other, server)
    for turn in range(3):
        write(page, f"A jarra ficou vazia {turn}")
        write(other, f"O copo cheio ficou na mesa {turn}")
        expect_faces(page, ["A", "jarra", "ficou", "vazia", str(turn)])
        expect_faces(other, ["O", "copo", "cheio", "ficou", "na", "mesa", str(turn)])
    context.close()


@pytest.mark.slow
def test_jug_and_glass_shows_both_sentences_and_more_on_request(page: Page, server: str) -> None:
    visit(page, server, "/jarra_e_copo?step=2&layer=2&head=5")
    expect(page.locator(".explorer")).to_have_count(2)
    expect(page.locator(".takeaway").nth(0)).to_contain_text("cheio →")
    expect(page.locator(".takeaway").nth(1)).to_contain_text("vazia →")
    for label in (
        "O adjetivo em cada cabeça",
        "A diferença entre as duas frases",
        "O que o modelo escreve no lugar do adjetivo",
    ):
        page.get_by_text(label).click()
    expect(page.locator(".explorer")).to_have_count(3)
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_home_is_never_empty(page: Page, server: str) -> None:
    visit(page, server, "/")
    expect(page.locator(".takeaway")).to_contain_text("cheio →")
    expect(page.get_by_role("main").get_by_role("link", name="Explorar").first).to_be_visible()
