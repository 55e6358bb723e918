// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium
internal import Statements
internal import TransparencyLog

/// The two logs and five witnesses of one life, with real keys, in virtual time.
///
/// Spec: `docs/spec/switch.md`, section 12.
final class SimulatedLogs {
    /// Where the virtual time begins: a midnight, and late enough for clocks that are years off.
    static let start: Int64 = 20_000 * 24 * 3600
    private static let leapSeconds: Int64 = 400 * 24 * 3600

    let capability = SwitchCapability()
    let policyText: String
    let policy: LogPolicy
    /// Every statement with the proof of each log that has it.
    private(set) var texts: [SwitchText] = []
    private let signers: [NoteSigner]
    private let witnesses: [Cosigner]
    /// How far each witness's clock is off the middle one's.
    private let offsets: [Int64]
    private var trees = [CompactTree(), CompactTree()]
    private var nodes: [[MerkleNode: LogHash]] = [[:], [:]]

    /// Makes the keys.
    ///
    /// - Parameters:
    ///   - skews: How far each witness's clock is off.
    ///   - liars: How many of them say anything instead.
    /// - Throws: Nothing, as the names are valid.
    init(skews: [Int64], liars: Int) throws {
        signers = try ["a.example/switch", "b.example/switch"].map {
            NoteSigner(name: try KeyName($0), key: Ed25519.SecretKey())
        }
        witnesses = try skews.indices.map {
            Cosigner(name: try KeyName("w\($0).example"), key: Ed25519.SecretKey())
        }
        let sorted = skews.sorted()
        var offsets = sorted.map { $0 - sorted[sorted.count / 2] }
        // Liars on both sides leave the middle where it is.
        for liar in 0..<liars {
            offsets[liar.isMultiple(of: 2) ? liar / 2 : sorted.count - 1 - liar / 2] =
                liar.isMultiple(of: 2) ? -Self.leapSeconds : Self.leapSeconds
        }
        self.offsets = offsets
        let names = witnesses.indices.map { "w\($0)" }
        let lines =
            signers.map { "log \($0.verifier.encoded)" }
            + zip(names, witnesses).map { "witness \($0) \($1.verifier.encoded)" }
            + [
                "group most \(witnesses.count / 2 + 1) \(names.joined(separator: " "))",
                "quorum most", "",
            ]
        policyText = lines.joined(separator: "\n")
        policy = try LogPolicy(parsing: Array(policyText.utf8))
    }

    /// What the witnesses' clocks say at a witnessed time.
    func clocks(at time: Int64) -> [Int64?] { offsets.map { time + $0 } }

    /// The checkpoint of a log as it is now, cosigned so that `time` is its witnessed time.
    func checkpoint(of log: Int, at time: Int64, by witnessCount: Int? = nil) -> SignedNote {
        let signer = signers[log]
        let (size, root) = (trees[log].size, trees[log].root)
        let text = Checkpoint(origin: signer.verifier.name, size: size, root: root).text
        let cosignatures = zip(witnesses, offsets).prefix(witnessCount ?? witnesses.count)
            .map { witness, offset in witness.cosign(text, time: time + offset) }
        return SignedNote(text: text, signatures: [signer.sign(text)] + cosignatures)
    }

    /// Has a log take a statement, and prove it.
    func append(_ envelope: Envelope, to log: Int, at time: Int64) {
        let index = trees[log].size
        let origin = signers[log].verifier.name.description
        let leaf = LogHash.leaf(capability.entry(of: envelope, origin: origin))
        var fresh: [(Int, LogHash)] = []
        trees[log].append(leaf) { level, hash in fresh.append((level, hash)) }
        for (level, hash) in fresh {
            nodes[log][MerkleNode(level: level, index: index >> UInt64(level))] = hash
        }
        let known = nodes[log]
        let hashes = MerkleTree.inclusionProof(of: index, size: index + 1) { node in
            guard let hash = known[node] else { preconditionFailure("a node of the tree") }
            return hash
        }
        let note = checkpoint(of: log, at: time)
        texts.append(
            SwitchText(envelope, TlogProof(index: index, hashes: hashes, note: note))
        )
    }

    /// What both logs together tell at a time.
    func union(at time: Int64) -> WitnessedLog {
        WitnessedLog(
            texts: texts,
            capability,
            checkpoints: signers.indices.map { checkpoint(of: $0, at: time) },
            policy: policy
        )
    }
}
