// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// When a log was seen: the times at which witnesses cosigned one checkpoint of it.
///
/// Spec: `docs/spec/switch.md`, sections 4.2 and 4.4.
package struct Sighting: Hashable, Sendable {
    /// What each witness's clock said, in the order of the policy; `nil` where it did not sign.
    package let times: [Int64?]
    /// The witnessed time: the smallest at or before which a majority of all witnesses has signed.
    package let time: Int64

    /// Makes a sighting of the times that stand in a checkpoint; none without a majority of all
    /// witnesses.
    ///
    /// - Parameter times: One for each witness of the policy, or `nil`.
    package init?(_ times: [Int64?]) {
        let signed = times.compactMap(\.self).sorted()
        let majority = Self.majority(of: times.count)
        guard signed.count >= majority else { return nil }
        self.times = times
        time = signed[majority - 1]
    }

    /// Reads the times of a cosigned checkpoint.
    ///
    /// - Parameters:
    ///   - note: The checkpoint.
    ///   - policy: Whose signatures count.
    /// - Throws: As `LogPolicy.verify(_:)`, and `.quorumNotReached` without a majority of all
    ///   witnesses that the policy names.
    package init(of note: SignedNote, by policy: LogPolicy) throws(TransparencyLogError) {
        try self.init(of: policy.verify(note), by: policy)
    }

    /// Reads the times of a checkpoint that was verified.
    ///
    /// - Parameters:
    ///   - verified: From `LogPolicy.verify(_:)`.
    ///   - policy: By which it was.
    /// - Throws: `.quorumNotReached` without a majority of all witnesses that the policy names.
    init(of verified: TlogProof.Verified, by policy: LogPolicy) throws(TransparencyLogError) {
        let signed = verified.cosignatures
        let times = policy.witnesses.map { witness in
            signed.first { $0.verifier == witness.verifier }?.time
        }
        guard let sighting = Sighting(times) else {
            throw .quorumNotReached(valid: signed.count)
        }
        self = sighting
    }

    /// How many of some witnesses are more than half.
    static func majority(of count: Int) -> Int { count / 2 + 1 }
}

/// A clock that goes as right as the middle one of the witnesses' clocks, however far these are
/// from each other.
///
/// Witnessed times are one witness's, and each time another's perhaps: between two of them all that
/// honest clocks differ by can be lost or gained. Here each clock is compared with itself only.
///
/// Spec: `docs/spec/switch.md`, section 4.4.
package struct SightingClock: Sendable {
    /// More than honest clocks and witnessed times can differ by, where clocks are a day off at
    /// most: who mixes cosignatures of several moments in one checkpoint gains no more.
    private static let secondsMax: Int64 = 2 * 24 * 3600

    /// Where it starts.
    private let first: Sighting

    /// A clock that starts with a sighting.
    package init(from first: Sighting) {
        self.first = first
    }

    /// A clock for some sightings, if there are any: it starts with one that most witnesses
    /// signed.
    init?(for sightings: some Sequence<Sighting>) {
        let first = sightings.min { left, right in
            let (leftCount, rightCount) = (left.signerCount, right.signerCount)
            if leftCount != rightCount { return leftCount > rightCount }
            if left.time != right.time { return left.time < right.time }
            return left.places.lexicographicallyPrecedes(right.places)
        }
        guard let first else { return nil }
        self.first = first
    }

    /// The seconds from its start to a sighting: the middle one of what the witnesses that signed
    /// both say; or the difference of witnessed times where these are no majority, or where both
    /// are two days apart.
    package func seconds(to sighting: Sighting) -> Int64 {
        let passed = zip(first.times, sighting.times).compactMap { start, end in
            start.flatMap { start in end.map { $0 - start } }
        }
        let witnessed = sighting.time - first.time
        guard passed.count >= Sighting.majority(of: first.times.count) else { return witnessed }
        let middle = passed.sorted()[passed.count / 2]
        let (apart, isFar) = middle.subtractingReportingOverflow(witnessed)
        return isFar || apart.magnitude > Self.secondsMax.magnitude ? witnessed : middle
    }
}

extension Sighting {
    fileprivate var signerCount: Int { times.count { $0 != nil } }

    /// For an order: who did not sign stands before all times.
    fileprivate var places: [Int64] { times.map { $0 ?? -1 } }
}
