"""A miniature corpora folder written by the test, and the tokenizer and model that ship with the project."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
import torch

from training.common import agreement, bundle, tokenizer
from training.encoder import model as encoder

CONLLU = """# treebank = Toy
# text = A casa antiga está fechada.
1\tA\to\tDET\t_\tGender=Fem|Number=Sing\t2\tdet\t_\t_
2\tcasa\tcasa\tNOUN\t_\tGender=Fem|Number=Sing\t5\tnsubj\t_\t_
3\tantiga\tantigo\tADJ\t_\tGender=Fem|Number=Sing\t2\tamod\t_\t_
4\testá\testar\tAUX\t_\t_\t5\tcop\t_\t_
5\tfechada\tfechado\tADJ\t_\tGender=Fem|Number=Sing\t0\troot\t_\t_
6\t.\t.\tPUNCT\t_\t_\t5\tpunct\t_\t_

# treebank = Toy
# text = Gosto da casa nova.
1\tGosto\tgostar\tVERB\t_\t_\t0\troot\t_\t_
2-3\tda\t_\t_\t_\t_\t_\t_\t_\t_
2\tde\tde\tADP\t_\t_\t4\tcase\t_\t_
3\ta\to\tDET\t_\tGender=Fem|Number=Sing\t4\tdet\t_\t_
4\tcasa\tcasa\tNOUN\t_\tGender=Fem|Number=Sing\t1\tobl\t_\t_
5\tnova\tnovo\tADJ\t_\tGender=Fem|Number=Sing\t4\tamod\t_\t_
6\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_

"""


def write(path: Path, text: str) -> None:
    """A gzipped UTF-8 file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources of descriptions, one treebank whose sentence also stands in a source."""
    folder = tmp_path_factory.mktemp("corpora")
    rng = random.Random(3)
    lines = [agreement.sentence(rng) for _ in range(700)]
    write(
        folder / "pt_text" / "tatoeba.txt.gz",
        "\n".join([*lines[:400], "a CASA antiga está fechada!", lines[0].upper()]) + "\n",
    )
    write(folder / "pt_text" / "ud_gsd.txt.gz", "\n".join(lines[350:]) + "\n")
    write(folder / "ud_pt_test.conllu.gz", CONLLU)
    return folder


@pytest.fixture(scope="session")
def shipped():
    """The tokenizer of the bundled encoder."""
    return tokenizer.load(encoder.ASSETS)


@pytest.fixture(scope="session")
def bundled():
    """The bundled encoder as the application loads it."""

    torch.set_num_threads(1)
    return bundle.load(encoder.ASSETS)
