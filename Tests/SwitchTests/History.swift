// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Switch

/// Writes the events of a switch one after the other, in hours since the arming.
struct History {
    static let hour: Int64 = 3600
    /// 2026-01-01T00:00:00Z: no test depends on it.
    static let start: Int64 = 1_767_225_600

    let terms: SwitchTerms
    private(set) var events: [SwitchEvent]
    private(set) var outages: [Outage] = []
    /// The epoch that statements are signed for.
    var epoch: Int64 = 1
    private var answerCounts: [Int: Int64] = [:]

    init?(
        _ profile: SwitchProfile = .field,
        n: Int = 5,
        k: Int = 3,
        hasReminders: Bool = false
    ) {
        let terms = SwitchTerms(
            profile: profile,
            trusteeCount: n,
            threshold: k,
            hasReminders: hasReminders
        )
        guard let terms else { return nil }
        self.terms = terms
        events = [
            SwitchEvent(
                leaf: 0,
                time: Self.start,
                kind: .arming(terms, digest: [], signed: Self.start)
            )
        ]
    }

    static func time(_ hours: Double) -> Int64 { start + Int64(hours * Double(hour)) }

    mutating func add(_ hours: Double, _ kind: SwitchEvent.Kind, isSealed: Bool = false) {
        let leaf = UInt64(events.count)
        let time = Self.time(hours)
        events.append(
            SwitchEvent(leaf: leaf, time: time, epoch: epoch, isSealed: isSealed, kind: kind)
        )
    }

    /// The owner signs over a checkpoint of `signed`, which reaches the log at `hours`.
    mutating func checkIn(
        _ hours: Double,
        signed: Double? = nil,
        mark: SwitchEvent.Mark = .unread,
        checkpoint: UInt8 = 0
    ) {
        let time = Self.time(signed ?? hours)
        add(hours, .checkIn(time: time, checkpoint: [checkpoint], mark: mark))
    }

    /// No log worked between two moments, or longer if clocks tell.
    mutating func outage(_ from: Double, _ to: Double, hours: Double = 0) {
        let seconds = Int64(hours * Double(Self.hour))
        let (since, until) = (Self.time(from), Self.time(to))
        outages.append(Outage(since: since, until: until, seconds: seconds))
    }

    /// Trustees agree to what the owner asked for.
    mutating func consent(_ hours: Double, _ trustees: [Int], _ request: UInt8) {
        for trustee in trustees {
            add(hours, .consent(TrusteeNumber(trustee), request: [request]))
        }
    }

    /// The owner asks for a new epoch of as many trustees.
    mutating func rearm(_ hours: Double, _ request: UInt8, signed: Double? = nil) {
        epoch += 1
        let time = Self.time(signed ?? hours)
        add(hours, .arming(terms, digest: [request], signed: time))
        epoch -= 1
    }

    /// The owner signs an absence over a checkpoint of `signed`.
    mutating func hold(_ hours: Double, until end: Double, signed: Double? = nil) {
        let signed = Self.time(signed ?? hours)
        add(hours, .hold(until: Self.time(end), signed: signed))
    }

    mutating func delay(_ hours: Double, _ trustee: Int, seconds: Int64) {
        let machine = machine(hours)
        let since = machine.facts?.pendingSince ?? 0
        add(hours, .delay(TrusteeNumber(trustee), seconds: seconds, pendingSince: since))
    }

    mutating func answer(
        _ hours: Double,
        _ trustees: [Int],
        _ verdict: Attestation.Verdict,
        evidence: Bool = false
    ) {
        for trustee in trustees {
            let number = (answerCounts[trustee] ?? 0) + 1
            answerCounts[trustee] = number
            let kind = SwitchEvent.Kind.attestation(
                TrusteeNumber(trustee),
                number: number,
                verdict: verdict,
                hasEvidence: evidence
            )
            add(hours, kind)
        }
    }

    mutating func intend(_ hours: Double, _ trustees: [Int]) {
        let since = machine(hours).facts?.releasingSince ?? 0
        for trustee in trustees {
            add(hours, .intent(TrusteeNumber(trustee), releasingSince: since))
        }
    }

    mutating func publish(_ hours: Double, _ trustees: [Int]) {
        for trustee in trustees { add(hours, .share(TrusteeNumber(trustee))) }
    }

    func machine(_ hours: Double, _ rules: SwitchRules = .standard) -> SwitchMachine {
        SwitchMachine(of: events, outages: outages, asOf: Self.time(hours), rules: rules)
    }

    func state(_ hours: Double) -> SwitchState { machine(hours).state }
}
