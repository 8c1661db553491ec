"""The model card of mirante-decoder-pt in English and Portuguese, written from its evaluation document: no number is
typed by hand.
"""

from __future__ import annotations

from typing import Any

from training.common import corpus, measures
from training.common.measures import Pair
from training.common.sources import SOURCES
from training.decoder import heads as decoder_heads, sequences
from training.decoder.table import ROLES

Document = dict[str, Any]

AGREEMENT_FLOOR = 0.85

HEADER = """---
language: pt
license: cc-by-sa-4.0
library_name: transformers
pipeline_tag: text-generation
tags: [attention, education, llama, portuguese, grouped-query-attention]
---
"""
ENGLISH = """
# mirante-decoder-pt

A small cased causal language model of Portuguese (Llama: {layers} layers × {heads} query heads × {width}, rotary positions, {parameters} M parameters,
{vocabulary} byte-level BPE entries, weights {weights_mb} MB in float16), trained from scratch by `training/decoder/recipe.py` of this repository. Its query
heads share {key_heads} heads of keys and values (grouped-query attention), so that the sharing can be seen. It is a teaching model trained on one CPU
thread: it knows next to nothing about the world, soon wanders off, and should not be used to produce or judge text.

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("assets/models/mirante-decoder-pt")
model = AutoModelForCausalLM.from_pretrained("assets/models/mirante-decoder-pt", dtype="float32")
```

## Training
{steps} steps, {tokens} M tokens ({passes} passes over the weighted mix), {minutes} minutes on one CPU thread of a shared two-core x86 machine,
float32; torch {torch}, transformers {transformers}. Muon for the hidden matrices, AdamW for the rest (`training/common/muon.py`), peak rate {rate}, warm-up then
cosine, clipping at {clip}, seed {seed}; about {batch} tokens per batch. Sequences
are single sentences (Tatoeba, Common Voice) or runs of up to {run} neighbouring ones, cut at {limit} tokens, one in ten at {long_limit}. Last reported training loss
{last_loss} (nats; random segments included). The curve is in training_curve.json. {notes}

**Repeated text, on purpose.** {random_repeats} % of the sequences are random entries of the vocabulary said twice (the loss counts only the second time) and
{real_repeats} % are real texts said twice, so that a head may learn to look for what followed the last time. Natural text is known to teach the same (Olsson et al. 2022); how long it would take this model was not measured.

## Data and licence
Beside real text, container sentences, descriptions and short stories are generated (`training/common/grammar.py`, `agreement.py`, `families.py`), {generated} % of the texts.
The treebanks' dev, test and PUD sentences and the Portuguese Winograd set are removed from every source. Sampling weights per pass: {weights}.

{sources}
Bosque, GSD and Wikipedia are share-alike, therefore **the weights are offered under CC BY-SA 4.0**, with attribution to the sources above.
Half of the prose is of the 19th century (weighted down), much of it European Portuguese.

## Evaluation
Of the rounded weights, in float32; value (95 % interval, n). Held-out text was split before training by a hash of its words; treebank test sentences were removed from the training text.
Perplexity: exp of the mean loss in nats; n counts sentences. Beside the 5-gram stands what the model has over it on the very same sentences or items (ratio of perplexities, below 1 better; gain in shares), with its own
95 % interval: read that, and not whether two intervals overlap. All intervals are over sentences, those of professions over professions. The Kneser–Ney 5-gram (`training/common/ngram.py`) is counted on one whole pass of the same mix (the random
segments left out); the model read {passes} passes. Agreement: a determiner, adjective or
predicate of a treebank test sentence against its opposite gender and number, by the log probability of the whole sentence; at most {cap} items per slot and treebank.
Heads: chosen on half of the items, reported on the other half; induction on {words} random words said twice, which a part of the training drills
({random_repeats} % of its sequences), previous token on held-out sentences. Full document: evaluation.json.

{table}

{targets}
Best induction head: layer {induction_layer}, head {induction_head}; best previous-token head: layer {previous_layer}, head {previous_head} (counted from 1).

Greedy continuations, word for word:
{continuations}

Captured attention differs from the library's eager attention by at most {parity}. Loading takes {load_seconds} s, a forward of 32 tokens {forward} ms
(median, one sentence, {threads} CPU thread(s)). Rounding to float16: perplexity per token {before} → {after} (50 held-out sentences per source).

## Limits and bias
{minutes} minutes of training on {tokens} M tokens teach common phrases and part of the agreement, not facts; greedy continuations tend to loop. Frequent words are whole tokens, rare ones are split ({whole} % of the word
occurrences of held-out text are one token). Sequences were at most {long_limit} tokens long; nothing was measured beyond. Gender of professions, the share of the masculine
sentence, per profession: with two forms {two}; with one form {one}. The real text (news of 1994, 19th-century novels) carries the gender and
social stereotypes of its time, and the list is short: expect bias that it does not show.
"""
PORTUGUESE = """
# mirante-decoder-pt (português)

Um pequeno modelo de linguagem causal do português, com maiúsculas e acentos (Llama: {layers} camadas × {heads} cabeças de consulta × {width}, posições rotatórias,
{parameters} M de parâmetros, {vocabulary} entradas BPE em bytes, {weights_mb} MB em float16), treinado do zero por `training/decoder/recipe.py` deste repositório. Suas
cabeças de consulta compartilham {key_heads} cabeças de chaves e valores (atenção com consultas agrupadas), para que se veja o que é compartilhado. É um modelo didático, treinado em
uma linha de execução de CPU: não sabe quase nada do mundo, logo se perde, e não serve para produzir nem julgar textos.

**Treino.** {steps} passos, {tokens} M de tokens ({passes} passagens), {minutes} minutos em uma linha de execução de CPU de uma máquina
compartilhada de dois núcleos, float32. As sequências são frases soltas ou até {run} frases vizinhas, cortadas em {limit} tokens, uma em dez em {long_limit}. {notes}

**Texto repetido, de propósito.** {random_repeats} % das sequências são entradas sorteadas do vocabulário ditas duas vezes (só a segunda conta na perda) e {real_repeats} % são
textos reais ditos duas vezes, para que uma cabeça possa aprender a procurar o que veio depois da última vez. Sabe-se que o texto natural ensina o mesmo (Olsson et al. 2022); quanto tempo isso levaria neste modelo não foi medido.

**Dados e licença.** As fontes estão na tabela acima; {generated} % dos textos são gerados por gramáticas. As partes de desenvolvimento e teste dos treebanks, o PUD e o conjunto
Winograd foram retirados. Como Bosque, GSD e Wikipédia exigem compartilhamento pela mesma licença, **os pesos são oferecidos sob CC BY-SA 4.0**, com atribuição às fontes.

**Avaliação** (valor, intervalo de 95 %, n). Perplexidade: exponencial da perda média em nats; n conta frases. Ao lado do 5-grama está o que o modelo tem a mais nas mesmas frases ou itens (razão das perplexidades, abaixo de 1 melhor;
ganho em partes), com seu próprio intervalo de 95 %: leia esse, e não se dois intervalos se sobrepõem. Todos os intervalos são sobre frases, os das profissões sobre profissões. O 5-grama de Kneser–Ney é contado em uma
passagem inteira da mesma mistura; o modelo leu {passes} passagens. Concordância: um determinante, adjetivo ou predicativo de uma frase de teste
contra seu gênero e seu número opostos, pela probabilidade da frase inteira. Cabeças: escolhidas em metade dos itens e relatadas na outra metade; a
indução, em {words} palavras sorteadas ditas duas vezes, o que uma parte do treino exercita ({random_repeats} % das sequências).

{table}

{targets}
Melhor cabeça de indução: camada {induction_layer}, cabeça {induction_head}; melhor cabeça do token anterior: camada {previous_layer}, cabeça {previous_head} (contadas a partir de 1).

Continuações gulosas, palavra por palavra:
{continuations}

**Limites e viés.** {minutes} minutos de treino com {tokens} M de tokens ensinam locuções comuns e parte da concordância, não fatos; as continuações gulosas tendem a se repetir. {whole} % das palavras do texto reservado são um só token. Gênero das profissões, parte da frase
masculina: com duas formas {two}; com uma só forma {one}. O texto real (jornais de 1994, romances do século XIX) traz os estereótipos de gênero e de classe da sua
época, e a lista é curta: conte com vieses que ela não mostra.
"""


def text(document: Document) -> str:
    """The whole card."""
    english, portuguese = (_fields(document, language) for language in ("en", "pt"))
    written = HEADER + ENGLISH.format(**english) + PORTUGUESE.format(**portuguese)
    return "\n".join(line.rstrip() for line in written.split("\n"))  # where there are no notes


def targets(document: Document) -> list[tuple[Pair, float, float]]:
    """(name, value, floor) of everything that has a floor."""
    heads = document["heads"]
    found = [(ROLES[role], heads[role]["best"]["value"], floor) for role, floor in decoder_heads.FLOORS.items()]
    agreed = ("agreement by preference", "concordância por preferência")
    return [*found, (agreed, document["agreement"]["all"]["all"]["model"]["value"], AGREEMENT_FLOOR)]


def _fields(document: Document, language: str) -> dict[str, Any]:
    """What the templates name; measured numbers are written as the language writes them."""
    model, training, plan = document["model"], document["training"], document["plan"]
    return {
        **{name: model[name] for name in ("layers", "heads", "key_heads", "width")},
        **{name: training[name] for name in ("torch", "transformers")},
        **{name: plan[name] for name in ("clip", "seed")},
        **_recipe(),
        **_places(document["heads"]),
        **{name: _said(value, places, language) for name, (value, places) in _numbers(document).items()},
        "rate": f"{plan['rate']:g}".replace(".", _point(language)),
        "parity": f"{document['parity']:.1e}",
        "threads": model["forward"]["threads"],
        "cap": document["cap"],
        "notes": document["notes"][language],
        "continuations": "\n".join(f"- {line}" for line in document["continuations"].values()),
        "two": _listed(document["gender_of_professions"]["two_forms"]["each"], language),
        "one": _listed(document["gender_of_professions"]["one_form"]["each"], language),
        "targets": " ".join(
            [_against_grams(document, language)]
            + [_verdict(name, value, floor, language) for name, value, floor in targets(document)]
        ),
        "table": measures.markdown(document["table"], language),
    }


def _recipe() -> dict[str, Any]:
    """What the recipe decides, whatever is measured."""
    mix = sequences.Mix()
    made = mix.generated
    return {
        **{name: getattr(mix, name) for name in ("run", "limit", "long_limit")},
        "random_repeats": round(100 * mix.random_repeats),
        "real_repeats": round(100 * mix.real_repeats),
        "generated": round(100 * (made.containers + made.descriptions + made.families)),
        "weights": ", ".join(f"{name} {weight:g}" for name, weight in corpus.WEIGHTS.items()),
        "sources": SOURCES,
        "words": decoder_heads.WORDS,
    }


def _numbers(document: Document) -> dict[str, tuple[float, int]]:
    """(value, decimal places) by name."""
    model, training = document["model"], document["training"]
    return {
        "vocabulary": (model["vocabulary"], 0),
        "weights_mb": (model["weights_mb"], 1),
        "parameters": (model["parameters"] / 1e6, 2),
        "steps": (training["steps"], 0),
        "minutes": (training["minutes"], 1),
        "last_loss": (training["last_loss"], 2),
        "tokens": (training["tokens"] / 1e6, 2),
        "batch": (training["tokens"] / training["steps"], 0),
        "passes": (training["tokens"] / document["pass_tokens"], 2),
        "load_seconds": (document["load_seconds"], 2),
        "forward": (model["forward"]["median_ms"], 0),
        "before": (document["rounding"]["before"]["value"], 2),
        "after": (document["rounding"]["after"]["value"], 2),
        "whole": (100 * document["single_token_words"]["value"], 0),
    }


def _places(heads: dict[str, Any]) -> dict[str, int]:
    return {f"{role}_{name}": heads[role]["head"][i] + 1 for role in ROLES for i, name in enumerate(("layer", "head"))}


def _against_grams(document: Document, language: str) -> str:
    """The comparison with the 5-gram, both on the same sentences; which sources are told from a ratio of 1."""
    found = document["perplexity"]["per_token"]
    ratios = {source: entry["ratio"]["kneser_ney"] for source, entry in found.items()}
    ratio, each = ratios.pop("all"), ratios.items()
    model, grams = (_with_interval(found["all"][name], language) for name in ("model", "kneser_ney"))
    told = {
        "better": [source for source, number in each if number["high"] < 1],
        "worse": [source for source, number in each if number["low"] > 1],
    }
    unsure = [source for source, _ in each if source not in told["better"] + told["worse"]]
    gain = document["agreement"]["all"]["all"]["gain"]
    words = _COMPARED[language]
    return words["sentence"].format(
        than=words["better" if ratio["high"] < 1 else "worse" if ratio["low"] > 1 else "unsure"],
        model=model,
        grams=grams,
        ratio=measures.shown(ratio, language),
        sources=len(ratios),
        better=", ".join(told["better"]) or words["none"],
        worse=", ".join(told["worse"]) or words["none"],
        left=", ".join(unsure) or words["none"],
        gain=measures.shown(gain, language),
    )


_COMPARED = {
    "en": {
        "sentence": "The perplexity per token is {than} the 5-gram's ({model} against {grams}; ratio on the same "
        "sentences {ratio}). Of {sources} sources asked one by one it is better on {better}; worse on {worse}; not "
        "told apart on {left} (one in forty is called better by luck). In agreement the model has {gain} more than "
        "the 5-gram on the same items.",
        "better": "better than",
        "worse": "worse than",
        "unsure": "not told apart from",
        "none": "none",
    },
    "pt": {
        "sentence": "A perplexidade por token {than} do 5-grama ({model} contra {grams}; razão nas mesmas frases "
        "{ratio}). Das {sources} fontes, uma a uma, é melhor em {better}; pior em {worse}; não se distingue em {left} "
        "(uma em quarenta se diz melhor por sorte). Na concordância o modelo tem {gain} a mais que o 5-grama nos "
        "mesmos itens.",
        "better": "é melhor que a",
        "worse": "é pior que a",
        "unsure": "não se distingue da",
        "none": "nenhuma",
    },
}


def _with_interval(number: dict[str, Any], language: str) -> str:
    """95.7 (92.9–98.5)."""
    value, low, high = (_said(number[key], 1, language) for key in ("value", "low", "high"))
    return f"{value} ({low}–{high})"


def _verdict(name: Pair, value: float, floor: float, language: str) -> str:
    gap = floor - value
    least = _said(floor, 2, language)
    if language == "en":
        said = "reached" if gap <= 0 else f"missed by {_said(gap, 3, language)}"
        return f"Target for {name[0]} (at least {least}): {said}."
    said = "alcançada" if gap <= 0 else f"faltaram {_said(gap, 3, language)}"
    return f"Meta para {name[1]} (ao menos {least}): {said}."


def _listed(each: dict[str, float], language: str) -> str:
    return "; ".join(f"{name} {_said(share, 2, language)}" for name, share in each.items())


def _said(value: float, places: int, language: str) -> str:
    """1,234.5 in English, 1.234,5 in Portuguese."""
    text = f"{value:,.{places}f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def _point(language: str) -> str:
    return "." if language == "en" else ","
