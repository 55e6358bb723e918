// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why something about a transparency log was refused.
///
/// Line numbers count from 1 in the text that was parsed, offsets count bytes from 0. No case
/// carries content.
package enum TransparencyLogError: Error, Equatable, Sendable {
    /// A hash has not exactly 32 bytes, or is not canonical base64.
    case malformedHash
    /// A verifier or signer key does not parse, or its key id is not that of its key.
    case malformedKey
    /// A key name is empty, or holds white space or `+`.
    case malformedName
    /// A signed note breaks its format at a line.
    case malformedNote(line: Int)
    /// A checkpoint's text breaks its format at a line.
    case malformedCheckpoint(line: Int)
    /// A proof file breaks its format at a line.
    case malformedProof(line: Int)
    /// A request to a witness breaks its format at a line.
    case malformedRequest(line: Int)
    /// A file of evidence against a log breaks its format.
    case malformedEvidence
    /// A policy breaks its format, names something twice or something unknown at a line.
    case malformedPolicy(line: Int)
    /// A path is not that of a tile or entry bundle.
    case malformedTilePath
    /// A tile has not as many bytes as its path says.
    case malformedTile
    /// An entry bundle ends early or goes on too long, at an offset.
    case malformedBundle(offset: Int)
    /// An entry is longer than tlog-tiles can carry.
    case entryTooLong(limit: Int)
    /// The text is longer than its limit in bytes.
    case tooLong(limit: Int)
    /// A signature by a known key does not verify; `line` counts signature lines from 1.
    case invalidSignature(line: Int)
    /// No signature is by a known key.
    case noKnownSignature
    /// No log of the policy has the checkpoint's origin and signed it.
    case unknownLog
    /// Too few of the policy's witnesses cosigned; `valid` did.
    case quorumNotReached(valid: Int)
    /// The leaf index is not below the tree size.
    case indexOutOfRange
    /// Sizes or ranges are not ones that a proof can be about.
    case rangeInvalid
    /// An inclusion proof does not lead from the leaf to the root.
    case inclusionNotProven
    /// A consistency proof does not lead to both roots.
    case consistencyNotProven
    /// Two checkpoints that should contradict each other do not.
    case noContradiction
}
