// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// What owner, trustees and enemies do when it is their turn.
extension SimulatedLife {
    // MARK: The owner

    /// When the owner will say something next.
    mutating func nextCheckIn() -> Int64 {
        let profile = plot.terms.profile
        let longest =
            random.happens(10)
            ? profile.intervalSeconds + profile.graceSeconds / 2 : profile.intervalSeconds
        return now + random.seconds(longest / 5...longest)
    }

    mutating func actAsOwner() {
        guard plot.isHeard(now) else {
            // Somebody ill comes back, and looks at the last minute perhaps.
            let isBack = plot.fate == .ill || plot.fate == .forcedAndFreed
            checkInAt = isBack ? plot.fateAt + plot.fateSeconds : .max
            return
        }
        if plot.fate == .forcedAndFreed && now >= plot.fateAt { return clearUp() }
        if isAround(plot.isAwayAt), machine.state == .armed {
            let until = machine.clock + random.seconds(Self.day...8 * Self.day)
            say(.hold(until: until, signed: witnessed()))
            // The owner's program says whether it counts: if not, there is no absence.
            guard machine.state == .hold else { return checkIn(.clean) }
            lastSign = now + (until - machine.clock)
            checkInAt = lastSign - Self.day + random.seconds(0...Self.day)
            return
        }
        if isAround(plot.asksForEndAt) {
            request = [1]
            say(.revocation(digest: [1]))
        } else if isAround(plot.asksForEpochAt), request == nil {
            request = [2]
            let epoch = (machine.facts?.epoch ?? 1) + 1
            say(.arming(plot.terms, digest: [2], signed: witnessed()), epoch: epoch)
        }
        checkIn(.clean)
    }

    private func isAround(_ time: Int64?) -> Bool {
        time.map { now >= $0 && now < $0 + 2 * plot.terms.profile.intervalSeconds } ?? false
    }

    /// A check-in with the owner's own hand, or by a message to somebody.
    private mutating func checkIn(_ mark: SwitchEvent.Mark) {
        // A message is lost now and then; the client says "not counted", and it is tried again.
        if random.happens(20) {
            checkInAt = now + random.seconds(Self.hour / 4...2 * Self.hour)
            return
        }
        say(.checkIn(time: witnessed(), checkpoint: newCheckpoint(), mark: mark))
        noteWhetherTooLate()
        lastSign = now
    }

    private mutating func newCheckpoint() -> [UInt8] {
        checkpointCount += 1
        return [UInt8(truncatingIfNeeded: checkpointCount >> 8), UInt8(checkpointCount & 0xff)]
    }

    /// Set free: meets the trustees, checks in where they say, and goes on as before.
    private mutating func clearUp() {
        guard machine.facts?.duress != nil, clearing == nil else { return checkIn(.clean) }
        let checkpoint = newCheckpoint()
        clearing = checkpoint
        say(.checkIn(time: witnessed(), checkpoint: checkpoint, mark: .clean))
        noteWhetherTooLate()
        lastSign = now
        checkInAt = now + random.seconds(2 * Self.hour...10 * Self.hour)
    }

    // MARK: Trustees

    mutating func poll(_ trustee: Int) {
        let isUrgent = machine.state == .pending || machine.state == .releasing
        polls[trustee] =
            now
            + random.seconds(
                isUrgent ? Self.hour / 6...Self.hour : 4 * Self.hour...12 * Self.hour
            )
        // Crashed before anything was written: next time.
        guard !random.happens(5), let epoch = machine.facts?.epoch,
            let cycle = machine.facts?.cycleStart
        else { return }
        // In an epoch of the killers' the trustees are others.
        if let killersEpoch, epoch >= killersEpoch { return }
        let isForced = machine.facts?.duress != nil
        let number = TrusteeNumber(trustee)
        sayUnderSeal(trustee)
        if now - drilledAt[trustee] > 25 * Self.day {
            drilledAt[trustee] = now
            say(.drill(number, time: witnessed()))
        }
        if let clearing, isForced, hasCleared.insert(trustee).inserted {
            waiting[trustee].append(.clearing(number, checkpoint: clearing))
        }
        if let request, plot.isHeard(now), hasConsented.insert(trustee).inserted {
            say(.consent(number, request: request))
        }
        if machine.state == .due || machine.state == .overdue, random.happens(40) {
            let isDelivered = !plot.isMailLost && random.happens(60)
            say(.reminder(cycle: cycle, isDelivered: isDelivered))
        }
        answer(trustee)
        release(number)
    }

    /// Each day's sealed statement, which says what came up since the last one, or nothing.
    private mutating func sayUnderSeal(_ trustee: Int) {
        let day = machine.clock / Self.day
        guard day > sealedDay[trustee] else { return }
        sealedDay[trustee] = day
        let batch = waiting[trustee].prefix(DayContents.statementCountMax)
        waiting[trustee].removeFirst(batch.count)
        for kind in batch { say(kind, isSealed: true) }
    }

    /// Says it openly, or with the next day's sealed statement where a captor must not see it.
    private mutating func say(_ kind: SwitchEvent.Kind, by trustee: Int) {
        guard machine.facts?.duress != nil else { return say(kind) }
        if !waiting[trustee].contains(kind) { waiting[trustee].append(kind) }
    }

    private mutating func answer(_ trustee: Int) {
        guard let verdict = verdict(trustee), now - answered[trustee] > Self.day else { return }
        let known = machine.facts?.answers[TrusteeNumber(trustee)]
        guard known?.verdict != verdict || known?.hasLapsed == true else { return }
        answered[trustee] = now
        say(attestation(trustee, verdict), by: trustee)
    }

    private mutating func verdict(_ trustee: Int) -> Attestation.Verdict? {
        let isAsked = machine.state == .suspect || machine.state == .pending
        switch plot.fate {
        case .killed, .killedAndOpened:
            if now >= learntAt[trustee] { return .dead }
        case .forced:
            if now >= learntAt[trustee] { return .taken }
        case .diligent, .ill, .forcedAndFreed: break
        }
        guard isAsked else { return nil }
        let isKnown = random.happens(plot.isInHiding ? 5 : 70)
        return plot.isHeard(now) && isKnown ? .alive : .unknown
    }

    private mutating func attestation(
        _ trustee: Int,
        _ verdict: Attestation.Verdict
    ) -> SwitchEvent.Kind {
        answerNumbers[trustee] += 1
        return .attestation(
            TrusteeNumber(trustee),
            number: answerNumbers[trustee],
            verdict: verdict,
            hasEvidence: verdict == .dead
        )
    }

    private mutating func release(_ number: TrusteeNumber) {
        guard machine.state == .releasing, let since = machine.facts?.releasingSince,
            // Whoever has spoken with the owner releases nothing.
            machine.facts?.answers[number]?.verdict != .alive, !hasCleared.contains(number.value)
        else { return }
        if machine.facts?.intents[number] == nil {
            say(.intent(number, releasingSince: since), by: number.value)
        }
        guard machine.allowsShares, machine.facts?.shares.contains(number) == false else { return }
        noteHonestShare()
        say(.share(number))
    }

    // MARK: Enemies

    mutating func scheme() {
        guard let epoch = machine.facts?.epoch else { return }
        let (pending, releasing) = (machine.facts?.pendingSince, machine.facts?.releasingSince)
        for trustee in plot.colluding where random.happens(50) {
            collude(TrusteeNumber(trustee), pending: pending, releasing: releasing)
        }
        // What was signed ahead, or seen before, is brought again.
        if random.happens(20), let seen = events.randomElement(using: &random) {
            say(seen.kind, isSealed: seen.isSealed, epoch: seen.epoch)
        }
        guard !plot.isFree(now) else { return }
        if random.happens(20), let time = signedAhead.popLast() {
            say(.checkIn(time: time, checkpoint: newCheckpoint(), mark: .clean))
        }
        switch plot.fate {
        case .killedAndOpened: useThePassphrase(epoch)
        case .forced, .forcedAndFreed:
            say(.checkIn(time: witnessed(), checkpoint: newCheckpoint(), mark: .duress))
            if random.happens(30) {
                // The field of any statement of the owner's shows trustees that it was forced.
                let (until, signed) = (machine.clock + 20 * Self.day, witnessed())
                let mark = SwitchEvent.Kind.checkIn(
                    time: signed,
                    checkpoint: newCheckpoint(),
                    mark: .duress
                )
                say(mark, isSealed: true)
                say(.hold(until: until, signed: signed), isForced: true)
            }
        default: break
        }
    }

    private mutating func useThePassphrase(_ epoch: Int64) {
        say(.checkIn(time: witnessed(), checkpoint: newCheckpoint(), mark: .clean))
        switch random.index(below: 6) {
        case 0: say(.hold(until: machine.clock + 29 * Self.day, signed: witnessed()))
        case 1: say(.revocation(digest: [9]))
        case 2:
            let digest: [UInt8] = [8]
            if killersEpoch == nil { killersEpoch = epoch + 1 }
            say(.arming(plot.terms, digest: digest, signed: witnessed()), epoch: epoch + 1)
        default: break
        }
    }

    private mutating func collude(_ number: TrusteeNumber, pending: Int64?, releasing: Int64?) {
        let trustee = number.value
        switch random.index(below: 6) {
        case 0, 1: say(attestation(trustee, plot.wantsRelease ? .dead : .alive))
        case 2:
            if let since = pending, !plot.wantsRelease {
                say(.delay(number, seconds: 72 * Self.hour, pendingSince: since))
            }
        case 3:
            if let since = releasing, plot.wantsRelease {
                say(.intent(number, releasingSince: since))
            }
        case 4:
            for digest: UInt8 in [8, 9] { say(.consent(number, request: [digest])) }
        default:
            if plot.wantsRelease && random.happens(30) { say(.share(number)) }
        }
    }
}
