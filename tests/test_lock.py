"""requirements.lock: every file that may be installed, by its digest; all but PyTorch. ``make lock`` writes it."""

from __future__ import annotations

import re
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

from core.assets import ROOT

LATER = "write the lock again with `make lock`"
PINS = [
    Requirement(line.partition("#")[0])
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line.partition("#")[0].strip()
]


def locked() -> dict[str, tuple[Requirement, list[str]]]:
    """name → (requirement, digests) of the lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    entries = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            requirement, *digests = re.split(r"\s--hash=", line.strip())
            parsed = Requirement(requirement)
            entries[name(parsed)] = (parsed, [digest.strip() for digest in digests])
    return entries


def name(requirement: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", requirement.name).lower()


def version(requirement: Requirement) -> str:
    """The one version that it allows."""
    (pin,) = requirement.specifier
    assert pin.operator == "==", f"{requirement} is no pin"
    return pin.version


def test_the_lock_has_the_versions_of_requirements_txt() -> None:
    lock = locked()
    for pin in PINS:
        if name(pin) != "torch":
            assert name(pin) in lock, f"{pin} is not locked: {LATER}"
            assert version(lock[name(pin)][0]) == version(pin), LATER


def test_pytorch_is_installed_before_it() -> None:
    assert [str(pin) for pin in PINS if name(pin) == "torch"]
    assert [entry for entry in locked() if entry == "torch" or entry.startswith(("nvidia-", "triton"))] == []


def test_every_entry_is_a_pin_with_digests() -> None:
    for requirement, digests in locked().values():
        version(requirement)
        assert digests and all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in digests), requirement


def test_nothing_is_missing_on_this_machine() -> None:
    """pip refuses a lock that leaves a dependency out."""
    lock, waiting, seen = locked(), [pin for pin in PINS if name(pin) != "torch"], set()
    while waiting:
        requirement = waiting.pop()
        if name(requirement) in seen:
            continue
        seen.add(name(requirement))
        assert name(requirement) in lock, f"{requirement} is needed and not locked: {LATER}"
        waiting += needs(requirement)


def test_what_pytorch_needs_too_fits_it() -> None:
    lock = locked()
    for requirement in needs(Requirement("torch")):
        if name(requirement) in lock:
            assert requirement.specifier.contains(version(lock[name(requirement)][0]), prereleases=True), LATER


def needs(requirement: Requirement) -> list[Requirement]:
    """What an installed distribution needs here, with the extras asked for."""
    found = [Requirement(text) for text in requires(requirement.name) or []]
    extras = requirement.extras or {""}
    return [
        each for each in found if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras)
    ]


def test_wheels_of_other_machines_are_locked_too() -> None:
    """A package with compiled parts has a file per system and Python: more than this machine's one."""
    lock = locked()
    for compiled in ("numpy", "pyarrow", "regex", "tokenizers"):
        assert len(lock[compiled][1]) > 10
    assert "colorama" in lock  # Windows


@pytest.mark.parametrize("command", ["--require-hashes -r requirements.lock", "^torch=="])
def test_make_run_installs_by_the_lock(command: str) -> None:
    assert command in (ROOT / "Makefile").read_text(encoding="utf-8")
