// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Storage
import TransparencyLog
import Vault

/// A directory for one test, with a home in it; both go with the test.
final class TemporaryHome {
    static let now: Int64 = 1_795_000_000

    let directory: BytePath
    let home: Home
    let recoveryKey: String

    init(duress: String? = nil) throws {
        let name = "resguardo-vault-\(UUID().uuidString)"
        directory = BytePath(FileManager.default.temporaryDirectory.path).appending(name)
        try Directory.make(directory)
        let created = try Home.create(
            at: directory.appending("home"),
            passphrase: Self.passphrase(),
            duress: duress.map { Self.passphrase($0) },
            work: .demo
        )
        home = created.home
        recoveryKey = String(decoding: created.recoveryKey.reveal(), as: UTF8.self)
    }

    deinit {
        // What a test leaves is the system's business.
        try? FileManager.default.removeItem(atPath: directory.text)
    }

    static func passphrase(_ text: String = "correct horse") -> SecretBytes {
        SecretBytes(copying: Array(text.utf8))
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> BytePath {
        try write(Array(name.utf8), bytes)
    }

    @discardableResult
    func write(_ name: [UInt8], _ bytes: [UInt8]) throws -> BytePath {
        let path = directory.appending(name)
        try Directory.make(path.parent)
        try Directory.replace(path, with: bytes)
        return path
    }

    /// Deposits files and directories.
    func deposit(
        _ paths: [BytePath],
        in item: Case,
        note: String? = nil,
        now: Int64 = now
    ) throws -> Deposit {
        try home.deposit(
            Original.find(paths, home: home.layout.home),
            in: item,
            options: DepositOptions(note: note),
            now: now
        )
    }

    /// Opens the home again, as another run of the program would.
    func reopened() throws -> Home {
        try Home.open(at: home.layout.home, passphrase: Self.passphrase(), least: .demo)
    }

    func audit(full: Bool = true, anchors: [Receipt] = []) throws -> AuditReport {
        try VaultStore(layout: home.layout).audit(
            isFull: full,
            anchors: anchors.map { .receipt($0) }
        )
    }

    /// The key that signs the log, for tests that do what the program would not.
    func logSigner() throws -> NoteSigner {
        let secrets = try Keyring(parsing: contents(home.layout.keyring)).open(
            passphrase: Self.passphrase(),
            least: .demo
        )
        let key = try Ed25519.SecretKey(seed: secrets.logSeed)
        return NoteSigner(name: home.store.logKey.name, key: key)
    }

    func contents(_ path: BytePath) throws -> [UInt8] {
        try Directory.contents(of: path, countMax: 1 << 30)
    }
}

/// Bytes that look random and are the same each time.
func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state)
    }
}
