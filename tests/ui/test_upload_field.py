"""Sizes are said once: what a field takes is what its reader reads and what the server lets through."""

from __future__ import annotations

import ast
import importlib
import tomllib

from tools.structure import ROOT, files_of

MB = 2**20


def fields() -> dict[str, int]:
    """``file: bytes`` of every upload field, its limit evaluated in its module."""
    limits = {}
    for path in files_of("ui/pages"):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "upload_field":
                limit = next(keyword.value for keyword in node.keywords if keyword.arg == "most_bytes")
                limits[f"{path.name}:{node.lineno}"] = eval(ast.unparse(limit), vars(module))
    return limits


def test_the_server_lets_through_what_the_largest_field_takes() -> None:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    limits = fields()
    assert len(limits) == 4 and all(limit % MB == 0 and limit >= MB for limit in limits.values())
    assert max(limits.values()) == config["server"]["maxUploadSize"] * MB


def test_every_file_comes_through_our_field() -> None:
    users = [
        str(path.relative_to(ROOT))
        for part in ("ui", "pages")
        for path in files_of(part)
        if any(
            isinstance(node, ast.Attribute)
            and node.attr in ("file_uploader", "chat_input", "camera_input", "audio_input")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert users == ["ui/explorer/upload_field.py"]
