"""Words that say little of a need: small words, words around it, the people in it, and everyday words."""

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
        "per called caller calling calls texted texting missed llamada llamado llamaron llamo myself "
        "herself himself themselves yourself lost pet pets dog dogs cat against speaking spoken usa usan "
        "hable hablen son about actually another bit both each else ever few first last later less maybe "
        "most often perhaps really since such sure together until usually well whole after again ago all "
        "alone also always any anybody anymore anyone anything around ask asking asap available away "
        "back bad call came cant cannot come coming contact day days dial didnt dont doesnt even every "
        "everyone everything feel find fast free gave get gets getting give gives go goes going good got "
        "happened hasnt havent hello help helped helping here hi how isnt just keep keeps kind knew know "
        "knows let lets like live looking lot made make makes making many mine month months more much "
        "must near nearby nearest close need needed needs never new next night no not now offer offers "
        "old one only options other others out over own people person place places please problem "
        "program programs put provide provider quick resource resources right say says service services "
        "should somebody someone something soon speak speaks start still stuff support take talk tell "
        "telling thank thanks thing things think tonight today tomorrow told too took tried try trying "
        "urgent urgently use used very want wanted wants way week weeks went while without wont year "
        "years yes yet ahora alguien algo algun alguna ante aqui ayuda ayudan ayudar ayudarme ayudeme "
        "ayudenme busca buscando busco cada casi cerca conseguir contra cosa cosas cualquier cuanto debo "
        "decir despues dia dias dice dijo dijeron encontrar entre esta favor gente gracias gratis habla "
        "hablan hablar hablo hace hacen hacer hago hasta hola hoy ir lado lugar luego llamar manana mas "
        "mucha mucho nada nadie necesita necesitamos necesitar necesito ni ninguna ninguno noche nuevo "
        "nunca obtener otra otro pasa paso persona personas podemos poder podria puede pueden puedo "
        "quiere quieren quiero recibir saber sacar se servicio servicios siempre sin solo tambien "
        "tampoco tanto tarde tener tenia todo toda todos tomar urgente usar veces ver vez"
    ).split()
)
# People who are part of what happened: who they are matters less than what was done.
PEOPLE_WORDS = frozenset(
    (
        "niece nephew nephews grandma grandmother grandpa grandfather grandson granddaughter relatives "
        "colleague coworker coworkers classmate tenant sobrino sobrina nieto nieta suegro companero "
        "companera aunt boss bosses boyfriend brother brothers client coach cousin crew dad employer "
        "employers ex family father fiance foreman friend friends girlfriend guy guys husband lady "
        "landlady man manager mom mother neighbor neighbour owner parent parents partner recruiter "
        "relative roommate sister spouse stepdad stepfather supervisor uncle wife contractor abuela "
        "abuelo amiga amigas amigo amigos capataz clienta cliente cunado dueno duena encargado esposa "
        "esposo exesposo exnovio familiar familiares hermana hermano hombre jefa jefe mama marido "
        "muchacho novia novio padrastro padre papa pareja patron patrona patrones prima primo reclutador "
        "senor senora suegra tia tio vecina vecino"
    ).split()
)
# What a need is about when it stands alone, and only where or with whom when something happened: what is
# told in several words ("won't let me leave"), or names a need itself, matters more.
AROUND_WORDS = frozenset(
    (
        "clinic er hospital hospitals nurse officer patient patients police "
        "student students teacher court college university campus party dorm universidad colegio fiesta "
        "bar leave leaving left escaped escaping fled flee fleeing clinica enfermera maestra maestro "
        "oficial policia corte estudiante tribunal huir huyendo saliendo salir au campo caregiver "
        "cleaner cook dishwasher empleada farmworker housekeeper limpieza maid mesera nanny ninera "
        "waitress adult adults apartment babies baby boy boys business car casa child children cash "
        "church daughter families iglesia escuela farm factory girl girls home hotel house job jobs kid "
        "kids money motel newborn papers phone restaurant room salon school schools son sons survivor "
        "survivors teen teenager teens victim victims work worker workers working bebe bebes carro "
        "cuarto dinero documentos empleo fabrica finca hija hijas hijo hijos hombres joven jovenes menor "
        "menores mujer mujeres nina ninas nino ninos papeles plata restaurante sobreviviente telefono "
        "trabaja trabajadora trabajadores trabajando trabajar trabajo victima victimas"
    ).split()
)
# With the name of a language they tell who asks: "no hablo inglés".
SPEAKING_WORDS = frozenset("speak speaks speaking habla hablan hablar hablo".split())
# That say by themselves what happened: where and to whom then only tells programs apart.
TOLD_WORDS = frozenset(
    (
        "abducted abused assaulted attacked beaten choked drugged exploited groomed kidnapped molested "
        "pimped prostituted raped robbed stabbed stalked strangled threatened trafficked abusada abusado "
        "abusaron agredida agredieron apunalaron atacada atacaron drogaron explotada golpeada golpearon "
        "secuestrada secuestraron violada violaron"
    ).split()
)
# Who asks says them before any need: "need lawyer" is no more than "lawyer".
ASKING_WORDS = frozenset(
    (
        "find finding get getting help look looking need needed needs want wanted wants ayuda ayudar "
        "buscando buscar busco conseguir encontrar necesita necesitamos necesitar necesito obtener "
        "quiere quiero"
    ).split()
)
# That somebody was trafficked: with another need it tells who it is for, as all of this catalog is.
ABOUT_WORDS = frozenset(
    (
        "human sex labor survivor survivors trafficked trafficking victim victims humana humanas laboral "
        "sexual sobreviviente sobrevivientes trata victima victimas"
    ).split()
)
# Said of many a case, and no need by themselves: "asylum interview", "carta de la corte".
CASE_WORDS = frozenset(
    (
        "appeal application applications apply applying appointment appointments case cases check "
        "complain complaint complaints copy decision expired expire filed fill form forms interview "
        "letter letters list notice number order paperwork process question questions receipt renew "
        "renewal request result results sign signed status test caso casos carta cartas cita citas copia "
        "examen formulario formularios llego llenar notificacion numero pregunta preguntas proceso "
        "recibo renovar resultado solicitar solicitud tramite tramites vence vencio"
    ).split()
)
# Everyday words that are no slip of another one, though no text of the catalog may hold them.
EVERYDAY_WORDS = frozenset(
    (
        "able arms brazos piernas pies espalda cuello estomago accept accepted across afraid agree "
        "almost already although angry answer anymore apart appear arrive arrived bags basement "
        "beautiful became become bedroom began begin behind believe below beside better between beyond "
        "birthday bigger black blame blue body boring born borrow bought bottle brand break bring "
        "brought build bunch burn buying calling careful carry catch caught certain chance change "
        "changed cheap cheat choice choose church clear close closed clothes cold college complain "
        "complete confused contract control cook cooking corner cost couch could count couple crazy "
        "cried crime crying dark date dead deal dear deep different dinner dirty divided door doubt down "
        "dream dress drink drive driver drop dying early easy eating eight either else email empty "
        "engine enough enter evening exactly excuse expect explain extra face fact fail fake fall false "
        "far fault fear feeling fell felt fifty fight figure final fine finger finish fire fired fix "
        "floor follow following forever forget forgot forward found four fresh front full funny future "
        "game garage garden gas gift gifts glad glass grade great green ground group grow guess guest "
        "gun hair half hand hands hang hanging happen happens happy hard hate hear heard heart heavy "
        "hide high hit hold hole honest hope hospital hour huge hundred hungry hurry hurt hurting idea "
        "important inside instead internet invite joke judge jump kept kick kiss kitchen knock laid lake "
        "land large laugh learn least leave left legs lend less letting lie lied life light likely line "
        "listen lonely longer lose lying mad mail main major mall marry married matter mean means meant "
        "meet mentioned message messages middle mind minute miss mistake moment morning mouth move moved "
        "moving music named nervous nice nobody noise normal note notice noticed nowhere obvious offered "
        "office often online open opened outside page paint pair paper park party past pass passed phone "
        "photo photos pick piece plan plane plate play point pool posted power present pretend pretty "
        "private promise promised proof pull push pushed quiet quit reach read ready real realize reason "
        "refuse refused remember rest return returned rich ride road roof rough round rule rules running "
        "sad safe said same sand saved scare scared seat second secret seem seems seen sell send sent "
        "serious seven shame share shared sharp shirt shop short shout show shut sick side sitting size "
        "skin sleep slow small smell smile smoke snow sold sorry sound spend spent spoke stairs stand "
        "started state stay step stolen stood stopped store story strange street strong student stuck "
        "stupid subject suddenly suffer summer sun supposed surprise table taken taking talked talking "
        "teach team tears ten terrible text thick thin thinking third thought thousand threw tired "
        "tomorrow tonight touch town train travel treat treated trick trip trouble true trust truth turn "
        "turned twice ugly understand upset upstairs usual visit voice wait waiting wake walk walking "
        "wall wash watch water weather wear weekend weird whatever wheel whether white whose wide wind "
        "window winter wish woke wonder word words worry worse worst worth would write writing wrong "
        "yard yell young yours abajo abrir acabo aceptan aceptar acepto acuerdo adelante adentro adonde "
        "afuera agarro agua aire alegre alla alta alto amable amor anda andar ando anoche antes apenas "
        "aprender apurado arriba asi atras aunque ayer azul baja bajo banco barato bastante bien blanco "
        "boca bonito bueno buena cabeza caer caliente calle calor cama cambiar cambio caminar camino "
        "cansada cansado cara caro casada casado causa cena cerrar chica chico cielo cien ciento claro "
        "cocina colonia comer comida comprar conocer contar contento correr corto creer creo cuarenta "
        "cuatro cuerpo cuidado culpa cumplir daba dado dan dar dedo deja dejo demas dentro derecha desde "
        "detras dificil diez dormida duda dulce duro edad empezar empezo encima enfermo enojado entiendo "
        "entonces entrar error escribir escuchar espera esperar facil falta feliz feo fiesta frente frio "
        "fuera fuerte fuerza gana ganas ganar grande gritar guardar gusta haber habia hambre hecho hielo "
        "hombro hora horas hoja hubo igual importa invierno izquierda juego jugar junto juntos ladron "
        "larga largo lavar lejos lento levantar libre libro limpio listo llego llena lleno lleva llevo "
        "lloro luna luz maleta malo mala mano manos mar mayor medio mejor mentira mes mesa metro mia "
        "mientras minimo mio mira mirar mismo misma mitad momento mundo musica nacer nada negro ninguno "
        "nieve nombre nota noticia nuestra nuestro nueva nueve ocho oir ojo olvidar oro oscuro pagina "
        "pais palabra pan pared parece parte pasado pasar pelo pensar peor pequena pequeno perder perdi "
        "perdon pero perro pidio pie piel piso playa pobre poco pocos pone poner posible precio primera "
        "primero pronto propio prueba pueblo puerta puesto punto quedar quedo queja quince quizas rapido "
        "rato razon recien recuerdo regalo regalos rojo rota roto ruido sabe saben salida sali salio "
        "salir sangre seguro seis semana sentir sera sesenta siete siempre siento silla sitio sobrina "
        "sobrino sol sola solos sucio suelo sueno suerte susto tamano tanta tarde techo temprano termino "
        "tienda tierra tio tomo trae traer traje traves trece treinta tres triste triunfo trozo ultima "
        "ultimo usted ustedes vale vamos varios veinte venir venta ventana verano verdad verde vestido "
        "vez viaje vida vieja viejo viene viento viernes vino visita vista viva vivo volver voz vuelta "
        "zapato"
    ).split()
)
