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
    private var answerCounts: [Int: Int64] = [:]

    init?(_ profile: SwitchProfile = .field, n: Int = 5, k: Int = 3) {
        guard let terms = SwitchTerms(profile: profile, trusteeCount: n, threshold: k) else {
            return nil
        }
        self.terms = terms
        events = [SwitchEvent(leaf: 0, time: Self.start, kind: .arming(terms))]
    }

    static func time(_ hours: Double) -> Int64 { start + Int64(hours * Double(hour)) }

    mutating func add(_ hours: Double, _ kind: SwitchEvent.Kind) {
        let leaf = UInt64(events.count)
        events.append(SwitchEvent(leaf: leaf, time: Self.time(hours), kind: kind))
    }

    /// The owner signs over a checkpoint of `signed`, which reaches the log at `hours`.
    mutating func checkIn(_ hours: Double, signed: Double? = nil) {
        add(hours, .checkIn(time: Self.time(signed ?? hours)))
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
        let since = SwitchMachine(of: events, asOf: Self.time(hours)).facts?.releasingSince ?? 0
        for trustee in trustees {
            add(hours, .intent(TrusteeNumber(trustee), releasingSince: since))
        }
    }

    mutating func publish(_ hours: Double, _ trustees: [Int]) {
        for trustee in trustees { add(hours, .share(TrusteeNumber(trustee))) }
    }

    func machine(_ hours: Double) -> SwitchMachine {
        SwitchMachine(of: events, asOf: Self.time(hours))
    }

    func state(_ hours: Double) -> SwitchState { machine(hours).state }
}
