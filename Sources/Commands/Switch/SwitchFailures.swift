// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Switch

extension SwitchError: DescribedFailure {
    package var failure: Failure {
        armingFailure ?? readingFailure ?? actingFailure ?? recoveryFailure
            ?? Failure(.failed, Text(en: "the switch failed", es: "el interruptor falló"))
    }

    private var armingFailure: Failure? {
        switch self {
        case .termsOutOfRange(let n, let k):
            Failure(
                .notAllowed,
                Text(
                    en: "\(k) of \(n) trustees is not allowed: nothing is protected",
                    es: "\(k) de \(n) custodios no se permite: no se protege nada"
                ),
                hint: Text(
                    en: "five trustees or more, at least three together, and one to spare",
                    es: "cinco custodios o más, al menos tres juntos, y uno de reserva"
                )
            )
        case .acceptanceInvalid(let index):
            Failure(
                .doesNotVerify,
                Text(
                    en: "trustee file \(index + 1) does not answer this invitation",
                    es: "el archivo de custodio \(index + 1) no responde a esta invitación"
                )
            )
        case .possessionNotProven(let index):
            Failure(
                .doesNotVerify,
                Text(
                    en: "trustee file \(index + 1) does not prove that its key is the trustee's",
                    es: "el archivo de custodio \(index + 1) no prueba que la llave sea suya"
                )
            )
        case .duplicateTrustee(let first, let second):
            Failure(
                .notAllowed,
                Text(
                    en: "trustee files \(first + 1) and \(second + 1) are of the same person",
                    es: "los archivos de custodio \(first + 1) y \(second + 1) son de la misma"
                        + " persona"
                )
            )
        case .jurisdictionTooStrong(let country, let count, let countMax):
            Failure(
                .notAllowed,
                Text(
                    en: "\(count) trustees in \(country.code) are too many: at most \(countMax)",
                    es: "\(count) custodios en \(country.code) son demasiados: máximo \(countMax)"
                ),
                hint: Text(
                    en: "no country may be able to force a release, or to block one: find trustees"
                        + " elsewhere",
                    es: "ningún país debe poder forzar una liberación ni bloquearla: busque"
                        + " custodios en otra parte"
                )
            )
        case .successorMissing:
            Failure(
                .notAllowed,
                Text(
                    en: "no successor was named: nothing is protected",
                    es: "no se nombró a ninguna persona sucesora: no se protege nada"
                ),
                hint: Text(
                    en: "a newsroom or colleague runs “resguardo successor init” and gives you the"
                        + " card",
                    es: "una redacción o colega ejecuta «resguardo successor init» y le da la"
                        + " tarjeta"
                )
            )
        case .successorInvalid(let index):
            Failure(
                .doesNotVerify,
                Text(
                    en: "successor card \(index + 1) does not verify",
                    es: "la tarjeta de sucesor \(index + 1) no se verifica"
                )
            )
        case .successorOfOtherKind(let index):
            Failure(
                .notAllowed,
                Text(
                    en: "successor card \(index + 1) has another kind of key than the case",
                    es: "la tarjeta de sucesor \(index + 1) tiene otro tipo de llave que el caso"
                ),
                hint: Text(
                    en: "a classic case needs “successor init --classic”, any other one without",
                    es: "un caso clásico necesita «successor init --classic»; los demás, sin eso"
                )
            )
        case .caseIdentityMismatch:
            Failure(
                .storeDamaged,
                Text(
                    en: "the key of the case does not fit the case",
                    es: "la llave del caso no corresponde al caso"
                )
            )
        case .rehearsalFailed:
            Failure(
                .failed,
                Text(
                    en: "the rehearsal of a recovery failed: nothing was armed",
                    es: "falló el ensayo de una recuperación: no se armó nada"
                )
            )
        default: nil
        }
    }

    private var readingFailure: Failure? {
        switch self {
        case .unknownSwitch:
            Failure(
                .notAllowed,
                Text(en: "there is no such switch here", es: "aquí no hay tal interruptor"),
                hint: Text(
                    en: "see: resguardo switch status --exchange DIR",
                    es: "vea: resguardo switch status --exchange DIRECTORIO"
                )
            )
        case .armingInvalid(let flaw):
            Failure(
                .doesNotVerify,
                Text(
                    en: "the arming of this switch does not verify (\(flaw.rawValue)):"
                        + " NOT PROTECTED",
                    es: "el armado de este interruptor no se verifica (\(flaw.rawValue)):"
                        + " SIN PROTECCIÓN"
                )
            )
        case .logContradictsItself(let leaf):
            Failure(
                .doesNotVerify,
                Text(
                    en: "the log contradicts itself at entry \(leaf)",
                    es: "la bitácora se contradice en la entrada \(leaf)"
                ),
                hint: Text(
                    en: "believe nothing in it, and keep a copy as evidence",
                    es: "no le crea nada, y conserve una copia como evidencia"
                )
            )
        case .otherLog(let origin):
            Failure(
                .doesNotVerify,
                Text(
                    en: "this switch was armed on another log (\(origin)): what this one says of it"
                        + " is not to be believed",
                    es: "este interruptor se armó en otra bitácora (\(origin)): no hay que creer lo"
                        + " que esta dice de él"
                ),
                hint: Text(
                    en: "use the exchange that the owner armed it in, and warn the owner",
                    es: "use el intercambio en que se armó, y avise a la persona dueña"
                )
            )
        case .clockRunsBackwards(let seconds, let leaf):
            Failure(
                .notAllowed,
                Text(
                    en: "this clock is \(SwitchDescription.duration(seconds).en) behind the"
                        + " witness's last time, that of entry \(leaf)",
                    es: "este reloj está \(SwitchDescription.duration(seconds).es) atrás de la"
                        + " última hora del testigo, la de la entrada \(leaf)"
                ),
                hint: Text(
                    en: "set the clock right; if it is, whoever wrote that entry has to",
                    es:
                        "ponga el reloj en hora; si lo está, debe hacerlo quien escribió la entrada"
                )
            )
        default: nil
        }
    }

    private var actingFailure: Failure? {
        switch self {
        case .notAllowed(let state):
            Failure(
                .notAllowed,
                Text(
                    en: "not now: the switch is \(SwitchDescription.word(state).en)",
                    es: "ahora no: el interruptor está \(SwitchDescription.word(state).es)"
                ),
                hint: SwitchDescription.advice(state)
            )
        case .intentsMissing(let needed, let stand, let allowedAt):
            Failure(
                .notAllowed,
                Text(
                    en: "not yet: \(stand) of \(needed) trustees have announced their release",
                    es: "todavía no: \(stand) de \(needed) custodios han anunciado su liberación"
                ),
                hint: allowedAt.map { time in
                    let text = Timestamp(seconds: time).minutes
                    return Text(en: "shares from \(text)", es: "partes desde \(text)")
                }
                    ?? Text(
                        en: "the others run “resguardo trustee release” first",
                        es: "los demás ejecutan primero «resguardo trustee release»"
                    )
            )
        case .notATrustee:
            Failure(
                .notAllowed,
                Text(
                    en: "this home holds no share of that switch",
                    es: "aquí no se custodia ninguna parte de ese interruptor"
                )
            )
        case .wordsUnknown:
            Failure(
                .doesNotVerify,
                Text(
                    en: "these words are none of this switch's",
                    es: "estas palabras no son de este interruptor"
                )
            )
        case .calledAlive:
            Failure(
                .notAllowed,
                Text(
                    en: "you have called the owner alive",
                    es: "usted dijo que la persona dueña está viva"
                ),
                hint: Text(
                    en: "if that has changed, say so first: trustee attest",
                    es: "si eso cambió, dígalo antes: trustee attest"
                )
            )
        case .notBriefed:
            Failure(
                .notAllowed,
                Text(
                    en: "the owner's briefing for you is not there, or does not open",
                    es: "el informe de la persona dueña para usted no está, o no se abre"
                ),
                hint: Text(
                    en: "the owner has to run “switch reshare”",
                    es: "la persona dueña debe ejecutar «switch reshare»"
                )
            )
        case .notTheOwner:
            Failure(
                .notAllowed,
                Text(
                    en: "this is not the owner's key of that switch",
                    es: "esta no es la llave de la persona dueña de ese interruptor"
                )
            )
        default: nil
        }
    }

    private var recoveryFailure: Failure? {
        switch self {
        case .tooFewShares(let needed, let have):
            Failure(
                .notAllowed,
                Text(
                    en: "\(have) of \(needed) shares are out: the case stays closed",
                    es: "hay \(have) de \(needed) partes: el caso sigue cerrado"
                )
            )
        case .notASuccessor:
            Failure(
                .notAllowed,
                Text(
                    en: "this identity is none of the successors'",
                    es: "esta identidad no es de ninguna persona sucesora"
                )
            )
        case .escrowMissing:
            Failure(
                .failed,
                Text(en: "the escrow file is missing", es: "falta el archivo depositado"),
                hint: Text(
                    en: "it comes back when the owner, or a trustee who has acted before, runs any"
                        + " command here; or give a copy with --escrow",
                    es: "vuelve cuando la persona dueña, o un custodio que ya actuó, ejecuta aquí"
                        + " una orden; o indique una copia con --escrow"
                )
            )
        case .escrowChanged:
            Failure(
                .doesNotVerify,
                Text(
                    en: "the escrow file is not the one that was armed",
                    es: "el archivo depositado no es el que se armó"
                )
            )
        case .outerRecipientMismatch:
            Failure(
                .doesNotVerify,
                Text(
                    en: "the shares give another key than the one that was promised",
                    es: "las partes dan otra llave que la prometida"
                )
            )
        case .caseRecipientMismatch:
            Failure(
                .doesNotVerify,
                Text(
                    en: "the escrow holds another key than the case's",
                    es: "lo depositado no es la llave del caso"
                )
            )
        default: nil
        }
    }
}

extension ExchangeError: DescribedFailure {
    package var failure: Failure {
        switch self {
        case .missing:
            Failure(
                .notAllowed,
                Text(en: "there is no exchange there", es: "ahí no hay intercambio"),
                hint: Text(
                    en: "the owner makes it with: resguardo switch arm CASE --exchange DIR",
                    es: "la persona dueña lo crea con: resguardo switch arm CASO --exchange"
                        + " DIRECTORIO"
                )
            )
        case .damaged(let name):
            Failure(
                .storeDamaged,
                Text(
                    en: "the exchange is damaged: \(name)",
                    es: "el intercambio está dañado: \(name)"
                )
            )
        }
    }
}
