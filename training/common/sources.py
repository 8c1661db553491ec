"""The table of sources that the cards of the models of Portuguese text share."""

from __future__ import annotations

SOURCES = """| Source | What | Origin (public repository @ version) | Licence |
|---|---|---|---|
| tatoeba | everyday sentences | Helsinki-NLP/OPUS-MT-testsets @ ac0f19c | CC BY 2.0 FR, attribution tatoeba.org |
| common_voice | short sentences read aloud | mozilla/voice-web @ e0bfbc4, server/data/pt | CC0 |
| ud_bosque, ud_gsd | news and web, train part only | UniversalDependencies/UD_Portuguese-Bosque @ 5de7ac3, -GSD @ 691a8b5 | CC BY-SA 4.0 |
| mac_morpho | Brazilian news of 1994, detokenised | nltk/nltk_data @ 5db857e | CC BY 4.0 by NILC's dataset card; the NLTK package says "distributed with permission" |
| ptwiki | Portuguese Wikipedia | gabimelo/portuguese_wsc @ b073087, data/processed | CC BY-SA 3.0 |
| literaturaBR | five Brazilian novels | sillasgonzaga/literaturaBR @ 2ac23fa | public domain |
| machado_de_assis | prose of Machado de Assis | luxedo/dataset-machado-de-assis @ a13ca4a, txt | public domain |
| eltec_modern | 20 European Portuguese novels 1840–1920, modern spelling | COST-ELTeC/ELTeC-por @ 8886868 | texts public domain, markup CC BY 4.0 |
"""
