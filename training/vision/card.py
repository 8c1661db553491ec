"""The model card of mirante-vision and the rows of its evaluation, in English and Portuguese: no number is typed by
hand.
"""

from __future__ import annotations

from typing import Any

from core.vision.scenes import CLUTTERS, MAX_OTHERS, MIN_OTHERS
from training.common import measures
from training.common.measures import NOTHING, Pair, Row, row
from training.vision import model as vision

Document = dict[str, Any]

KINDS: dict[str, Pair] = {
    "mixed": ("neither colour nor shape alone tells", "nem a cor nem a forma bastam"),
    "red": ("shape alone tells (everything is red)", "a forma basta (tudo é vermelho)"),
    "circles": ("colour alone tells (everything is a circle)", "a cor basta (tudo é círculo)"),
}
HEADER = """---
license: apache-2.0
library_name: transformers
pipeline_tag: image-classification
tags: [attention, education, vit, synthetic]
---
"""
ENGLISH = """
# mirante-vision

A very small vision transformer (ViT: {layers} layers × {heads} heads × {width}, feed-forward {inner}, {parameters:.2f} M parameters, weights {weights_mb} MB in float16), trained from scratch by
`training/vision/recipe.py` of this repository to answer one question about pictures that the repository draws: **where is the red circle?** It reads {picture} × {picture}
pixels as {patches} patches of {patch} × {patch} and names one of {answers} cells. It is a teaching model: of photographs it knows nothing, and its answer about one means nothing.

```python
from transformers import AutoImageProcessor, AutoModelForImageClassification

model = AutoModelForImageClassification.from_pretrained("assets/models/mirante-vision", dtype="float32")
```

## Pictures
`core/vision/scenes.py` draws one red circle and {least} to {most} other shapes (circle, square, triangle, cross; red, green, blue, yellow, purple), of varying size, tint and turn, none overlapping, on a
grey ground with a slope and noise. The circle's centre stays 2 pixels away from the edges of its cell. Kinds in training: {mix}. Training, evaluation and the
pages draw from separate sequences of seeds. No picture, text or weight from elsewhere is used; **the weights are offered under the licence of the repository, Apache 2.0**.

## Training
{steps:,} steps of {batch} pictures, {pictures:,} in all, {drawn:,} of them drawn anew and the others turned or mirrored copies of these; {minutes} minutes on one CPU thread of a shared two-core x86 machine, float32;
torch {torch}, transformers {transformers}. Muon for the hidden matrices, AdamW for the rest, peak rate {rate}, warm-up then cosine, clipping at {clip}, seed {seed}. Position vectors begin as sines of row and
column and are learned from there. During the first half a second question is asked after layer {labelled}, of every patch: how much of you does the red circle cover (token labelling, Jiang et al.
2021)? Its weight falls from 1 to 0; its output layer is not shipped. **No attention map was ever told where to look**, but this question makes it easy for patches to
know that they are the target, which a model trained on answers alone need not do. The loss in training_curve.json holds both questions in the first half. Last reported: {last_loss} nats.
Accuracy on {probe} pictures of the pages' split was watched at every checkpoint; the figures below are of other pictures. {notes}

## Evaluation
Of the rounded weights, in float32, on pictures that training never drew; value (95 % interval, n). "Colour only" and "shape only" are what an eye gets that knows one trait and guesses among the things that
have it. Pointing: share of the attention of [CLS] on the patches of which the circle covers at least an eighth; the head is chosen on one half of the pictures and reported on the other.

{table}

Rounding to float16 on {rounded_n} pictures: {before} → {after}.

## Limits and bias
It answers about one red circle, which must be there. Touching or hidden shapes, outlines, other reds and photographs were not in training. Where a head points is where it looks, not why the model
answers so: the last rows of the table say what is left without the head, and without the look. One seed of training gives one set of heads.
"""
PORTUGUESE = """
# mirante-vision (português)

Um Vision Transformer muito pequeno (ViT: {layers} camadas × {heads} cabeças × {width}, {parameters_pt} M de parâmetros, {weights_pt} MB em float16), treinado do zero por `training/vision/recipe.py` deste
repositório para responder a uma pergunta sobre imagens que o próprio repositório desenha: **onde está o círculo vermelho?** Ele lê {picture} × {picture} pixels em {patches} recortes de
{patch} × {patch} e nomeia uma de {answers} casas. É um modelo didático: de fotografias não sabe nada, e a resposta dele sobre uma não quer dizer nada.

**Imagens.** `core/vision/scenes.py` desenha um círculo vermelho e de {least} a {most} outras formas, sem sobreposição, sobre um fundo cinza com ruído. Treino, avaliação e páginas usam sequências separadas de
sementes. Nada vem de fora; **os pesos seguem a licença do repositório, Apache 2.0**.

**Treino.** {steps_pt} passos de {batch} imagens ({drawn_pt} desenhadas, as outras giradas ou espelhadas), {minutes_pt} minutos em uma linha de execução de CPU de uma máquina compartilhada. Na primeira metade, uma segunda
pergunta é feita a cada recorte depois da camada {labelled}: quanto de você o círculo vermelho cobre? O peso dela cai de 1 a 0, e a saída dela não vai com o modelo. **Nenhum mapa de
atenção foi ensinado a olhar para lugar algum**, mas essa pergunta facilita que os recortes saibam que são o alvo. {notes}

**Avaliação** dos pesos arredondados, em imagens que o treino nunca viu: valor (intervalo de 95 %, n). "Só cor" e "só forma" são o que acerta quem conhece um só atributo e chuta entre as formas que o têm.
Apontar: parte da atenção de [CLS] que cai nos recortes de que o círculo cobre ao menos um oitavo; a cabeça é escolhida em metade das imagens e medida na outra.

{table}

Arredondar para float16, em {rounded_n} imagens: {before_pt} → {after_pt}.

**Limites e viés.** Ele responde sobre um círculo vermelho, que tem de estar lá. Formas que se tocam ou se escondem, contornos, outros vermelhos e fotografias não estavam no treino. Para onde uma cabeça aponta é
para onde ela olha, não por que o modelo responde assim: as últimas linhas da tabela dizem o que resta sem a cabeça e sem o olhar. Uma semente de treino dá um conjunto de cabeças.
"""


def text(document: Document) -> str:
    """The whole card."""
    fields, notes = _fields(document), document["notes"]
    return (
        HEADER
        + ENGLISH.format(**fields, notes=notes["en"], table=measures.markdown(document["table"], "en"))
        + PORTUGUESE.format(**fields, notes=notes["pt"], table=measures.markdown(document["table"], "pt"))
    )


def rows(document: Document) -> list[Row]:
    """The rows of the evaluation: answers by kind of picture, then where [CLS] points."""
    found, pointing = document["accuracy"], document["pointing"]
    layer, head = pointing["head"]
    return [
        row(("Right cell, all kinds", "Casa certa, todos os tipos"), found["all"], ("chance 0.06", "acaso 0,06")),
        *(row(_kind(name), found[name], _eyes(document, name)) for name in CLUTTERS),
        *(
            row((f"Right cell, {n} other shapes", f"Casa certa, {n} outras formas"), number)
            for n, number in document["by_distractors"].items()
        ),
        row(("Wrong answers in a neighbouring cell", "Respostas erradas em casa vizinha"), document["near"]),
        row(
            ("Right cell, random twin", "Casa certa, gêmeo aleatório"), document["twin"], ("chance 0.06", "acaso 0,06")
        ),
        row(
            (
                f"Pointing, best head (layer {layer + 1}, head {head + 1})",
                f"Apontar, melhor cabeça (camada {layer + 1}, cabeça {head + 1})",
            ),
            pointing["own"],
            _against(pointing),
        ),
        row(
            ("Pointing, mean of all heads", "Apontar, média de todas as cabeças"),
            pointing["mean_of_heads"],
            _against(pointing),
        ),
        row(
            ("Pointing, best head of the random twin", "Apontar, melhor cabeça do gêmeo aleatório"),
            pointing["twin"],
            NOTHING,
        ),
        row(
            ("Right cell without the best pointing head", "Casa certa sem a cabeça que melhor aponta"),
            document["cut"]["head"],
            NOTHING,
        ),
        row(
            (
                "Right cell when [CLS] may not look at the circle",
                "Casa certa quando [CLS] não pode olhar para o círculo",
            ),
            document["cut"]["all"],
            _others(document),
        ),
        row(
            ("Right cell when no other patch may either", "Casa certa quando nenhum outro recorte pode"),
            document["cut"]["nobody"],
            _others(document),
        ),
    ]


def _kind(name: str) -> Pair:
    return f"Right cell, {KINDS[name][0]}", f"Casa certa, {KINDS[name][1]}"


def _eyes(document: Document, name: str) -> Pair:
    colour, shape = (f"{document[trait][name]['value']:.2f}" for trait in ("colour_alone", "shape_alone"))
    return f"colour only {colour}, shape only {shape}", f"só cor {colour}, só forma {shape}".replace(".", ",")


def _others(document: Document) -> Pair:
    value = f"{document['cut']['others']['value']:.3f}"
    return f"as many other patches cut from [CLS] {value}", f"outros tantos recortes cortados de [CLS] {value}".replace(
        ".", ","
    )


def _against(pointing: Document) -> Pair:
    even = f"{pointing['even']['value']:.3f}"
    return f"even attention {even}", f"atenção por igual {even}".replace(".", ",")


def _fields(document: Document) -> dict[str, Any]:
    model, training, plan = document["model"], document["training"], document["plan"]
    own = {
        **{
            name: model[name]
            for name in ("layers", "heads", "width", "inner", "weights_mb", "picture", "patch", "answers")
        },
        **{
            name: training[name]
            for name in ("steps", "minutes", "last_loss", "torch", "transformers", "pictures", "drawn")
        },
        **{name: plan[name] for name in ("rate", "clip", "seed")},
        "parameters": model["parameters"] / 1e6,
        "patches": model["positions"] - 1,
        "least": MIN_OTHERS,
        "most": MAX_OTHERS,
        "batch": vision.PICTURES,
        "labelled": vision.LABELLED,
        "probe": 256,
        "mix": ", ".join(f"{KINDS[name][0]} {share:.0%}" for name, share in vision.MIX.items()),
        "rounded_n": document["after_rounding"]["n"],
        "before": f"{document['before_rounding']['value']:.3f}",
        "after": f"{document['after_rounding']['value']:.3f}",
    }
    portuguese = {
        "steps_pt": f"{own['steps']:,}",
        "drawn_pt": f"{own['drawn']:,}",
        "parameters_pt": f"{own['parameters']:.2f}",
        "weights_pt": f"{own['weights_mb']}",
        "minutes_pt": f"{own['minutes']}",
        "before_pt": own["before"],
        "after_pt": own["after"],
    }
    return own | {name: value.translate(str.maketrans(",.", ".,")) for name, value in portuguese.items()}
