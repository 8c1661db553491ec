"""Words of a class with their genders, listed by hand: things and animals, qualities, school subjects, small numbers.

The tables are rows of English, French and Portuguese; `_` stands for a space inside a name. words.py makes sentences
of them.
"""

from __future__ import annotations

from dataclasses import dataclass

IRREGULAR = {
    "knife": "knives",
    "shelf": "shelves",
    "leaf": "leaves",
    "mouse": "mice",
    "wolf": "wolves",
    "sheep": "sheep",
    "lápis": "lápis",
    "ônibus": "ônibus",
    "giz": "gizes",
    "souris": "souris",
    "cerf-volant": "cerfs-volants",
    "autobus": "autobus",
}


@dataclass(frozen=True)
class Noun:
    """A thing or an animal: its name in English, French and Portuguese, and the genders (m or f) of the last two."""

    english: str
    french: str
    french_gender: str
    portuguese: str
    portuguese_gender: str


@dataclass(frozen=True)
class Quality:
    """An adjective; French and Portuguese by gender (m, f). `state` takes estar in Portuguese."""

    english: str
    french: tuple[str, str]
    portuguese: tuple[str, str]
    state: bool = False


def _nouns() -> tuple[Noun, ...]:
    listed = """trophy trophée m troféu m|suitcase valise f mala f|backpack sac_à_dos m mochila f|blackboard tableau_noir m quadro-negro m|notebook cahier m caderno m|pencil crayon m lápis m
    |pen stylo m caneta f|eraser gomme f borracha f|ruler règle f régua f|chalk craie f giz m|desk bureau m escrivaninha f|classroom salle_de_classe f sala_de_aula f|school école f escola f
    |library bibliothèque f biblioteca f|dictionary dictionnaire m dicionário m|book livre m livro m|page page f página f|word mot m palavra f|sentence phrase f frase f|letter lettre f carta f
    |question question f pergunta f|answer réponse f resposta f|lesson leçon f lição f|exercise exercice m exercício m|map carte f mapa m|computer ordinateur m computador m|keyboard clavier m teclado m
    |screen écran m tela f|robot robot m robô m|machine machine f máquina f|phone téléphone m telefone m|camera appareil_photo m câmera f|picture image f imagem f|story histoire f história f
    |song chanson f canção f|game jeu m jogo m|toy jouet m brinquedo m|doll poupée f boneca f|ball ballon m bola f|kite cerf-volant m pipa f|puzzle puzzle m quebra-cabeça m|bicycle vélo m bicicleta f
    |car voiture f carro m|bus autobus m ônibus m|train train m trem m|plane avion m avião m|boat bateau m barco m|truck camion m caminhão m|street rue f rua f|bridge pont m ponte f
    |house maison f casa f|door porte f porta f|window fenêtre f janela f|roof toit m telhado m|wall mur m parede f|garden jardin m jardim m|kitchen cuisine f cozinha f|bedroom chambre f quarto m
    |bathroom salle_de_bains f banheiro m|table table f mesa f|chair chaise f cadeira f|bed lit m cama f|sofa canapé m sofá m|lamp lampe f lâmpada f|mirror miroir m espelho m|drawer tiroir m gaveta f
    |box boîte f caixa f|basket panier m cesta f|bag sac m bolsa f|key clé f chave f|clock horloge f relógio m|umbrella parapluie m guarda-chuva m|bottle bouteille f garrafa f|glass verre m copo m
    |cup tasse f xícara f|jug cruche f jarra f|bowl bol m tigela f|plate assiette f prato m|knife couteau m faca f|spoon cuillère f colher f|fork fourchette f garfo m|bucket seau m balde m
    |strawberry fraise f morango m|apple pomme f maçã f|banana banane f banana f|orange orange f laranja f|pear poire f pera f|grape raisin m uva f|lemon citron m limão m|pineapple ananas m abacaxi m
    |carrot carotte f cenoura f|potato pomme_de_terre f batata f|tomato tomate f tomate m|onion oignon m cebola f|egg œuf m ovo m|cake gâteau m bolo m|sandwich sandwich m sanduíche m
    |flower fleur f flor f|tree arbre m árvore f|leaf feuille f folha f|forest forêt f floresta f|mountain montagne f montanha f|river rivière f rio m|beach plage f praia f|island île f ilha f
    |lake lac m lago m|star étoile f estrela f|planet planète f planeta m|cloud nuage m nuvem f|stone pierre f pedra f|animal animal m animal m|cat chat m gato m|dog chien m cachorro m
    |bird oiseau m pássaro m|horse cheval m cavalo m|cow vache f vaca f|pig cochon m porco m|sheep mouton m ovelha f|rabbit lapin m coelho m|mouse souris f rato m|wolf loup m lobo m|lion lion m leão m
    |tiger tigre m tigre m|elephant éléphant m elefante m|giraffe girafe f girafa f|monkey singe m macaco m|turtle tortue f tartaruga f|frog grenouille f sapo m|snake serpent m cobra f
    |butterfly papillon m borboleta f|bee abeille f abelha f|spider araignée f aranha f|dinosaur dinosaure m dinossauro m|dragon dragon m dragão m|shoe chaussure f sapato m|shirt chemise f camisa f
    |dress robe f vestido m|hat chapeau m chapéu m|coat manteau m casaco m|sock chaussette f meia f|skirt jupe f saia f|gift cadeau m presente m|newspaper journal m jornal m|ticket billet m bilhete m
    |hospital hôpital m hospital m|church église f igreja f|shop magasin m loja f|restaurant restaurant m restaurante m|museum musée m museu m|park parc m parque m|farm ferme f fazenda f
    |castle château m castelo m|guitar guitare f guitarra f|piano piano m piano m|violin violon m violino m|drum tambour m tambor m|bridge pont m ponte f|ladder échelle f escada f|hammer marteau m martelo m"""
    rows = [entry.split() for entry in listed.split("|")]
    return tuple(dict.fromkeys(Noun(*(part.replace("_", " ") for part in row)) for row in rows))


NOUNS = _nouns()
FEW = dict(
    zip(
        "two three four five six seven eight nine ten".split(),
        zip(
            "deux trois quatre cinq six sept huit neuf dix".split(),
            "dois três quatro cinco seis sete oito nove dez".split(),
            strict=True,
        ),
        strict=True,
    )
)
QUALITIES = tuple(
    Quality(english, (fr_m, fr_f), (pt_m, pt_f), state == "s")
    for english, fr_m, fr_f, pt_m, pt_f, state in (
        row.split()
        for row in """big grand grande grande grande q|small petit petite pequeno pequena q|new nouveau nouvelle novo nova q|old vieux vieille velho velha q
    |white blanc blanche branco branca q|black noir noire preto preta q|red rouge rouge vermelho vermelha q|green vert verte verde verde q|yellow jaune jaune amarelo amarela q|blue bleu bleue azul azul q
    |heavy lourd lourde pesado pesada q|light léger légère leve leve q|beautiful beau belle bonito bonita q|dirty sale sale sujo suja s|clean propre propre limpo limpa s|broken cassé cassée quebrado quebrada s
    |wet mouillé mouillée molhado molhada s|lost perdu perdue perdido perdida s|hidden caché cachée escondido escondida s|expensive cher chère caro cara q|strange étrange étrange estranho estranha q""".split(
            "|"
        )
    )
)
BEFORE = {"big", "small", "new", "old", "beautiful"}  # French says these before the noun
PRESENT = {"nouveau": "nouvel", "vieux": "vieil", "beau": "bel"}  # before a vowel
SUBJECTS = (
    ("artificial intelligence", "l'intelligence artificielle", "f", "a inteligência artificial", "f"),
    ("history", "l'histoire", "f", "a história", "f"),
    ("geography", "la géographie", "f", "a geografia", "f"),
    ("physics", "la physique", "f", "a física", "f"),
    ("chemistry", "la chimie", "f", "a química", "f"),
    ("biology", "la biologie", "f", "a biologia", "f"),
    ("music", "la musique", "f", "a música", "f"),
    ("translation", "la traduction", "f", "a tradução", "f"),
    ("grammar", "la grammaire", "f", "a gramática", "f"),
    ("attention", "l'attention", "f", "a atenção", "f"),
    ("science", "la science", "f", "a ciência", "f"),
)
