// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Where a switch stands.
///
/// Spec: `docs/spec/switch.md`, section 5.
package enum SwitchState: String, CaseIterable, Sendable {
    /// Trustees are being found; nothing is protected yet.
    case draft
    /// The owner has checked in and is expected again.
    case armed
    /// The interval has passed; reminders go out.
    case due
    /// Half of the grace has passed as well.
    case overdue
    /// The grace has passed: the trustees are asked what they know.
    case suspect
    /// Enough trustees have answered; the owner can still veto.
    case pending
    /// The veto window is over: trustees announce, wait an hour, and publish their shares.
    case releasing
    /// k shares are out. Final.
    case released
    /// The owner has announced an absence.
    case hold
    /// The owner and k trustees have ended it. Final.
    case revoked

    /// Whether nothing leads out of it.
    package var isFinal: Bool { self == .released || self == .revoked }
}
