// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// What the beacon holders say of one day, until it is settled.
///
/// A day's outputs may only be shown when the log has left the day behind: then nobody can bring a
/// vouch in any more that would be dated with it.
///
/// Spec: `docs/spec/sortition.md`, section 3.
package struct BeaconRound: Sendable {
    /// Days of the log in which holders can speak before those who did not are left out.
    package static let speakingDays: Int64 = 2
    /// As many have to speak, however long it takes.
    package static let outputCountMin = 2

    /// The day that they speak about, seconds since 1970.
    package let day: Int64
    /// Keys of those who should speak.
    package let holders: [RegistryID]
    /// Who has spoken, with the output.
    package private(set) var outputs: [RegistryID: [UInt8]] = [:]
    /// The first later day that the log reached.
    private(set) var openedOn: Int64?
    /// When the outputs were complete, or no more were awaited.
    package private(set) var settledOn: Int64?

    /// - Parameters:
    ///   - day: Midnight, seconds since 1970.
    ///   - holders: Keys of the function, as the charter names them.
    package init(day: Int64, holders: [RegistryID]) {
        self.day = day
        self.holders = holders
    }

    /// Whether holders can speak now.
    package var isOpen: Bool { openedOn != nil && settledOn == nil }

    /// Whether it is a holder's turn.
    package func awaits(_ holder: RegistryID) -> Bool {
        isOpen && holders.contains(holder) && outputs[holder] == nil
    }

    /// Holders who were left out: named, because silence after the others spoke is a choice.
    package var silent: [RegistryID] {
        settledOn == nil ? [] : holders.filter { outputs[$0] == nil }
    }

    /// The log reached a day.
    package mutating func advance(to clock: Int64) {
        guard clock > day else { return }
        if openedOn == nil { openedOn = clock }
        settle(on: clock)
    }

    /// A holder speaks.
    ///
    /// - Returns: False if it is not its turn: no holder, spoken before, too early or too late.
    package mutating func take(_ output: [UInt8], of holder: RegistryID, on clock: Int64) -> Bool {
        guard awaits(holder) else { return false }
        outputs[holder] = output
        settle(on: clock)
        return true
    }

    private mutating func settle(on clock: Int64) {
        guard settledOn == nil, let openedOn else { return }
        let isLate = clock >= openedOn + Self.speakingDays * RegistryHead.daySeconds
        let isComplete = outputs.count == holders.count
        if isComplete || isLate && outputs.count >= Self.outputCountMin { settledOn = clock }
    }
}
