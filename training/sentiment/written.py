"""Sentences written by hand, not by the templates: a few to choose settings by, the others held out for one final
count.

They were written before the lexicon and the templates (lexicon.py, grammar.py), as people write
about what they watched, read, ate or bought. ``+`` or ``-`` before a sentence is what its writer meant. No training
sentence may be one of them (a test compares the words). They are not a sample of real reviews: one person wrote them
and the templates, which the card says."""

from __future__ import annotations

import re
from dataclasses import dataclass

NEGATION = re.compile(r"\b(não|nem|nunca|nada|ninguém|nenhum|nenhuma|sem|jamais)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Review:
    """A sentence and whether its writer was pleased."""

    text: str
    positive: bool

    @property
    def negated(self) -> bool:
        """Whether a word of negation stands in it, whatever it does there."""
        return NEGATION.search(self.text) is not None


def _read(block: str) -> tuple[Review, ...]:
    lines = (line.strip() for line in block.strip().splitlines())
    return tuple(Review(line[1:].strip(), line[0] == "+") for line in lines if line)


HELD_OUT: tuple[Review, ...] = _read("""
+ Eu amo este filme!
- Eu odeio este filme!
+ Assisti com meus filhos e todo mundo saiu da sala sorrindo.
- Saí do cinema antes do fim, de tão chato que estava.
+ O roteiro é inteligente e os atores estão ótimos.
- O roteiro não faz sentido e os atores parecem perdidos.
+ Uma história simples, mas contada com muita beleza.
- Uma ideia boa, mas muito mal contada.
+ Não é o meu gênero preferido, mas me diverti bastante.
- Não gostei nem um pouco.
+ Chorei no final, que coisa linda.
- Quase dormi na metade, que coisa arrastada.
+ A trilha sonora é maravilhosa.
- A trilha sonora é irritante.
+ Vale cada minuto.
- Não vale o preço do ingresso.
+ Nunca vi um documentário tão bonito.
- Nunca vi um documentário tão ruim.
+ Fazia tempo que eu não ria tanto.
- Fazia tempo que eu não via algo tão fraco.
+ Recomendo para quem gosta de suspense.
- Não recomendo para ninguém.
+ O final me surpreendeu de um jeito muito bom.
- O final estragou tudo.
+ Esse livro me acompanhou a viagem inteira e eu não queria que acabasse.
- Esse livro ficou parado na estante porque não consegui passar da página trinta.
+ Li em dois dias, é impossível largar.
- Li até o fim só por teimosia, é muito cansativo.
+ A autora escreve muito bem.
- O autor escreve muito mal.
+ Os personagens são profundos e a linguagem é delicada.
- Os personagens são rasos e a linguagem é pobre.
+ É um daqueles romances que a gente guarda para sempre.
- É um daqueles romances que a gente esquece na semana seguinte.
+ A tradução está excelente, parabéns à editora.
- A tradução está cheia de erros, uma vergonha para a editora.
+ O começo é lento, mas depois fica ótimo.
- O começo é bom, mas depois fica repetitivo.
+ Achei os poemas lindos.
- Achei os poemas sem graça.
+ Não consegui parar de ler.
- Não consegui terminar de ler.
+ A comida estava deliciosa e chegou quentinha.
- A comida estava sem sal e chegou fria.
+ O atendimento foi rápido e a garçonete, muito simpática.
- O atendimento demorou e o garçom foi grosseiro.
+ O pão de queijo deles é o melhor da cidade.
- O pão de queijo deles é o pior da cidade.
+ Que feijoada saborosa!
- Que feijoada gordurosa e salgada!
+ Com certeza vou voltar.
- Com certeza não volto mais.
+ O preço é justo e as porções são generosas.
- O preço é absurdo e as porções são minúsculas.
+ Ambiente agradável, boa música e gente educada.
- Ambiente barulhento, música alta e mesa suja.
+ A sobremesa compensou a espera.
- Nem a sobremesa salvou o jantar.
+ Tudo estava fresco e bem temperado.
- O peixe não estava fresco e eu passei mal.
+ O café é forte e cheiroso, do jeito que eu gosto.
- O café é fraco e frio, parece água suja.
+ A aula de hoje foi muito clara.
- A aula de hoje foi muito confusa.
+ O professor explica com calma e responde a todas as perguntas.
- O professor fala rápido demais e não responde às perguntas.
+ Aprendi mais em um mês do que em um ano inteiro.
- Não aprendi nada em um mês inteiro.
+ O curso superou o que eu esperava.
- O curso ficou abaixo do que eu esperava.
+ Os exercícios são bem pensados e divertidos.
- Os exercícios são mal feitos e chatos.
+ Gostei muito da oficina de fotografia.
- Não gostei da oficina de fotografia.
+ A professora é paciente e engraçada.
- A professora é impaciente e desorganizada.
+ O material é completo e fácil de usar.
- O material é incompleto e difícil de entender.
+ O quarto era limpo, silencioso e com uma vista incrível.
- O quarto era sujo, abafado e com vista para um muro.
+ Dormi como um anjo.
- Não consegui dormir por causa do barulho.
+ O café da manhã do hotel é farto e delicioso.
- O café da manhã do hotel é pobre e sem variedade.
+ Fomos muito bem recebidos desde a chegada.
- Fomos mal recebidos desde a chegada.
+ A piscina é ótima para as crianças.
- A piscina estava fechada e ninguém avisou.
+ Nenhum problema durante a estadia inteira.
- Só tivemos problemas durante a estadia inteira.
+ O celular é leve, bonito e a bateria dura o dia todo.
- O celular trava o tempo todo e a bateria dura pouco.
+ Chegou antes do prazo e bem embalado.
- Chegou depois do prazo e com a caixa rasgada.
+ Funciona perfeitamente até hoje.
- Parou de funcionar na primeira semana.
+ Produto de ótima qualidade, compraria de novo.
- Produto de péssima qualidade, quero meu dinheiro de volta.
+ Muito melhor do que parecia na foto.
- Muito pior do que parecia na foto.
+ Não tenho do que reclamar.
- Tenho muito do que reclamar.
+ Resolveram meu problema em cinco minutos.
- Ninguém resolveu meu problema.
+ O aplicativo é simples e útil.
- O aplicativo é lento e inútil.
+ A loja cumpriu tudo o que prometeu.
- A loja não cumpriu nada do que prometeu.
+ O show foi inesquecível.
- O show foi uma decepção.
+ A banda tocou com alegria e o público cantou junto.
- A banda tocou sem vontade e o som estava péssimo.
+ Que voz maravilhosa tem essa cantora!
- Que cantora desafinada!
+ O espetáculo não é nada cansativo.
- O espetáculo não é nada original.
+ A peça é curta, leve e muito engraçada.
- A peça é longa, pesada e sem humor.
+ Apesar da chuva, a festa foi um sucesso.
- Apesar do elenco famoso, a peça é um fracasso.
+ Adorei cada detalhe da exposição.
- Detestei a exposição do começo ao fim.
+ O museu é pequeno, mas encantador.
- O museu é bonito, mas mal cuidado.
+ A viagem foi tranquila e o ônibus era confortável.
- A viagem foi cansativa e o ônibus era desconfortável.
+ O guia era atencioso e sabia muita coisa.
- O guia era mal-humorado e não sabia nada.
+ Praia limpa, água morna, lugar perfeito.
- Praia suja, água gelada, lugar horrível.
+ O jogo é viciante, no bom sentido.
- O jogo é repetitivo e cheio de propaganda.
+ Os gráficos são lindos e a história prende do começo ao fim.
- Os gráficos são feios e a história não prende.
+ Valeu a pena esperar por essa temporada.
- Não valeu a pena esperar por essa temporada.
+ A série melhora a cada episódio.
- A série piora a cada episódio.
+ Não achei nem um pouco chato.
- Não achei nem um pouco engraçado.
+ Minha avó adorou o presente.
- Minha avó não gostou do presente.
+ Estou muito feliz com a compra.
- Estou muito arrependido da compra.
+ Bonito e bem acabado.
- Bonito, mas chato.
+ Caro, mas vale a pena.
- Barato, mas não presta.
+ Não é ruim, não.
- Não é bom, não.
+ Ninguém faz um bolo tão gostoso.
- Nem de graça eu volto nesse lugar.
+ Fiquei encantada com a delicadeza das ilustrações.
- Fiquei decepcionada com a falta de cuidado.
+ Tem defeitos, mas eu me emocionei.
- Tem qualidades, mas eu me aborreci.
+ Uma obra-prima.
- Um desastre.
+ Foi a melhor surpresa do ano.
- Foi a maior decepção do ano.
""")

DEV: tuple[Review, ...] = _read("""
+ Gostei bastante da fotografia e da música.
- Não gostei da fotografia nem da música.
+ Um filme divertido para ver com a família.
- Um filme chato que não acaba nunca.
+ O ator principal está brilhante.
- O ator principal está péssimo.
+ Eu veria outra vez.
- Perdi duas horas da minha vida.
+ A história é envolvente do início ao fim.
- A história é confusa do início ao fim.
+ Não é perfeito, mas é emocionante.
- É bem feito, mas é frio.
+ Que livro bonito!
- Que livro ruim!
+ Leitura gostosa e leve.
- Leitura pesada e cansativa.
+ Quero ler tudo o que ela escreveu.
- Não quero ler mais nada dele.
+ A massa estava perfeita e o molho, delicioso.
- A massa estava crua e o molho, azedo.
+ Fui muito bem atendido.
- Fui muito mal atendido.
+ Restaurante aconchegante, voltarei mais vezes.
- Restaurante caro e sujo, não voltarei.
+ O bolo é fofinho e saboroso.
- O bolo é seco e sem gosto.
+ O curso é ótimo, aprendi muito.
- O curso é fraco, não aprendi quase nada.
+ A professora explica muito bem.
- A professora explica muito mal.
+ Palestra interessante e bem organizada.
- Palestra vazia e mal organizada.
+ Hotel limpo e funcionários gentis.
- Hotel sujo e funcionários grosseiros.
+ A cama era confortável e o quarto, silencioso.
- A cama era dura e o quarto, barulhento.
+ Entrega rápida e produto perfeito.
- Entrega atrasada e produto quebrado.
+ A bateria dura muito.
- A bateria não dura nada.
+ Estou satisfeito com o serviço.
- Estou insatisfeito com o serviço.
+ Nada a reclamar.
- Nada funciona.
+ O show superou minhas expectativas.
- O show ficou muito abaixo das minhas expectativas.
+ Apesar do preço, valeu a pena.
- Apesar do preço baixo, não valeu a pena.
+ Não me arrependo nem um pouco.
- Me arrependi de ter comprado.
+ Nunca comi uma pizza tão boa.
- Nunca comi uma pizza tão sem graça.
+ O jogo não é difícil e diverte muito.
- O jogo não diverte ninguém.
+ Simplesmente incrível.
- Simplesmente horrível.
+ A viagem foi um sonho.
- A viagem foi um pesadelo.
+ Meu filho adorou.
- Meu filho detestou.
""")
