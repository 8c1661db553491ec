"""The model card of mirante-encoder-pt, in English and Portuguese, written from the evaluation document: no number is
typed by hand.
"""

from __future__ import annotations

from typing import Any

from training.common import batches, corpus, measures
from training.common.sources import SOURCES

Document = dict[str, Any]

HEADER = """---
language: pt
license: cc-by-sa-4.0
library_name: transformers
pipeline_tag: fill-mask
tags: [attention, education, modernbert, portuguese]
---
"""

ENGLISH = """
# mirante-encoder-pt

A small cased masked language model of Portuguese (ModernBERT: {layers} layers × {heads} heads × {width}, rotary positions,
{parameters:.2f} M parameters, {vocabulary:,} WordPiece entries, weights {weights_mb} MB in float16), trained from scratch by `training/encoder/recipe.py` of this repository to have attention maps
worth looking at. It is a teaching model: it knows little about the world and should not be used to produce or judge text.

```python
from transformers import AutoModelForMaskedLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("assets/models/mirante-encoder-pt")
model = AutoModelForMaskedLM.from_pretrained("assets/models/mirante-encoder-pt", dtype="float32")
```

## Training
{steps:,} steps, {tokens:.2f} M tokens ({passes} passes over the weighted mix begun), {minutes} minutes on one CPU thread of a shared two-core x86
machine, float32; torch {torch}, transformers {transformers}. Muon for the hidden matrices, AdamW for the rest (`training/common/muon.py`), peak rate {rate}, warm-up
then cosine, clipping at {clip}, seed {seed}; about 3,000 tokens per batch. 30 % of the tokens are hidden (80 / 10 / 10); in generated sentences 40 % of the adjectives
they are about, 10 % of first and 70 % of repeated names. A quarter of the real sentences is joined in sequences of 128 to 512 tokens.
Last reported training loss {last_loss} (nats). The curve is in training_curve.json. {notes}

## Data and licence
Beside real text, sentences are generated (`training/common/grammar.py`, `agreement.py`, `families.py`, `mentions.py`), {generated} % of all.
The treebanks' dev, test and PUD sentences and the Portuguese Winograd set are removed from every source. Sampling weights per pass: {weights}.

{sources}
Bosque, GSD and Wikipedia are share-alike, therefore **the weights are offered under CC BY-SA 4.0**, with attribution to the sources above.
Half of the prose is of the 19th century (weighted down), much of it European Portuguese.

## Evaluation
Of the rounded weights, in float32; value (95 % interval, n). Held-out text, noun pairs and nouns were split before training (heldout.json); treebank
test sentences were removed from the training text. A sample of the held-out pairs and text was watched during earlier runs, and the mix was
decided on it; no separate development split was kept. Beside agreement stand n-grams that answer the same items, counted on one whole pass of the training mix ({pass_tokens:,} ids):
the token before and the token after (bigram); the four before (5-gram, left side); the whole sentence with each form (Kneser–Ney 5-gram, both sides), which uses four
tokens before and four after. n counts what was asked; what shares a sentence or a noun is no independent evidence, so intervals are over sentences (real text, treebanks), over nouns (containers, families)
or over professions. "Choice": is the right noun the likelier one? "Within pairs": does the preference move to it from one sentence to the other, the same two nouns in both? Full document: evaluation.json.

{table}

What was aimed at before training, and what was reached:

{floors}

Jarra/copo, "Ela derramou água da jarra para o copo até que ficasse [MASK].", an unseen pair, shares among the four adjectives: {demo}.
That sentence can be solved by gender alone, and the gender can be read off the articles ("da", "o"): the four-adjective share does not ask whether
the nouns are known. The same-gender rows (two questions, full and empty, per event) are the test of meaning,
but as choices: they also ask how much the model likes to write a noun, and one that the generated stories never held is not written beside one that they did, whatever the sentence says. So 0.5 for unseen nouns says little
of the role. Within pairs, where the liking cancels, the preference moves to the right noun in {unseen_within} of the events with unseen nouns where the choice is right in {unseen_choice} (question form); an untrained twin, and the same with the places exchanged: docs/coreference.md.
Eighteen families and five treebanks are asked one by one: with so many rows one in twenty leaves its interval by luck, so read the rows "all".
Rounding to float16: {rounding}.

## Limits and bias
Accuracy by position and beside a bigram that knows only the two neighbours is in the table: better than that is not good. Most of what it guesses are function words and
marks: of nouns, verbs, adjectives and adverbs (one token, 15 % of the text hidden) its first guess is right in {content}, the bigram's in {content_bigram}; of all else in {rest}, the bigram's in {rest_bigram}. Of agreement a 5-gram
that sees both sides reaches most: the encoder has {gain_determiner} more in determiners, {gain_attributive} in attributive adjectives, {gain_predicate} in predicates. Rare words are split. The scores of containers and families hold for sentences of the generated kind; they say nothing about
Winograd sentences in general. "Unseen nouns" do occur in real text. The generated sentences give every profession both genders equally; the real text does not: before
names of professions that serve both genders (mean over {professions} sentences) the model prefers the masculine article with a share of {masculine:.3f}; per
profession: {each}. It measures the texts, news of 1994 and novels of the 19th century among them, not people.
"""
PORTUGUESE = """
# mirante-encoder-pt (português)

Um pequeno modelo de linguagem mascarado do português, com maiúsculas e acentos (ModernBERT: {layers} camadas × {heads} cabeças × {width}, posições
rotatórias, {parameters:.2f} M de parâmetros, {vocabulary:,} entradas WordPiece, {weights_mb} MB em float16), treinado do zero por `training/encoder/recipe.py` deste repositório para que seus mapas
de atenção valham a pena. É um modelo didático: sabe pouco do mundo e não serve para produzir nem julgar textos.

**Treino.** {steps:,} passos, {tokens:.2f} M de tokens ({passes} passagens começadas), {minutes} minutos em uma linha de execução de CPU de uma máquina
compartilhada de dois núcleos, float32; Muon para as matrizes internas, AdamW para o resto. Escondem-se 30 % dos tokens. Um quarto das frases reais é reunido em
sequências de 128 a 512 tokens. {notes}

**Dados e licença.** As fontes estão na tabela acima; {generated} % das frases são geradas por gramáticas deste repositório. As partes de
desenvolvimento e teste dos treebanks, o PUD e o conjunto Winograd foram retirados. Como Bosque, GSD e Wikipédia exigem compartilhamento pela mesma licença,
**os pesos são oferecidos sob CC BY-SA 4.0**, com atribuição às fontes.

**Avaliação** (valor, intervalo de 95 %, n). Uma amostra dos pares e textos reservados foi acompanhada em treinos anteriores, e a mistura foi decidida por
ela; não houve um conjunto de desenvolvimento à parte. Ao lado da concordância estão n-gramas que respondem aos mesmos itens, contados em uma passagem inteira da mistura de treino ({pass_tokens_pt} ids):
o token anterior e o seguinte (bigrama); os quatro anteriores (5-grama, lado esquerdo); a frase inteira com cada forma (5-grama de Kneser–Ney, dois lados), que usa quatro
tokens antes e quatro depois. n conta o que foi perguntado; o que tem a frase ou o substantivo em comum não é evidência independente, e por isso os intervalos são sobre frases (texto real, treebanks), sobre substantivos (recipientes, famílias)
ou sobre profissões. "Escolha": o substantivo certo é o mais provável? "Dentro de cada par": a preferência se move para ele de uma frase à outra, com os mesmos dois substantivos?

{table}

O que se pretendia antes do treino, e o que se alcançou:

{floors}

Jarra/copo, par nunca visto, probabilidades entre os quatro adjetivos: {demo}. Essa frase se resolve só pelo gênero gramatical, que os próprios
artigos ("da", "o") revelam: a parte dos quatro adjetivos não pergunta se os substantivos são conhecidos. As linhas de mesmo gênero (duas perguntas por cena,
cheio e vazio) são o teste de sentido, mas como escolhas: perguntam também quanto o modelo gosta de escrever um substantivo, e um que as histórias geradas nunca trouxeram não é escrito ao lado de um que trouxeram, diga a frase o que disser. Por isso 0,5 nos
substantivos nunca vistos diz pouco do papel. Dentro de cada par, onde essa preferência se cancela, o modelo se move para o substantivo certo em {unseen_within_pt} das cenas com substantivos nunca vistos, em que a escolha está certa em {unseen_choice_pt} (em forma de pergunta); um gêmeo não treinado, e o mesmo com os lugares trocados: docs/coreference.md.
Dezoito famílias e cinco treebanks são perguntados um a um: com tantas linhas, uma em vinte sai do seu intervalo por sorte; leia as linhas "no total". Arredondar para float16: {rounding}.

**Limites e viés.** A tabela traz a exatidão por posição e ao lado de um bigrama que só conhece os dois vizinhos: melhor que ele não quer dizer boa. O que ele mais acerta são palavras gramaticais e
sinais: de substantivos, verbos, adjetivos e advérbios (um só token, 15 % do texto escondido) o primeiro palpite está certo em {content_pt}, o do bigrama em {content_bigram_pt}; do resto, em {rest_pt}, o do bigrama em {rest_bigram_pt}. Da concordância, um
5-grama que vê os dois lados alcança a maior parte: o codificador tem {gain_determiner_pt} a mais nos determinantes, {gain_attributive_pt} nos adjuntos adjetivos, {gain_predicate_pt} nos predicativos. Os números de recipientes e famílias valem para frases desse tipo; nada dizem sobre frases Winograd em geral. Antes de nomes de profissões que servem aos
dois gêneros (média de {professions} frases), o modelo prefere o artigo masculino com parte de {masculine:.3f}; por profissão: {each}. Isso mede os
textos, entre eles jornais de 1994 e romances do século XIX, não as pessoas.
"""


def text(document: Document) -> str:
    """The whole card."""
    fields = _fields(document)
    notes = document["notes"]
    return (
        HEADER
        + ENGLISH.format(
            **fields,
            notes=notes["en"],
            table=measures.markdown(document["table"], "en"),
            floors=measures.floors(document, "en"),
        )
        + PORTUGUESE.format(
            **measures.portuguese_fields(fields)
            | {name: measures.in_portuguese(fields[name]) for name in ("demo", "each")}
            | {"rounding": _rounding(document, "pt")},
            notes=notes["pt"],
            table=measures.markdown(document["table"], "pt"),
            floors=measures.floors(document, "pt"),
        )
    )


def _fields(document: Document) -> dict[str, Any]:
    model, training, plan, mix = document["model"], document["training"], document["plan"], batches.Mix()
    return {
        **{name: model[name] for name in ("layers", "heads", "width", "vocabulary", "weights_mb")},
        **{name: training[name] for name in ("steps", "minutes", "last_loss", "torch", "transformers")},
        **{name: plan[name] for name in ("rate", "clip", "seed")},
        "parameters": model["parameters"] / 1e6,
        "tokens": training["tokens"] / 1e6,
        "weights": ", ".join(f"{name} {weight:g}" for name, weight in corpus.WEIGHTS.items()),
        "sources": SOURCES,
        "generated": round(100 * (mix.containers + mix.descriptions + mix.families + mix.mentions)),
        "demo": ", ".join(f"{word} {share:.3f}" for word, share in document["containers"]["demo"].items()),
        "passes": training["passes_begun"],
        "professions": document["gender_of_professions"]["all"]["n"],
        "masculine": document["gender_of_professions"]["all"]["value"],
        "each": ", ".join(f"{word} {share:.2f}" for word, share in document["gender_of_professions"]["each"].items()),
        "rounding": _rounding(document, "en"),
        "pass_tokens": document["agreement_baselines"]["tokens"],
        "pass_tokens_pt": f"{document['agreement_baselines']['tokens']:,}".replace(",", "."),
        **_beside(document),
    }


def _beside(document: Document) -> dict[str, str]:
    """Content words and agreement beside what needs neighbouring words only, in both languages."""
    words, grams = document["masked_words"], document["agreement_baselines"]
    unseen = document["containers"]["unseen_nouns"]
    numbers = {
        "unseen_within": unseen["question_within_pairs"],
        "unseen_choice": unseen["question_same_gender"],
        **{f"gain_{slot}": grams[slot]["all"]["gain"] for slot in measures.SLOTS},
        **{kind: words[kind]["model"] for kind in ("content", "rest")},
        **{f"{kind}_bigram": words[kind]["bigram"] for kind in ("content", "rest")},
    }
    english = {name: measures.shown(number, "en") for name, number in numbers.items()}
    return english | {f"{name}_pt": measures.shown(number, "pt") for name, number in numbers.items()}


_ROUNDED = {
    "en": "masked accuracy; four adjectives; determiner",
    "pt": "acerto da palavra escondida; quatro adjetivos; determinante",
}


def _rounding(document: Document, language: str) -> str:
    before = document["before_rounding"]
    pairs = (
        (before["masked_accuracy"]["all"]["model"], document["masked_accuracy"]["all"]["model"]),
        (
            before["containers"]["unseen_pairs"]["four_adjectives"],
            document["containers"]["unseen_pairs"]["four_adjectives"],
        ),
        (before["agreement"]["determiner"]["all"], document["agreement"]["determiner"]["all"]),
    )
    numbers = "; ".join(f"{a['value']:.4f} → {b['value']:.4f}" for a, b in pairs)
    return f"{numbers if language == 'en' else measures.in_portuguese(numbers)} ({_ROUNDED[language]})"
