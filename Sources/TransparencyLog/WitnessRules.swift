// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Decides whether a witness cosigns: what a witness is, without its key, its clock and its disk.
///
/// Spec: C2SP `tlog-witness`, `add-checkpoint`; the order of the checks is the specification's.
package struct WitnessRules: Sendable {
    /// The last tree of a log that a witness cosigned.
    package struct State: Equatable, Sendable {
        /// Leaves in the tree.
        package let size: UInt64
        /// Root of the tree.
        package let root: LogHash

        /// The tree with this size and root.
        package init(size: UInt64, root: LogHash) {
            self.size = size
            self.root = root
        }

        /// What a witness knows of a log that it never saw.
        package static let unseen = State(size: 0, root: MerkleTree.emptyRoot)
    }

    /// A checkpoint that one of the witness's logs signed.
    package struct Claim: Equatable, Sendable {
        /// What the log signed; a tree without leaves may have another root than it should.
        package let checkpoint: Checkpoint
        /// The log's valid signatures on it; lines of others are left out.
        package let signatures: [NoteSignature]
    }

    /// Why a witness does not cosign.
    package enum Refusal: Error, Equatable, Sendable {
        /// The request does not parse.
        case malformed(TransparencyLogError)
        /// The witness does not follow a log of that origin.
        case unknownLog
        /// No key of the log signed, or a signature by one does not verify.
        case notSigned
        /// The old size is above the checkpoint's.
        case oldSizeAboveCheckpoint
        /// The old size is not the one that the witness cosigned last, which is given.
        case otherSize(UInt64)
        /// A tree without leaves has another root than it must have.
        case emptyRootWrong
        /// The proof does not show that the checkpoint extends the last one.
        case notConsistent
        /// The log signed two roots of one size: it shows different people different logs.
        case fork

        /// The HTTP status of the answer.
        package var status: Int {
            switch self {
            case .malformed, .oldSizeAboveCheckpoint: 400
            case .notSigned: 403
            case .unknownLog: 404
            case .otherSize: 409
            case .emptyRootWrong, .notConsistent, .fork: 422
            }
        }
    }

    /// Keys of the logs that the witness follows; a log may have several of one name.
    package let logs: [NoteVerifier]

    /// Rules for these logs.
    package init(logs: [NoteVerifier]) {
        self.logs = logs
    }

    /// Finds out which log signed a checkpoint.
    ///
    /// - Throws: `.malformed`, `.unknownLog`, `.notSigned`.
    package func claim(of request: WitnessRequest) throws(Refusal) -> Claim {
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(claimedBy: request.note.text)
        } catch {
            throw .malformed(error)
        }
        let keys = logs.filter { $0.name.isEqual(to: checkpoint.origin) }
        guard !keys.isEmpty else { throw .unknownLog }
        do {
            _ = try request.note.verify(keys)
        } catch {
            throw .notSigned
        }
        return Claim(
            checkpoint: checkpoint,
            signatures: request.note.signatures.filter { line in
                keys.contains { $0.isNamed(by: line) }
            }
        )
    }

    /// Decides whether to cosign a claim.
    ///
    /// The caller holds the log's state still from before this call until the new state is durable.
    ///
    /// - Parameters:
    ///   - claim: What claim(of:) gave.
    ///   - request: The request it came with.
    ///   - state: The last tree of this log that the witness cosigned.
    /// - Returns: The state to store before the cosignature leaves.
    /// - Throws: Any other Refusal.
    package func decide(
        _ claim: Claim,
        _ request: WitnessRequest,
        state: State
    ) throws(Refusal) -> State {
        let checkpoint = claim.checkpoint
        guard request.oldSize <= checkpoint.size else { throw .oldSizeAboveCheckpoint }
        guard request.oldSize == state.size else { throw .otherSize(state.size) }
        guard checkpoint.size > 0 || checkpoint.root == MerkleTree.emptyRoot else {
            throw .emptyRootWrong
        }
        if request.oldSize == 0 {
            guard request.proof.isEmpty else { throw .notConsistent }
        } else if request.oldSize == checkpoint.size, checkpoint.root != state.root {
            throw .fork
        } else {
            do {
                try MerkleTree.verifyConsistency(
                    from: state.size,
                    oldRoot: state.root,
                    to: checkpoint.size,
                    root: checkpoint.root,
                    proof: request.proof
                )
            } catch {
                throw .notConsistent
            }
        }
        return State(size: checkpoint.size, root: checkpoint.root)
    }
}
