// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// Why the clock of this device is probably wrong.
package enum ClockDoubt: Equatable, Sendable {
    /// It is before the day of the newest deposit.
    case behind(lastDate: String)
    /// It is before this program was written, or in the next century.
    case absurd
}

extension VaultStore {
    /// 2026-01-01T00:00:00Z: no clock that is right is before that.
    private static let secondsMin: Int64 = 1_767_225_600
    /// 2100-01-01T00:00:00Z.
    private static let secondsMax: Int64 = 4_102_444_800

    /// Doubts the clock of this device.
    ///
    /// A deposit is accepted all the same: its order in the log, and the checkpoints around it, do
    /// not depend on the clock of whoever deposits.
    ///
    /// - Parameter now: Seconds since 1970, by that clock.
    /// - Returns: Nil where nothing speaks against it.
    /// - Throws: ``VaultError/statementDamaged(index:)``, ``VaultError/logDamaged``,
    ///   ``FileFailure``.
    package func clockDoubt(now: Int64) throws -> ClockDoubt? {
        guard (Self.secondsMin..<Self.secondsMax).contains(now) else { return .absurd }
        let log = try log()
        guard log.size > 0 else { return nil }
        let date = try record(log.size - 1, in: log).statement.date
        // Days as text are ordered as days.
        return UTCDate.text(seconds: now) < date ? .behind(lastDate: date) : nil
    }
}
