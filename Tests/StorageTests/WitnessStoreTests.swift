// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Storage
import StorageFaults
import Testing
import TransparencyLog

/// A witness's memory under faults: what left as a cosignature is never contradicted.
@Suite struct WitnessStoreTests {
    private let fixture: LogFixture
    private let rules: WitnessRules

    init() throws {
        fixture = try LogFixture()
        rules = WitnessRules(logs: [fixture.signer.verifier])
    }

    private func store(_ files: any FileSystem) throws -> WitnessStore {
        try WitnessStore(
            directory: "/witness",
            logs: rules.logs,
            cosigner: fixture.cosigner,
            fileSystem: files
        )
    }

    /// A request from one size to another of a log whose entries begin with `prefix`.
    private func request(_ old: Int, _ size: Int, prefix: String = "a") throws -> WitnessRequest {
        let leaves = (0..<size).map { LogHash.leaf(Array("\(prefix) \($0)".utf8)) }
        let checkpoint = Checkpoint(
            origin: fixture.signer.verifier.name,
            size: UInt64(size),
            root: MerkleTree.root(of: leaves)
        )
        let proof = MerkleTree.consistencyProof(from: UInt64(old), to: UInt64(size)) { node in
            MerkleTree.root(
                of: leaves[Int(node.index << node.level)..<Int((node.index + 1) << node.level)]
            )
        }
        return WitnessRequest(
            oldSize: UInt64(old),
            proof: proof,
            note: SignedNote(
                text: checkpoint.text,
                signatures: [fixture.signer.sign(checkpoint.text)]
            )
        )
    }

    @Test func remembersAcrossRestartsAndRefusesAnotherHistory() throws {
        let disk = SimulatedDisk()
        do {
            let witness = try store(disk)
            _ = try witness.cosign(try request(0, 5), rules: rules, time: 1)
        }
        let again = try store(disk)
        let note = try #require(try again.note(of: "example.com/log"))
        #expect(try note.verify([fixture.cosigner.verifier]).map(\.time) == [1])
        #expect(try note.verify(rules.logs).count == 1)
        #expect(throws: WitnessRules.Refusal.otherSize(5)) {
            try again.cosign(try request(0, 7), rules: rules, time: 2)
        }
        #expect(throws: WitnessRules.Refusal.notConsistent) {
            try again.cosign(try request(5, 7, prefix: "b"), rules: rules, time: 2)
        }
        #expect(throws: WitnessRules.Refusal.fork) {
            try again.cosign(try request(5, 5, prefix: "b"), rules: rules, time: 2)
        }
        _ = try again.cosign(try request(5, 7), rules: rules, time: 2)
    }

    @Test func keepsEvidenceOfAForkThatAnybodyCanVerify() throws {
        let disk = SimulatedDisk()
        let witness = try store(disk)
        _ = try witness.cosign(try request(0, 5), rules: rules, time: 1)
        #expect(throws: WitnessRules.Refusal.fork) {
            try witness.cosign(try request(5, 5, prefix: "b"), rules: rules, time: 2)
        }
        let path = try #require(disk.files().keys.first { $0.hasSuffix(WitnessStore.forkName) })
        let fork = try LogFork(parsing: try disk.read(path, countMax: LogFork.countMax))
        let verified = try fork.verify(logs: rules.logs)
        #expect(verified.older.size == 5 && verified.newer.size == 5)
        #expect(verified.older.root != verified.newer.root)
        let other = NoteSigner(name: try KeyName("example.com/log"), key: Ed25519.SecretKey())
        #expect(throws: TransparencyLogError.noKnownSignature) {
            try fork.verify(logs: [other.verifier])
        }
        let same = LogFork(
            older: fork.older,
            newer: fork.older,
            prefixRoot: verified.older.root,
            proof: []
        )
        #expect(throws: TransparencyLogError.noContradiction) { try same.verify(logs: rules.logs) }
    }

    @Test func aRepeatedSignatureLineDoesNotFillTheMemory() throws {
        let disk = SimulatedDisk()
        let small = try request(0, 3)
        let lines = [NoteSignature](repeating: small.note.signatures[0], count: 64)
        let flood = WitnessRequest(
            oldSize: 0,
            proof: [],
            note: SignedNote(text: small.note.text, signatures: lines)
        )
        do {
            let witness = try store(disk)
            _ = try witness.cosign(flood, rules: rules, time: 1)
        }
        #expect(try store(disk).note(of: "example.com/log")?.signatures.count == 2)
    }

    @Test func damagedMemoryIsNotTakenForNone() throws {
        let disk = SimulatedDisk()
        do {
            let witness = try store(disk)
            _ = try witness.cosign(try request(0, 5), rules: rules, time: 1)
        }
        let path = try #require(disk.files().keys.first { $0.hasSuffix("/checkpoint") })
        try disk.damage(path) { bytes in Array(bytes.dropLast(20)) }
        #expect(throws: TiledLogError.self) { try store(disk) }
    }

    @Test(arguments: [Fault.failed, .failedButPersisted, .torn, .crashed])
    func whatLeftIsRememberedAfterAnyFaultAndPowerCut(fault: Fault) throws {
        let sizes = [0, 3, 3, 5, 300]
        let counter = FaultyFileSystem(SimulatedDisk())
        run(try store(counter), sizes)
        #expect(counter.operationCount > 20)
        for index in 0..<counter.operationCount {
            for seed in 0..<4 as Range<UInt64> {
                let disk = SimulatedDisk()
                let files = FaultyFileSystem(disk, index: index, fault: fault)
                var left = 0
                if let witness = try? store(files) { left = run(witness, sizes) }
                var random = SplitMix64(state: seed)
                disk.crash(&random)
                try check(disk, left, "operation \(index), \(fault), seed \(seed)")
            }
        }
    }

    /// Submits growing checkpoints until one fails.
    ///
    /// - Returns: The size of the last one whose cosignature left.
    @discardableResult
    private func run(_ witness: WitnessStore, _ sizes: [Int]) -> Int {
        var left = 0
        for (old, size) in zip(sizes, sizes.dropFirst()) {
            guard let request = try? request(old, size),
                (try? witness.cosign(request, rules: rules, time: 1)) != nil
            else { break }
            left = size
        }
        return left
    }

    private func check(_ disk: SimulatedDisk, _ left: Int, _ place: Comment) throws {
        let witness = try store(disk)
        let note = try witness.note(of: "example.com/log")
        let size = try note.map { try Checkpoint(parsing: $0.text).size } ?? 0
        #expect(size >= UInt64(left), place)
        guard left > 0 else { return }
        // Whatever it remembers now, it does not sign another history of what left.
        #expect(throws: WitnessRules.Refusal.self, place) {
            try witness.cosign(try request(Int(size), 301, prefix: "b"), rules: rules, time: 2)
        }
    }
}
