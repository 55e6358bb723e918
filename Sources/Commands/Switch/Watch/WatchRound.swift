// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Statements
import Switch
import Vault

/// One look at all switches of which a home holds shares.
///
/// Spec: `docs/spec/switch.md`, section 15.
struct WatchRound {
    /// What one switch came to.
    private struct Finding {
        var id: SwitchID
        var state: SwitchState?
        var done: [String] = []
        var questions: [TrusteeDuty.Question] = []
        var alarms: [String] = []
        var failure: Failure?
    }

    /// Without a heartbeat for longer than this, a log is silent.
    private static let silenceSeconds: Int64 = 2 * 3600

    let home: Home
    let context: Context
    let notify: ReminderContacts?

    /// Does the round; one switch's trouble keeps no other waiting.
    func run() throws -> Outcome {
        let all = try TrusteeKeys.all(in: home).sorted { $0.id.text < $1.id.text }
        var findings: [Finding] = []
        for (index, keys) in all.enumerated() {
            var finding = Finding(id: keys.id)
            do {
                try look(keys, &finding)
            } catch {
                finding.failure = Failure.of(error)
            }
            tell(finding, index + 1)
            findings.append(finding)
        }
        let isAlarmed = findings.contains { !$0.alarms.isEmpty }
        return Outcome(
            json: ["switches": .array(findings.map(Self.json))],
            lines: findings.flatMap { finding in
                finding.questions.map { TrusteeQuestion.line($0, finding.id).local }
            },
            kind: isAlarmed ? .doesNotVerify : findings.compactMap { $0.failure?.kind }.first
        )
    }

    private func look(_ keys: TrusteeKeys, _ finding: inout Finding) throws {
        let place = try context.openPlace(of: keys.asked)
        try context.requireHonestClock(in: place)
        let log = try place.log()
        defer { if place.isAlarmed { finding.alarms.append("log") } }
        // Asked, and not armed yet: nothing depends on it.
        guard SwitchRecord.ids(in: log).contains(keys.id) else { return }
        // What everybody sees, and what the trustee sees besides.
        let record = try SwitchRecord(keys.id, in: log)
        let key = try BriefingKey(signer: keys.signer)
        let own = {
            let record = try context.record(of: keys.id, in: place, as: [key])
            return try SeatedTrustee(keys, in: record, place, home)
        }
        let seated = try own()
        do {
            try seated.requireAgreement()
        } catch {
            finding.alarms.append("arming")
            throw error
        }
        let now = try context.witnessedTime(in: place)
        finding.state = record.machine(asOf: now).state
        if isSilent(log, now) { finding.alarms.append("silence") }
        try KeptEscrow.settle(seated.seat.arming, in: home, place)
        _ = try context.patiently { try context.republish(in: place) }
        try remind(record, keys, place, now, &finding)
        let round = TrusteeRound(
            .init(
                record: { try own().record },
                refresh: { try context.patiently { try place.refresh(asOf: context.now) } },
                now: { try context.witnessedTime(in: place) },
                publish: { try context.publish($0, in: place) },
                waiting: { try own().waiting() }
            )
        )
        let (done, questions) = try round.run(signer: keys.signer, secret: keys.secret)
        finding.done += done.map(Self.word)
        finding.state = try own().record.machine(asOf: context.witnessedTime(in: place)).state
        try ask(questions, keys, now, &finding)
    }

    /// Whether a log among several has stopped showing signs of life, which the others show.
    private func isSilent(_ log: WitnessedLog, _ now: Int64) -> Bool {
        log.presence.count > 1
            && log.presence.contains { ($0.last ?? .min) < now - Self.silenceSeconds }
    }

    private func remind(
        _ record: SwitchRecord,
        _ keys: TrusteeKeys,
        _ place: any SwitchPlace,
        _ now: Int64,
        _ finding: inout Finding
    ) throws {
        guard let contacts = try KeptContacts.find(keys.id, in: home) else { return }
        let desk = ReminderDesk(
            record: record,
            contacts: contacts,
            key: keys.signer.publicKey,
            identifier: { cycle, moment in
                ReminderRound.identifier(keys.signer.seed(), cycle: cycle, moment: moment)
            },
            publish: { try context.publish($0.signed(by: keys.signer), in: place) }
        )
        for outcome in try desk.run(asOf: now, context) {
            finding.done.append(outcome.isDelivered ? "reminder" : "reminder-failed")
        }
    }

    // MARK: Asking

    private func ask(
        _ duties: [TrusteeDuty],
        _ keys: TrusteeKeys,
        _ now: Int64,
        _ finding: inout Finding
    ) throws {
        for duty in duties {
            guard case .ask(let question, let since) = duty else { continue }
            finding.questions.append(question)
            guard let notify else { continue }
            // Once a day, on every way; the message says nothing but that it is one.
            let key = keys.signer.publicKey.bytes + Array(question.rawValue.utf8)
            let day = Int(max(now - since, 0) / 86_400)
            var book = try ReminderBook(key, cycle: since, home: context.home)
            let round = ReminderRound(
                contacts: notify,
                moment: day,
                now: context.now,
                identifier: ReminderRound.identifier(
                    keys.signer.seed(),
                    cycle: since,
                    moment: day
                ),
                send: { channel, message in
                    try channel.send(message, timeoutSeconds: notify.timeoutSeconds) {
                        try context.webhookClient()
                    }
                },
                publish: { _ in }
            )
            let outcomes = try round.run(&book)
            if outcomes.contains(where: { !$0.isDelivered }) {
                finding.done.append("notice-failed")
            }
        }
        try TrusteeQuestion.write(finding.questions, of: keys.id, home: context.home)
    }

    // MARK: Telling

    /// One line an event, with numbers in place of names: a journal is read by others.
    private func tell(_ finding: Finding, _ number: Int) {
        func line(_ event: String) {
            let text = "watch switch=\(number) event=\(event)"
            context.console.note(Text(en: text, es: text))
        }
        for alarm in finding.alarms { line("alarm-\(alarm)") }
        for word in finding.done { line(word) }
        for question in finding.questions { line("question-\(question.rawValue)") }
        if let failure = finding.failure {
            line("failed-\(failure.kind)")
            context.console.note(failure.message)
        }
    }

    private static func word(_ duty: TrusteeDuty) -> String {
        switch duty {
        case .drill: "drill"
        case .day: "day"
        case .announce: "intent"
        case .publish: "share"
        case .ask(let question, _): question.rawValue
        }
    }

    private static func json(_ finding: Finding) -> JSONValue {
        var members: [String: JSONValue] = [
            "switch": .string(finding.id.text),
            "done": .array(finding.done.map { .string($0) }),
            "questions": .array(finding.questions.map { .string($0.rawValue) }),
            "alarms": .array(finding.alarms.map { .string($0) }),
        ]
        members["state"] = finding.state.map { .string($0.rawValue) }
        members["failure"] = finding.failure.map { .string("\($0.kind)") }
        return .object(members)
    }
}
