"""The page "Vision": the link restores picture, layer, head and patch; other models and own pictures; what is refused
is said.
"""

from __future__ import annotations

import json
import struct
from io import BytesIO

import numpy as np
import pytest
import torch
import transformers as library
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.vision.captures import capture_picture
from core.vision.models import load_vision
from core.vision.pointing import covered
from core.vision.scenes import draw
from core.vision.shipped import pointing_head, visions
from tests.ui.test_pages import open_page
from ui.components.patches_texts import patches_texts
from ui.pages.vision.picture import OWN
from ui.top_bar.pickers import bundled_models

PAGE = "visao.py"


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The study of many pictures, with few."""
    monkeypatch.setattr("ui.pages.vision.pointing.STUDIED_PICTURES", 12)


def pictures(app: AppTest) -> list:
    """The page's own component; the bar and what stands below it have others."""
    shared = ("menu", "reading", "sentence", "glossary")
    return [one for one in app.main if one.type == "bidi_component" and one.key not in shared]


def packet(app: AppTest) -> tuple[dict, bytes]:
    """What the component was given: the JSON of its packet, and its blocks."""
    (found,) = pictures(app)
    data = found.proto.bytes
    (size,) = struct.unpack_from("<I", data)
    return json.loads(data[4 : 4 + size]), data[4 + size :]


def weights(header: dict, body: bytes) -> np.ndarray:
    block = header["blocks"]["maps"]
    planes = np.frombuffer(body[block["at"] :], np.uint8).reshape(2, -1).astype(int)
    return (planes[0] * 256 + planes[1]).reshape(block["shape"]) / 65535


def opened(**query: str) -> AppTest:
    app = open_page(PAGE, **{"lang": "pt", **query})
    assert not app.exception and not app.error, [one.value for one in app.error]
    return app


@pytest.mark.parametrize("language", ["pt", "en"])
def test_the_link_restores_picture_layer_head_and_patch(language: str) -> None:
    app = opened(
        lang=language, drawing="1234", others="6", clutter="red", vision_layer="2", vision_head="4", patch="3,5"
    )
    header, body = packet(app)
    vision, scene = load_vision("mirante-vision", "cpu"), draw(1234, distractors=6, clutter="red")
    seen = capture_picture(vision, scene.pixels)
    assert (header["layer"], header["options"]["panel"], header["options"]["query"]) == (1, 3, 1 + 2 * 8 + 4)
    assert np.array_equal(np.frombuffer(body[: scene.pixels.size], np.uint8).reshape(scene.pixels.shape), scene.pixels)
    np.testing.assert_allclose(weights(header, body)[:4], seen.trace.layer_attention(1), atol=2e-5)
    assert header["cells"]["truth"] == scene.cell and np.argmax(header["cells"]["shares"]) == seen.logits.argmax()
    assert header["target"] == np.flatnonzero(covered(vision, scene)).tolist()
    assert header["question"] == {"pt": "Onde está o círculo vermelho?", "en": "Where is the red circle?"}[language]
    assert {name: "".join(app.query_params[name]) for name in ("drawing", "others", "clutter", "vision_layer")} == {
        "drawing": "1234",
        "others": "6",
        "clutter": "red",
        "vision_layer": "2",
    }


def test_head_and_patch_come_back_after_another_page() -> None:
    app = opened(vision_layer="2", vision_head="rollout", patch="3,5")
    before, _ = packet(app)
    app.query_params.clear()  # what the menu does
    after, _ = packet(app.run())
    assert after["options"] == before["options"] and after["options"]["panel"] == after["heads"]
    assert {name: "".join(app.query_params[name]) for name in ("vision_head", "patch")} == {
        "vision_head": "rollout",
        "patch": "3,5",
    }


def test_an_untouched_page_shows_the_first_position_in_the_head_that_points_best() -> None:
    header, _ = packet(opened())
    layer, head = pointing_head("mirante-vision")
    assert (header["layer"], header["options"]["panel"], header["options"]["query"]) == (layer, head, 0)


NONSENSE = {
    "beyond": {
        "drawing": "-3",
        "others": "77",
        "clutter": "cats",
        "vision_layer": "99",
        "vision_head": "5",
        "patch": "9,99",
        "picture": "stolen",
    },
    "hostile": {"drawing": "9" * 40, "others": "x", "vision_layer": "²", "vision_head": "9" * 5000, "patch": "<b>"},
}


@pytest.mark.parametrize("query", NONSENSE)
def test_a_link_that_makes_no_sense_shows_a_picture_all_the_same(query: str) -> None:
    header, _ = packet(opened(**NONSENSE[query]))
    assert 0 <= header["layer"] < 4 and 0 <= header["options"]["panel"] < 6 and 0 <= header["options"]["query"] < 65


@pytest.mark.parametrize(("asked", "number"), [("999999", 999999), ("1000000", 7), ("٣", 7), ("1_0", 7), ("-3", 7)])
def test_the_number_of_a_picture_is_read_by_hand(asked: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.pages.vision import picture

    def few(key, options, default) -> None:
        assert len(options) < 100, "a table of every number is made in each rerun"
        settle(key, options, default)

    settle = picture.settle
    monkeypatch.setattr(picture, "settle", few)
    assert opened(drawing=asked).number_input[0].value == number


def test_another_picture_is_drawn_and_travels_in_the_link() -> None:
    app = opened(drawing="5")
    before = packet(app)[1]
    (button,) = [one for one in app.main.button if one.label == "Sortear outra"]
    button.click().run()
    assert (
        not app.exception
        and packet(app)[1] != before
        and "".join(app.query_params["drawing"]) == str(app.session_state["drawing"])
    )


def test_rollout_is_a_panel_of_the_link_and_the_study_says_its_nulls() -> None:
    app = opened(vision_head="even")
    header, body = packet(app)
    assert header["options"]["panel"] == 5
    even = weights(header, body)[5]
    np.testing.assert_allclose(even, 0.5**4 * np.eye(65) + (1 - 0.5**4) / 65, atol=2e-5)
    said = "\n".join(one.value for one in app.markdown)
    assert "gêmeo aleatório" in said and "Espalhada por igual" in said and len(app.get("plotly_chart")) >= 1


def picture(size: tuple[int, int] = (90, 60), kind: str = "PNG") -> bytes:
    held = BytesIO()
    Image.fromarray(np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)).save(held, kind)
    return held.getvalue()


def test_an_own_picture_is_read_and_its_answer_is_not_praised() -> None:
    app = opened(picture=OWN)
    assert any("não viaja" in one.value for one in app.caption) and not pictures(app)
    app.file_uploader[0].set_value(("*praia*.png", picture(), "image/png")).run()
    assert not app.exception and not app.error
    header, _ = packet(app)
    assert header["target"] == [] and header["cells"]["truth"] is None and header["question"] == ""
    assert any("Nunca viu uma fotografia" in one.value for one in app.warning) and any(
        "90 × 60" in one.value for one in app.caption
    )
    app.switch_page("pages/perfis.py").run()
    app.switch_page(f"pages/{PAGE}").run()
    assert packet(app)[0]["name"] == header["name"], "the picture is still there after a visit to another page"


def test_a_picture_that_is_taken_away_is_gone() -> None:
    app = opened(picture=OWN, vision_head="rollout")
    app.file_uploader[0].set_value(("praia.png", picture(), "image/png")).run()
    assert packet(app) and any("o rollout mais olha" in one.value for one in app.markdown)
    app.file_uploader[0].set_value([]).run()
    assert not app.exception and not pictures(app)


def test_a_file_that_is_no_picture_is_refused_with_its_reason() -> None:
    app = opened(picture=OWN)
    for data, said in (
        (b"plain text", "não é uma imagem"),
        (picture()[:200], "danificado"),
        (picture((300, 4)), "ao menos 8"),
        (b"", "vazio"),
    ):
        app.file_uploader[0].set_value(("foto.png", data, "image/png")).run()
        assert not app.exception and len(app.error) == 1 and said in app.error[0].value and "foto" in app.error[0].value


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The models folder of a server, with a tiny DINOv2 with registers and a tiny classifier in it."""
    monkeypatch.setenv("MIRANTE_MODELS", str(tmp_path))
    sizes = {"hidden_size": 24, "num_hidden_layers": 3, "num_attention_heads": 2, "image_size": 32, "patch_size": 8}
    torch.manual_seed(1)
    library.Dinov2WithRegistersModel(library.Dinov2WithRegistersConfig(**sizes, num_register_tokens=2)).save_pretrained(
        tmp_path / "dino"
    )
    names = {0: "a <b>cat</b>", 1: "a dog", 2: "a bird"}
    library.DeiTForImageClassification(
        library.DeiTConfig(**sizes, intermediate_size=30, id2label=names)
    ).save_pretrained(tmp_path / "deit")
    return tmp_path


def test_a_model_from_a_folder_works_the_same_way(folder) -> None:
    header, _ = packet(app := opened(vision_model="dino", patch="[REG2]", vision_layer="3"))
    assert (
        header["prefix"] == ["[CLS]", "[REG1]", "[REG2]"]
        and header["grid"] == [4, 4]
        and header["options"]["query"] == 2
        and header["cells"] is None
    )
    assert any("não tem classificador" in one.value for one in app.caption)
    header, _ = packet(app := opened(vision_model="deit"))
    assert header["prefix"] == ["[CLS]", "[DIST]"] and header["layer"] == 2
    assert any("O modelo responde" in one.value for one in app.markdown) and not any(
        "<b>" in one.value and "\\<b" not in one.value for one in app.markdown
    )


@pytest.mark.parametrize(
    ("name", "said"), [("../../etc", "fora da pasta"), ("mirante-encoder-pt", "Vision Transformer")]
)
def test_a_model_that_cannot_be_shown_is_said(name: str, said: str) -> None:
    app = open_page(PAGE, lang="pt", vision_model=name)
    assert not app.exception and len(app.error) == 1 and said in app.error[0].value.replace("\\", "")


def test_a_vision_model_is_not_offered_where_text_is_read() -> None:
    assert visions() == ("mirante-vision",) and not set(visions()) & set(bundled_models())


def test_every_text_of_the_component_is_used_and_there() -> None:
    import re
    from pathlib import Path

    code = "\n".join(path.read_text(encoding="utf-8") for path in Path("assets/components/patches").glob("*.js"))
    asked = set(re.findall(r"texts\.([a-z_]+)", code)) | {"language"}
    assert asked == set(patches_texts())


def test_patches_and_cells_of_the_answer_are_told_apart() -> None:
    app = open_page("visao.py", lang="pt")
    assert any("8 × 8" in caption.value and "4 × 4 casas maiores" in caption.value for caption in app.caption)
    assert any("casa na linha" in markdown.value for markdown in app.markdown)
