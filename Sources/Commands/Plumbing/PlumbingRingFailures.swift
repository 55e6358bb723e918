// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import RingSignature

extension RingRefusal: DescribedFailure {
    package var failure: Failure {
        Failure(self == .notAMember ? .notAllowed : .doesNotVerify, message, word: failureClass)
    }

    /// The word of `docs/spec/ring-vouch.md`, section 8.
    private var failureClass: String {
        switch self {
        case .malformed: "form"
        case .wrongLength: "length"
        case .wrongMemberCount, .unsortedRing: "ring"
        case .invalidElement: "element"
        case .invalidScalar: "scalar"
        case .wrongSlot: "slot"
        case .notAMember: "member"
        case .notValid: "proof"
        case .unsafeRing: "unsafe"
        }
    }

    private var message: Text {
        switch self {
        case .malformed:
            Text(
                en: "the file lacks a member, has one too many, or was copied wrongly",
                es: "al archivo le falta o le sobra un campo, o se copió mal"
            )
        case .wrongLength:
            Text(
                en: "a value has not the length that it must have",
                es: "un valor no tiene la longitud debida"
            )
        case .wrongMemberCount:
            Text(
                en: "a ring has 1 to 65535 members",
                es: "un anillo tiene de 1 a 65535 miembros"
            )
        case .unsortedRing:
            Text(
                en: "the keys of the ring do not ascend, or one is there twice",
                es: "las claves del anillo no van en orden, o una está dos veces"
            )
        case .invalidElement:
            Text(
                en: "a key or tag holds a number that may not stand there",
                es: "una clave o marca contiene un número que no puede estar ahí"
            )
        case .invalidScalar:
            Text(
                en: "a secret or a response is zero or too large",
                es: "un secreto o una respuesta es cero o demasiado grande"
            )
        case .wrongSlot:
            Text(
                en: "vouches and suspensions take a slot, other acts none",
                es: "los avales y las suspensiones llevan cupo; los demás actos, no"
            )
        case .notAMember:
            Text(
                en: "this key is not in the ring",
                es: "esta clave no está en el anillo"
            )
        case .notValid:
            Text(
                en: "no holder of a key of this ring made this for that",
                es: "nadie con una clave de este anillo hizo esto para eso"
            )
        case .unsafeRing:
            Text(
                en: "the ring hides its members too badly",
                es: "el anillo oculta demasiado mal a sus miembros"
            )
        }
    }
}
