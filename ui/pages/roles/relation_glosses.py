"""What a relation of Universal Dependencies is, in a few words with an example; of the dependent to its head."""

from __future__ import annotations

from ...shell.locale import t


def relation_glosses() -> dict[str, str]:
    """relation → gloss in the visitor's language, of the relations of UD 2 that treebanks of Portuguese use."""
    return {
        "acl": t("clause that describes a noun"),
        "acl:relcl": t("relative clause of a noun: the jug that broke"),
        "advcl": t("adverbial clause: she left when it rained"),
        "advmod": t("adverb of what it modifies: very full"),
        "amod": t("adjective of its noun: full glass"),
        "appos": t("a second name of the same: Lisbon, the capital"),
        "aux": t("auxiliary of its verb: has filled"),
        "aux:pass": t("auxiliary of the passive: was filled"),
        "case": t("preposition of its noun: of water"),
        "cc": t("conjunction of what it joins: and the glass"),
        "ccomp": t("clause as object, with its own subject: says that it rains"),
        "compound": t("part of a compound word"),
        "conj": t("what is joined, to the first: jug and glass"),
        "cop": t("copula of what is said: is full"),
        "csubj": t("clause as subject"),
        "dep": t("a relation that is not known"),
        "det": t("article or other determiner of its noun: the glass"),
        "discourse": t("interjection"),
        "dislocated": t("a part said again outside its place"),
        "expl": t("pronoun without a meaning of its own: the se of queixar-se"),
        "fixed": t("further word of a fixed expression: because of"),
        "flat": t("further word of a name: Maria Silva"),
        "iobj": t("indirect object: gave him"),
        "list": t("item of a list"),
        "mark": t("word that opens a clause: that, if"),
        "nmod": t("noun that describes a noun: jug of water"),
        "nsubj": t("subject of its verb: she poured"),
        "nsubj:pass": t("subject of a passive: the glass was filled"),
        "nummod": t("number of its noun: two glasses"),
        "obj": t("object of its verb: poured water"),
        "obl": t("noun that says where, when or how of a verb: poured into the glass"),
        "orphan": t("what depends on a word that is left out"),
        "parataxis": t("clause beside another without a link"),
        "punct": t("punctuation mark"),
        "vocative": t("whoever is addressed"),
        "xcomp": t("clause without a subject of its own: wants to drink"),
    }


def glossed(relation: str) -> str:
    """``nmod: noun that describes a noun``; a relation that is not known, or its subtype, by its first part."""
    glosses = relation_glosses()
    gloss = glosses.get(relation) or glosses.get(relation.partition(":")[0])
    return relation if gloss is None else f"{relation}: {gloss}"
