// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Sodium
import Statements
import Storage
import Synchronization
import Testing
import TransparencyLog
import Vault

/// Makes a home with very many items for `Tests/Benchmarks/vault/list`, which times the program.
///
/// Statements, summaries, log and files are made by the code that deposits use; only the objects
/// are missing, and the log is written in batches under a key of its own.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["RESGUARDO_BENCHMARK_HOME"] != nil))
struct FilledHomeBenchmark {
    @Test func fill() throws {
        let environment = ProcessInfo.processInfo.environment
        let path = BytePath(try #require(environment["RESGUARDO_BENCHMARK_HOME"]))
        let count = Int(environment["RESGUARDO_BENCHMARK_ITEMS"] ?? "") ?? 100_000
        let home = try Home.create(
            at: path,
            passphrase: TemporaryHome.passphrase("a passphrase"),
            work: .demo
        ).home
        let item = try home.createCase(named: "c", now: TemporaryHome.now)
        let signer = NoteSigner(
            name: try KeyName("benchmark.example/log"),
            key: Ed25519.SecretKey()
        )
        try FileManager.default.removeItem(atPath: home.layout.log.text)
        let log = try TiledLog.create(
            directory: home.layout.log.text,
            signer: signer,
            keepsEntries: false,
            time: 0
        )
        try Directory.replace(
            home.layout.logKey,
            with: Array((signer.verifier.encoded + "\n").utf8)
        )
        let files = LocalFileSystem()
        for start in stride(from: 0, to: count, by: 4000) {
            let numbers = start..<min(start + 4000, count)
            let records = try Self.records(numbers, of: item)
            _ = try log.append(records.map(\.entry), time: 0)
            for (number, record) in zip(numbers, records) {
                let file = home.layout.deposits.path(of: UInt64(number))
                try files.makeUnsynced(file.parent)
                let output = try files.create(file, replacing: false, mode: 0o600)
                try output.write(record.bytes.span)
                try output.close()
            }
        }
    }

    private static func records(_ numbers: Range<Int>, of item: Case) throws -> [DepositRecord] {
        let key = try #require(item.summaryKey())
        let results = Mutex<[Int: Result<DepositRecord, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: 8) { lane in
            for number in numbers where number % 8 == lane {
                let result = Result { try record(number, of: item, key) }
                results.withLock { $0[number] = result }
            }
        }
        let found = results.withLock { $0 }
        return try numbers.map { try #require(found[$0]).get() }
    }

    private static func record(
        _ number: Int,
        of item: Case,
        _ key: SummaryKey
    ) throws -> DepositRecord {
        let entries = (0...(number % 3)).map { file in
            EvidenceEntry(
                kind: .file,
                name: Array("DCIM/IMG_\(number)_\(file).jpg".utf8),
                sizeBytes: UInt64(number) * 31 + 1,
                sha256: [UInt8](repeating: 0, count: 32)
            )
        }
        let evidence = Evidence(
            capturedAt: nil,
            note: number % 2 == 0 ? "from the hill, at dawn" : nil,
            deviceClock: TemporaryHome.now + Int64(number),
            custody: [],
            entries: entries
        )
        let statement = DepositStatement(
            casePseudonym: item.pseudonym,
            member: item.memberKey.bytes,
            ciphertextRoot: randomBytes(32),
            sizeBytes: 4096,
            date: "2026-11-22",
            evidence: evidence.commitment
        )
        return try DepositRecord(
            statement,
            key: item.memberSecretKey(),
            summary: Summary(of: evidence).sealed(under: key)
        )
    }
}
