// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a command failed, as a script sees it: each class has an exit code of its own.
package enum FailureClass: Int32, CaseIterable, Sendable {
    /// Anything that has no class of its own.
    case failed = 1
    /// The command line makes no sense.
    case usage = 2
    /// A receipt, bag, proof or snapshot does not verify.
    case doesNotVerify = 3
    /// The case, switch or registry is in a state that does not allow this.
    case notAllowed = 4
    /// The server cannot be reached.
    case cannotReachServer = 5
    /// The store on this machine is damaged.
    case storeDamaged = 6
    /// The passphrase is wrong.
    case wrongPassphrase = 7

    /// What the manual says of this class.
    package var meaning: Text {
        switch self {
        case .failed: Text(en: "the command failed", es: "la orden falló")
        case .usage: Text(en: "wrong usage", es: "uso incorrecto")
        case .doesNotVerify:
            Text(
                en: "a receipt, bag, proof or snapshot does not verify",
                es: "un recibo, paquete, prueba o instantánea no se verifica"
            )
        case .notAllowed:
            Text(en: "not allowed in this state", es: "no permitido en este estado")
        case .cannotReachServer:
            Text(en: "the server cannot be reached", es: "no se puede alcanzar el servidor")
        case .storeDamaged:
            Text(en: "the local store is damaged", es: "el almacén local está dañado")
        case .wrongPassphrase:
            Text(en: "wrong passphrase", es: "contraseña incorrecta")
        }
    }
}

/// A failure as the person reads it: one line of what went wrong, one of what to do about it.
///
/// Never carries a secret, nor the content of evidence.
package struct Failure: Error, Sendable, Equatable {
    /// Decides the exit code.
    package let kind: FailureClass
    /// What went wrong.
    package let message: Text
    /// What the person can do.
    package let hint: Text?
    /// The failure's class in the words of a specification (`header`, `no-match`, …), which
    /// plumbing commands print as the last word of the line for programs that test against it.
    package let word: String?

    package init(_ kind: FailureClass, _ message: Text, hint: Text? = nil, word: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.word = word
    }
}

/// An error of a lower layer that knows how to be told to a person.
///
/// Each command group conforms the errors of the layers it drives, in its `…Failures.swift`:
/// `extension VaultError: DescribedFailure { var failure: Failure { … } }`. Throwing the error is
/// then enough.
package protocol DescribedFailure: Error {
    /// The same, for a person.
    var failure: Failure { get }
}
