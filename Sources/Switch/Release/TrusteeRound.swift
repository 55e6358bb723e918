// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Escrow
package import Sodium
package import Statements
package import TransparencyLog

/// Does what a trustee's program does on its own, one statement after the other.
///
/// All that it knows comes from the logs: whatever it was doing when it was killed, the next round
/// finds there or does again.
///
/// Spec: `docs/spec/switch.md`, section 15.
package struct TrusteeRound {
    /// How the outside is reached.
    package struct Ways {
        /// The switch as the logs tell it to this trustee now.
        package let record: () throws -> SwitchRecord
        /// The newest checkpoint, cosigned now.
        package let refresh: () throws -> SignedNote
        /// Witnessed time.
        package let now: () throws -> Int64
        /// Has the logs take a statement.
        package let publish: (Envelope) throws -> Void
        /// What the person has said that is to go out under seal, oldest first.
        package let waiting: () throws -> [DayContents.Inner]

        /// Puts the ways together.
        package init(
            record: @escaping () throws -> SwitchRecord,
            refresh: @escaping () throws -> SignedNote,
            now: @escaping () throws -> Int64,
            publish: @escaping (Envelope) throws -> Void,
            waiting: @escaping () throws -> [DayContents.Inner] = { [] }
        ) {
            self.record = record
            self.refresh = refresh
            self.now = now
            self.publish = publish
            self.waiting = waiting
        }
    }

    /// The most statements of one round; a log that does not show them is no reason for more.
    private static let actCountMax = 4

    private let ways: Ways

    /// A round over these ways.
    package init(_ ways: Ways) {
        self.ways = ways
    }

    /// Says what is to be said, until only questions are left.
    ///
    /// - Parameters:
    ///   - signer: The trustee's signing key.
    ///   - secret: The trustee's escrow key.
    /// - Returns: What was done, in order, and the questions for the person.
    /// - Throws: ``SwitchError``, what the ways throw.
    package func run(
        signer: borrowing Ed25519.SecretKey,
        secret: borrowing TrusteeSecret
    ) throws -> (done: [TrusteeDuty], questions: [TrusteeDuty]) {
        var done: [TrusteeDuty] = []
        while true {
            let now = try ways.now()
            let record = try ways.record()
            let seat = try TrusteeSeat(record, signingKey: signer.publicKey)
            let machine = record.machine(asOf: now)
            let duties = seat.duties(machine)
            let act = duties.first { duty in
                if case .ask = duty { false } else { !done.contains(duty) }
            }
            guard let act, done.count < Self.actCountMax else {
                let questions = duties.filter { duty in
                    if case .ask = duty { true } else { false }
                }
                return (done, questions)
            }
            let statement: (any Statement)?
            switch act {
            case .drill:
                let checkpoint = try ways.refresh()
                statement = try seat.drill(with: secret, checkpoint: checkpoint, asOf: now)
            case .day:
                let intent = try seat.sealedIntent(machine).map { [DayContents.Inner.intent($0)] }
                statement = try seat.day(
                    saying: ways.waiting() + (intent ?? []),
                    asOf: now
                )
            case .announce: statement = try seat.intent(asOf: now)
            case .publish: statement = try seat.share(opening: secret, asOf: now)
            case .ask: statement = nil
            }
            if let statement { try ways.publish(statement.signed(by: signer)) }
            done.append(act)
        }
    }
}
