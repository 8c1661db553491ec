"""The field through which a person sends a file: its limits said once, its refusals in the person's language.

Streamlit's own field says in English what it takes and, only under the pointer, why it did not take a file ("Request
failed with status code 429"). Ours writes both where they are seen. A browser sends no cookie to a page that stands
inside another site, unless the server is told so (docs/limits.md), and without its cookie no file arrives: such a page
says so instead of failing. Not here: what is read of a file (its reader), quotas (ui.serving.upload_quota)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import streamlit as st

from ..shell.locale import t
from ..shell.modes import embedded, link

_COOKIE = "_streamlit_xsrf"
_MB = 2**20


def upload_field(
    label: str,
    *,
    types: Sequence[str],
    most_bytes: int,
    key: str,
    several: bool = False,
    on_change: Callable[[], None] | None = None,
    help: str | None = None,
):
    """``st.file_uploader``: the file (None without one), or a list of files where there may be ``several``.

    types: endings without their dot. most_bytes: of one file, whole MB; at most ``server.maxUploadSize``, a test says.
    """
    if embedded() and _COOKIE not in st.context.cookies:
        st.info(t("A file cannot be sent while this page stands inside another site."))
        st.link_button(t("Open in Mirante"), link(embedded=False))
        return [] if several else None
    megabytes, endings = most_bytes // _MB, ", ".join(ending.upper() for ending in types)
    st.html(_words(key, megabytes, endings))
    return st.file_uploader(
        label,
        type=list(types),
        accept_multiple_files=several,
        key=key,
        max_upload_size=megabytes,
        on_change=on_change,
        help=help,
    )


def _words(key: str, megabytes: int, endings: str) -> str:
    """Style that puts our words in place of the field's: what it takes, its button, why a file was not taken."""
    field = f".st-key-{key}"
    refused = f'{field} [aria-invalid="true"]'
    choose = t("Choose a file")
    takes = t("up to {mb} MB a file · {types}", mb=megabytes, types=endings)
    why = t(
        "Not sent. A file has at most {mb} MB here and is one of {types}. If this one is, the page holds enough files: "
        "take one away, or try again in a minute.",
        mb=megabytes,
        types=endings,
    )
    return f"""<style>
{_in_place_of(f'{field} [data-testid="stFileUploaderDropzoneInstructions"] span', takes)}
{_beside(f'{field} [data-testid="stFileUploaderDropzone"] span > button p', choose)}
{_beside(f'{refused} [role="alert"]', why)}
{refused} {{ flex-wrap: wrap; height: auto; max-width: 100%; }}
{refused} [role="alert"] {{ position: static; width: auto; height: auto; margin: 0; clip: auto; clip-path: none;
  overflow: visible; white-space: normal; flex-basis: 100%; }}
body:has({refused}) [data-testid="stTooltipErrorContent"] {{ display: none; }}
</style>"""


def _in_place_of(element: str, words: str) -> str:
    """The text of an element is neither seen nor read aloud, ``words`` are."""
    return f"{element} {{ visibility: hidden; white-space: normal; }}\n{_beside(element, words)}"


def _beside(element: str, words: str) -> str:
    """The text of an element is not seen, ``words`` are; a button or an alert stays one, and is read with both."""
    content = json.dumps(words, ensure_ascii=False).replace("<", "\\3c ")
    after = f"{element}::after {{ visibility: visible; font-size: 0.875rem; content: {content}; }}"
    return f"{element} {{ font-size: 0; }}\n{after}"
