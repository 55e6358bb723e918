// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Storage
import TransparencyLog

/// Keys and entries that the tests share.
struct LogFixture: Sendable {
    let signer: NoteSigner
    let cosigner: Cosigner
    let policy: LogPolicy

    init() throws {
        let seed = SecretBytes(copying: [UInt8](repeating: 7, count: 32))
        signer = NoteSigner(
            name: try KeyName("example.com/log"),
            key: try Ed25519.SecretKey(seed: seed)
        )
        let other = SecretBytes(copying: [UInt8](repeating: 8, count: 32))
        cosigner = Cosigner(name: try KeyName("witness"), key: try Ed25519.SecretKey(seed: other))
        policy = LogPolicy(log: signer.verifier, witnesses: [cosigner.verifier], threshold: 1)
    }

    static func entry(_ index: Int) -> [UInt8] { Array("entry \(index)".utf8) }

    static func entries(_ range: Range<Int>) -> [[UInt8]] { range.map(entry) }

    func create(_ files: any FileSystem, keepsEntries: Bool = true) throws -> TiledLog {
        try TiledLog.create(
            directory: "/log",
            signer: signer,
            cosigners: [cosigner],
            keepsEntries: keepsEntries,
            time: 1000,
            fileSystem: files
        )
    }

    func open(_ files: any FileSystem) throws -> TiledLog {
        try TiledLog.open(
            directory: "/log",
            signer: signer,
            cosigners: [cosigner],
            fileSystem: files
        )
    }

    func reader(_ files: any FileSystem) throws -> TiledLogReader {
        try TiledLogReader(directory: "/log", log: signer.verifier, fileSystem: files)
    }
}

/// A small generator whose runs repeat.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
