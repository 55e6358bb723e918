// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// Which of the four reminders of a cycle is due: at 0, 25, 50 and 75 % of the grace.
///
/// Spec: `docs/spec/switch.md`, section 14.
package struct ReminderMoment: Equatable, Sendable {
    /// How many there are.
    package static let count = 4

    /// When the cycle began that the owner is overdue in.
    package let cycle: Int64
    /// Which one, from 0.
    package let index: Int
    /// When it came.
    package let time: Int64
}

extension SwitchMachine {
    /// The newest reminder that is due, `nil` where the owner is not expected.
    ///
    /// Those before it that nobody sent are over: four at once say no more than one.
    package var reminder: ReminderMoment? {
        guard state == .due || state == .overdue, let facts else { return nil }
        let step = facts.terms.profile.graceSeconds / Int64(ReminderMoment.count)
        let index = min((clock - facts.dueAt) / step, Int64(ReminderMoment.count - 1))
        guard index >= 0 else { return nil }
        return ReminderMoment(
            cycle: facts.cycleStart,
            index: Int(index),
            time: facts.dueAt + index * step
        )
    }
}
