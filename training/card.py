"""The model card of mirante-encoder-pt, in English and Portuguese, written from the evaluation document: no number is typed by hand."""

from __future__ import annotations

from typing import Any

from training import corpus, measures

Document = dict[str, Any]

HEADER = """---
language: pt
license: cc-by-sa-4.0
library_name: transformers
pipeline_tag: fill-mask
tags: [attention, education, bert, portuguese]
---
"""
SOURCES = """| Source | What | Origin (public repository @ version) | Licence |
|---|---|---|---|
| tatoeba | everyday sentences | Helsinki-NLP/OPUS-MT-testsets @ ac0f19c | CC BY 2.0 FR, attribution tatoeba.org |
| common_voice | short sentences read aloud | mozilla/voice-web @ e0bfbc4, server/data/pt | CC0 |
| ud_bosque, ud_gsd | news and web, train part only | UniversalDependencies/UD_Portuguese-Bosque @ 5de7ac3, -GSD @ 691a8b5 | CC BY-SA 4.0 |
| mac_morpho | Brazilian news of 1994, detokenised | nltk/nltk_data @ 5db857e | CC BY 4.0 by NILC's dataset card; the NLTK package says "distributed with permission" |
| ptwiki | Portuguese Wikipedia | gabimelo/portuguese_wsc @ b073087, data/processed | CC BY-SA 3.0 |
| literaturaBR | five Brazilian novels | sillasgonzaga/literaturaBR @ 2ac23fa | public domain |
| machado_de_assis | prose of Machado de Assis | luxedo/dataset-machado-de-assis @ a13ca4a, txt | public domain |
| eltec_modern | 20 European Portuguese novels 1840–1920, modern spelling | COST-ELTeC/ELTeC-por @ 8886868 | texts public domain, markup CC BY 4.0 |
"""
ENGLISH = """
# mirante-encoder-pt

A small cased masked language model of Portuguese (BERT: {layers} layers × {heads} heads × {width}, {parameters:.2f} M parameters, {vocabulary:,} WordPiece
entries, weights {weights_mb} MB in float16), trained from scratch by `training/encoder.py` of this repository to have attention maps
worth looking at. It is a teaching model: it knows little about the world and should not be used to produce or judge text.

```python
from transformers import AutoModelForMaskedLM, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("assets/models/mirante-encoder-pt")
model = AutoModelForMaskedLM.from_pretrained("assets/models/mirante-encoder-pt", dtype="float32")
```

## Training
{steps:,} steps, {tokens:.2f} M tokens (under two passes over the weighted mix), {minutes} minutes on one CPU thread of a shared two-core x86
machine, float32; torch {torch}, transformers {transformers}. AdamW, peak rate {rate}, warm-up then cosine, clipping at {clip}, seed {seed}. 20 % of the pieces are
hidden (80 / 10 / 10); in generated container sentences 40 % of the adjectives. The run was stopped and resumed four times (steps 649, 1,562, 2,642, 2,953): batches of 3,072 tokens until step 649,
of 2,048 after it; until step 1,562 the mix held 12 % container sentences and 8 % descriptions, with 40 % of the containers' names hidden; then 16 % and 6 %, with
10 % of first and 70 % of repeated names hidden; from step 2,642 on 16 % and 10 %, more than half of the descriptions followed by a question and its answer (the
recipe as it stands now). Last reported training loss {last_loss} (nats).
Positions: until step 2,953 no sequence was longer than 96 pieces (a defect, since mended); after it a quarter of the real sentences were joined in
sequences of 128 to 512 pieces. Late positions have therefore seen much less training than early ones; the table shows what they are worth. The curve is in training_curve.json.

## Data and licence
Beside real text, container sentences and descriptions are generated (`training/grammar.py`, `training/agreement.py`), 20 to 26 % of all sentences.
The treebanks' dev, test and PUD sentences and the Portuguese Winograd set are removed from every source. Sampling weights per pass: {weights}.

{sources}
Bosque, GSD and Wikipedia are share-alike, therefore **the weights are offered under CC BY-SA 4.0**, with attribution to the sources above.
Half of the prose is of the 19th century (weighted down), much of it European Portuguese.

## Evaluation
Of the rounded weights, in float32; value (95 % interval, n). Held-out text, noun pairs and nouns were split before training (heldout.json); treebank
test sentences were removed from the training text. A sample of the held-out pairs and text was watched during the run, and the changes of the mix told above were
decided on it; no separate development split was kept. Full document: evaluation.json.

{table}

Jarra/copo, "Ela derramou água da jarra para o copo até que ficasse [MASK].", an unseen pair, shares among the four adjectives: {demo}.
That sentence can be solved by gender alone, and the gender can be read off the articles ("da", "o"): that is why the four-adjective share is as high for
unseen nouns as for unseen pairs. The same-gender rows (two questions, full and empty, per event) are the test of meaning: there the model answers for unseen
pairs of nouns it knows, and does not carry the answer over to nouns that no generated sentence held.
Rounding to float16: {rounding}.

## Limits and bias
Use sentences of at most about 96 pieces: at later positions the model is hardly better than the baseline (rows by position). Predicate agreement is weak.
A masked word is guessed from very little training, and rare words are split. The container scores hold for sentences of the generated family, with these
verbs and frames; they say nothing about real text of that kind, nor about Winograd sentences in general, which were not evaluated. "Unseen nouns" do occur
in real text. The generated sentences give every profession both genders equally; the real text does not: news of 1994 and 19th-century novels carry the
gender and social stereotypes of their time. **Bias was not measured in this version**; expect it.
"""
PORTUGUESE = """
# mirante-encoder-pt (português)

Um pequeno modelo de linguagem mascarado do português, com maiúsculas e acentos (BERT: {layers} camadas × {heads} cabeças × {width}, {parameters:.2f} M de
parâmetros, {vocabulary:,} entradas WordPiece, {weights_mb} MB em float16), treinado do zero por `training/encoder.py` deste repositório para que seus mapas
de atenção valham a pena. É um modelo didático: sabe pouco do mundo e não serve para produzir nem julgar textos.

**Treino.** {steps:,} passos, {tokens:.2f} M de tokens (menos de duas passagens), {minutes} minutos em uma linha de execução de CPU de uma máquina
compartilhada de dois núcleos, float32. Até o passo 2.953 nenhuma sequência passou de 96 peças (um defeito, já corrigido); depois dele, um quarto
das frases reais foi reunido em sequências de 128 a 512 peças. As posições tardias viram, portanto, bem menos treino; a tabela mostra quanto valem.

**Dados e licença.** As fontes estão na tabela acima; de 20 a 26 % das frases são geradas por uma gramática (família dos recipientes e descrições). As partes de
desenvolvimento e teste dos treebanks, o PUD e o conjunto Winograd foram retirados. Como Bosque, GSD e Wikipédia exigem compartilhamento pela mesma licença,
**os pesos são oferecidos sob CC BY-SA 4.0**, com atribuição às fontes.

**Avaliação** (valor, intervalo de 95 %, n). Uma amostra dos pares e textos reservados foi acompanhada durante o treino, e as mudanças da mistura foram decididas por
ela; não houve um conjunto de desenvolvimento à parte.

{table}

Jarra/copo, par nunca visto, probabilidades entre os quatro adjetivos: {demo}. Essa frase se resolve só pelo gênero gramatical, que os próprios
artigos ("da", "o") revelam: por isso a parte dos quatro adjetivos é tão alta com substantivos nunca vistos quanto com pares nunca vistos. As linhas de mesmo gênero
(duas perguntas por cena, cheio e vazio) são o teste de sentido: o modelo responde para pares nunca vistos de substantivos que conhece, e não estende a resposta a
substantivos que nenhuma frase gerada continha. Arredondar para float16: {rounding}.

**Limites e viés.** Use frases de até cerca de 96 peças: nas posições seguintes o modelo mal supera a linha de base (linhas por posição). A concordância do predicativo é
fraca. Os números dos recipientes valem para frases da família gerada; nada dizem sobre frases Winograd em geral, que não foram avaliadas. O texto real
(jornais de 1994, romances do século XIX) traz os estereótipos de gênero e de classe da sua época. **O viés não foi medido nesta versão**: conte com ele.
"""


def text(document: Document) -> str:
    """The whole card."""
    fields = _fields(document)
    return (
        HEADER
        + ENGLISH.format(**fields, table=measures.markdown(document["table"], "en"))
        + PORTUGUESE.format(**fields, table=measures.markdown(document["table"], "pt"))
    )


def _fields(document: Document) -> dict[str, Any]:
    model, training, plan = document["model"], document["training"], document["plan"]
    return {
        **{name: model[name] for name in ("layers", "heads", "width", "vocabulary", "weights_mb")},
        **{name: training[name] for name in ("steps", "minutes", "last_loss", "torch", "transformers")},
        **{name: plan[name] for name in ("rate", "clip", "seed")},
        "parameters": model["parameters"] / 1e6,
        "tokens": training["tokens"] / 1e6,
        "weights": ", ".join(f"{name} {weight:g}" for name, weight in corpus.WEIGHTS.items()),
        "sources": SOURCES,
        "demo": ", ".join(f"{word} {share:.3f}" for word, share in document["containers"]["demo"].items()),
        "rounding": _rounding(document),
    }


def _rounding(document: Document) -> str:
    before = document["before_rounding"]
    pairs = (
        (before["masked_accuracy"]["all"]["model"], document["masked_accuracy"]["all"]["model"]),
        (
            before["containers"]["unseen_pairs"]["four_adjectives"],
            document["containers"]["unseen_pairs"]["four_adjectives"],
        ),
        (before["agreement"]["determiner"]["all"], document["agreement"]["determiner"]["all"]),
    )
    return (
        "; ".join(f"{a['value']:.4f} → {b['value']:.4f}" for a, b in pairs)
        + " (masked accuracy; four adjectives; determiner)"
    )
