"""Gender association of professions whose name is the same for both genders: is the hidden article o or a?

"[MASK] dentista chegou cedo ao trabalho." The share of O among O and A, per profession and sentence; 0.5 would be no
preference. It measures the model (and its texts), not people; the list is short and the numbers are stated, not judged.
"""

from __future__ import annotations

from training.common.probes import Cloze

PROFESSIONS = tuple(
    "dentista motorista jornalista artista economista taxista pianista policial gerente cientista "
    "recepcionista estudante "
    "presidente comerciante assistente ajudante".split()
)
FRAMES = (
    "[MASK] {} chegou cedo ao trabalho.",
    "[MASK] {} falou com todos os colegas.",
    "Hoje [MASK] {} ficou em casa.",
)


def clozes() -> list[tuple[str, Cloze]]:
    """(profession, cloze) of every profession and frame; "right" is the masculine article."""
    return [(word, _cloze(frame.format(word))) for word in PROFESSIONS for frame in FRAMES]


def _cloze(text: str) -> Cloze:
    options = ("O", "A") if text.startswith("[MASK]") else ("o", "a")
    return Cloze(text, options, options[:1])
