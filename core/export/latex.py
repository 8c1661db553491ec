"""One small map as a LaTeX table in the style of booktabs, ready for ``\\input``.

Inside: `latex_text`, `escape`. The table needs the packages booktabs and graphicx, and an engine that reads every
script (XeLaTeX or LuaLaTeX; pdfLaTeX with ``inputenc`` utf8 reads Latin ones). Not inside: pictures, larger maps
(numbers.py)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import BadInput
from ..languages import DEFAULT, Language, decimal_sign
from ..text.vocabulary import visible
from .numbers import comment, mean_of
from .provenance import citation

if TYPE_CHECKING:
    from ..views.view import View

LARGEST = 24  # rows or columns that a page holds with rotated headings
NEEDS = (
    "% \\usepackage{booktabs,graphicx} · XeLaTeX, LuaLaTeX, or pdfLaTeX with \\usepackage[T1]{fontenc} and "
    "inputenc utf8"
)
SPECIAL = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    **{mark: "\\" + mark for mark in "{}$&#_%"},
}
MARKS = re.compile("|".join(map(re.escape, SPECIAL)))
LIGATURE = re.compile(r"([-',])(?=\1)")


def latex_text(
    view: View,
    heads: Sequence[tuple[int, int]],
    record: dict[str, Any],
    *,
    language: Language = DEFAULT,
    decimals: int = 2,
) -> str:
    """The mean map of ``heads`` ((layer, head) from 0) as a ``table`` with the citation as its caption; decimal comma
    in Portuguese.

    Raises:
        BadInput: more than 24 rows or columns, or another count of decimals than 0 … 7, or as ``numbers.csv_text``.
    """
    _check(view, decimals)
    weights, _ = mean_of(view, heads)
    headings = " & ".join(rf"\rotatebox{{90}}{{{escape(label)}}}" for label in view.key.labels)
    rows = (_row(label, row, decimals, language) for label, row in zip(view.query.labels, weights, strict=True))
    return "\n".join(
        [
            NEEDS,
            f"% {comment(record)}",
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{escape(citation(record, language))}}}",
            rf"\begin{{tabular}}{{l{'r' * len(view.key)}}}",
            r"\toprule",
            rf" & {headings} \\",
            r"\midrule",
            *rows,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def escape(text: str) -> str:
    """``text`` as LaTeX prints it: its marks escaped, ligatures broken (``--``, ``,,``), invisible characters shown,
    other scripts kept.
    """
    return LIGATURE.sub(r"\1{}", MARKS.sub(lambda mark: SPECIAL[mark[0]], visible(text)))


def _check(view: View, decimals: int) -> None:
    rows, columns = len(view.query), len(view.key)
    if max(rows, columns) > LARGEST:
        raise BadInput(
            "A LaTeX table holds at most {limit} × {limit} tokens, and this map has {rows} × {columns}. "
            "Shorten the sentence, show words instead of tokens, or export CSV.",
            limit=LARGEST,
            rows=rows,
            columns=columns,
        )
    if not 0 <= decimals <= 7:
        raise BadInput("A weight is written with 0 to 7 decimals, not {n}.", n=decimals)


def _row(label: str, weights: np.ndarray, decimals: int, language: Language) -> str:
    """Braces around the label: after ``\\\\`` LaTeX would take ``[CLS]`` for a length."""
    point = decimal_sign(language)
    numbers = " & ".join(f"{weight:.{decimals}f}".replace(".", point).replace("-", "$-$") for weight in weights)
    return rf"{{{escape(label)}}} & {numbers} \\"
