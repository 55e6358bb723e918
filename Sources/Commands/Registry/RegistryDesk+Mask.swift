// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Sodium

extension RegistryDesk {
    /// Name of the secret that hides suspensions.
    private static let coversName = "covers"
    /// Name of the key that did so before, in a home that is not the operator's.
    private static let maskKeyName = "mask"
    private static let maskLabel = Array("resguardo-registry/mask-key/v1".utf8)

    /// What hides suspensions of sources that are not public: always the same for one registry.
    ///
    /// It is a secret of its own. Other covers, after the operator took another key, would tell
    /// those of before from what was real.
    ///
    /// Spec: `docs/spec/snapshot.md`, section 9.
    func suspensionMask() throws -> SuspensionMask {
        if try !keys.holds(Self.coversName) {
            let secret = try firstCovers()
            try withPassphrase { passphrase in
                try keys.keep(Self.coversName, secret, passphrase: passphrase)
            }
        }
        let secret = try withPassphrase { try keys.seed(Self.coversName, passphrase: $0) }
        return SuspensionMask(key: secret.reveal())
    }

    /// New in a new home; in one that showed covers already, what they followed from.
    private func firstCovers() throws -> SecretBytes {
        let known = try keys.names()
        let names = [Self.operatorKeyName, Self.maskKeyName]
        guard let name = names.first(where: known.contains), try keys.isComplete(name) else {
            return SecretBytes(random: Ed25519.keyCount)
        }
        let seed = try withPassphrase { try keys.seed(name, passphrase: $0) }
        return HKDFSHA256.derive(secret: seed, salt: [], info: Self.maskLabel, count: 32)
    }
}
