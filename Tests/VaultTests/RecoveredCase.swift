// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Sodium
import Storage
import Vault

/// What an heir does with the recovery key and no program of ours: open the case's record, and take
/// it for an age identity file.
enum RecoveredCase {
    static func identity(of item: Case, in temporary: TemporaryHome) throws -> any AgeIdentity {
        let recovery = try IdentityFile.identity(
            SecretBytes(copying: Array(temporary.recoveryKey.utf8))
        )
        let path = temporary.home.layout.cases
            .appending(item.pseudonymText + ".1").appending("recovery.age")
        let record = try AgeDecryptor(identities: [recovery]).open(temporary.contents(path))
        let identities = try IdentityFile.identities(in: SecretBytes(copying: record))
        guard let identity = identities.first else { throw VaultError.noReadKey(item.name) }
        return identity
    }
}
