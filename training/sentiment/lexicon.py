"""Words of the sentiment sentences: what is judged (nouns by domain), and words of praise and of blame, each with its
forms.

Written by hand. Here too: which adjectives no training sentence holds (`HELD_OUT`). Not here: how sentences are made
(grammar.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Gender = Literal["m", "f"]
HELD_OUT = frozenset(
    {
        "primoroso",
        "gracioso",
        "revigorante",
        "apetitoso",
        "extraordinário",
        "talentoso",
        "solícito",
        "esplêndido",
        "hilário",
        "proveitoso",
        "amargo",
        "deprimente",
        "estragado",
        "feioso",
        "tosco",
        "enfadonho",
        "fedorento",
        "rude",
        "tumultuado",
        "desbotado",
    }
)
"""Adjectives of both sides that are met only in the evaluation."""
_IRREGULAR = {
    "bom": ("bom", "boa", "bons", "boas"),
    "mau": ("mau", "má", "maus", "más"),
    "cru": ("cru", "crua", "crus", "cruas"),
    "simpático": ("simpático", "simpática", "simpáticos", "simpáticas"),
}


@dataclass(frozen=True)
class Noun:
    """What is judged: its form, gender, number, and the domain whose adjectives fit it."""

    text: str
    gender: Gender
    plural: bool
    domain: str

    @property
    def place(self) -> int:
        """Which of an adjective's four forms agrees with it."""
        return (self.gender == "f") + 2 * self.plural


@dataclass(frozen=True)
class Adjective:
    """forms: masculine, feminine, masculine plural, feminine plural. domain: where it fits; "any" fits everything."""

    forms: tuple[str, str, str, str]
    positive: bool
    domain: str


NOUNS = {
    "film": (
        "o filme|o roteiro|a atuação|a trilha sonora|o final|a fotografia|a direção|o elenco|os personagens|as "
        "cenas|os efeitos|a história|os diálogos|a série|o episódio|a temporada|o documentário|o desenho|a "
        "animação|a comédia|o drama|a novela|a dublagem|o começo|as piadas|o suspense|a peça|o espetáculo|o "
        "enredo|a produção|o vilão|a montagem|as músicas"
    ),
    "book": (
        "o livro|o romance|os contos|o conto|a história|os poemas|o poema|a linguagem|a tradução|o final|os "
        "personagens|a narrativa|o enredo|a capa|as ilustrações|a leitura|a edição|o capítulo|os capítulos|a "
        "biografia|as crônicas|a revista|o texto|a escrita|a trama|os quadrinhos|a poesia"
    ),
    "food": (
        "a comida|o prato|a sobremesa|o bolo|a pizza|o café|a feijoada|a moqueca|o pão|a massa|o molho|a "
        "carne|o peixe|a salada|o arroz|o suco|o sorvete|as porções|o lanche|o hambúrguer|a sopa|o almoço|o "
        "jantar|a torta|os doces|os salgados|o churrasco|o pastel|a cerveja|o vinho|o queijo|o frango|o "
        "tempero|a lasanha|o brigadeiro|o acarajé|a tapioca|o chocolate|o pão de queijo"
    ),
    "place": (
        "o restaurante|o hotel|o quarto|o bar|a pousada|o banheiro|a piscina|o lugar|o ambiente|a praia|o "
        "parque|o museu|a padaria|a lanchonete|a cidade|o bairro|a vista|a cama|a casa|o apartamento|a loja|a "
        "cafeteria|o salão|o cinema|a sala|o teatro|as mesas|as cadeiras|os quartos|as instalações|o ônibus|o "
        "avião|a recepção|a exposição|a praça"
    ),
    "people": (
        "o ator|a atriz|o autor|a autora|o atendimento|o garçom|a garçonete|os funcionários|o professor|a "
        "professora|os atendentes|o serviço|a equipe|o dono|o guia|o motorista|o vendedor|a vendedora|o "
        "gerente|a gerente|o entregador|os professores|o cantor|a cantora|os monitores|o porteiro|o médico|a "
        "médica|o instrutor|a instrutora|a recepcionista|o suporte"
    ),
    "class": (
        "a aula|o curso|a palestra|o material|os exercícios|a explicação|a oficina|a apostila|a apresentação|o "
        "seminário|as aulas|os vídeos|a prova|a disciplina|o treinamento|o tutorial|o trabalho|a matéria|as "
        "atividades|o conteúdo|o debate|a reunião"
    ),
    "thing": (
        "o produto|o celular|a bateria|o aplicativo|a tela|o fone|o computador|a câmera|a entrega|a embalagem|o "
        "tênis|o vestido|a camisa|a roupa|a mochila|o brinquedo|o jogo|os gráficos|o teclado|a geladeira|o "
        "relógio|o carro|a bicicleta|o sofá|o colchão|o sapato|a máquina|o programa|o site|a compra|o "
        "acabamento|o tecido|o presente|o carregador|a televisão|o som|a bolsa|os sapatos"
    ),
    "show": (
        "o show|a banda|a música|o disco|a voz|as canções|a festa|o concerto|o festival|a apresentação|o "
        "público|o som|o evento|o clipe|o coral|a orquestra|a dança|o palco|o ritmo|as letras|o álbum"
    ),
    "trip": (
        "a viagem|o passeio|o voo|a estadia|as férias|a trilha|o roteiro|o cruzeiro|a excursão|o fim de "
        "semana|a experiência|a visita|a hospedagem|o trajeto"
    ),
}

PRAISE = {
    "any": (
        "bom|ótimo|excelente|maravilhoso|incrível|fantástico|perfeito|lindo|bonito|adorável|sensacional|espetacular|magnífico|formidável|impecável|surpreendente|encantador|agradável|extraordinário|belo|admirável|fabuloso|notável|caprichado|bacana|legal|genial|brilhante|esplêndido|memorável|inesquecível|especial|original|bem "
        "feito|bem cuidado|impressionante|lindíssimo|primoroso|charmoso|imperdível|excepcional|elegante|digno "
        "de aplausos|bem pensado|bem organizado|apaixonante|criativo|de primeira|nota "
        "dez|delicado|autêntico|inspirador|gracioso"
    ),
    "film": (
        "emocionante|envolvente|divertido|engraçado|inteligente|comovente|tocante|hilário|empolgante|profundo|sensível|cativante|poético|bem "
        "escrito|interessante|fascinante|intenso|afiado|leve"
    ),
    "book": (
        "delicioso|gostoso|emocionante|envolvente|divertido|inteligente|comovente|tocante|viciante|profundo|sensível|cativante|poético|bem "
        "escrito|interessante|fascinante|rico|instigante|leve"
    ),
    "food": (
        "delicioso|gostoso|saboroso|fresco|suculento|crocante|cheiroso|quentinho|bem "
        "temperado|macio|caseiro|farto|fofinho|apetitoso|bem servido|cremoso|generoso|gostosinho"
    ),
    "place": (
        "limpo|confortável|silencioso|aconchegante|espaçoso|organizado|tranquilo|arejado|acolhedor|iluminado|seguro|charmoso|cheiroso|bem "
        "localizado|bem decorado|amplo|limpinho|calmo"
    ),
    "people": "ótimo|excelente|maravilhoso|incrível|brilhante|impecável|adorável|formidável|atencioso|gentil|simpático|educado|rápido|eficiente|cordial|competente|paciente|prestativo|engraçado|carinhoso|dedicado|profissional|organizado|preparado|acolhedor|cuidadoso|talentoso|honesto|querido|solícito|alegre",
    "class": (
        "claro|interessante|útil|didático|produtivo|divertido|organizado|completo|enriquecedor|dinâmico|instigante|prático|esclarecedor|fácil "
        "de entender|motivador|bem explicado|inspirador"
    ),
    "thing": (
        "rápido|resistente|útil|prático|confortável|leve|durável|barato|moderno|fácil de "
        "usar|potente|eficiente|bem acabado|macio|funcional|silencioso|completo|confiável|nítido|seguro|de "
        "ótima qualidade"
    ),
    "show": "emocionante|animado|contagiante|empolgante|afinado|divertido|vibrante|alegre|eletrizante|potente|energético|arrepiante|suave",
    "trip": "delicioso|gostoso|tranquilo|relaxante|divertido|emocionante|confortável|seguro|revigorante|mágico|barato|proveitoso|gratificante",
}

BLAME = {
    "any": (
        "ruim|péssimo|horrível|terrível|medíocre|fraco|decepcionante|feio|desagradável|insuportável|lamentável|pavoroso|tenebroso|vergonhoso|irritante|ridículo|sofrível|detestável|desastroso|horroroso|patético|mal "
        "feito|mal cuidado|descuidado|frustrante|deplorável|inaceitável|pobre|sem "
        "graça|desanimador|esquecível|tosco|abaixo da média|malfeito|mal pensado|mal "
        "organizado|feioso|ordinário|dispensável|deprimente|de quinta|meia-boca|triste de "
        "ver|bagunçado|desleixado|aborrecido|monótono|aquém do esperado"
    ),
    "film": (
        "chato|arrastado|previsível|cansativo|entediante|confuso|vazio|forçado|sonolento|raso|repetitivo|exagerado|longo "
        "demais|sem pé nem cabeça|apelativo|lento|clichê|artificial|batido|superficial|mal escrito|sem sal"
    ),
    "book": (
        "chato|arrastado|previsível|cansativo|entediante|confuso|vazio|pretensioso|raso|repetitivo|longo "
        "demais|mal escrito|enfadonho|maçante|superficial|pesado|cheio de erros|artificial"
    ),
    "food": (
        "insosso|frio|salgado demais|queimado|cru|seco|gorduroso|sem sal|sem "
        "gosto|estragado|azedo|duro|enjoativo|velho|borrachudo|oleoso|amargo|intragável|empapado|murcho|doce "
        "demais|sem tempero"
    ),
    "place": (
        "sujo|barulhento|desconfortável|apertado|abafado|bagunçado|escuro|lotado|fedorento|velho|mofado|caro "
        "demais|perigoso|quente demais|abandonado|mal localizado|desorganizado|empoeirado|caindo aos "
        "pedaços|malcheiroso"
    ),
    "people": "péssimo|horrível|ruim|fraco|insuportável|irritante|decepcionante|desagradável|grosseiro|lento|mal-educado|antipático|desatento|despreparado|arrogante|impaciente|incompetente|mal-humorado|demorado|rude|desorganizado|desinteressado|indelicado|preguiçoso|estúpido|desonesto|irresponsável|ausente",
    "class": (
        "confuso|cansativo|chato|inútil|desorganizado|incompleto|superficial|monótono|entediante|difícil de "
        "entender|mal explicado|repetitivo|desatualizado|maçante|enrolado|raso|improdutivo"
    ),
    "thing": (
        "lento|frágil|inútil|desconfortável|caro "
        "demais|quebrado|defeituoso|pesado|ultrapassado|barulhento|difícil de "
        "usar|vagabundo|descartável|travado|desbotado|apertado|incompleto|mal "
        "acabado|atrasado|rasgado|arranhado|de péssima qualidade|instável"
    ),
    "show": (
        "desafinado|chato|cansativo|barulhento|sem energia|repetitivo|atrasado|curto "
        "demais|vazio|irritante|desanimado|morno|desencontrado|sem emoção"
    ),
    "trip": (
        "cansativo|estressante|caro "
        "demais|desconfortável|atrasado|tumultuado|chato|desorganizado|perigoso|caótico|infernal|interminável"
    ),
}

PRAISE_NOUNS = (
    "uma obra-prima|uma delícia|uma maravilha|um sucesso|um espetáculo|uma joia|um achado|uma surpresa boa|um "
    "sonho|uma aula de talento|um show|um encanto|uma beleza|um acerto|um primor|uma lindeza|um presente|uma "
    "pérola|um luxo|um alívio|uma alegria|uma festa para os olhos"
).split("|")
BLAME_NOUNS = (
    "um desastre|uma bagunça|uma porcaria|um lixo|um horror|um fracasso|uma vergonha|uma decepção|um "
    "pesadelo|uma perda de tempo|uma enganação|um absurdo|uma piada de mau gosto|um tédio|um erro|uma droga|um "
    "castigo|uma tortura|uma furada|um desperdício|uma palhaçada|uma roubada"
).split("|")
GOOD_THINGS = "emoção|talento|capricho|criatividade|carinho|cuidado|qualidade|organização|sabor|beleza|alegria|humor|coragem|variedade|conforto|respeito|ritmo|charme|limpeza|educação|atenção|inteligência|delicadeza|simpatia|paciência|graça|originalidade".split(
    "|"
)
BAD_THINGS = (
    "defeitos|erros|problemas|falhas|enrolação|barulho|sujeira|descaso|preguiça|clichês|mentiras|propaganda|confusão|grosseria|atrasos|buracos|exageros|insetos|poeira|desrespeito|descuido|bagunça|má "
    "vontade|reclamações"
).split("|")


def nouns() -> tuple[Noun, ...]:
    """Every noun with its domain."""
    return tuple(_noun(entry, domain) for domain, entries in NOUNS.items() for entry in entries.split("|"))


def adjectives() -> tuple[Adjective, ...]:
    """Every adjective of both sides; one that stands in several domains stands here several times."""
    sides = ((True, PRAISE), (False, BLAME))
    return tuple(
        Adjective(forms(word), positive, domain)
        for positive, table in sides
        for domain, words in table.items()
        for word in words.split("|")
    )


def held_out(adjective: Adjective) -> bool:
    """Whether no training sentence may hold it."""
    return adjective.forms[0] in HELD_OUT


def forms(word: str) -> tuple[str, str, str, str]:
    """The four forms of an adjective given in the masculine singular; of several words only the one that agrees is
    bent.

    "bem feito" bends its last word, "caro demais" its first; "de primeira", "sem graça" and the like stay as they are.
    """
    if word in _INVARIANT or word.startswith(("sem ", "de ", "nota ", "abaixo ", "aquém ")):
        return (word,) * 4
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    head, rest = _agreeing(word)
    before, after = rest
    return tuple(f"{before}{form}{after}" for form in _bent(head))


_PLURALS = {
    "útil": "úteis",
    "inútil": "inúteis",
    "fácil": "fáceis",
    "difícil": "difíceis",
    "frágil": "frágeis",
    "gentil": "gentis",
}
_INVARIANT = {"triste de ver", "caindo aos pedaços", "meia-boca"}


def _agreeing(word: str) -> tuple[str, tuple[str, str]]:
    """(the word that agrees, (what stands before it, after it))."""
    for prefix in ("bem ", "mal "):
        if word.startswith(prefix):
            return word.removeprefix(prefix), (prefix, "")
    first, space, rest = word.partition(" ")
    return first, ("", space + rest)


def _bent(word: str) -> tuple[str, str, str, str]:
    feminine = _IRREGULAR[word][1] if word in _IRREGULAR else _feminine(word)
    return word, feminine, _plural(word), _plural(feminine)


def _feminine(word: str) -> str:
    if word.endswith("dor"):
        return word + "a"
    return word[:-1] + "a" if word.endswith("o") else word


def _plural(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word][2]
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("m"):
        return word[:-1] + "ns"
    for ending, plural in (("ável", "áveis"), ("ível", "íveis"), ("el", "éis"), ("al", "ais"), ("r", "res")):
        if word.endswith(ending):
            return word.removesuffix(ending) + plural
    return word + "s"


def _noun(entry: str, domain: str) -> Noun:
    article, _, text = entry.partition(" ")
    return Noun(text, "f" if article in ("a", "as") else "m", article in ("os", "as"), domain)
