// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Statements

/// Words of the registry in a person's language.
enum RegistryText {
    /// A day, as `2026-11-21`.
    static func date(_ time: Int64) -> String {
        String(Timestamp(seconds: time).rfc3339.prefix(10))
    }

    /// What a state means.
    static func state(_ state: StandingState) -> Text {
        switch state {
        case .registered: Text(en: "registered", es: "registrada")
        case .controlled: Text(en: "control shown", es: "control demostrado")
        case .provisional: Text(en: "provisional", es: "provisional")
        case .pending: Text(en: "open to objection", es: "abierta a objeciones")
        case .stale:
            Text(en: "overdue, its canary was not heard", es: "atrasada, no se oyó su canario")
        case .attested: Text(en: "attested", es: "atestiguada")
        case .lapsed: Text(en: "lapsed", es: "caducada")
        case .suspended: Text(en: "suspended", es: "suspendida")
        case .revoked: Text(en: "revoked", es: "revocada")
        case .takenOver: Text(en: "in other hands", es: "en otras manos")
        case .memorialPending:
            Text(en: "said to have died", es: "su muerte está por confirmarse")
        case .memorial: Text(en: "in memoriam", es: "en memoria")
        case .withdrawn: Text(en: "withdrawn", es: "retirada")
        }
    }

    /// What a reason code means.
    static func reason(_ reason: RegistryReason) -> Text {
        switch reason {
        case .accountTakeover:
            Text(en: "somebody else has the account", es: "alguien más tiene la cuenta")
        case .administrativeError:
            Text(en: "administrative error", es: "error administrativo")
        case .coordinatedHarm: Text(en: "coordinated harm", es: "daño coordinado")
        case .deceased: Text(en: "the person died", es: "la persona murió")
        case .duress: Text(en: "duress", es: "coacción")
        case .fabricatedEvidence: Text(en: "fabricated evidence", es: "pruebas fabricadas")
        case .handleChanged: Text(en: "the account was renamed", es: "la cuenta cambió de nombre")
        case .impersonation: Text(en: "impersonation", es: "suplantación")
        case .inactivity: Text(en: "inactivity", es: "inactividad")
        case .keyCompromise: Text(en: "a key was stolen", es: "robaron una llave")
        case .routineReview: Text(en: "routine review", es: "revisión de rutina")
        case .subjectRequest: Text(en: "own request", es: "solicitud propia")
        case .superseded: Text(en: "superseded", es: "sustituida")
        case .undisclosedAffiliation:
            Text(en: "undisclosed affiliation", es: "afiliación no declarada")
        case .verifierFraud: Text(en: "fraud by a verifier", es: "fraude de un verificador")
        }
    }

    /// Why a statement has no effect.
    static func refusal(_ refusal: Refusal) -> Text {
        switch refusal {
        case .unreadable:
            Text(en: "this is no statement of a registry", es: "esto no es una declaración")
        case .otherRegistry:
            Text(
                en: "the statement is of another registry",
                es: "la declaración es de otro registro"
            )
        case .repeated:
            Text(
                en: "the registry has that statement already",
                es: "el registro ya tiene esa declaración"
            )
        case .noCharter:
            Text(en: "the registry has no charter yet", es: "el registro aún no tiene carta")
        case .wrongCharterNumber:
            Text(en: "another charter is next", es: "la carta que sigue es otra")
        case .expiredCharter:
            Text(
                en: "the charter has run out: the root keys have to sign the next one",
                es: "la carta venció: las llaves raíz deben firmar la siguiente"
            )
        case .wrongDate:
            Text(
                en: "the date does not fit the log's day: compare this machine's clock",
                es: "la fecha no va con el día del registro: revise el reloj de este equipo"
            )
        case .noQuorum:
            Text(
                en: "too few have signed, or from too few constituencies",
                es: "faltan firmas, o son de muy pocos sectores"
            )
        case .notSigned:
            Text(
                en: "the one who has to sign has not signed yet",
                es: "aún no ha firmado quien debe firmar"
            )
        case .unknownConstituency:
            Text(
                en: "the charter has no such constituency",
                es: "la carta no conoce ese sector"
            )
        case .unknownVerifier:
            Text(
                en: "no accredited verifier has signed",
                es: "no firmó ningún verificador acreditado"
            )
        case .onProbation:
            Text(
                en: "the organisation is too new to vouch in that quarter",
                es: "la organización es demasiado nueva para avalar en ese trimestre"
            )
        case .sharedControl:
            Text(
                en: "another organisation under the same control has done it",
                es: "ya lo hizo otra organización bajo el mismo control"
            )
        case .growthCap:
            Text(
                en: "no more organisations may join that constituency in this quarter",
                es: "en este trimestre ya no pueden entrar más organizaciones a ese sector"
            )
        case .removedVerifier:
            Text(en: "the verifier was removed", es: "el verificador fue retirado")
        case .unknownSubject:
            Text(en: "the registry has no such subject", es: "el registro no conoce a esa fuente")
        default: moreRefusals(refusal)
        }
    }

    private static func moreRefusals(_ refusal: Refusal) -> Text {
        switch refusal {
        case .withdrawn:
            Text(
                en: "the council withdrew that designation on the same day or later",
                es: "el consejo retiró esa designación el mismo día o después"
            )
        case .subjectExists:
            Text(en: "the subject is registered already", es: "la fuente ya está registrada")
        case .subjectClosed:
            Text(
                en: "the subject withdrew, died or was revoked",
                es: "la fuente se retiró, murió o fue revocada"
            )
        case .brokenPromise:
            Text(
                en: "the key is not the one that was promised",
                es: "la llave no es la que se prometió"
            )
        case .uncontrolledAccount:
            Text(
                en: "control of the account was not shown, or too long ago",
                es: "no se demostró el control de la cuenta, o hace demasiado"
            )
        case .accountTaken:
            Text(
                en: "that proof names another subject's account: make one with a new link",
                es: "esa prueba nombra la cuenta de otra fuente: haga una con un enlace nuevo"
            )
        case .tooManyAccounts:
            Text(en: "the subject has too many accounts", es: "la fuente tiene demasiadas cuentas")
        case .wrongEpoch:
            Text(
                en: "vouches for that quarter are not taken today",
                es: "hoy no se aceptan avales para ese trimestre"
            )
        case .alreadyVouched:
            Text(
                en: "this verifier vouched for the subject in this quarter already",
                es: "este verificador ya avaló a la fuente en este trimestre"
            )
        case .unknownVouch:
            Text(en: "there is no such vouch", es: "no existe ese aval")
        case .tooLong:
            Text(
                en: "the suspension is longer than its signers may decide",
                es: "la suspensión dura más de lo que pueden decidir quienes firman"
            )
        case .wrongLastTrusted:
            Text(
                en: "the moment of last trust is in the future",
                es: "el último momento de confianza está en el futuro"
            )
        case .testNotMet:
            Text(
                en: "the test of coordination and harm is not met by the evidence given",
                es: "las pruebas dadas no cumplen el examen de coordinación y daño"
            )
        case .unknownNetwork:
            Text(en: "there is no such network", es: "no existe esa red")
        case .notFactChecker:
            Text(
                en: "only accredited fact-checkers attach corrections",
                es: "solo los verificadores de datos acreditados adjuntan correcciones"
            )
        default: panelRefusals(refusal)
        }
    }

    private static func panelRefusals(_ refusal: Refusal) -> Text {
        switch refusal {
        case .noCanary:
            Text(
                en: "no canary of this source waits for this word",
                es: "ningún canario de esta fuente espera esta palabra"
            )
        case .canaryStands:
            Text(
                en: "its promise of words can be changed for 14 days after a rotation, once",
                es: "su promesa de palabras puede cambiarse 14 días tras una rotación, una vez"
            )
        case .notNominated:
            Text(
                en: "too few verifiers nominated it, or of too few constituencies",
                es: "la propusieron muy pocos verificadores, o de muy pocos sectores"
            )
        case .opposed:
            Text(
                en: "all council seats of one constituency are against it",
                es: "se oponen todos los lugares de un sector del consejo"
            )
        case .tooManyComplaints:
            Text(
                en: "three complaints of this key are undecided",
                es: "hay tres quejas de esta llave sin resolver"
            )
        case .gradeTooHigh:
            Text(
                en: "a panel cannot find something graver than what was complained of",
                es: "un panel no puede declarar algo más grave de lo que dice la queja"
            )
        case .notAboutAccount:
            Text(
                en: "only complaints about accounts lead to limits",
                es: "solo las quejas sobre cuentas llevan a límites"
            )
        case .unknownComplaint:
            Text(en: "there is no such complaint", es: "no existe esa queja")
        case .notAwaited:
            Text(
                en: "nobody waits for this holder's word on that day",
                es: "nadie espera la palabra de quien da el azar sobre ese día"
            )
        case .noPanel:
            Text(
                en: "no panel was drawn for that subject and quarter",
                es: "no se sorteó ningún panel para esa fuente y trimestre"
            )
        case .panelOver:
            Text(
                en: "the panel is over: enough concurred, or its time is up",
                es: "el panel terminó: ya coincidieron suficientes, o se acabó su plazo"
            )
        default: sealRefusals(refusal)
        }
    }

    private static func sealRefusals(_ refusal: Refusal) -> Text {
        switch refusal {
        case .ringKeyExists:
            Text(
                en: "there is a ring key for that quarter already",
                es: "ya hay una llave de anillo para ese trimestre"
            )
        case .ringFrozen:
            Text(
                en: "the ring of that quarter is closed",
                es: "el anillo de ese trimestre está cerrado"
            )
        case .unknownRing:
            Text(
                en: "there is no ring for that quarter yet",
                es: "todavía no hay anillo para ese trimestre"
            )
        case .unsafeRing:
            Text(
                en: "the ring is too small to hide you, or too many of it vouched already",
                es: "el anillo es muy pequeño para ocultarle, o ya avalaron demasiados"
            )
        case .slotUsed:
            Text(
                en: "your vouches for this quarter are used up",
                es: "ya usó todos sus avales de este trimestre"
            )
        case .sealMissing:
            Text(
                en: "the ring signature is not here",
                es: "la firma de anillo no está aquí"
            )
        default: Text(en: "not possible", es: "no es posible")
        }
    }
}

extension RegistryText {
    /// One sentence on what a statement says: what somebody who signs it agrees to.
    static func summary(_ statement: any RegistryStatement) -> Text {
        (statement as? any Summarised)?.summary ?? Text(en: "a statement", es: "una declaración")
    }

    /// The beginning of an id, enough to tell it from others by eye.
    static func short(_ bytes: [UInt8]) -> String {
        String(RegistryID(bytes).hex.prefix(12))
    }
}
