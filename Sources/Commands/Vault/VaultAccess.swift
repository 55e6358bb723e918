// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium
internal import Storage
internal import Vault

extension Context {
    /// The home as the vault takes it.
    var vaultPath: BytePath { BytePath(home) }

    /// What a keyring has to cost whoever guesses; next to nothing under `--demo`.
    var keyringWork: Keyring.Work { isDemo ? .demo : .standard }

    /// Opens the home with the person's passphrase.
    ///
    /// - Returns: The home.
    /// - Throws: ``VaultError``, ``Failure``, ``FileFailure``.
    func openVault() throws -> Home {
        // Whether there is a home is known before anybody types a passphrase.
        try HomeLayout(vaultPath).check()
        return try Home.open(
            at: vaultPath,
            passphrase: passphrase(confirm: false),
            least: keyringWork
        )
    }

    /// The store of the home, for what works without a passphrase.
    func openStore() throws -> VaultStore {
        try VaultStore(layout: HomeLayout(vaultPath))
    }
}

/// The words of the command line as the system passed them.
///
/// Swift repairs arguments that are not UTF-8, and a repaired name is no longer the file's.
enum RawArguments {
    /// The bytes of the argument that was repaired to `text`; its own bytes if it was not.
    static func bytes(of text: String) -> [UInt8] {
        let whole = Array(text.utf8)
        guard text.unicodeScalars.contains("\u{fffd}") else { return whole }
        for index in 0..<Int(CommandLine.argc) {
            guard let pointer = unsafe CommandLine.unsafeArgv[index] else { continue }
            var bytes: [UInt8] = []
            var offset = 0
            while case let character = unsafe pointer[offset], character != 0 {
                bytes.append(UInt8(bitPattern: character))
                offset += 1
            }
            if String(decoding: bytes, as: UTF8.self) == text { return bytes }
        }
        return whole
    }
}
