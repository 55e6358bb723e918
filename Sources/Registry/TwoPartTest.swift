// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// The test of a network: coordination, and harm that is grave enough.
///
/// "Several activities of moderate severity" can be read as several activities, or as activities of
/// several kinds of harm. Both readings are computed; the stricter one that holds is named.
///
/// Spec: `docs/spec/registry.md`, section 3.8; `design/registry.md`.
package struct TwoPartTest: Equatable, Sendable {
    /// Dossiers that a moderate harm needs to count as one.
    package static let moderateEvidenceCount = 2
    /// Dossiers that a high harm needs to count as one.
    package static let highEvidenceCount = 3

    /// Whether coordination was shown.
    package let isCoordinated: Bool
    /// The gravest grade that the evidence supports.
    package let severity: NetworkHarmGrade
    /// Whether one harm is high.
    package let hasHighHarm: Bool
    /// Whether at least two kinds of harm are moderate or worse.
    package let hasTwoModerateKinds: Bool
    /// Whether at least two activities are moderate or worse.
    package let hasTwoModerateActivities: Bool

    /// Applies the test to what a council says of a network.
    package init(of statement: DesignateNetworkStatement) {
        let supported = statement.activities.map { (harm: $0.harm, grade: Self.grade(of: $0)) }
        let grave = supported.filter { $0.grade == .moderate || $0.grade == .high }
        isCoordinated = !statement.coordination.isEmpty
        severity =
            NetworkHarmGrade.allCases.last { grade in supported.contains { $0.grade == grade } }
            ?? .none
        hasHighHarm = severity == .high
        hasTwoModerateKinds = Set(grave.map(\.harm)).count >= 2
        hasTwoModerateActivities = grave.count >= 2
    }

    /// All readings that the network meets, the strictest first.
    package var readings: [String] {
        guard isCoordinated else { return [] }
        let all = [
            ("two-part/high", hasHighHarm), ("two-part/kinds", hasTwoModerateKinds),
            ("two-part/activities", hasTwoModerateActivities),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// The strictest reading that the network meets; `nil` when it meets none.
    package var rule: String? { readings.first }

    /// What remains of a claimed grade when there are too few dossiers for it.
    static func grade(of activity: NetworkActivity) -> NetworkHarmGrade {
        let count = activity.evidence.count
        return switch activity.grade {
        case .none: .none
        case .low: .low
        case .moderate: count >= moderateEvidenceCount ? .moderate : .low
        case .high:
            if count >= highEvidenceCount {
                .high
            } else if count >= moderateEvidenceCount {
                .moderate
            } else {
                .low
            }
        }
    }
}
