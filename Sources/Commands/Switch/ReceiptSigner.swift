// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Statements

/// A successor's key that signs receipts, in a list.
final class ReceiptSigner: Sendable {
    let key: Ed25519.SecretKey

    private init(_ key: consuming Ed25519.SecretKey) { self.key = key }

    /// The keys of all identities in a file; one that has no text has none.
    static func all(in file: String, _ context: Context) throws -> [ReceiptSigner] {
        try SuccessorKeyFile.read(file, context).compactMap { identity in
            guard let text = identity.secretText() else { return nil }
            return ReceiptSigner(try SuccessorSigner.key(of: text))
        }
    }

    /// Whether an arming names it.
    func isNamed(by arming: SwitchArming) -> Bool { arming.successors.contains(key.publicKey) }
}
