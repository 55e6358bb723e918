// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Outside
import Sodium
import Statements
import Switch
import Vault

/// Reminds the owner of one switch, where a reminder is due.
///
/// It goes by what everybody can see: a captor must not read from a reminder what trustees know.
///
/// Spec: `docs/spec/switch.md`, section 14.
struct ReminderDesk {
    let record: SwitchRecord
    let contacts: ReminderContacts
    /// The key by which statements are signed.
    let key: Ed25519.PublicKey
    /// Names a reminder to whoever gets it twice.
    let identifier: (_ cycle: Int64, _ moment: Int) -> String
    /// Signs a statement and has the logs take it.
    let publish: (Reminder) throws -> Void

    /// Sends what is due and not sent yet.
    ///
    /// - Parameters:
    ///   - now: Witnessed time.
    ///   - context: The sender's home, and the way out.
    /// - Returns: What was tried now.
    /// - Throws: What files and logs throw.
    func run(asOf now: Int64, _ context: Context) throws -> [ReminderRound.Outcome] {
        guard let due = record.machine(asOf: now).reminder else { return [] }
        var book = try ReminderBook(key.bytes, cycle: due.cycle, home: context.home)
        let round = ReminderRound(
            contacts: contacts,
            moment: due.index,
            now: context.now,
            identifier: identifier(due.cycle, due.index),
            send: { channel, message in
                try channel.send(message, timeoutSeconds: contacts.timeoutSeconds) {
                    try context.webhookClient()
                }
            },
            publish: { outcome in
                try publish(
                    Reminder(
                        epoch: record.arming.statement.epoch,
                        cycle: due.cycle,
                        moment: Reminder.moments[due.index],
                        channel: contacts.channels[outcome.channel].statementChannel,
                        outcome: outcome.isDelivered ? .delivered : .failed
                    )
                )
            }
        )
        return try round.run(&book)
    }
}

extension ReminderChannel {
    /// What a statement says of it.
    fileprivate var statementChannel: Reminder.Channel {
        switch self {
        case .mail: .mail
        case .webhook: .webhook
        }
    }
}

extension Context {
    /// The way to webhooks, each request with nothing in common with what went before.
    func webhookClient() throws -> HTTPClient {
        guard let route else { preconditionFailure("a command that sends reminders says how") }
        return try route.isolated().client()
    }
}
