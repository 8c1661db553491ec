"""Exports and the command line: what is written is what was computed."""

import contextlib
import io
import json
import subprocess
import sys

import numpy as np
import pytest
from safetensors import safe_open

import core
from core.__main__ import main
from core.errors import BadFile
from core.export import save_npz
from core.views.view import view
from tests import tiny


def run(*arguments: str, **options) -> subprocess.CompletedProcess:
    """The command in a process of its own: seconds of imports."""
    return subprocess.run(
        [sys.executable, "-m", "core", *arguments], capture_output=True, text=True, check=False, **options
    )


def called(*arguments: str) -> subprocess.CompletedProcess:
    """The same command here, where everything is imported already."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patched.setattr(sys, "argv", ["core", *arguments])
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def test_capture_command_writes_the_trace(tmp_path):
    out, folder = tmp_path / "trace.npz", str(tiny.folder("llama"))
    done = run("capture", "--model", folder, "--text", tiny.SENTENCE, "--out", str(out))
    assert done.returncode == 0, done.stderr
    trace, found = core.capture(core.load(folder), tiny.SENTENCE), np.load(out)
    assert tuple(found["pieces"]) == trace.tokens.pieces and int(found["layers"]) == trace.layers()
    for layer in range(trace.layers()):
        np.testing.assert_allclose(found[f"attention_{layer}"], trace.layer_attention(layer), atol=1e-6)
        assert found[f"attention_{layer}"].dtype == np.float32
        assert found[f"query_{layer}"].shape == found[f"key_{layer}"].shape == (4, len(trace.tokens.pieces), 6)
    meta = json.loads(str(found["meta"]))
    assert meta["text"] == tiny.SENTENCE and meta["model"] == folder and meta["versions"]["torch"]


def test_capture_writes_safetensors_by_suffix(tmp_path):
    out, folder = tmp_path / "trace.safetensors", str(tiny.folder("llama"))
    done = called("capture", "--model", folder, "--text", tiny.SENTENCE, "--out", str(out))
    assert done.returncode == 0, done.stderr
    trace = core.capture(core.load(folder), tiny.SENTENCE)
    with safe_open(out, "np") as found:
        np.testing.assert_allclose(found.get_tensor("attention_1"), trace.layer_attention(1), atol=1e-6)
        assert tuple(json.loads(found.metadata()["pieces"])) == trace.tokens.pieces


@pytest.mark.parametrize("name", ["csv", "json", "latex", "html"])
def test_export_command_writes_one_head(tmp_path, name):
    out, folder = tmp_path / "file", str(tiny.folder("bert"))
    done = called(
        "export",
        "--model",
        folder,
        "--text",
        "o copo cheio",
        "--layer",
        "2",
        "--head",
        "3",
        "--as",
        name,
        "--out",
        str(out),
        "--pieces",
        "--no-specials",
    )
    assert done.returncode == 0, done.stderr
    written, trace = out.read_text(encoding="utf-8-sig"), core.capture(core.load(folder), "o copo cheio")
    assert (
        trace.provenance.tokenizer_hash in written
        and "[CLS]" not in written.partition("</footer>")[0].partition("{tabular}")[2]
    )
    if name == "json":
        shown = view(trace, words=False, specials=False)
        np.testing.assert_allclose(json.loads(written)["weights"], shown.head(1, 2), atol=1e-6)


def test_export_says_which_heads_there_are(tmp_path):
    done = called(
        "export",
        "--model",
        "mirante-encoder-pt",
        "--text",
        "a",
        "--layer",
        "9",
        "--head",
        "1",
        "--as",
        "csv",
        "--out",
        str(tmp_path / "x"),
    )
    assert (
        done.returncode == 1
        and "no layer 9, head 1: this model has 4 layers of 8 heads" in done.stderr
        and not (tmp_path / "x").exists()
    )


def test_three_kinds_keep_their_names(tmp_path):
    trace = core.capture(core.load(str(tiny.folder("t5"))), tiny.SENTENCE, tiny.TARGET)
    found = np.load(save_npz(trace, tmp_path / "t5.npz"))
    np.testing.assert_array_equal(found["cross_attention_1"], trace.layer_attention(1, "cross"))
    assert int(found["encoder_layers"]) == 3 and int(found["decoder_layers"]) == 2
    assert tuple(found["target_pieces"]) == trace.target.pieces


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("capture", "--model", "no/such-model", "--text", "a", "--out", "x.npz"), 1, "was not found"),
        (("capture", "--text", "a", "--out", "x.npz"), 2, "--model"),
        (("capture", "--model", "m", "--text", "a", "--out", "no/folder/x.npz"), 2, "does not exist"),
        (
            ("export", "--model", "m", "--text", "a", "--layer", "0", "--head", "1", "--as", "csv", "--out", "x"),
            2,
            "--layer",
        ),
        (
            ("export", "--model", "m", "--text", "a", "--layer", "1", "--head", "1", "--as", "pdf", "--out", "x"),
            2,
            "--as",
        ),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_wrong_calls_say_so(tmp_path, monkeypatch, arguments, status, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    done = called(*arguments)
    assert done.returncode == status and message in done.stderr and "Traceback" not in done.stderr


def test_an_unwritable_path_is_named(tmp_path):
    trace = core.capture(core.load(str(tiny.folder("bert"))), "o copo")
    with pytest.raises(BadFile, match="cannot be written"):
        save_npz(trace, tmp_path)


def test_models_lists_what_is_shipped():
    done = called("models", "--json")
    assert done.returncode == 0, done.stderr
    for entry in json.loads(done.stdout):
        assert set(entry) == {"name", "kind", "layers", "heads", "parameters", "vocabulary", "bytes"}
        lm = core.load(entry["name"])
        first = lm.layout.kinds[0]
        assert entry["kind"] == lm.kind and entry["parameters"] == lm.parameters
        assert (entry["layers"], entry["heads"]) == (lm.layout.counts[first], lm.layout.heads[first])
        assert entry["bytes"] < 30_000_000


def test_learned_positions_follow_the_measured_accuracy(tmp_path, monkeypatch):
    from core.models import catalog

    ranges = {
        "0-95": {"low": 0.17, "high": 0.23},
        "96-255": {"low": 0.15, "high": 0.2},
        "256-511": {"low": 0.04, "high": 0.07},
    }
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "evaluation.json").write_text(json.dumps({"by_position": ranges}))
    monkeypatch.setattr(catalog, "BUNDLED", tmp_path)
    monkeypatch.setattr(catalog, "bundled_names", lambda: ("m",))
    catalog.learned_positions.cache_clear()
    assert catalog.learned_positions("m") == 256
    assert catalog.learned_positions("other") is None
    catalog.learned_positions.cache_clear()


def test_the_translator_opens_on_the_head_that_aligned_most_words_of_its_gold():
    from core.models import catalog

    layer, head = catalog.alignment_head("mirante-translator")
    measured = json.loads((catalog.BUNDLED / "mirante-translator" / "evaluation.json").read_text(encoding="utf-8"))
    heads = np.array(measured["alignment"]["written"]["heads"])
    assert heads[layer, head] == heads.max() > 0.7
    assert catalog.alignment_head("mirante-encoder-pt") is None and catalog.alignment_head("bert-base-cased") is None
