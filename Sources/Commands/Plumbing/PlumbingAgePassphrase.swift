// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Sodium
import Synchronization

/// A passphrase that is asked for only when a file turns out to need one.
final class PlumbingAgePassphrase: AgeIdentity {
    private let ask: @Sendable () throws -> SecretBytes
    private let problem = Mutex<Failure?>(nil)

    init(_ ask: @escaping @Sendable () throws -> SecretBytes) {
        self.ask = ask
    }

    /// Why no file key came out: there was no passphrase, or it is the wrong one.
    ///
    /// `nil` when the
    /// file has nothing to do with passphrases.
    var failure: Failure? { problem.withLock { $0 } }

    func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey? {
        guard stanzas.contains(where: { $0.type == ScryptIdentity.stanzaType }) else { return nil }
        let identity: ScryptIdentity
        do {
            identity = ScryptIdentity(passphrase: try ask())
        } catch {
            let other = AgeError.noIdentityMatched.failure
            problem.withLock { $0 = error as? Failure ?? other }
            return nil
        }
        if let fileKey = try identity.unwrap(stanzas) { return fileKey }
        problem.withLock {
            $0 = Failure(
                .wrongPassphrase,
                Text(en: "the passphrase is wrong", es: "la contraseña es incorrecta"),
                word: AgeError.Class.noMatch.rawValue
            )
        }
        return nil
    }
}
