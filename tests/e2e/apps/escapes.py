"""What a visitor may write, through the one escape, in every kind of element that reads Markdown."""

import streamlit as st

from ui.shell.locale import plain
from ui.shell.tables import show_table

FORMULA = '=HYPERLINK("http://evil.pt")'

NAUGHTY = (
    "http://evil.pt/a",
    "see https://evil.pt/a?b=c#d.",
    "www.evil.pt",
    "a WWW.Evil.pt/x b",
    "a_b.c@evil.pt",
    "mailto:a@evil.pt and xmpp:a@evil.pt/b",
    "<http://evil.pt>",
    "<a href='http://evil.pt'>x</a>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](http://evil.pt) ![y](http://evil.pt/z.png)",
    "[x]: http://evil.pt",
    "[^1] and [^1]: b",
    "*a* _b_ **c** __d__ ~~e~~ ~f~ `g` ``h``",
    "$x^2$ $$y$$ \\(z\\) \\[w\\]",
    ":smile: :+1: :-1: :streamlit:",
    ":material/home: :red[x] :red-background[y] :small[z] :color[w]{foreground=red} :help[q]",
    "&amp; &lt; &#60; &copy;",
    "# a ## b",
    "- a + b * c > d | e |",
    "1. a 2) b",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "-> -- <-",
    "a\\*b \\\\ c\\",
    "a --- b *** c",
    "|a|b| |-|-|",
    "::: :: : a:b ::a",
    "x https://www.a@b.pt:80/:smile:/:red[x]",
)


def draw(text: str, number: int) -> None:
    shown = plain(text)
    st.markdown(shown)
    st.caption(shown)
    st.error(shown)
    st.info(f"**{shown}**")
    st.markdown(f":primary[{shown}]")
    st.button(shown, key=f"button{number}")
    st.pills("x", [number], format_func=lambda _: shown, key=f"pills{number}")
    st.radio("x", [number], format_func=lambda _: shown, key=f"radio{number}")
    st.toggle(shown, key=f"toggle{number}")
    st.text_input(shown, key=f"input{number}")
    st.expander(shown)
    st.tabs([shown])
    st.metric(shown, 1)


if "table" in st.query_params:
    show_table([{"word": FORMULA, "n": -1}], title="A table")
    st.data_editor([{"word": FORMULA}])
else:
    number = int(st.query_params.get("n", 0))
    draw(NAUGHTY[number], number)
