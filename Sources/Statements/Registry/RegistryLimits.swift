// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A number that a charter sets.
///
/// Spec: `docs/spec/registry-rules.md`, "Limits".
package enum RegistryLimit: String, Sendable, CaseIterable {
    /// Sealed alarms of one member of a ring in one quarter.
    case alarmQuota
    /// Days from a charter's entry to its force.
    case charterDelayDays
    /// Organisations that may join a constituency in a quarter, however small it is.
    case growthFloor
    /// Organisations that may join a constituency in a quarter, per cent of those in it.
    case growthPercent
    /// Days after a canary's word was due from which silence lapses an account.
    case lapsedDays
    /// Quarters in which a new organisation does not vouch.
    case probationQuarters
    /// The largest share of council seats of one constituency, per cent.
    case seatPercent
    /// Days after a canary's word was due from which silence suspends an account.
    case silentDays
    /// Days after a canary's word was due from which silence makes an account stale.
    case staleDays
    /// Sealed vouches of one member of a ring in one quarter.
    case vouchQuota

    /// What a charter may set it to.
    package var range: ClosedRange<Int> {
        switch self {
        case .alarmQuota: 1...8
        case .charterDelayDays: 0...60
        case .growthFloor: 1...12
        case .growthPercent: 0...25
        case .lapsedDays: 3...365
        case .probationQuarters: 0...4
        case .seatPercent: 25...40
        case .silentDays: 2...180
        case .staleDays: 1...90
        case .vouchQuota: 1...16
        }
    }

    /// What it is unless the charter says otherwise.
    package var standard: Int {
        switch self {
        case .alarmQuota: 2
        case .charterDelayDays: 14
        case .growthFloor: 1
        case .growthPercent: 10
        case .lapsedDays: 53
        case .probationQuarters: 1
        case .seatPercent: 40
        case .silentDays: 21
        case .staleDays: 14
        case .vouchQuota: 4
        }
    }

    /// What it limits, in words.
    package var meaning: String {
        switch self {
        case .alarmQuota: "sealed alarms of one member of a ring in one quarter"
        case .charterDelayDays: "days from a charter's entry in the log to its force"
        case .growthFloor: "organisations that may join any constituency in a quarter"
        case .growthPercent: "organisations that may join in a quarter, % of the constituency"
        case .lapsedDays: "days after a canary's word was due: the account lapses"
        case .probationQuarters: "quarters in which a new organisation does not vouch"
        case .seatPercent: "the largest share of council seats of one constituency, %"
        case .silentDays: "days after a canary's word was due: the account is suspended"
        case .staleDays: "days after a canary's word was due: the account is stale"
        case .vouchQuota: "sealed vouches of one member of a ring in one quarter"
        }
    }
}

/// The numbers of a charter.
///
/// Spec: `docs/spec/registry.md`, section 3.1.
package struct RegistryLimits: Equatable, Sendable {
    private var values: [RegistryLimit: Int]

    /// All as the design has them.
    package static let standard = RegistryLimits()

    private init() {
        let pairs = RegistryLimit.allCases.map { ($0, $0.standard) }
        values = Dictionary(uniqueKeysWithValues: pairs)
    }

    init(fields: inout StatementFields) throws(StatementError) {
        self.init()
        for limit in RegistryLimit.allCases {
            let range = Int64(limit.range.lowerBound)...Int64(limit.range.upperBound)
            values[limit] = Int(try fields.integer(limit.rawValue, in: range))
        }
        let silence = [self[.staleDays], self[.silentDays], self[.lapsedDays]]
        guard silence[0] < silence[1], silence[1] < silence[2] else {
            throw .invalidValue(field: "limits")
        }
    }

    /// What a limit is set to; what is out of range is refused when the charter is read.
    package subscript(limit: RegistryLimit) -> Int {
        get { values[limit] ?? limit.standard }
        set { values[limit] = newValue }
    }

    package var json: JSONValue {
        let pairs = RegistryLimit.allCases.map { ($0.rawValue, JSONValue.integer(Int64(self[$0]))) }
        return .object(Dictionary(uniqueKeysWithValues: pairs))
    }
}
