// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Switch

/// Sends what is due of one reminder, on every channel, and has each outcome published.
///
/// Spec: `docs/spec/switch.md`, section 14.
struct ReminderRound {
    /// What one message came to.
    struct Outcome: Equatable, Sendable {
        let moment: Int
        let channel: Int
        let isDelivered: Bool
    }

    private static let label = "resguardo/reminder-id/v1\n"
    private static let identifierCount = 12

    let contacts: ReminderContacts
    /// Which quarter of the grace has come.
    let moment: Int
    /// This machine's clock: only pauses depend on it.
    let now: Int64
    /// The same for the same reminder: who gets it twice can tell.
    let identifier: String
    let send: (ReminderChannel, ReminderMessage) throws -> Bool
    /// Publishes an outcome.
    let publish: (Outcome) throws -> Void

    /// Does it.
    ///
    /// - Returns: What was tried now.
    /// - Throws: What the book and `publish` throw; what was delivered is written down by then.
    func run(_ book: inout ReminderBook) throws -> [Outcome] {
        var outcomes: [Outcome] = []
        var failure: (any Error)?
        for (index, channel) in contacts.channels.enumerated() {
            var entry = book[moment, index]
            if !entry.isDelivered, entry.nextTry <= now {
                // Written before: a crash repeats this one message at most.
                entry.tryCount += 1
                entry.triedAt = now
                try book.set(entry, moment, index)
                entry.isDelivered = try send(channel, message)
                try book.set(entry, moment, index)
                outcomes.append(
                    Outcome(moment: moment, channel: index, isDelivered: entry.isDelivered)
                )
            }
            do {
                try tell(entry, index, &book)
            } catch {
                // No node is reached: it is told later, and the other channels do not wait.
                failure = error
            }
        }
        if let failure { throw failure }
        return outcomes
    }

    /// Publishes an outcome that no statement tells yet: each failure of a moment once.
    private func tell(_ entry: ReminderBook.Entry, _ index: Int, _ book: inout ReminderBook) throws
    {
        var entry = entry
        if entry.isDelivered, !entry.isDeliverySaid {
            entry.isDeliverySaid = true
        } else if !entry.isDelivered, entry.tryCount > 0, !entry.isFailureSaid {
            entry.isFailureSaid = true
        } else {
            return
        }
        try publish(Outcome(moment: moment, channel: index, isDelivered: entry.isDelivered))
        try book.set(entry, moment, index)
    }

    private var message: ReminderMessage {
        ReminderMessage(subject: contacts.subject, text: contacts.text, identifier: identifier)
    }

    /// Names a reminder; only who has the sender's key knows which.
    static func identifier(_ seed: borrowing SecretBytes, cycle: Int64, moment: Int) -> String {
        let tag = HMACSHA256.authenticate(Array("\(label)\(cycle)/\(moment)".utf8), key: seed)
        return Hex.encode(tag.prefix(identifierCount))
    }
}
