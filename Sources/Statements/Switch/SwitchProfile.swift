// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// How long an owner may be silent.
///
/// Spec: `docs/spec/switch.md`, section 4.
package enum SwitchProfile: String, CaseIterable, Sendable {
    /// 24 h to the next check-in, 24 h of grace, 24 h to veto.
    case field
    /// 7 days, 3 days, 3 days.
    case standard
    /// 30 days, 14 days, 7 days.
    case long

    private static let hourSeconds: Int64 = 3600
    private static let daySeconds: Int64 = 24 * hourSeconds

    /// From a check-in to the next one, in seconds.
    package var intervalSeconds: Int64 {
        switch self {
        case .field: Self.daySeconds
        case .standard: 7 * Self.daySeconds
        case .long: 30 * Self.daySeconds
        }
    }

    /// How long reminders go out before the trustees are asked, in seconds.
    package var graceSeconds: Int64 {
        switch self {
        case .field: Self.daySeconds
        case .standard: 3 * Self.daySeconds
        case .long: 14 * Self.daySeconds
        }
    }

    /// How long the owner can veto after the trustees have answered, in seconds.
    package var vetoSeconds: Int64 {
        switch self {
        case .field: Self.daySeconds
        case .standard: 3 * Self.daySeconds
        case .long: 7 * Self.daySeconds
        }
    }
}
