"""Treebanks are read exactly, a planted head is found and judged on other sentences, and the fixed steps of Bosque are
the published ones.
"""

from __future__ import annotations

import gzip
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import core
from core.errors import BadFile, BadInput
from core.studies import documents
from core.studies.conllu import Arc, Parsed, read_conllu
from core.studies.relations import (
    LEAST_ARCS,
    LOOKERS,
    ArcQuestions,
    arc_questions,
    best_word_offset,
    joined,
    most_seen,
    table,
)
from core.text.tokens import encode
from tests.tiny import folder

FILE = """# treebank = Um
# text = Não vi a água da jarra.
1\tNão\tnão\tADV\t_\t_\t2\tadvmod\t_\t_
2\tvi\tver\tVERB\t_\t_\t0\troot\t_\t_
3\ta\to\tDET\t_\t_\t4\tdet\t_\t_
4\tágua\tágua\tNOUN\t_\t_\t2\tobj\t_\t_
5-6\tda\t_\t_\t_\t_\t_\t_\t_\t_
5\tde\tde\tADP\t_\t_\t7\tcase\t_\t_
6\ta\to\tDET\t_\t_\t7\tdet\t_\t_
7\tjarra\tjarra\tNOUN\t_\t_\t4\tnmod:x\t_\tSpaceAfter=No
8\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

# treebank = Dois
# text = João da Silva
1\tJoão\tJoão\tPROPN\t_\t_\t0\troot\t_\t_
2\tda\tda\tADP\t_\t_\t3\tcase\t_\t_
3\tSilva\tSilva\tPROPN\t_\t_\t1\tflat:name\t_\t_

# treebank = Dois
# text = outra coisa
1\tfalta\tx\tX\t_\t_\t0\troot\t_\t_
"""


def test_words_contractions_and_relations_are_read(tmp_path):
    first, second = read_conllu(FILE.encode())
    assert [first.text[slice(*span)] for span in first.spans] == ["Não", "vi", "a", "água", "da", "da", "jarra", "."]
    assert first.written() == (0, 1, 2, 3, 4, 4, 5, 6)
    assert (
        Arc(4, 6, "case") in first.arcs
        and Arc(6, 3, "nmod:x") in first.arcs
        and "punct" not in {arc.relation for arc in first.arcs}
    )
    assert second.arcs == (Arc(1, 2, "case"), Arc(2, 0, "flat"))
    packed = tmp_path / "a.conllu.gz"
    packed.write_bytes(gzip.compress(FILE.encode()))
    assert read_conllu(packed, treebank="Dois") == [second] and read_conllu(gzip.compress(FILE.encode())) == [
        first,
        second,
    ]


@pytest.mark.parametrize(
    "line", ["1\tsó duas", "x\ty\tz\t_\t_\t_\tnada\t_\t_\t_\tonze", "1\ta\ta\tDET\t_\t_\tzero\tdet\t_\t_"]
)
def test_a_line_that_is_not_conllu_is_named(line):
    with pytest.raises(BadFile, match="Line 2"):
        read_conllu(f"# text = a\n{line}\n".encode())


def row(place: str, form: str = "a", head: str = "0") -> str:
    return "\t".join((place, form, "_", "_", "_", "_", head, "root", "_", "_"))


@pytest.mark.parametrize(
    ("place", "head"),
    [
        ("1-60000000", "_"),  # 67 bytes that took 93 s and 7.5 GB
        ("1-" + "9" * 5000, "_"),
        ("9" * 5000, "0"),
        ("1", "9" * 5000),
        ("1." + "9" * 5000, "0"),
        ("3-2", "_"),
        ("١", "0"),  # a digit, but not of a treebank
    ],
)
def test_no_number_of_a_file_is_larger_than_its_sentence(place, head):
    lines = ["# text = a a", row(place, head=head), row("1"), row("2", head="1")]
    with pytest.raises(BadFile, match="Line 2"):
        read_conllu("\n".join(lines).encode())


def test_a_range_beyond_the_words_of_its_sentence_is_refused():
    with pytest.raises(BadFile, match="counts its words"):
        read_conllu("\n".join(["# text = a a", row("1-3", head="_"), row("1"), row("2", head="1")]).encode())


def test_ranges_that_overlap_are_refused():
    lines = [
        "# text = aa",
        row("1-2", head="_"),
        row("2-3", head="_"),
        row("1"),
        row("2", head="1"),
        row("3", head="1"),
    ]
    with pytest.raises(BadFile, match="counts its words"):
        read_conllu("\n".join(lines).encode())


def test_empty_nodes_are_no_words_of_the_text():
    lines = ["# text = ab cd", row("0.1", "x"), row("1", "ab"), row("1.1", "y"), row("2", "cd", "1")]
    (parsed,) = read_conllu("\n".join(lines).encode())
    assert parsed.spans == ((0, 2), (3, 5)) and parsed.arcs == ()


def test_reading_stops_at_the_words_that_are_asked_for():
    two = "\n\n".join("\n".join(["# text = a a", row("1"), row("2", head="1")]) for _ in range(50))
    assert len(read_conllu(two.encode())) == 50 and len(read_conllu(two.encode(), most_words=9)) == 5


def sentences(n: int, seed: int) -> tuple[list[Parsed], np.random.Generator]:
    """Random "words": each sentence of six, with one arc of relation "r" somewhere and a det right before its noun."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(n):
        spans = tuple((3 * i, 3 * i + 2) for i in range(6))
        one, other = rng.permutation(6)[:2]
        found.append(Parsed("aa bb cc dd ee ff", spans, (Arc(int(one), int(other), "r"), Arc(2, 3, "det"))))
    return found, rng


def asked(parsed: list[Parsed], follow: bool, rng: np.random.Generator, *, causal: bool = False) -> ArcQuestions:
    """Two heads: (0, 0) follows "r" from dependent to head (or nothing), (0, 1) looks one to the right."""
    lm = core.load(folder("bert"), device="cpu")
    tokens = encode(lm.tokenizer, "aa bb cc dd ee ff")
    places = [word for word, span in enumerate(tokens.word_spans) if span is not None]

    def seen():
        for index, one in enumerate(parsed):
            most = np.tile(rng.integers(places[0], places[-1] + 1, len(tokens.words)), (1, 2, 1))
            most[0, 1] = np.minimum(np.arange(len(tokens.words)) + 1, places[-1])
            if follow:
                arc = one.arcs[0]
                most[0, 0, places[arc.dependent]] = places[arc.head]
            yield index, tokens, most

    return arc_questions(parsed, seen(), causal=causal)


def test_a_head_that_follows_is_found_and_a_step_is_no_gain():
    (dev, rng), (test, _) = sentences(300, 0), sentences(300, 1)
    found = {one.relation: one for one in table(asked(dev, True, rng), asked(test, True, rng))}
    assert (
        found["r"].head == (0, 0)
        and found["r"].looker == "dependent"
        and found["r"].accuracy.value == 1.0
        and found["r"].gain.low > 0.5
    )
    det = found["det"]
    assert (
        det.head == (0, 1)
        and det.looker == "dependent"
        and det.offset == 1
        and det.baseline == det.accuracy.value == 1.0
        and det.gain.value == 0
        and det.n == 300
    )


def test_chance_is_not_a_gain_on_other_sentences():
    (dev, rng), (test, _) = sentences(400, 2), sentences(400, 3)
    found = {one.relation: one for one in table(asked(dev, False, rng), asked(test, False, rng))}
    assert found["r"].gain.low <= 0.05 and found["r"].accuracy.value < 0.35


def test_a_causal_model_is_asked_only_what_it_can_see():
    parsed, rng = sentences(200, 4)
    found = asked(parsed, True, rng, causal=True)
    assert (found.able.sum(1) == 1).all(), "one of the two ends is always the later one"
    assert not found.able[found.relation == "det", LOOKERS.index("dependent")].any()
    assert (found.offset[found.able] < 0).all()


def test_few_arcs_are_not_judged_and_none_is_refused():
    parsed, rng = sentences(LEAST_ARCS - 1, 5)
    assert table(asked(parsed, True, rng), asked(parsed, True, rng)) == []
    lm = core.load(folder("bert"), device="cpu")
    with pytest.raises(BadInput, match="50"):
        documents.relations(lm, read_conllu(FILE.encode()), read_conllu(FILE.encode()))


def test_parts_asked_one_after_the_other_are_the_whole():
    parsed, _ = sentences(40, 6)
    whole = asked(parsed, True, np.random.default_rng(7))
    rng = np.random.default_rng(7)
    halves = joined([asked(parsed[:20], True, rng), asked(parsed[20:], True, rng)])
    for name in ("sentence", "relation", "offset", "able", "hits"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(halves, name))


def test_neither_special_words_nor_the_word_itself_are_looked_at():
    attention = np.array([[[[0.9, 0.05, 0.05, 0], [0.1, 0.6, 0.2, 0.1], [0, 0.1, 0.6, 0.3], [1, 0, 0, 0]]]])
    np.testing.assert_array_equal(most_seen(attention, [True, False, False, True])[0, 0, 1:3], [2, 1])


@pytest.mark.parametrize("name", ["mirante-encoder-pt", "mirante-decoder-pt"])
def test_the_shipped_study_is_of_the_shipped_weights(name):
    from core.models.sources import default_root

    lm = core.load(name, device="cpu", root=default_root())
    document = documents.shipped_document(name, "relations")
    assert (
        document["revision"] == lm.revision
        and documents.shipped_document(name, "roles")["revision"] == lm.revision
        and documents.shipped_document(name, "faithfulness")["revision"] == lm.revision
    )
    for row in document["rows"]:
        assert (
            row["gain"]["low"] <= row["gain"]["value"] <= row["gain"]["high"]
            and 0 <= row["layer"] < lm.layout.counts["self"]
        )
        assert row["gain"]["value"] == pytest.approx(row["accuracy"]["value"] - row["baseline"], abs=2e-4)


PUBLISHED = {
    "det": (87.4, 1),
    "case": (55.8, 2),
    "nmod": (44.4, -3),
    "nsubj": (34.7, 1),
    "obl": (30.2, -3),
    "obj": (39.7, -2),
    "amod": (60.8, -1),
    "advmod": (40.0, 1),
    "cop": (42.7, 1),
    "aux:pass": (88.9, 1),
    "mark": (45.3, 1),
    "flat": (83.4, -1),
    "all": (33.2, 1),
}


@pytest.mark.skipif(
    not (Path(os.environ.get("MIRANTE_CORPORA", "/nowhere")) / "ud_pt_dev.conllu.gz").is_file(),
    reason="MIRANTE_CORPORA names no folder with ud_pt_dev.conllu.gz",
)
def test_the_fixed_steps_of_bosque_are_those_of_the_design():
    """In syntactic words, dev and test together; within a tenth of a point."""
    root = Path(os.environ["MIRANTE_CORPORA"])
    steps: dict[str, Counter] = {name: Counter() for name in PUBLISHED}
    for part in ("dev", "test"):
        for one in read_conllu(root / f"ud_pt_{part}.conllu.gz", treebank="Bosque"):
            for arc in one.arcs:
                for name in {arc.relation, "all"} & set(steps):
                    steps[name][arc.head - arc.dependent] += 1
    for name, (share, step) in PUBLISHED.items():
        best, n = steps[name].most_common(1)[0]
        assert best == step and 100 * n / steps[name].total() == pytest.approx(share, abs=0.1), name


def test_the_best_offset_prefers_the_nearer():
    found = ArcQuestions(
        np.arange(4),
        np.array(["r"] * 4),
        np.array([[1, -1], [-1, 1], [3, -3], [0, 0]]),
        np.ones((4, 2), dtype=bool),
        np.zeros((4, 2, 1, 1)),
    )
    assert best_word_offset(found, "r", "dependent") == (-1, 0.25)
