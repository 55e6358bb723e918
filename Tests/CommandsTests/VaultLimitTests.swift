// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Commands
import Testing
import Vault

/// What people are told where a limit of the vault is reached: one line, in their language.
@Suite struct VaultLimitTests {
    @Test(arguments: [
        (
            VaultError.tooManyFiles(limit: 1_000_000), FailureClass.failed,
            "these are more than 1000000 files and directories, too many for one item",
            "son más de 1000000 archivos y directorios, demasiados para un solo objeto"
        ),
        (
            .evidenceTooLong(limit: 256 << 20), .failed,
            "the names of these files fill more than 256 MiB, too many for one item",
            "los nombres de estos archivos ocupan más de 256 MiB, demasiado para un solo objeto"
        ),
        (
            .tooManyEntries(limit: 1_000_000), .notAllowed,
            "this vault's log is full: it has 1000000 entries or more",
            "el registro de esta bóveda está lleno: tiene 1000000 entradas o más"
        ),
    ])
    func areToldInOneLine(_ error: VaultError, _ kind: FailureClass, _ en: String, _ es: String) {
        let failure = error.failure
        #expect(failure.kind == kind)
        #expect(failure.message.en == en)
        #expect(failure.message.es == es)
        #expect(failure.hint != nil)
    }
}
