// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import SecondReader
import Sodium
import Switch
import Testing
import TransparencyLog

/// Cosigned checkpoints, good and damaged, read here and by `scripts/verify/switch_log.py`: what
/// one takes for a sighting of the log, the other takes for the same.
@Suite struct CheckpointReaderTests {
    private static let noteCount = 1500
    private static let witnessCount = 5
    private static let majority = 3

    /// The group order of Ed25519, little endian: RFC 8032, section 5.1.
    private static let order: [UInt8] =
        [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9]
        + [0xde, 0x14] + [UInt8](repeating: 0, count: 15) + [0x10]

    private static func pick<Item>(_ items: [Item], _ random: inout SimulationRandom) -> Item {
        items[Int.random(in: 0..<items.count, using: &random)]
    }

    private struct Stage {
        let log: NoteSigner
        let witnesses: [Cosigner]
        let stranger: Cosigner
        let policy: String

        init() throws {
            log = NoteSigner(name: try KeyName("a.example/s"), key: Ed25519.SecretKey())
            witnesses = try (0..<witnessCount).map { index in
                Cosigner(name: try KeyName("w\(index).example"), key: Ed25519.SecretKey())
            }
            stranger = Cosigner(name: try KeyName("x.example"), key: Ed25519.SecretKey())
            let lines =
                ["log \(log.verifier.encoded)"]
                + witnesses.enumerated().map { "witness w\($0) \($1.verifier.encoded)" }
                + ["group most \(majority) w0 w1 w2 w3 w4", "quorum most", ""]
            policy = lines.joined(separator: "\n")
        }

        /// A checkpoint that a majority has cosigned, often by more, at any time.
        func note(_ random: inout SimulationRandom) throws -> SignedNote {
            let size = UInt64.random(in: 0...3, using: &random)
            let root =
                size == 0 && Bool.random(using: &random)
                ? MerkleTree.emptyRoot
                : try LogHash((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
            var text = Checkpoint(origin: log.verifier.name, size: size, root: root).text
            for _ in 0..<pick([0, 0, 0, 1, 16, 17], &random) {
                text += Array("more\n".utf8)
            }
            let ends: [Int64] = [0, 253_402_300_799, 253_402_300_800, .max]
            let cosigners = witnesses.shuffled(using: &random)
                .prefix(Int.random(in: 2...witnessCount, using: &random))
            var signatures = [log.sign(text)]
            for cosigner in cosigners + (Bool.random(using: &random) ? [stranger] : []) {
                let isAtEnd = Int.random(in: 0..<40, using: &random) == 0
                let time =
                    isAtEnd
                    ? pick(ends, &random)
                    : Int64.random(in: 1_700_000_000...1_800_000_000, using: &random)
                signatures.append(cosigner.cosign(text, time: time))
                if Int.random(in: 0..<20, using: &random) == 0 {
                    // Twice, at two times: the first one counts.
                    signatures.append(cosigner.cosign(text, time: time / 2))
                }
            }
            return SignedNote(text: text, signatures: signatures)
        }
    }

    /// The same signature with a scalar that is larger by the group order: RFC 8032 refuses it.
    private static func withLargeScalar(_ signature: NoteSignature) -> NoteSignature {
        var (bytes, carry) = (signature.bytes, 0)
        let start = bytes.count - 32
        for (index, digit) in order.enumerated() {
            carry += Int(bytes[start + index]) + Int(digit)
            bytes[start + index] = UInt8(carry & 0xff)
            carry >>= 8
        }
        return NoteSignature(name: signature.name, keyID: signature.keyID, bytes: bytes)
    }

    /// One damage of many; most notes are refused after it, some are not.
    private static func damaged(
        _ note: SignedNote,
        _ random: inout SimulationRandom
    ) -> [UInt8] {
        var signatures = note.signatures
        let place = Int.random(in: 0..<signatures.count, using: &random)
        let signature = signatures[place]
        func change(_ bytes: [UInt8]) {
            signatures[place] = NoteSignature(
                name: signature.name,
                keyID: signature.keyID,
                bytes: bytes
            )
        }
        var bytes: [UInt8] { SignedNote(text: note.text, signatures: signatures).encoded }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: signatures[place] = withLargeScalar(signature)
        case 1: change(signature.bytes + [0])
        case 2: change(signature.bytes.dropLast())
        case 3: change([])
        case 4:
            // The signature of another line under this name.
            change(pick(signatures, &random).bytes)
        case 5: signatures.shuffle(using: &random)
        case 6:
            var flipped = bytes
            let index = Int.random(in: 0..<flipped.count, using: &random)
            flipped[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            return flipped
        case 7:
            let odd: [[UInt8]] = [[0x0d], [0x20], [0x0a], [0x09], [0xc2, 0x85], [0xc2, 0xa0]]
            var longer = bytes
            let index = Int.random(in: 0...longer.count, using: &random)
            longer.insert(contentsOf: pick(odd, &random), at: index)
            return longer
        case 8:
            signatures += [NoteSignature](
                repeating: signatures[place],
                count: Int.random(in: 57...62, using: &random)
            )
        default:
            signatures.remove(at: place)
        }
        return bytes
    }

    /// What a note says, in the words of the script.
    private static func seen(_ note: [UInt8], _ policy: LogPolicy) -> String {
        guard let note = try? SignedNote(parsing: note),
            let sighting = try? Sighting(of: note, by: policy),
            let checkpoint = try? Checkpoint(parsing: note.text)
        else { return "refused" }
        let clocks = sighting.times.map { $0.map(String.init) ?? "-" }.joined(separator: " ")
        return "\(checkpoint.origin) \(checkpoint.size) \(Hex.encode(checkpoint.root.bytes))"
            + " \(sighting.time) \(clocks)"
    }

    @Test func bothReadThemAlike() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SimulationRandom(seed: seed)
        let stage = try Stage()
        let policy = try LogPolicy(parsing: Array(stage.policy.utf8))
        var notes: [[UInt8]] = []
        for index in 0..<Self.noteCount {
            let note = try stage.note(&random)
            notes.append(index % 3 == 0 ? note.encoded : Self.damaged(note, &random))
        }
        let seen = notes.map { Self.seen($0, policy) }
        let refusedCount = seen.count { $0 == "refused" }
        #expect((Self.noteCount / 5)...(Self.noteCount * 4 / 5) ~= refusedCount)
        let notesJSON = notes.map { JSONValue.string(Hex.encode($0)) }
        let (status, output) = try SecondReader("switch_state.py").decide(
            [
                .object([
                    "policy": .string(stage.policy), "notes": .array(notesJSON),
                    "seen": .array(seen.map { .string($0) }),
                ])
            ],
            as: "--checkpoints"
        )
        if status == 127 {
            print("skipped: there is no python3")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        #expect(status == 0 && output == "\(Self.noteCount) notes, 0 differ\n", "\(output)")
    }
}
