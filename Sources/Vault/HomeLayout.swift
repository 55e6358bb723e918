// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage

/// Where everything lies inside a home.
///
/// Spec: `docs/spec/vault.md`, section 5.
package struct HomeLayout: Sendable {
    /// The first line of `format`.
    static let format = Array("resguardo-home/1\n".utf8)

    /// The name of the record for the recovery key, in the home and beside each key of a case.
    static let recoveryName = "recovery.age"

    /// The home itself.
    package let home: BytePath
    /// Through which everything in the home is changed.
    package let files: any FileSystem

    /// The layout of a home.
    ///
    /// - Parameters:
    ///   - home: Its directory.
    ///   - files: Through which it is changed; times are rounded to the hour by default.
    package init(
        _ home: BytePath,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) {
        self.home = home
        self.files = files
    }

    /// Version of the layout.
    package var format: BytePath { home.appending("format") }
    /// The keyring.
    package var keyring: BytePath { home.appending("keyring") }
    /// The log's key for whoever has the recovery key.
    package var recovery: BytePath { home.appending(Self.recoveryName) }
    /// A directory a key of a case, with its records.
    package var cases: BytePath { home.appending("cases") }
    /// Small secrets of other parts.
    package var secrets: BytePath { home.appending("secrets") }
    /// What colleagues deposited, as it came.
    package var colleagues: BytePath { home.appending("colleagues") }
    /// Tiles and checkpoint of the vault log.
    package var log: BytePath { home.appending("log") }
    /// The public key of the vault log.
    package var logKey: BytePath { home.appending("log.vkey") }
    /// Checkpoints that are kept, with the answers of time-stamping authorities.
    package var checkpoints: BytePath { home.appending("checkpoints") }
    /// Statements by log entry.
    package var deposits: NumberedFiles {
        NumberedFiles(directory: home.appending("deposits"), files: files)
    }
    /// Sealed objects.
    package var objects: ObjectStore { ObjectStore(home: home, files: files) }
    /// The statement that is being sequenced.
    package var pending: BytePath { objects.incoming.appending("pending") }
    /// What belongs to nodes, a directory each.
    package var remotes: BytePath { home.appending("remotes") }
    /// Receipts as they were given.
    package var receipts: BytePath { home.appending("receipts") }
    /// What the receipt of an item is called: the first digits are enough to tell items apart.
    static func receiptName(_ item: String) -> String {
        String(item.prefix(receiptDigits)) + receiptSuffix
    }
    /// Whether an item's receipt can be called so.
    static func isReceiptName(_ name: String) -> Bool {
        name.utf8.count == receiptDigits + receiptSuffix.utf8.count && name.hasSuffix(receiptSuffix)
            && name.utf8.prefix(receiptDigits).allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }
    private static let receiptDigits = 16
    private static let receiptSuffix = ".receipt"
    /// Is there where objects and statements are marked as immutable once they are accepted.
    package var immutableMark: BytePath { home.appending("immutable") }
    /// Held while an entry is sequenced.
    package var lock: BytePath { home.appending("lock") }
    /// The index; a projection that may be deleted.
    package var index: BytePath { home.appending("index.sqlite") }

    /// What may lie in the home itself; whatever else does is a stranger.
    ///
    /// `registry` is another part's, and SQLite keeps three files beside the index.
    static let names: Set<String> = [
        "format", "keyring", "recovery.age", "recovery.age.sum", "cases", "secrets", "colleagues",
        "log", "log.vkey", "checkpoints", "deposits", "objects", "incoming", "receipts",
        "immutable", "lock", "index.sqlite", "index.sqlite-journal", "index.sqlite-wal",
        "index.sqlite-shm", "registry", "remotes", "seen", "switches", "node", "node-vault",
        "node-switch", "witness",
    ]

    /// The records of one key of a case.
    package func caseKey(_ pseudonym: String, _ number: Int) -> BytePath {
        cases.appending("\(pseudonym).\(number)")
    }

    /// The path of a key's records below the home.
    static func place(_ pseudonym: String, _ number: Int, _ name: String) -> String {
        "cases/\(pseudonym).\(number)/\(name)"
    }

    /// The pseudonyms of all cases, and the numbers of their keys in order.
    ///
    /// - Throws: ``FileFailure``.
    package func caseKeys() throws(FileFailure) -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        for name in try Directory.names(in: cases) {
            let parts = String(decoding: name, as: UTF8.self)
                .split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let number = Int(parts[1]),
                (1...CaseKey.numberMax).contains(number)
            else { continue }
            found[String(parts[0]), default: []].append(number)
        }
        return found.mapValues { $0.sorted() }
    }

    /// Checks that a home is here and that this version knows its layout.
    ///
    /// - Throws: ``VaultError/homeMissing(_:)``, ``VaultError/keyringTooNew``.
    package func check() throws {
        guard let bytes = try Directory.contentsIfPresent(of: format, countMax: 64) else {
            throw VaultError.homeMissing(home)
        }
        guard bytes == Self.format else { throw VaultError.keyringTooNew }
    }
}
