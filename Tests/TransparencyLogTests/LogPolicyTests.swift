// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing
import TransparencyLog

@Suite struct LogPolicyTests {
    private let signer: NoteSigner
    private let witnesses: [Cosigner]

    init() throws {
        signer = NoteSigner(name: try KeyName("example.com/log"), key: Ed25519.SecretKey())
        witnesses = try (0..<4).map {
            Cosigner(name: try KeyName("witness.example/\($0)"), key: Ed25519.SecretKey())
        }
    }

    private func note(cosignedBy indices: [Int]) throws -> SignedNote {
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: 1, root: .leaf([]))
        var note = SignedNote(text: checkpoint.text, signatures: [signer.sign(checkpoint.text)])
        for index in indices {
            note.add(witnesses[index].cosign(checkpoint.text, time: 100 + Int64(index)))
        }
        return note
    }

    private func policy(_ lines: String) throws -> LogPolicy {
        var text = "log \(signer.verifier.encoded) https://example.com/log\n"
        for (index, witness) in witnesses.enumerated() {
            text += "witness w\(index) \(witness.verifier.encoded)\n"
        }
        return try LogPolicy(parsing: Array((text + lines).utf8))
    }

    @Test func thresholdCountsWitnessesOfThePolicy() throws {
        let verifiers = witnesses.prefix(3).map(\.verifier)
        let policy = LogPolicy(log: signer.verifier, witnesses: verifiers, threshold: 2)
        let verified = try policy.verify(try note(cosignedBy: [2, 3, 0]))
        #expect(verified.checkpoint.size == 1)
        #expect(verified.cosignatures.map(\.time) == [102, 100])
        #expect(throws: TransparencyLogError.quorumNotReached(valid: 1)) {
            try policy.verify(try note(cosignedBy: [1, 3]))
        }
        #expect(
            try LogPolicy(log: signer.verifier).verify(try note(cosignedBy: [])).cosignatures == []
        )
    }

    @Test func groupsNestAndCount() throws {
        let nested = try policy(
            """
            # two houses, both needed
            group one any w0 w1
            group two\t2 w2 w3
            group both all one two
            quorum both
            """
        )
        _ = try nested.verify(try note(cosignedBy: [1, 2, 3]))
        #expect(throws: TransparencyLogError.quorumNotReached(valid: 3)) {
            try nested.verify(try note(cosignedBy: [0, 1, 2]))
        }
        #expect(throws: TransparencyLogError.quorumNotReached(valid: 2)) {
            try nested.verify(try note(cosignedBy: [2, 3]))
        }
        _ = try policy("quorum w3\n").verify(try note(cosignedBy: [3]))
        _ = try policy("quorum none\n").verify(try note(cosignedBy: []))
    }

    @Test func checkpointsOfOtherLogsAreRefused() throws {
        let other = NoteSigner(name: try KeyName("example.com/other"), key: Ed25519.SecretKey())
        let sameName = NoteSigner(name: signer.verifier.name, key: Ed25519.SecretKey())
        let note = try note(cosignedBy: [0])
        #expect(throws: TransparencyLogError.unknownLog) {
            try LogPolicy(log: other.verifier).verify(note)
        }
        #expect(throws: TransparencyLogError.noKnownSignature) {
            try LogPolicy(log: sameName.verifier).verify(note)
        }
    }

    @Test(arguments: [
        ("", 7), ("quorum w9", 6), ("quorum none\nquorum none", 7), ("group g any w9", 6),
        ("group g 0 w0", 6), ("group g 3 w0 w1", 6), ("group g 01 w0", 6), ("group g all", 6),
        ("group w0 any w1", 6), ("group g any w0\ngroup h any w0", 7), ("group none any w0", 6),
        ("group g any g", 6), ("witness w0 x", 6), ("log x", 6), ("hello", 6), ("quorum", 6),
        ("quorum none extra", 6), ("quorum none\u{c}", 6),
    ]) func malformedPoliciesAreRefused(lines: String, line: Int) {
        #expect(throws: TransparencyLogError.malformedPolicy(line: line)) { try policy(lines) }
    }

    @Test func duplicateKeysAreRefused() {
        let line = "witness again \(witnesses[0].verifier.encoded)"
        #expect(throws: TransparencyLogError.malformedPolicy(line: 6)) { try policy(line) }
    }
}
