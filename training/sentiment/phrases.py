"""Ready-made parts of the sentiment sentences: verbs of liking and of hating, sayings of praise and of blame, and words
that say nothing about the verdict.

Written by hand. Not here: adjectives and nouns (lexicon.py), how parts become sentences
(clauses.py, grammar.py)."""

from __future__ import annotations


def _phrases(block: str) -> tuple[str, ...]:
    """Parts between bars, over as many lines as they need."""
    return tuple(part.strip() for part in block.replace("\n", "|").split("|") if part.strip())


LIKES = _phrases("""
amo|adoro|amei|adorei|curti|curti muito|recomendo|super recomendo|aprovei|adoramos|amamos|aprovamos|gosto muito de
gostei muito de|gostei bastante de
gostei de|gostamos de|sou fã de|me apaixonei por|me encantei com|me surpreendi com|me diverti com|admiro|elogio sempre
aplaudo
""")
HATES = _phrases("""
odeio|odiei|detesto|detestei|odiamos|detestamos|reprovei|me arrependi de|me decepcionei com|me irritei com
me cansei de|perdi a paciência com
não recomendo|não indico|não suporto|não aguento|desaprovo|me aborreci com|enjoei de|desisti de|passei raiva com
""")
# with "não" before them
NOT_LIKES = _phrases("""
gostei de|gosto de|gostamos de|curti|recomendo|aprovei|adorei|me diverti com|me empolguei com|me encantei com
""")
NOT_HATES = _phrases("""
me arrependi de|me decepcionei com|desgostei de|me cansei de|enjoei de|me irritei com|me aborreci com
""")
# with nothing behind them
LIKED = _phrases("""
amei|adorei|curti muito|gostei muito|gostei bastante|gostei demais|me diverti|me diverti bastante|me diverti muito
aprovei|me emocionei|me encantei
""")
HATED = _phrases("""
odiei|detestei|me arrependi|me decepcionei|me aborreci|passei raiva|me irritei|reprovei|sofri|me cansei
""")
PEOPLE = _phrases("""
minha mãe|meu filho|minha avó|meu pai|todo mundo|a turma|minha irmã|a família|meu marido|minha filha|o público
meu amigo|a criançada|a vizinha
um colega|minha esposa|o pessoal do trabalho
""")
PEOPLE_LIKE = _phrases("""
adorou|amou|gostou muito de|aprovou|gostou de|se divertiu com|se encantou com
""")
PEOPLE_HATE = _phrases("""
odiou|detestou|não gostou de|reclamou de|reprovou|se cansou de|se decepcionou com
""")
PRAISE = _phrases("""
vale a pena|vale muito a pena|valeu a pena|valeu a pena esperar|valeu cada centavo|vale cada minuto|vale o preço
vale o ingresso|quero ver de novo
veria de novo|veria outra vez|compraria de novo|compraria outra vez|com certeza volto|volto sempre|quero voltar
voltarei com certeza|voltaremos
vou voltar mais vezes|não vejo a hora de voltar|superou minhas expectativas|superou o que eu esperava|fiquei encantado
fiquei encantada|fiquei feliz
estou feliz com a compra|estou muito feliz|estou satisfeito|estou satisfeita|fiquei muito satisfeito
me emocionei no final|chorei de emoção
chorei no final de tão lindo|ri do começo ao fim|ri muito|chorei de tanto rir|não consegui parar de ler
não consegui parar de ver|não consegui largar
é impossível largar|não queria que acabasse|li de uma vez só|prende do começo ao fim|prende a atenção|dez de dez
cinco estrelas|tirou meu fôlego
virou meu favorito|é o meu favorito|não tenho do que reclamar|nada a reclamar|nada a criticar|nenhum problema
sem nenhum problema|nenhum defeito
não tem defeito|tudo perfeito|tudo funciona|funciona muito bem|funciona perfeitamente|nunca deu problema
não deu problema|nunca travou
a bateria dura muito|dura o dia todo|chegou antes do prazo|chegou bem embalado|chegou quentinho|fui muito bem atendido
fui muito bem atendida
fui bem recebido|fomos bem recebidos|fomos muito bem recebidos|resolveram tudo|resolveram meu problema
resolveram rápido|responderam na hora
explica muito bem|explica com calma|responde a todas as perguntas|aprendi muito|aprendi bastante
aprendi mais do que esperava|escreve muito bem
canta muito bem|toca muito bem|dormi muito bem|dormi como um anjo|mora no meu coração|parabéns a todos|parabéns
parabéns pelo trabalho
estão de parabéns|nota dez para tudo|sonhei com isso a semana toda|quero mais|já quero outro|quero ler tudo dela
indico de olhos fechados
pode comprar sem medo|podem ir sem medo|melhora a cada dia|melhora a cada vez|fica cada vez melhor|saí sorrindo
saímos felizes|que bom que fui
ainda bem que comprei|cumpriu o que prometeu|entrega o que promete|preço justo|o preço é justo|bom e barato
me fez feliz|me ganhou|me conquistou
salvou o meu dia|é do jeito que eu gosto|do jeito que eu gosto|deixou saudade|vou guardar para sempre
a gente nunca esquece|ficou na memória
não me arrependo|não me arrependi|não me decepcionou|não decepciona|nunca decepciona|não cansa|diverte muito
diverte todo mundo|faz rir|faz bem
todo mundo cantou junto|tudo de bom|não dá para perder|não percam|corram para ver
""")
BLAME = _phrases("""
não vale a pena|não valeu a pena|não valeu a pena esperar|não vale o preço|não vale o ingresso|não vale o que custa
não vale nada|não presta
não presta para nada|não serve para nada|não funciona|nada funciona|parou de funcionar|quebrou na primeira semana
quebrou no segundo dia
trava o tempo todo|vive travando|a bateria dura pouco|a bateria não dura|não dura nada|dura pouco|perda de tempo
perdi meu tempo|perdi duas horas
perdi dinheiro|dinheiro jogado fora|joguei dinheiro fora|quero meu dinheiro de volta|pedi meu dinheiro de volta
nunca mais|nunca mais volto
não volto mais|não volto nunca mais|não volto|não voltarei|não compro mais|nunca mais compro|não compraria de novo
não veria de novo
não quero ver de novo|não quero mais|nem de graça|nem de graça eu volto|não recomendo para ninguém|não recomendo
não indico para ninguém|fujam
passem longe|passe longe|fiquei decepcionado|fiquei decepcionada|fiquei triste|fiquei irritado|fiquei com raiva
estou arrependido|estou arrependida
estou insatisfeito|estou insatisfeita|me arrependi|que arrependimento|que raiva|que pena|deixou a desejar
deixa muito a desejar
ficou abaixo do esperado|ficou abaixo do que eu esperava|muito abaixo das expectativas|esperava mais
esperava muito mais|quase dormi|dormi no meio
dormi na metade|dá sono|me deu sono|não via a hora de acabar|não acaba nunca|saí antes do fim|saí no meio|saí da sala
não consegui terminar
não consegui passar da metade|não consegui dormir|abandonei na metade|larguei na metade|desisti no começo
não aprendi nada|não aprendi quase nada
não entendi nada|não explica nada|explica muito mal|escreve muito mal|canta muito mal|toca mal|não faz sentido
não faz o menor sentido
não prende a atenção|não prende|não diverte|não diverte ninguém|não convence|não emociona|não tem graça
não tem graça nenhuma|não tem sabor
não tem gosto de nada|parece água|passei mal|passei mal depois|chegou frio|chegou fria|chegou quebrado|chegou rasgado
chegou atrasado
chegou depois do prazo|veio errado|veio faltando|demorou demais|demorou muito|demorou horas|demora demais
fui mal atendido|fui muito mal atendido
fui mal atendida|fomos mal recebidos|ninguém atende|ninguém avisou|ninguém resolveu|ninguém me respondeu
não responderam|não respondem
não resolveram nada|não resolveram meu problema|não cumpriu o que prometeu|prometem e não cumprem|tive problemas
só tive problemas|só dá problema
só tive dor de cabeça|tenho muito do que reclamar|reclamei e nada|um preço absurdo|o preço é absurdo|caro e ruim
caro demais|muito caro
barato que sai caro|nota zero|zero estrelas|uma estrela|estragou tudo|estragou minha noite|estragou o meu dia
piora a cada dia|piora a cada vez
fica cada vez pior|nada se salva|nada se aproveita|não se salva nada|não salva nem a música|não tem nada de bom
esqueci no dia seguinte
esquece-se logo|não me convenceu|não me agradou|não agrada|me decepcionou|decepciona|cansa|irrita|dá vergonha|dá pena
dá raiva|tudo errado|tudo ruim
deu tudo errado|não esperem nada|não percam tempo|não caiam nessa|fui enganado|fui enganada|enganam o cliente
tudo mentira
""")
WHEN = _phrases("""
ontem|na semana passada|no sábado|no mês passado|hoje cedo|no domingo|nas férias|no meu aniversário|depois do trabalho
à noite|no ano passado|de manhã
""")
# {who} and {when} are filled in
BEFORE = _phrases("""
fui {when} com {who}:|fui {when} e|comprei {when} e|comprei {when} pela internet:|assisti {when} com {who} e
li {when} e|{who} me indicou e
{who} me deu de presente:|primeira vez que experimento:|já tinha ouvido falar e|pedimos {when} e|chegou {when} e
é a segunda vez que vou e|olha,
gente,|bom,|estive lá {when}:|vi no cinema:|vimos {when} em casa:|sou cliente há anos e|depois de tantos comentários,
em resumo,|no geral,
para quem pergunta,|{when},|como moro perto, fui conhecer:|vi com {who}:|na verdade,|eu e ela achamos o mesmo:
minha nota?|no fim das contas,
levei {who} e|uso todos os dias e|passei a tarde toda lá e|depois de uma hora,
""")
AFTER = _phrases("""
, como sempre|desde o primeiro dia|do começo ao fim|ontem à noite|na minha opinião|, sinceramente|hoje|dessa vez
, na boa|até agora|, para mim
""")
