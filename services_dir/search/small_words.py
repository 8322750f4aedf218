"""Words that say little of a need: small words, words around it, and the people in it."""

from __future__ import annotations

# No program has to hold them: English, then Spanish.
STOP_WORDS = frozenset(
    (
        "a an and are as at be been being but by can could did do does for from had has have he her him "
        "his i if im in into is it its ive me my of on or our she so some than that thats the their them "
        "then there they theyre this to us was we were what when where which who whom whos will with "
        "would you your youre am because cause shes hes those these al como con cual cuando de del desde "
        "donde e el ella ellas ellos en era es esa ese eso esta estan estar estas este esto estos estoy "
        "fue fui ha han hay hemos la las le les lo los mas mi mis muy nos para pero por porque que quien "
        "se ser si sobre soy su sus te tengo ti tiene tienen tu tus un una unas uno unos va voy y ya yo"
    ).split()
)
# Said with many a need, and no need by themselves: looked for only where nothing else was typed.
WEAK_WORDS = frozenset(
    (
        "myself herself himself themselves yourself lost pet pets dog dogs cat against speaking spoken "
        "usa usan hable hablen son about actually another bit both each else ever few first last later "
        "less maybe most often perhaps really since such sure together until usually well whole after "
        "again ago all alone also always any anybody anymore anyone anything around ask asking asap "
        "available away back bad call came cant cannot come coming contact day days dial didnt dont "
        "doesnt even every everyone everything feel find fast free gave get gets getting give gives go "
        "goes going good got happened hasnt havent hello help helped helping here hi how isnt just keep "
        "keeps kind knew know knows let lets like live looking lot made make makes making many mine month "
        "months more much must near nearby nearest close need needed needs never new next night no not "
        "now offer offers old one only options other others out over own people person place places "
        "please problem program programs put provide provider quick resource resources right say says "
        "service services should somebody someone something soon speak speaks start still stuff support "
        "take talk tell telling thank thanks thing things think tonight today tomorrow told too took "
        "tried try trying urgent urgently use used very want wanted wants way week weeks went while "
        "without wont year years yes yet ahora alguien algo algun alguna ante aqui ayuda ayudan ayudar "
        "ayudarme ayudeme ayudenme busca buscando busco cada casi cerca conseguir contra cosa cosas "
        "cualquier cuanto debo decir despues dia dias dice dijo dijeron encontrar entre esta favor gente "
        "gracias gratis habla hablan hablar hablo hace hacen hacer hago hasta hola hoy ir lado lugar "
        "luego llamar manana mas mucha mucho nada nadie necesita necesitamos necesitar necesito ni "
        "ninguna ninguno noche nuevo nunca obtener otra otro pasa paso persona personas podemos poder "
        "podria puede pueden puedo quiere quieren quiero recibir saber sacar se servicio servicios "
        "siempre sin solo tambien tampoco tanto tarde tener tenia todo toda todos tomar urgente usar "
        "veces ver vez"
    ).split()
)
# People who are part of what happened: who they are matters less than what was done.
PEOPLE_WORDS = frozenset(
    (
        "aunt boss bosses boyfriend brother brothers client coach cousin crew dad employer employers ex "
        "family father fiance foreman friend friends girlfriend guy guys husband lady landlady man "
        "manager mom mother neighbor neighbour owner parent parents partner patient recruiter relative "
        "roommate sister spouse stepdad stepfather supervisor uncle wife contractor abuela abuelo amiga "
        "amigas amigo amigos capataz clienta cliente cunado dueno duena encargado esposa esposo exesposo "
        "exnovio familiar familiares hermana hermano hombre jefa jefe mama marido muchacho novia novio "
        "padrastro padre papa pareja patron patrona patrones prima primo reclutador senor senora suegra "
        "tia tio vecina vecino"
    ).split()
)
