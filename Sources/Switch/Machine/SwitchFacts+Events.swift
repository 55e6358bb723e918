// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// What each kind of event does to the facts.
///
/// Spec: `docs/spec/switch.md`, section 5.2.
extension SwitchFacts {
    /// Takes an event in.
    ///
    /// - Parameters:
    ///   - event: Not an arming.
    ///   - state: Where the switch stands at the time of the event.
    /// - Returns: `false` if the event is void: not allowed now, repeated, or outweighed.
    mutating func apply(_ event: SwitchEvent, in state: SwitchState) -> Bool {
        switch event.kind {
        case .arming:
            // The first one made these facts. Another epoch needs consents and is not there yet.
            return false
        case .checkIn(let time):
            return checkIn(at: min(time, event.time))
        case .attestation(let trustee, let number, let verdict, let hasEvidence):
            return attest(
                trustee,
                Answer(
                    number: number,
                    verdict: verdict,
                    hasEvidence: hasEvidence,
                    time: event.time
                )
            )
        case .hold(let until, let signed):
            return hold(
                until: until,
                signed: min(signed, event.time),
                at: event.time,
                in: state
            )
        case .delay(let trustee, let seconds, let since):
            guard state == .pending, since == pendingSince, delays[trustee] == nil else {
                return false
            }
            delays[trustee] = min(seconds, Delay.secondsMax)
            return true
        case .revocation(let digest):
            guard !isDeadForCertain, ending?.digest != digest else { return false }
            ending = Ending(digest: digest, time: event.time)
            return true
        case .consent(let trustee, let digest):
            guard ending?.digest == digest else { return false }
            return ending?.consents.insert(trustee).inserted ?? false
        case .intent(let trustee, let since):
            guard state == .releasing, since == releasingSince, intents[trustee] == nil else {
                return false
            }
            intents[trustee] = event.time
            return true
        case .share(let trustee):
            return shares.insert(trustee).inserted
        }
    }

    private mutating func checkIn(at time: Int64) -> Bool {
        // Whoever killed the owner may hold the passphrase.
        guard !isDeadForCertain, time > cycleStart else { return false }
        restartCycle(at: time)
        holdsInARow = 0
        holdUntil = nil
        if !shares.isEmpty { needsReshare = true }
        return true
    }

    /// Starts a cycle and lets the answers lapse that it overtakes.
    mutating func restartCycle(at time: Int64) {
        cycleStart = time
        for (trustee, answer) in answers where answer.time <= time {
            guard answer.verdict == .taken || answer.verdict == .unknown else { continue }
            answers[trustee]?.hasLapsed = true
        }
    }

    private mutating func attest(_ trustee: TrusteeNumber, _ answer: Answer) -> Bool {
        guard answer.number > answers[trustee]?.number ?? 0 else { return false }
        answers[trustee] = answer
        let deadCount = answers.values.count { $0.verdict == .dead && $0.hasEvidence }
        if deadCount > terms.threshold {
            isDeadForCertain = true
            ending = nil
            holdUntil = nil
        }
        if count(of: [.alive]) >= terms.threshold { isDeadForCertain = false }
        return true
    }

    private mutating func hold(
        until: Int64,
        signed: Int64,
        at time: Int64,
        in state: SwitchState
    ) -> Bool {
        // One that was signed before the owner's last sign of life does not undo that sign, however
        // late somebody brings it.
        guard state == .armed, !isDeadForCertain, until > time, signed >= cycleStart,
            until - signed <= SwitchTerms.holdSecondsMax,
            holdsInARow < SwitchTerms.holdsInARowMax
        else { return false }
        holdUntil = until
        holdsInARow += 1
        return true
    }
}
