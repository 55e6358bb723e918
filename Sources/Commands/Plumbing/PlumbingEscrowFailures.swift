// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Escrow

extension EscrowError: DescribedFailure {
    package var failure: Failure {
        Failure(kind, message, word: failureClass)
    }

    private var kind: FailureClass {
        switch self {
        case .notATrustee, .tooFewShares: .notAllowed
        default: .doesNotVerify
        }
    }

    private var message: Text {
        switch self {
        case .malformed(let place), .wrongLength(let place, _, _): malformedMessage(place)
        case .unknownMember:
            Text(
                en: "the object has a member that is not known here",
                es: "el objeto tiene un campo que aquí no se conoce"
            )
        case .wrongType:
            Text(
                en: "this is another kind of object, or of another version",
                es: "es otra clase de objeto, o de otra versión"
            )
        case .invalidElement(let place), .identityElement(let place),
            .nonCanonicalScalar(let place):
            Text(
                en: "\(place.described) holds a number that may not stand there",
                es: "\(place.described) contiene un número que no puede estar ahí"
            )
        case .zeroSecret:
            Text(en: "the secret key is zero", es: "la clave secreta es cero")
        case .originOutOfRange, .originsNotSorted, .trusteeCountOutOfRange,
            .thresholdOutOfRange, .duplicateTrusteeKey, .possessionNotProven:
            contextMessage
        case .otherContext, .wrongDegree, .wrongShareCount, .wrongResponseCount,
            .dealingNotProven:
            dealingMessage
        default: shareMessage
        }
    }

    private func malformedMessage(_ place: EscrowPlace) -> Text {
        switch place.field {
        case .secret:
            Text(
                en: "this is no secret key of a trustee, or it was copied wrongly",
                es: "no es la clave secreta de un fiduciario, o se copió mal"
            )
        case .object:
            Text(
                en: "this is no JSON object of the escrow",
                es: "no es un objeto JSON del reparto"
            )
        default:
            Text(
                en: "\(place.described) is missing or malformed",
                es: "\(place.described) falta o está mal formado"
            )
        }
    }

    private var contextMessage: Text {
        switch self {
        case .trusteeCountOutOfRange(let count):
            Text(
                en: "there are \(count) trustees; 2 to 255 are possible",
                es: "hay \(count) fiduciarios; pueden ser de 2 a 255"
            )
        case .thresholdOutOfRange(let threshold):
            Text(
                en: "\(threshold) is no threshold: it is 2 at least, and not above the trustees",
                es: "\(threshold) no sirve de umbral: es 2 como mínimo y no pasa de los fiduciarios"
            )
        case .duplicateTrusteeKey(let first, let second):
            Text(
                en: "trustees \(first) and \(second) have the same key",
                es: "los fiduciarios \(first) y \(second) tienen la misma clave"
            )
        case .possessionNotProven(let index):
            Text(
                en: "trustee \(index) did not prove to hold the key for this scope",
                es: "el fiduciario \(index) no probó que posee la clave para este ámbito"
            )
        default:
            Text(
                en: "the logs are missing, too long, or not in ascending order",
                es: "los registros faltan, son muy largos o no van en orden ascendente"
            )
        }
    }

    private var dealingMessage: Text {
        switch self {
        case .otherContext:
            Text(
                en: "the dealing belongs to another switch, epoch or set of trustees",
                es: "el reparto es de otro interruptor, otra época u otros fiduciarios"
            )
        case .wrongDegree(let expected, let actual):
            Text(
                en: "the dealing needs \(actual) trustees, not \(expected)",
                es: "el reparto necesita \(actual) fiduciarios, no \(expected)"
            )
        case .dealingNotProven:
            Text(
                en: "the shares are not proven to be of the committed secret",
                es: "no está probado que las partes sean del secreto comprometido"
            )
        default:
            Text(
                en: "the dealing has not one share for each trustee",
                es: "el reparto no tiene una parte por cada fiduciario"
            )
        }
    }

    private var shareMessage: Text {
        switch self {
        case .indexOutOfRange(let index):
            Text(en: "there is no trustee \(index)", es: "no hay un fiduciario \(index)")
        case .notATrustee:
            Text(
                en: "this key is none of the trustees'",
                es: "esta clave no es de ningún fiduciario"
            )
        case .otherDealing:
            Text(en: "the share is of another dealing", es: "la parte es de otro reparto")
        case .shareNotProven(let index):
            Text(
                en: "this is not proven to be the share of trustee \(index)",
                es: "no está probado que sea la parte del fiduciario \(index)"
            )
        case .duplicateIndex(let index):
            Text(
                en: "the share of trustee \(index) was given twice",
                es: "la parte del fiduciario \(index) se dio dos veces"
            )
        case .tooFewShares(let needed, let actual):
            Text(
                en: "there are \(actual) of \(needed) necessary shares",
                es: "hay \(actual) de \(needed) partes necesarias"
            )
        default: Text(en: "the escrow does not verify", es: "el reparto no se verifica")
        }
    }
}

extension EscrowPlace {
    /// The field's name in JSON, with the place in a list.
    fileprivate var described: String {
        guard let element else { return "“\(field.rawValue)”" }
        return "“\(field.rawValue)” \(element + 1)"
    }
}
