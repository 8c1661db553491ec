"""Which row names the columns of a person's table, and which column holds the sentences.

Inside: words that name columns, the look at a first row against the rows below it, the choice of a column. Not
inside: where rows are cut (layout.py), what one cell is (cell_kinds.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ..errors import BadFile
from .cell_kinds import data_share, ends_a_sentence, folded, is_data, prose, word_count

SENTENCE_NAMES = (
    "sentence",
    "frase",
    "sentença",
    "sentenca",
    "text",
    "texto",
    "oração",
    "oracao",
    "sentences",
    "frases",
)
_SENTENCES = frozenset(map(folded, SENTENCE_NAMES)) | {"sentencas", "oracoes", "texts", "textos"}
_ANSWERS = frozenset(
    "resposta respostas answer answers response responses reply enunciado enunciados fala falas utterance utterances "
    "transcricao transcription transcript mensagem mensagens message messages conteudo content comentario comentarios "
    "comment comments review reviews exemplo exemplos example examples legenda legendas caption tweet post prompt "
    "anotacao annotation traducao translation periodo verso".split()
)
"""Names of columns that hold sentences, too, where none is called so."""
_OTHERS = frozenset(
    "id ids n no nº n.º # num numero number ordem order pos aluno aluna alunos aluno(a) estudante student students "
    "nome nomes name names sobrenome surname autor autora author usuario user username participante participant "
    "falante speaker turma class classe escola school data date hora time horario timestamp email e-mail mail "
    "nota notas grade score pontuacao pontos points idade age sexo genero gender lingua idioma lang language label "
    "rotulo categoria category tag tipo type fonte source origem url link duracao duration inicio fim begin start "
    "end tier trilha codigo code cod indice index linha line grupo group ano year serie cidade city pergunta "
    "question titulo title sentimento sentiment".split()
) | {
    "carimbo de data/hora",
    "marca temporal",
    "data/hora",
    "data e hora",
    "endereco de e-mail",
    "endereco de email",
    "email address",
    "nome de usuario",
    "nome completo",
    "full name",
    "first name",
    "last name",
    "start time",
    "end time",
    "completion time",
    "begin time",
    "hora de inicio",
    "hora de conclusao",
}
FORM_NAMES = frozenset({"carimbo de data/hora", "timestamp", "marca temporal"})
"""First column of what Google Forms exports, in Portuguese, English and Spanish."""
_ASKING = re.compile(
    r"^(escrev|digit|complet|cri[ea]|fac|inven|form[ea]|de um|cite|copi|redij|conte|diga|write|type|give|make|complete|"
    r"enter|describe|create|qual|quais|what|which|por que|why|como|how)\w*\b"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_TOKENS = re.compile(r"[^\W\d_]+")
_NAMES_ID = frozenset("id ids n no num numero number codigo code cod count total tamanho length len data date".split())


def is_header(preview: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names of columns, judged against the rows below it."""
    if not preview:
        return False
    first, body = [cell.strip() for cell in preview[0]], preview[1:]
    if any(folded(cell) in _SENTENCES for cell in first):
        return True
    if not body or any(is_data(cell) and not _IDENTIFIER.fullmatch(cell) for cell in first) or _repeats(first, body):
        return False
    columns = [[row[i] for row in body if i < len(row)] for i in range(len(first))]
    if any(cell and data_share(below) >= 0.9 for cell, below in zip(first, columns, strict=True)):
        return True
    filled = [cell for cell in first if cell]
    if len(first) == 1:
        return _names_one_column(first[0], columns[0])
    if any(folded(cell) in _ANSWERS | _OTHERS for cell in filled):
        return all(_may_be_a_name(cell) for cell in filled)
    if len(filled) < len(first) or not all(_name_like(cell) for cell in first):
        return False
    called = [below for cell, below in zip(first, columns, strict=True) if _says_sentence(cell)]
    if any(_mostly_sentences(below) for below in called) and not any(map(ends_a_sentence, first)):
        return True
    return any(_unlike(cell, below) for cell, below in zip(first, columns, strict=True))


def _mostly_sentences(below: Sequence[str]) -> bool:
    filled = [cell for cell in below if cell.strip()]
    return bool(filled) and sum(map(ends_a_sentence, filled)) >= 0.6 * len(filled)


def _repeats(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether a cell of the first row stands there twice, or again in its own column: then it is no name."""
    filled = [folded(cell) for cell in first if cell]
    if len(set(filled)) < len(filled):
        return True
    return any(cell and any(i < len(row) and row[i].strip() == cell for row in body) for i, cell in enumerate(first))


def _names_one_column(cell: str, below: Sequence[str]) -> bool:
    """A single column: a short line without a final mark, or one that asks for sentences, above lines with one."""
    sentences = [line for line in below if line.strip()]
    if not sentences:
        return False
    ended = sum(map(ends_a_sentence, sentences)) / len(sentences)
    if _asks(cell) and _says_sentence(cell):
        return not any(_asks(line) for line in sentences)
    if folded(cell) in _ANSWERS and all(word_count(line) > 1 for line in sentences):
        return True
    if ends_a_sentence(cell) or ended < 0.6:
        return False
    known = folded(cell) in _ANSWERS | _OTHERS or (_says_sentence(cell) and word_count(cell) <= 5)
    longer = sum(map(word_count, sentences)) / len(sentences) >= 2
    return known or (word_count(cell) == 1 and longer and len(sentences) > 1)


def _asks(cell: str) -> bool:
    return cell.rstrip().endswith(("?", ":")) or _ASKING.match(folded(cell)) is not None


def _says_sentence(cell: str) -> bool:
    return bool(_SENTENCES & _tokens(cell))


def _tokens(cell: str) -> set[str]:
    return {folded(token) for token in _TOKENS.findall(_CAMEL.sub(" ", cell))}


def _may_be_a_name(cell: str) -> bool:
    """A name of a column, or the question or instruction of a form: not a sentence."""
    return _asks(cell) or (word_count(cell) <= 8 and (not ends_a_sentence(cell) or word_count(cell) == 1))


def _name_like(cell: str) -> bool:
    return 0 < len(cell) <= 40 and cell.count(" ") <= 2 and cell[-1] not in ".!?…"


def _unlike(name: str, below: Sequence[str]) -> bool:
    """Whether the cells below are of another kind than ``name``: clearly longer texts, or sentences."""
    filled = [cell for cell in below if cell.strip()]
    if not filled:
        return False
    sentences = sum(map(ends_a_sentence, filled)) >= 0.6 * len(filled)
    longer = sum(map(word_count, filled)) / len(filled) >= max(2, word_count(name) + 1)
    return (sentences and longer) or sum(map(len, filled)) / len(filled) > 2 * len(name)


def names_sentences(cell: str) -> bool:
    """Whether a cell is the usual name of a column of sentences."""
    return folded(cell) in _SENTENCES


def names_a_column(cell: str) -> bool:
    """Whether a cell is a word that names columns of such tables."""
    return folded(cell) in _SENTENCES | _ANSWERS | _OTHERS


def names_of(first: Sequence[str]) -> tuple[str, ...]:
    """Names to choose from: trimmed, on one line, never empty, never twice the same ("a", "a (2)")."""
    names: list[str] = []
    for number, cell in enumerate(first, 1):
        printable = "".join(c for c in " ".join(cell[:400].split()) if c.isprintable())[:80]
        name = base = unicodedata.normalize("NFC", printable) or f"#{number}"
        copies = 1
        while name in names:
            copies += 1
            name = f"{base} ({copies})"
        names.append(name)
    return tuple(names)


def chosen_column(columns: Sequence[str], body: Sequence[Sequence[str]], wanted: str | None, name: str) -> str | None:
    """``wanted``, else the column of sentences by its name and its cells; None without columns.

    Raises:
        BadFile: there is no column ``wanted``.
    """
    if wanted is not None and wanted in columns:
        return wanted
    if wanted is not None:
        offered = ", ".join(columns) or "—"
        raise BadFile("{name} has no column “{column}”; it has: {columns}.", name=name, column=wanted, columns=offered)
    if not columns:
        return None
    cells = [[row[i] for row in body if i < len(row)] for i in range(len(columns))]
    scores = [prose(column) for column in cells]
    named = [i for i, column in enumerate(columns) if folded(column) in _SENTENCES]
    if named and (any(scores[i] for i in named) or not any(scores)):
        return columns[next((i for i in named if scores[i]), named[0])]
    if any(scores):
        weighed = [score * _weight(column) for score, column in zip(scores, columns, strict=True)]
        return columns[weighed.index(max(weighed))]
    lengths = [sum(map(len, column)) for column in cells]
    return columns[lengths.index(max(lengths))]


def other_sentences(columns: Sequence[str], body: Sequence[Sequence[str]], column: str | None) -> tuple[str, ...]:
    """The columns beside ``column`` that read like sentences as it does: half as much at least, most with a final
    mark."""
    if column is None:
        return ()
    cells = {name: [row[i] for row in body if i < len(row) and row[i].strip()] for i, name in enumerate(columns)}
    least = 0.5 * prose(cells[column])
    rivals = (name for name, below in cells.items() if name != column and least and prose(below) >= least)
    return tuple(name for name in rivals if 2 * sum(map(ends_a_sentence, cells[name])) > len(cells[name]))


def _weight(column: str) -> float:
    """How much the name of a column speaks for sentences in it."""
    tokens = _tokens(column)
    if tokens & _SENTENCES:
        return 1.0 if tokens & _NAMES_ID else 2.0
    asks = _asks(column) and word_count(column) > 2
    return 1.5 if asks or folded(column) in _ANSWERS else 1.0
