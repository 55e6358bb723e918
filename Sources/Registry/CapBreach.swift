// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// A sign that somebody takes a registry over: allowed one by one, too much together.
///
/// Spec: `docs/spec/registry.md`, section 9.
package enum CapBreach: Hashable, Sendable {
    /// Of the council's seats, a constituency has more than its share.
    case council(constituency: String, count: Int, of: Int)
    /// Of the organisations that may vouch, a constituency has more than its share.
    case verifiers(constituency: String, count: Int, of: Int)
    /// In this quarter more organisations came than the registry grows by.
    case growth(count: Int, of: Int)
}

extension RegistryState {
    /// With fewer organisations than that, shares say nothing.
    package static let shareCountMin = 12

    /// What is too much at a moment, by the limits of the charter of that moment.
    ///
    /// - Parameter time: Seconds since 1970.
    /// - Returns: Breaches in a fixed order.
    /// - Complexity: O(v log v) in the verifiers.
    package func capBreaches(at time: Int64) -> [CapBreach] {
        guard let charter = charter(at: time) else { return [] }
        let shareMax = charter.limits[.seatPercent]
        let growthMax = charter.limits[.growthPercent]
        let seats = charter.seats.map(\.constituency)
        let active = verifiers.values.filter { $0.isActive(at: time) }
        var breaches = Self.tooMany(seats, shareMax).map {
            CapBreach.council(constituency: $0.0, count: $0.1, of: seats.count)
        }
        if active.count >= Self.shareCountMin {
            breaches += Self.tooMany(active.map(\.constituency), shareMax).map {
                CapBreach.verifiers(constituency: $0.0, count: $0.1, of: active.count)
            }
        }
        let start = RegistryEpoch(containing: max(time, 0)).start
        let before = verifiers.values.count { $0.isActive(at: start - 1) }
        let came = active.count { ($0.terms.first?.lowerBound ?? 0) >= start }
        if before >= Self.shareCountMin, came * 100 > before * growthMax {
            breaches.append(.growth(count: came, of: before))
        }
        return breaches
    }

    private static func tooMany(
        _ constituencies: [String],
        _ shareMax: Int
    ) -> [(String, Int)] {
        let counts = Dictionary(grouping: constituencies) { $0 }.mapValues(\.count)
        return counts.sorted { $0.key < $1.key }
            .filter { $0.value * 100 > constituencies.count * shareMax }
            .map { ($0.key, $0.value) }
    }
}
