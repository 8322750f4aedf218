"""Forms of common verbs that no ending tells: "took" is take, "quitaron" is quitar, "duermo" is dormir.

For looking up what phrases mean, not for the index: there each word keeps its own stem.
"""

from __future__ import annotations

from functools import lru_cache

from services_dir.search.stemming import stem

# The verb first, then its other forms; and what says no.
_ENGLISH = (
    "beat beaten; bring brought; buy bought; break broke broken; catch caught; choose chose chosen; "
    "come came; cut cutting; do does did done doing; drink drank drunk; drive drove driven; drug "
    "drugged; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; force "
    "forced; get got gotten getting; give gave given; go goes went gone going; have has had having; "
    "hide hid hidden; hit hitting; hold held; hurt hurting; keep kept; know knew known; leave left "
    "leaving; lend lent; let letting; lie lied lying; lock locked; lose lost; make made making; meet "
    "met; owe owed owes owing; pay paid payed pays paying; no not nobody nothing never cant cannot wont "
    "doesnt dont didnt isnt arent havent hasnt unable refuse refuses refused without sin nunca tampoco "
    "nadie; put putting; rape raped raping; ride rode; run ran running; say said; see saw seen; sell "
    "sold; send sent; sleep slept; speak spoke spoken; spend spent; steal stole stolen; take took taken "
    "taking; teach taught; tell told; think thought; throw threw thrown; wake woke; wear wore; withhold "
    "withheld; write wrote written"
)
# The verb, then the stems on which its endings stand.
_SPANISH = (
    "abusar abus; acosar acos; amenazar amenaz amenac; arrestar arrest; ayudar ayud; buscar busc busqu; "
    "comprar compr; correr corr; controlar control; dejar dej; deber deb; detener deten detien detuv; "
    "deportar deport; descansar descans; dormir dorm duerm durm; drogar drog drogu; echar ech; encerrar "
    "encerr encierr; engañar engan; escapar escap; esconder escond; estudiar estudi; explotar explot; "
    "forzar forz fuerz forc fuerc; golpear golpe; hablar habl; huir huy hu; llevar llev; maltratar "
    "maltrat; matar mat; morir mor muer mur; mandar mand; obligar oblig obligu; pagar pag pagu; pegar "
    "peg pegu; prometer promet; prostituir prostitu prostituy; quitar quit; retener reten retien retuv; "
    "robar rob; salir sal salg; secuestrar secuestr; tocar toc toqu; trabajar trabaj; traer tra traj; "
    "trasladar traslad; vender vend; vivir viv; violar viol; volver volv vuelv; comer com; regresar "
    "regres; traducir traduc traduzc tradu; llorar llor; cuidar cuid; cobrar cobr; firmar firm; gritar grit; "
    "insultar insult; humillar humill; lastimar lastim; limpiar limpi; quemar quem; aguantar aguant; "
    "mendigar mendig; prestar prest; desalojar desaloj; despedir desped despid; cruzar cruz; aprender "
    "aprend; perder perd pierd; sufrir sufr; desaparecer desaparec desaparezc; denunciar denunci; descontar "
    "descont descuent; espiar espi; seguir segu sigu; estafar estaf; cerrar cerr cierr"
)
_AR = "ar o as a amos an e aste aron aba aban ando ado ada ados adas en aran aria".split()
_ER = "er ir o es e emos imos en i iste io ieron ia ian iendo ido ida idos idas a an eran irian".split()
_AFTER = ("me", "te", "se", "lo", "la", "le", "nos", "los", "las", "les")


def _forms() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _SPANISH.replace("ñ", "n").split(";"):
        verb, *stems = line.split()
        for ending in _AR if verb.endswith("ar") else _ER:
            found |= {one + ending: verb for one in stems if len(one + ending) > 3}
        found |= {verb + after: verb for after in _AFTER}
    for line in _ENGLISH.split(";"):  # last: "come" is English
        verb, *forms = line.split()
        found |= dict.fromkeys((verb, *forms), verb)
    return found


_VERBS = _forms()


@lru_cache(maxsize=1 << 14)
def root(word: str) -> str:
    """Give what all forms of a word share, irregular verbs too."""
    return stem(_VERBS.get(word, word))
