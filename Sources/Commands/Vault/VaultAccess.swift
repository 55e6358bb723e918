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
        return all().first { String(decoding: $0, as: UTF8.self) == text } ?? whole
    }

    /// Commands that take names of files as they are, whatever bytes they hold.
    private static let withNames = ["bag", "case", "deposit", "disclose", "get", "log", "receipt"]
    /// Their options that are text, or name files whose names have to be.
    private static let textOptions = [
        "--captured-at", "--custody", "--home", "--identity", "--log-key", "--new-passphrase-file",
        "--note", "--passphrase-file", "--place", "--recovery-key-file",
    ]

    /// Refuses words that are not UTF-8 where a repaired one would be taken for what it is not:
    /// another file, another home, another text.
    ///
    /// - Throws: `.usage`.
    static func requireText() throws {
        let words = all()
        let takesNames = words.dropFirst().first.map {
            withNames.contains(String(decoding: $0, as: UTF8.self))
        }
        for (index, word) in words.enumerated().dropFirst()
        where String(validating: word, as: UTF8.self) == nil {
            let text = String(decoding: word, as: UTF8.self)
            let before = String(decoding: words[index - 1], as: UTF8.self)
            let isText = textOptions.contains { $0 == before || text.hasPrefix($0 + "=") }
            guard takesNames == true, !isText else {
                throw Failure(
                    .usage,
                    Text(
                        en: "\(text) is not UTF-8, which is taken for names of evidence only",
                        es: "\(text) no es UTF-8, que solo se acepta en nombres de evidencia"
                    )
                )
            }
        }
    }

    private static func all() -> [[UInt8]] {
        (0..<Int(CommandLine.argc)).compactMap { index in
            guard let pointer = unsafe CommandLine.unsafeArgv[index] else { return nil }
            var bytes: [UInt8] = []
            var offset = 0
            while case let character = unsafe pointer[offset], character != 0 {
                bytes.append(UInt8(bitPattern: character))
                offset += 1
            }
            return bytes
        }
    }
}
