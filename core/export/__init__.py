"""What a person sees, as files: every export carries the record that repeats it.

    record = provenance.record(trace, view, heads)          # heads: [(layer, head), …] from 0
    csv_text(view, heads, record)
        json_text(…)   latex_text(…)   html_page(view, layer=, head=, texts=, record=, language=)
    npz_bytes(trace)   safetensors_bytes(trace)             # Q, K, V and attention of every head

Pictures (SVG, PNG) are written where they are drawn: assets/components/attention/figure.js.
"""

from .html import html_page
from .latex import latex_text
from .numbers import csv_text, json_text
from .provenance import citation, record
from .tensors import arrays, meta, npz_bytes, safetensors_bytes, save, save_npz, save_safetensors, write_file

__all__ = [
    "arrays",
    "citation",
    "csv_text",
    "html_page",
    "json_text",
    "latex_text",
    "meta",
    "npz_bytes",
    "record",
    "safetensors_bytes",
    "save",
    "save_npz",
    "save_safetensors",
    "write_file",
]
