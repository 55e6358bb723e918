// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Foundation
import Registry
import SnapshotFormat
import Sodium
import Statements
import Storage
import Testing
import TransparencyLog

/// Measures for `Tests/Benchmarks/registry/run`; nothing is asserted about time.
///
/// The large log is made without signing: the reader remembers that everything was verified, which
/// is what a home does with a log that it read before.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["RESGUARDO_BENCHMARK_REGISTRY"] != nil)
)
struct RegistryBenchmark {
    private static let environment = ProcessInfo.processInfo.environment
    private static let directory = environment["RESGUARDO_BENCHMARK_REGISTRY"] ?? "/tmp"
    private static let part = environment["RESGUARDO_BENCHMARK_PART"] ?? ""
    private static let rounds = Int(environment["RESGUARDO_BENCHMARK_ROUNDS"] ?? "") ?? 5
    private static let sourceCount = 100_000
    private static let statementCount = 1_000_000

    private static var path: String { directory + "/log" }
    private static var signer: NoteSigner {
        get throws {
            NoteSigner(name: try KeyName(World.origin), key: try World.key("operator"))
        }
    }

    /// Writes a log of ``statementCount`` statements of sources, and those before them.
    @Test(.enabled(if: part == "make")) func makesTheLog() throws {
        let log = try TiledLog.create(
            directory: Self.path,
            signer: Self.signer,
            keepsEntries: true,
            time: World.start
        )
        var world = try World()
        try world.accreditAll(count: 3)
        _ = try log.append(world.log, time: World.start)
        let verifiers = try World.constituencies.flatMap { name in
            try (1...2).map { try World.keyID("\(name)-\($0)") }
        }
        var index = 0
        while index < Self.sourceCount {
            var entries: [[UInt8]] = []
            while entries.count < 20_000, index < Self.sourceCount {
                entries += try Self.life(index, world, verifiers)
                index += 1
            }
            _ = try log.append(entries, time: World.start)
        }
        print("| sources | \(index) |")
    }

    /// Fake signatures by the right keys, which a reader that remembers does not look at.
    private static func envelope(_ statement: some Statement, _ keys: [RegistryID]) -> [UInt8] {
        let sig = JSONValue.string(Base64.encode([UInt8](repeating: 0, count: 64)))
        let value: JSONValue = [
            "payload": .string(Base64.encode(statement.payload)),
            "payloadType": .string(type(of: statement).payloadType),
            "signatures": .array(
                keys.sorted().map { ["keyid": .string($0.hex), "sig": sig] }
            ),
        ]
        return value.canonicalBytes
    }

    private static func subject(_ index: Int, _ world: World) -> (RegisterStatement, RegistryID) {
        let key = SHA256.hash(Array("key \(index)".utf8))
        let statement = RegisterStatement(
            head: world.head,
            key: key,
            next: SHA256.hash(Array("next \(index)".utf8)),
            nonce: SHA256.hash(key)
        )
        return (statement, RegistryID(SHA256.hash(key)))
    }

    private static func link(_ index: Int) throws -> AccountLink {
        try World.link("source-\(index)", visibility: .everyone)
    }

    /// A source with an account and vouches: ten statements.
    private static func life(
        _ index: Int,
        _ world: World,
        _ verifiers: [RegistryID]
    ) throws -> [[UInt8]] {
        let (register, owner) = subject(index, world)
        let account = try link(index).commitment
        let observers = Array(verifiers.prefix(2))
        let control = ProveControlStatement(
            head: world.head,
            subject: register.subject,
            account: account.bytes,
            method: .postedCode
        )
        let vouches = verifiers.map { id in
            let vouch = VouchStatement(
                head: world.head,
                subject: register.subject,
                accounts: [account.bytes],
                epoch: RegistryEpoch(containing: World.start),
                verifier: id.bytes
            )
            return envelope(vouch, [id])
        }
        return [envelope(register, [owner]), envelope(control, [owner] + observers)] + vouches
    }

    private static func fold() throws -> RegistryLog {
        let reader = try TiledLogReader(directory: path, log: signer.verifier)
        let mark = RegistryMark(size: reader.size, root: reader.checkpoint.root.bytes, wrong: [])
        return try RegistryLog(reader, asOf: .max, known: mark)
    }

    @Test(.enabled(if: part == "fold")) func foldsTheLog() throws {
        try report("fold of \(Self.statementCount) verified statements", Self.rounds) {
            let refusedCount = try Self.fold().state.refusedCount
            #expect(refusedCount == 0)
        }
        print("| peak memory of it | \(Self.peakMiB) MiB |")
    }

    @Test(.enabled(if: part == "snapshot")) func makesAndVerifiesASnapshot() throws {
        let state = try Self.fold().state
        let links = try (0..<Self.sourceCount).map { try Self.link($0) }
        let key = try World.key(World.snapshotKey)
        let date = World.start + 10 * World.day
        var bytes: [UInt8] = []
        let checkpoint = try World.checkpoint()
        report("snapshot of \(Self.sourceCount) sources: create", Self.rounds) {
            let compiled = SnapshotCompiler(
                state: state,
                links: links,
                lists: [],
                audience: .everyone,
                date: date
            ).compile()
            var file = SnapshotFile(
                audience: .everyone,
                version: 1,
                date: date,
                checkpoint: checkpoint,
                salt: randomBytes(SnapshotFile.saltCount),
                records: compiled.records
            )
            file.sign(with: key)
            bytes = file.bytes
            #expect(file.header.recordCount == Self.sourceCount)
        }
        let known = try World.trust()
        try report("snapshot of \(Self.sourceCount) sources: verify", Self.rounds) {
            let file = try SnapshotFile(parsing: bytes)
            _ = try file.verified(by: known, audience: .everyone, now: date, lastSeen: nil)
        }
    }

    @Test(.enabled(if: part == "look-up")) func looksUp() throws {
        let key = try World.key(World.snapshotKey)
        let period = SourcePeriod(
            state: .attested,
            tier: .attested,
            since: World.start,
            until: nil,
            reason: nil
        )
        let accounts = (0..<1_000_000).compactMap {
            PlatformAccount(platform: "example", stableID: "account-\($0)")
        }
        var file = SnapshotFile(
            audience: .everyone,
            version: 1,
            date: World.start,
            checkpoint: try World.checkpoint(),
            salt: randomBytes(SnapshotFile.saltCount),
            records: accounts.map { account in
                .source(
                    SourceRecord(
                        account: account,
                        subject: SHA256.hash(Array(account.stableID.utf8)),
                        visibility: .everyone,
                        history: [period],
                        lastTrustedAt: nil
                    )
                )
            }
        )
        file.sign(with: key)
        let snapshot = try file.verified(
            by: World.trust(),
            audience: .everyone,
            now: World.start,
            lastSeen: nil
        )
        let asked = accounts.shuffled()
        report("1 000 000 look-ups among 1 000 000", Self.rounds) {
            var found = 0
            for account in asked where snapshot.source(for: account, asOf: World.start) != nil {
                found += 1
            }
            #expect(found == asked.count)
        }
    }

    /// All kinds of ``JunkVouches``, from their bytes to the refusal.
    @Test(.enabled(if: part == "junk")) func refusesJunk() throws {
        let count = 1_000_000
        let junk = try JunkVouches(count: count)
        // Not the whole of it: a closure that reads one member of a struct copies all of them.
        let seals = junk.seals
        var refusedCount = 0
        report("1 000 000 junk vouches, from bytes to refusals, one core", Self.rounds) {
            var state = junk.state
            for (index, bytes) in junk.letters.enumerated() {
                let entry = RegistryEntry(index: Int64(index), bytes: bytes) { seals[$0] }
                if state.take(entry) == JunkVouches.kind(index).refusal { refusedCount += 1 }
            }
        }
        try report("1 000 000 junk vouches, from bytes to refusals, all cores", Self.rounds) {
            var state = junk.state
            var start = 0
            try RegistryEntry.readAll {
                defer { start += 1024 }
                return start < count ? Array(junk.letters[start..<min(count, start + 1024)]) : nil
            } use: { leaves in
                for leaf in leaves {
                    var entry = leaf.entry
                    entry.attach { seals[$0] }
                    let expected = JunkVouches.kind(Int(entry.index)).refusal
                    if state.take(entry) == expected { refusedCount += 1 }
                }
            }
        }
        #expect(refusedCount == 2 * count * Self.rounds)
    }

    private static var peakMiB: Int {
        // Only the file system of processes knows; where there is none, nothing is said.
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
        return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) >> 10
    }

    /// Prints the median wall time.
    private func report(_ name: String, _ rounds: Int, _ body: () throws -> Void) rethrows {
        var times: [Duration] = []
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            try body()
            times.append(ContinuousClock.now - start)
        }
        print("| \(name) | \(times.sorted()[rounds / 2]) |")
    }
}
