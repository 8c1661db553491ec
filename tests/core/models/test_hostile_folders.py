"""A stranger's model folder: each hostile one is refused with a short message, in under a second and 50 MB."""

from __future__ import annotations

import json
import resource
import struct
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from safetensors import safe_open

import core
from core.attention.families import SIZE_KEYS
from core.errors import BadFile, MiranteError, TooLong
from core.models import tokenizer_trial
from core.models.bounded_json import OutOfBounds
from core.models.config_limits import MOST_OF_KEY
from core.models.weight_headers import read_header
from tests import tiny
from tests.hostile_models import HOSTILE, copied_model, setting

SECONDS, MEGABYTES = 1.0, 50
LONGEST_MESSAGE = 700  # characters
HANGS = 20  # seconds by the clock


@pytest.fixture(scope="module", autouse=True)
def warm(tmp_path_factory):
    """What a running server has done already: imports, and a first model."""
    root = tmp_path_factory.mktemp("models")
    copied_model(root / "honest")
    core.load("honest", root=root)


def _status(line: str) -> int:
    """Bytes of a line of /proc/self/status."""
    text = Path("/proc/self/status").read_text()
    return 1024 * int(text.split(line + ":")[1].split()[0])


def _processor_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _refusal(name: str, root: Path) -> MiranteError:
    """How core.load refuses it; a thread of its own, so that a load that hangs fails this test alone."""
    outcome: list[object] = []

    def load() -> None:
        try:
            outcome.append(core.load(name, root=root))
        except BaseException as error:  # a panic is no Exception
            outcome.append(error)

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    thread.join(HANGS)
    assert outcome, f"still loading after {HANGS} s"
    assert isinstance(outcome[0], MiranteError), f"not refused, but {outcome[0]!r}"
    return outcome[0]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_folder_is_refused_quickly_and_without_memory(name, tmp_path):
    folder = copied_model(tmp_path / "models" / "stranger")
    HOSTILE[name](folder)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    before, started = _status("VmRSS"), _processor_seconds()
    error = _refusal("stranger", tmp_path / "models")
    seconds, megabytes = _processor_seconds() - started, (_status("VmHWM") - before) / 1e6
    assert "stranger" in str(error) and len(str(error)) < LONGEST_MESSAGE
    assert seconds < SECONDS and megabytes < MEGABYTES, f"{seconds:.2f} s, {megabytes:.0f} MB"


def test_a_table_that_a_model_makes_when_it_runs_is_counted(tmp_path):
    """MPT writes a slope for every head and every position of its configuration."""
    setting(max_seq_len=2**24)(copied_model(tmp_path / "sloping", "mpt"))
    with pytest.raises(BadFile, match="describes a model of"):
        core.load("sloping", root=tmp_path)


@pytest.mark.parametrize("length", ["abc", -5, None, 10**400, [1], True, 2.5])
def test_an_impossible_length_is_read_or_refused(tmp_path, length):
    setting("tokenizer_config.json", model_max_length=length)(copied_model(tmp_path / "odd"))
    with suppress(MiranteError):
        assert core.load("odd", root=tmp_path).max_positions > 0


@pytest.mark.parametrize("name", ["bert", "gpt2", "t5", "albert-groups", "mixtral", "deberta-v2"])
def test_honest_models_pass(name, tmp_path):
    copied_model(tmp_path / name, name)
    assert core.load(name, root=tmp_path).name == name


@pytest.fixture(scope="module")
def folder_of_values(tmp_path_factory):
    """(root, folder, its honest configuration), written again for every example."""
    folder = copied_model(tmp_path_factory.mktemp("values") / "stranger")
    return folder.parent, folder, json.loads((folder / "config.json").read_text())


WHOLE = st.integers(-(10**20), 10**20) | st.sampled_from([0, -1, 1, 2**24, 2**31, 2**63, 10**400])
VALUES = WHOLE | st.floats() | st.text(max_size=20) | st.booleans() | st.none() | st.lists(WHOLE, max_size=5)
SIZES = st.sampled_from(
    sorted(SIZE_KEYS) + sorted(MOST_OF_KEY) + ["hidden_act", "id2label", "architectures", "rope_theta"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(SIZES | st.text(max_size=10), VALUES, min_size=1, max_size=3))
def test_whatever_a_configuration_says_it_loads_or_is_refused(folder_of_values, changes):
    root, folder, honest = folder_of_values
    (folder / "config.json").write_text(json.dumps(honest | changes))
    started = time.process_time()
    with suppress(MiranteError):
        core.load("stranger", root=root)
    assert time.process_time() - started < 2 * SECONDS  # a load that succeeds takes its time too


KEYS_OF_TOKENIZERS = st.sampled_from(
    ["model_max_length", "padding_side", "tokenizer_class", "pad_token", "mask_token", "added_tokens_decoder"]
    + ["extra_special_tokens", "clean_up_tokenization_spaces", "chat_template", "auto_map", "backend", "vocab_file"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(KEYS_OF_TOKENIZERS, VALUES | st.dictionaries(st.text(), WHOLE), min_size=1, max_size=3))
def test_whatever_a_tokenizer_s_settings_say_it_loads_or_is_refused(tmp_path_factory, changes):
    folder = copied_model(tmp_path_factory.mktemp("settings") / "stranger")
    setting("tokenizer_config.json", **changes)(folder)
    with suppress(MiranteError):
        core.load("stranger", root=folder.parent)


ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "dtype": st.sampled_from(["F32", "BF16", "F4", "none"]) | VALUES,
        "shape": st.lists(WHOLE | st.integers(0, 5), max_size=3) | VALUES,
        "data_offsets": st.lists(WHOLE | st.integers(0, 64), max_size=3) | VALUES,
    },
)


@settings(deadline=None)
@given(
    data=st.binary(max_size=200)
    | st.builds(
        lambda header, length: struct.pack("<Q", length) + json.dumps(header).encode(),
        st.dictionaries(st.text(max_size=3), ENTRIES | VALUES, max_size=3),
        st.integers(0, 2**64 - 1) | st.integers(2, 200),
    )
)
def test_whatever_a_header_says_it_is_read_or_refused(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("header") / "model.safetensors"
    path.write_bytes(data)
    with suppress(OutOfBounds):
        read_header(path)


def test_a_header_says_what_the_library_reads():
    """Ours and that of the library agree on an honest file."""
    path = Path(tiny.folder("bert")) / "model.safetensors"
    with safe_open(path, "pt") as file:
        shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
    assert {name: tensor.shape for name, tensor in read_header(path).items()} == shapes


def test_memory_is_estimated_from_the_files_and_the_limit_is_lifted_by_the_caller(tmp_path, monkeypatch):
    copied_model(tmp_path / "large")
    monkeypatch.setenv("MIRANTE_MODEL_MB", "0.05")
    with pytest.raises(TooLong, match="limit is 0 MB.*MIRANTE_MODEL_MB"):
        core.load("large", root=tmp_path)
    assert core.load("large", root=tmp_path, limit_mb=100).parameters > 10_000


def test_bundled_models_start_no_other_process(monkeypatch):
    monkeypatch.setattr(tokenizer_trial.subprocess, "run", None)
    assert core.load("mirante-film").name == "mirante-film"


def test_a_tokenizer_is_tried_once(tmp_path):
    folder = copied_model(tmp_path / "often")
    core.load("often", root=tmp_path)
    before = tokenizer_trial._problem.cache_info().misses
    core.load("often", root=tmp_path)
    assert tokenizer_trial._problem.cache_info().misses == before
    tokenizer_trial.try_tokenizer(folder, "often")
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(BadFile, match=r"tokenizer\.json"):
        core.load("often", root=tmp_path)


def test_a_name_of_5000_characters_gets_a_short_message():
    for name in ("x" * 5000, "../" * 2000, "a/" * 300, "é" * 999, "x/" + "y" * 400):
        with pytest.raises(MiranteError) as error:
            core.load(name, root="models")
        assert len(str(error.value)) < 600 and name not in str(error.value)


def test_links_in_a_circle_lead_nowhere(tmp_path):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(MiranteError):
        core.load("circle", root=tmp_path)
