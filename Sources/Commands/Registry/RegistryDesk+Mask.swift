// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Sodium

extension RegistryDesk {
    /// Name of the key that hides suspensions, in a home that is not the operator's.
    private static let maskKeyName = "mask"
    private static let maskLabel = Array("resguardo-registry/mask-key/v1".utf8)

    /// What hides suspensions of sources that are not public: always the same for one home.
    ///
    /// Spec: `docs/spec/snapshot.md`, section 9.
    func suspensionMask() throws -> SuspensionMask {
        let known = try keys.names()
        let name = known.contains(Self.operatorKeyName) ? Self.operatorKeyName : Self.maskKeyName
        if !known.contains(name) { _ = try createKey(name) }
        let seed = try withPassphrase { try keys.seed(name, passphrase: $0) }
        let key = HKDFSHA256.derive(secret: seed, salt: [], info: Self.maskLabel, count: 32)
        return SuspensionMask(key: key.reveal())
    }
}
