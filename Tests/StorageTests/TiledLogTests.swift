// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Storage
import StorageFaults
import Testing
import TransparencyLog

@Suite struct TiledLogTests {
    private let fixture: LogFixture

    init() throws {
        fixture = try LogFixture()
    }

    @Test func entriesAndProofsAreReadBackAfterReopening() throws {
        let disk = SimulatedDisk()
        let expected = MerkleTree.root(of: LogFixture.entries(0..<700).map(LogHash.leaf))
        do {
            let log = try fixture.create(disk)
            #expect(log.size == 0)
            for (start, end) in [(0, 1), (1, 255), (255, 256), (256, 257), (257, 700)] {
                let appended = try log.append(LogFixture.entries(start..<end), time: 2000)
                #expect(appended.firstIndex == UInt64(start))
                #expect(log.size == UInt64(end))
                #expect(appended.note == log.reader.note)
            }
        }
        let log = try fixture.open(disk)
        #expect(log.reader.checkpoint.root == expected)
        for index in [0, 1, 255, 256, 511, 512, 699] {
            let entry = try log.reader.entry(at: UInt64(index))
            #expect(entry == LogFixture.entry(index))
            let proof = try TlogProof(parsing: try log.reader.proof(of: UInt64(index)).encoded)
            let verified = try proof.verify(leaf: .leaf(entry), policy: fixture.policy)
            #expect(verified.checkpoint.size == 700)
            #expect(verified.cosignatures.map(\.time) == [2000])
        }
        #expect(try log.reader.entries(inBundle: 2).count == 188)
        #expect(try log.reader.entries(inBundle: 3).isEmpty)
        #expect(try log.reader.audit() == 7)
    }

    @Test func proofsBetweenAllSizesVerify() throws {
        let log = try fixture.create(SimulatedDisk())
        var random = SplitMix64(state: 1)
        _ = try log.append(LogFixture.entries(0..<1300), time: 1)
        for _ in 0..<200 {
            let size = UInt64.random(in: 1...1300, using: &random)
            let oldSize = UInt64.random(in: 1...size, using: &random)
            let index = UInt64.random(in: 0..<size, using: &random)
            let root = try log.reader.root(size: size)
            try MerkleTree.verifyInclusion(
                of: .leaf(LogFixture.entry(Int(index))),
                index: index,
                size: size,
                root: root,
                proof: try log.reader.inclusionProof(of: index, size: size)
            )
            try MerkleTree.verifyConsistency(
                from: oldSize,
                oldRoot: try log.reader.root(size: oldSize),
                to: size,
                root: root,
                proof: try log.reader.consistencyProof(from: oldSize, to: size)
            )
        }
    }

    @Test func fullTilesDoNotDependOnBatches() throws {
        let entries = LogFixture.entries(0..<66_000)
        let whole = SimulatedDisk()
        let big = try fixture.create(whole)
        _ = try big.append(Array(entries[..<65_536]), time: 1)
        _ = try big.append(Array(entries[65_536...]), time: 1)
        let parts = SimulatedDisk()
        var random = SplitMix64(state: 2)
        var start = 0
        var log = try fixture.create(parts)
        while start < entries.count {
            let end = min(start + Int.random(in: 1...4000, using: &random), entries.count)
            _ = try log.append(Array(entries[start..<end]), time: 1)
            start = end
            if Bool.random(using: &random) {
                log = try reopened(consume log, parts)
            }
        }
        let files = parts.files()
        for (path, bytes) in whole.files() {
            #expect(files[path] == bytes, "\(path)")
        }
        // 257 tiles of level 0 and bundles, and one full and two partial tiles above.
        #expect(try log.reader.audit() == 2 * 258 + 3)
        let leftOver = files.keys.filter { !whole.files().keys.contains($0) }
        #expect(leftOver.allSatisfy { $0.contains(".p/") }, "\(leftOver)")
    }

    private func reopened(_ log: consuming TiledLog, _ disk: SimulatedDisk) throws -> TiledLog {
        let reader = log.reader
        _ = consume log
        let log = try fixture.open(disk)
        #expect(log.reader.checkpoint == reader.checkpoint)
        return log
    }

    @Test func hashLogsKeepNoEntries() throws {
        let disk = SimulatedDisk()
        do {
            let log = try fixture.create(disk, keepsEntries: false)
            _ = try log.append(LogFixture.entries(0..<300), time: 1)
        }
        let log = try fixture.open(disk)
        #expect(!log.keepsEntries)
        _ = try log.append(LogFixture.entries(300..<301), time: 1)
        #expect(throws: TiledLogError.entriesNotKept) { try log.reader.entry(at: 0) }
        #expect(try log.reader.leafHash(at: 300) == .leaf(LogFixture.entry(300)))
        #expect(!disk.files().keys.contains { $0.contains("entries") })
        #expect(try log.reader.audit() == 3)
    }

    @Test func partialTilesGoOnceTheFullOneIsThere() throws {
        let disk = SimulatedDisk()
        let log = try fixture.create(disk)
        _ = try log.append(LogFixture.entries(0..<200), time: 1)
        let old = log.reader
        _ = try log.append(LogFixture.entries(200..<256), time: 1)
        let names = disk.files().keys.filter { $0.hasPrefix("/log/tile") }.sorted()
        #expect(names == ["/log/tile/0/000", "/log/tile/1/000.p/1", "/log/tile/entries/000"])
        // A reader of the older tree finds its tiles in the full ones.
        #expect(try old.entry(at: 199) == LogFixture.entry(199))
        #expect(try old.audit() == 2)
        #expect(throws: TiledLogError.outOfRange) { try old.entry(at: 200) }
    }

    @Test func onlyOneOwnerAppends() throws {
        let disk = SimulatedDisk()
        let log = try fixture.create(disk)
        #expect(throws: TiledLogError.locked) { try fixture.open(disk) }
        _ = try log.append(LogFixture.entries(0..<1), time: 1)
        #expect(try fixture.reader(disk).size == 1)
    }

    @Test func logsAreNeitherCreatedTwiceNorStartedAgain() throws {
        let disk = SimulatedDisk()
        #expect(throws: TiledLogError.notFound) { try fixture.open(disk) }
        do {
            let log = try fixture.create(disk)
            _ = try log.append(LogFixture.entries(0..<1), time: 1)
        }
        #expect(throws: TiledLogError.exists) { try fixture.create(disk) }
        try disk.damage("/log/checkpoint") { _ in nil }
        #expect(throws: TiledLogError.damaged(path: "checkpoint")) { try fixture.create(disk) }
        #expect(throws: TiledLogError.notFound) { try fixture.open(disk) }
    }

    @Test func limitsAreKept() throws {
        let log = try fixture.create(SimulatedDisk())
        let long = [UInt8](repeating: 1, count: 65_536)
        #expect(throws: TiledLogError.entryTooLong(limit: 65_535)) {
            try log.append([[1], long], time: 1)
        }
        let many = [[UInt8]](repeating: [], count: 65_537)
        #expect(throws: TiledLogError.tooManyEntries(limit: 65_536)) {
            try log.append(many, time: 1)
        }
        #expect(log.size == 0)
        _ = try log.append([Array(long.dropLast()), []], time: 1)
        #expect(try log.reader.entry(at: 1) == [])
        #expect(try log.reader.entry(at: 0).count == 65_535)
    }

    @Test func cosignaturesOfOthersAreAdded() throws {
        let disk = SimulatedDisk()
        let log = try fixture.create(disk)
        let text = log.reader.note.text
        let later = fixture.cosigner.cosign(text, time: 5000)
        let note = try log.add([later], by: [fixture.cosigner.verifier])
        #expect(note.signatures.count == 2)
        #expect(try fixture.reader(disk).note == note)
        let foreign = fixture.cosigner.cosign(text + [0x0a], time: 1)
        #expect(throws: TiledLogError.invalidCosignature) {
            try log.add([foreign], by: [fixture.cosigner.verifier])
        }
    }

    @Test func checkpointsOfOtherKeysAreRefused() throws {
        let disk = SimulatedDisk()
        _ = try fixture.create(disk)
        try disk.damage("/log/checkpoint") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            return Array(text.replacing("\n0\n", with: "\n1\n").utf8)
        }
        let error = TiledLogError.wrongKey(.invalidSignature(line: 1))
        #expect(throws: error) { try fixture.open(disk) }
        #expect(throws: error) { try fixture.reader(disk) }
    }
}
