// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// Somebody who was named for it reminded the owner, or tried to.
///
/// Signed by a sender whom the arming names, or by a trustee. It says nothing of where it went.
///
/// Spec: `docs/spec/switch.md`, section 3.14.
package struct Reminder: EpochStatement {
    package static let type = "switch-reminder"
    package static let version: Int64 = 1

    /// By which way.
    package enum Channel: String, CaseIterable, Sendable {
        /// Mail.
        case mail
        /// An HTTP request.
        case webhook
    }

    /// What became of it.
    package enum Outcome: String, CaseIterable, Sendable {
        /// The next machine took it.
        case delivered
        /// It did not.
        case failed
    }

    /// When reminders go out, in per cent of the grace.
    package static let moments: [Int64] = [0, 25, 50, 75]

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// The cycle that it is about, by its start.
    package let cycle: Int64
    /// How much of the grace had passed, one of ``moments``.
    package let moment: Int64
    /// By which way it went.
    package let channel: Channel
    /// What became of it.
    package let outcome: Outcome

    /// Makes a reminder.
    package init(
        epoch: SwitchEpoch,
        cycle: Int64,
        moment: Int64,
        channel: Channel,
        outcome: Outcome
    ) {
        precondition(Self.moments.contains(moment), "one of the moments")
        self.epoch = epoch
        self.cycle = cycle
        self.moment = moment
        self.channel = channel
        self.outcome = outcome
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        cycle = try fields.time("cycle")
        moment = try fields.integer("moment", in: 0...100)
        channel = try fields.word("channel")
        outcome = try fields.word("outcome")
        guard Self.moments.contains(moment) else { throw .invalidValue(field: "moment") }
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "cycle": .integer(cycle), "moment": .integer(moment),
            "channel": .string(channel.rawValue), "outcome": .string(outcome.rawValue),
        ])
    }
}
