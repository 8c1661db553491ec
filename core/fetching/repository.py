"""What would be fetched of a hub repository, told before anything is: files, size, licence, and what is to convert.

Only the files that loading opens, and the card and licence that belong to them. Not inside: fetching (bringing.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import MiranteError, ModelNotFound
from ..models.hub_listing import HubFile, explain_refusal, read_listing
from ..models.hub_snapshot import check_size, small_files
from ..models.other_weights import PICKLED, PICKLED_INDEX, no_safetensors
from ..models.sources import hub_answers
from ..models.weight_headers import INDEX, SINGLE

MOST_CARD_BYTES = 2_000_000
_CARD = re.compile(r"(README|LICEN[CS]E|NOTICE|USE_POLICY)([.-]\w+){0,2}", re.IGNORECASE)
_SHARDS = {
    INDEX: re.compile(r"[\w.-]+-\d{5}-of-\d{5}\.safetensors"),
    PICKLED_INDEX: re.compile(r"pytorch_model-\d{5}-of-\d{5}\.bin"),
}


@dataclass(frozen=True)
class FetchPlan:
    """small: configuration, tokenizer, card. weights: the files with the numbers, of one format, and their index.

    pickled: whether they are to be converted. licence: None: the hub names none. gated: terms were accepted for it.
    """

    name: str
    commit: str
    licence: str | None
    gated: bool
    small: Mapping[str, HubFile]
    weights: Mapping[str, HubFile]
    pickled: bool

    @property
    def files(self) -> dict[str, HubFile]:
        return {**self.small, **self.weights}

    @property
    def bytes(self) -> int:
        """All that comes over the line."""
        return sum(file.size for file in self.files.values())

    @property
    def disk_bytes(self) -> int:
        """The most that lies on the disk at one time: while it is converted, both formats."""
        return self.bytes + (sum(file.size for file in self.weights.values()) if self.pickled else 0)


def plan_fetch(name: str, revision: str | None, limit: int) -> FetchPlan:
    """Ask the hub about a repository.

    limit: bytes that the weights may have.

    Raises:
        ModelNotFound: no such repository, not open to us, or the hub cannot be reached. UnsupportedModel: weights of
        other frameworks only. BadFile: no weights, no configuration, or a file larger than is read. TooLong: weights
        beyond the limit.
    """
    if not hub_answers():
        raise _unreachable(name)
    try:
        listing = read_listing(name, revision)
    except Exception as error:
        raise explain_refusal(name, error, revision) or _unreachable(name, error) from error
    small = small_files(name, listing.sizes)
    small += [file for file, facts in listing.files.items() if _CARD.fullmatch(file) and facts.size <= MOST_CARD_BYTES]
    weights, pickled = _weights(name, listing.files)
    check_size(name, sum(listing.files[file].size for file in weights), limit)
    return FetchPlan(
        name=name,
        commit=listing.commit,
        licence=listing.licence,
        gated=listing.gated,
        small={file: listing.files[file] for file in small if file not in weights},
        weights={file: listing.files[file] for file in weights},
        pickled=pickled,
    )


def _weights(name: str, files: Mapping[str, HubFile]) -> tuple[list[str], bool]:
    """(files, whether they are pickled): safetensors where there are any."""
    for single, index in ((SINGLE, INDEX), (PICKLED, PICKLED_INDEX)):
        if single in files:
            return [single], single == PICKLED
        if index in files:
            return [index, *sorted(file for file in files if _SHARDS[index].fullmatch(file))], index == PICKLED_INDEX
    raise no_safetensors(name, files)


def _unreachable(name: str, error: Exception | None = None) -> MiranteError:
    """The hub is not there, or answers what cannot be used."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return ModelNotFound(
            "“{name}” is to come from the hub, and this machine is told not to ask it (HF_HUB_OFFLINE=1).", name=name
        )
    detail = "" if error is None else f": {(str(error).strip().splitlines() or [type(error).__name__])[0][:200]}"
    return ModelNotFound(
        "The hub ({address}) cannot be reached for “{name}”{detail}. Check the connection and the proxy "
        "(HTTPS_PROXY), or carry the folder here and fetch that.",
        address=constants.ENDPOINT,
        name=name,
        detail=detail,
    )
