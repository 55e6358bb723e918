// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing
import TransparencyLog

/// Parsers under seeded damage: what they accept re-encodes to the same bytes, all else is a typed
/// error, nothing traps.
@Suite struct MutationTests {
    /// A parser with what it makes of accepted bytes.
    struct Subject: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sample: [UInt8]
        let reencode: @Sendable ([UInt8]) throws(TransparencyLogError) -> [UInt8]
    }

    static let subjects: [Subject] = {
        guard let name = try? KeyName("example.com/log"), let witness = try? KeyName("w") else {
            return []
        }
        let signer = NoteSigner(name: name, key: Ed25519.SecretKey())
        let cosigner = Cosigner(name: witness, key: Ed25519.SecretKey())
        let leaves = (0..<7).map { LogHash.leaf([$0]) }
        let checkpoint = Checkpoint(origin: name, size: 7, root: MerkleTree.root(of: leaves))
        let note = SignedNote(
            text: checkpoint.text,
            signatures: [signer.sign(checkpoint.text), cosigner.cosign(checkpoint.text, time: 9)]
        )
        let proof = TlogProof(extra: [1, 2], index: 3, hashes: leaves, note: note)
        var bundle: [UInt8] = []
        for entry in [[], [1], [2, 3]] as [[UInt8]] {
            try? EntryBundle.append(entry, to: &bundle)
        }
        return [
            Subject(testDescription: "note", sample: note.encoded) {
                bytes throws(TransparencyLogError) in
                try SignedNote(parsing: bytes).encoded
            },
            Subject(testDescription: "checkpoint", sample: checkpoint.text) {
                bytes throws(TransparencyLogError) in try Checkpoint(parsing: bytes).text
            },
            Subject(testDescription: "proof", sample: proof.encoded) {
                bytes throws(TransparencyLogError) in try TlogProof(parsing: bytes).encoded
            },
            Subject(testDescription: "vkey", sample: Array(signer.verifier.encoded.utf8)) {
                bytes throws(TransparencyLogError) in
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw .malformedKey
                }
                return Array(try NoteVerifier(parsing: text).encoded.utf8)
            },
            Subject(testDescription: "tile path", sample: Array("tile/1/x001/067.p/9".utf8)) {
                bytes throws(TransparencyLogError) in
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw .malformedTilePath
                }
                return Array(try TilePath(parsing: text).path.utf8)
            },
            Subject(testDescription: "bundle", sample: bundle) {
                bytes throws(TransparencyLogError) in
                var result: [UInt8] = []
                for entry in try EntryBundle.parse(bytes, width: 3) {
                    try EntryBundle.append(entry, to: &result)
                }
                return result
            },
            Subject(testDescription: "tile", sample: Tile.encode(leaves)) {
                bytes throws(TransparencyLogError) in
                Tile.encode(try Tile(bytes, width: 7).hashes)
            },
        ]
    }()

    @Test(arguments: subjects) func whatParsesEncodesTheSame(subject: Subject) throws {
        #expect(try subject.reencode(subject.sample) == subject.sample)
        for seed in 0..<4000 as Range<UInt64> {
            var random = SplitMix64(state: seed)
            let bytes = Self.mutate(subject.sample, &random)
            guard let result = try? subject.reencode(bytes) else { continue }
            #expect(result == bytes, "seed \(seed)")
        }
        for end in subject.sample.indices {
            let bytes = Array(subject.sample[..<end])
            guard let result = try? subject.reencode(bytes) else { continue }
            #expect(result == bytes, "truncated to \(end)")
        }
    }

    @Test func policiesUnderDamageNeverTrap() throws {
        let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        let sample = Array("log \(key) u\nwitness a \(key) u\ngroup g any a\nquorum g\n".utf8)
        for seed in 0..<4000 as Range<UInt64> {
            var random = SplitMix64(state: seed)
            _ = try? LogPolicy(parsing: Self.mutate(sample, &random))
        }
    }

    private static func mutate(_ sample: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = sample
        for _ in 0...Int.random(in: 0..<3, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
            case 3: bytes.insert(bytes[index], at: index)
            case 4: bytes.removeSubrange(index...)
            default:
                let other = Int.random(in: bytes.indices, using: &random)
                bytes.insert(contentsOf: bytes[min(index, other)...max(index, other)], at: index)
            }
        }
        return bytes
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
