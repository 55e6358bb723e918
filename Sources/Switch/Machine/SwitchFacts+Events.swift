// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// What each kind of statement does to the facts, once it counts.
///
/// Spec: `docs/spec/switch.md`, section 5.2.
extension SwitchFacts {
    /// What a statement is to this reader now.
    func matter(of event: SwitchEvent) -> SwitchAdmission.Matter {
        switch event.kind {
        case .arming: return .newEpoch
        case .checkIn(_, _, let mark), .words(_, let mark):
            if mark == .duress { return .forcedCheckIn }
            if case .words = event.kind, duress == nil { return .words }
            return duress == nil ? .checkIn : .checkInUnderDuress
        case .attestation: return .attestation
        case .hold: return .hold
        case .delay: return .delay
        case .revocation: return .revocation
        case .consent: return .consent
        case .intent: return .intent
        case .share: return .share
        case .reminder: return .reminder
        case .drill: return .drill
        case .clearing: return .clearing
        case .receipt: return .receipt
        }
    }

    /// When a sign of life was given, by its own account and never later than it was seen.
    func signTime(of event: SwitchEvent) -> Int64 {
        switch event.kind {
        case .checkIn(let time, _, _): min(time, event.time)
        case .hold(_, let signed): min(signed, event.time)
        case .arming(_, _, let signed): min(signed, event.time)
        case .words(let cycle, _): wordsTime(cycle)
        case .drill(_, let time): min(time, event.time)
        default: event.time
        }
    }

    /// The start of a numbered cycle, counted from the arming.
    private func wordsTime(_ cycle: Int64) -> Int64 {
        let (product, hasOverflowed) =
            (cycle - 1).multipliedReportingOverflow(by: terms.profile.intervalSeconds)
        return hasOverflowed ? .max : armedAt.addingReportingOverflow(product).partialValue
    }

    /// Takes in a statement that counts.
    ///
    /// - Returns: `false` if it said nothing new.
    mutating func apply(_ event: SwitchEvent, as matter: SwitchAdmission.Matter) -> Bool {
        switch event.kind {
        case .arming(let terms, let digest, let signed):
            nextEpoch = NextEpoch(digest: digest, terms: terms, signed: min(signed, event.time))
            return true
        case .checkIn(_, let checkpoint, _):
            return checkIn(at: signTime(of: event), over: checkpoint, as: matter)
        case .words:
            return checkIn(at: signTime(of: event), over: [], as: matter)
        case .attestation(let trustee, let number, let verdict, let hasEvidence):
            lastHeard[trustee] = event.time
            answers[trustee] = Answer(
                number: number,
                verdict: verdict,
                hasEvidence: hasEvidence,
                time: event.time
            )
            if verdict == .alive { intents[trustee] = nil }
            countTheDead()
            return true
        case .hold(let until, _):
            holdUntil = until
            holdSigned = signTime(of: event)
            holdsInARow += 1
            return true
        case .delay(let trustee, let seconds, _):
            lastHeard[trustee] = event.time
            delays[trustee] = min(seconds, limits.delaySecondsMax)
            return true
        case .revocation(let digest):
            ending = Ending(digest: digest, time: event.time)
            return true
        case .consent(let trustee, let digest):
            lastHeard[trustee] = event.time
            return consent(trustee, to: digest)
        case .intent(let trustee, _):
            lastHeard[trustee] = event.time
            // Nobody who calls the owner alive releases anything.
            guard answers[trustee]?.verdict != .alive else { return false }
            intents[trustee] = event.time
            return true
        case .share(let trustee):
            guard sharesByEpoch[event.epoch, default: []].insert(trustee).inserted else {
                return false
            }
            if event.epoch == epoch, let allowedAt = sharesAllowedAt(), allowedAt <= event.time {
                hasReleaseShare = true
            }
            return true
        case .reminder:
            if remindedAt == nil { remindedAt = event.time }
            return true
        case .drill(let trustee, _):
            lastHeard[trustee] = event.time
            drills[trustee] = signTime(of: event)
            return true
        case .clearing(let trustee, let checkpoint):
            lastHeard[trustee] = event.time
            intents[trustee] = nil
            duress?.clearings[trustee] = checkpoint
            clear()
            return true
        case .receipt(let successor):
            return receipts.insert(successor).inserted
        }
    }

    private mutating func checkIn(
        at time: Int64,
        over checkpoint: [UInt8],
        as matter: SwitchAdmission.Matter
    ) -> Bool {
        switch matter {
        case .forcedCheckIn:
            guard duress == nil else { return false }
            duress = Duress()
            // Whoever was taken while away is not away.
            holdUntil = nil
            return true
        case .checkInUnderDuress:
            duress?.checkIns[checkpoint] = time
            clear()
            return true
        default:
            showLife(at: time)
            return true
        }
    }

    /// The owner is alive and free, as of `time`.
    private mutating func showLife(at time: Int64) {
        restartCycle(at: time)
        holdsInARow = 0
        holdUntil = nil
        if !shares.isEmpty { needsReshare = true }
    }

    /// Starts a cycle and lets the answers lapse that it overtakes.
    mutating func restartCycle(at time: Int64) {
        cycleStart = time
        remindedAt = nil
        for (trustee, answer) in answers where answer.time <= time {
            guard answer.verdict == .taken || answer.verdict == .unknown else { continue }
            answers[trustee]?.hasLapsed = true
        }
    }

    /// Ends the alarm if k trustees name the checkpoint of a clean check-in that was made since.
    private mutating func clear() {
        guard let duress else { return }
        for (checkpoint, time) in duress.checkIns {
            let count = duress.clearings.values.count { $0 == checkpoint }
            guard count >= terms.threshold + quorums.clearings else { continue }
            self.duress = nil
            // Clearings take their days: free check-ins that were made meanwhile count as well.
            showLife(at: duress.checkIns.values.reduce(time, max))
            return
        }
    }

    private mutating func countTheDead() {
        let dead = answers.values.count { $0.verdict == .dead && $0.hasEvidence }
        if dead >= terms.threshold + quorums.deadForCertain {
            // Whoever killed the owner may hold the passphrase.
            isDeadForCertain = true
            ending = nil
            nextEpoch = nil
            holdUntil = nil
            duress?.checkIns = [:]
        }
        if count(of: [.alive]) >= terms.threshold + quorums.alive { isDeadForCertain = false }
    }

    private mutating func consent(_ trustee: TrusteeNumber, to digest: [UInt8]) -> Bool {
        if ending?.digest == digest {
            return ending?.consents.insert(trustee).inserted ?? false
        }
        guard nextEpoch?.consents.insert(trustee).inserted == true, let next = nextEpoch,
            next.consents.count >= terms.threshold + quorums.consents
        else { return nextEpoch?.digest == digest }
        epoch += 1
        terms = next.terms
        thresholds[epoch] = terms.threshold
        cycleStart = max(cycleStart, next.signed)
        return true
    }

    /// Forgets what was said by and about the trustees of the epoch before.
    ///
    /// An absence goes on: whoever announced it relies on it.
    mutating func beginEpoch(at time: Int64) {
        epochInForce = epoch
        armedAt = time
        nextEpoch = nil
        ending = nil
        answers = [:]
        drills = [:]
        lastHeard = [:]
        delays = [:]
        remindedAt = nil
        needsReshare = false
    }

    // MARK: States

    /// Closes the accounts of a state.
    mutating func leave(_ state: SwitchState, at time: Int64) {
        if state == .pending, let since = pendingSince {
            // The window goes on from here if the switch comes back: it never starts again.
            let credit = min(downtime.seconds(from: since, to: time), creditLeft(at: since))
            pendingSeconds += max(time - since - credit, 0)
            pendingSince = nil
        }
        if state == .releasing {
            releasingSince = nil
            intents = [:]
            hasReleaseShare = false
        }
    }

    /// Opens the accounts of a state.
    mutating func enter(_ state: SwitchState, by rule: SwitchTransition.Rule, at time: Int64) {
        // The end of an absence counts as a check-in at that moment.
        if rule == .absenceOver {
            restartCycle(at: time)
            holdUntil = nil
        }
        if rule == .rearmed { beginEpoch(at: time) }
        switch state {
        case .armed:
            cycleInForce = cycleStart
            // A check-in so old that the trustees are asked again gives no second veto window.
            if time < suspectAt {
                pendingSeconds = 0
                delays = [:]
            }
        case .pending: pendingSince = time
        case .releasing: releasingSince = time
        case .draft, .due, .overdue, .suspect, .released, .hold, .revoked: break
        }
    }
}
