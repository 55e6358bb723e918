// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// One life of a switch in virtual time: owner, trustees, enemies, witnesses and logs.
///
/// Signatures are ideal: what nobody could sign is not said. The state machine is the real one, and
/// honest trustees do nothing that it does not allow.
///
/// Spec: `docs/spec/switch.md`, section 12.
struct SimulatedLife {
    /// What went wrong.
    enum Failure: String, Sendable {
        case early, blocked, circle, differs
    }

    static let hour = SimulatedPlot.hour
    static let day = SimulatedPlot.day

    let plot: SimulatedPlot
    let bug: PlantedBug?
    var random: SimulationRandom
    /// What the trustees see.
    var machine: SwitchMachine
    var now: Int64 = 0
    /// All statements in the order of their witnessed times.
    private(set) var events: [SwitchEvent] = []
    private(set) var outages: [Outage] = []
    /// Which of them captors said.
    private(set) var forcedLeaves: Set<UInt64> = []
    /// Check-ins and requests that are in the log, by what sets them apart.
    private var signed: Set<[UInt8]> = []
    private var wasDown = false
    /// By which outages are measured.
    private var clock: SightingClock?
    /// What the witnesses' clocks say; kept, since it is asked at every step.
    private var times = [Int64](repeating: 0, count: SimulatedPlot.witnessCount)
    /// Outages that are over and counted.
    private var notedCount = 0
    private(set) var failure: Failure?

    // What the owner has done.
    var checkInAt: Int64 = 0
    var lastSign: Int64 = 0
    var isTooLate = false
    var signedAhead: [Int64] = []
    var checkpointCount: UInt32 = 0
    var clearing: [UInt8]?
    var request: [UInt8]?
    // What the trustees have done.
    var polls: [Int64]
    var learntAt: [Int64]
    var answered: [Int64]
    var answerNumbers: [Int64]
    var drilledAt: [Int64]
    /// What each will say under seal, and the day of the last sealed statement.
    var waiting: [[SwitchEvent.Kind]]
    var sealedDay: [Int64]
    var hasConsented: Set<Int> = []
    var hasCleared: Set<Int> = []
    var firstHonestShareAt: Int64?
    /// The epoch that the killers have asked for, with trustees of their own.
    var killersEpoch: Int64?

    init(seed: UInt64, bounds: SimulatedBounds, bug: PlantedBug?) {
        var random = SimulationRandom(seed: seed)
        let plot = SimulatedPlot(&random, bounds)
        let count = plot.terms.trusteeCount + 1
        self.plot = plot
        self.bug = bug
        machine = SwitchMachine(rules: bug?.rules ?? .standard)
        polls = (0..<count).map { _ in random.seconds(0...8 * Self.hour) }
        learntAt = (0..<count).map { _ in plot.fateAt + random.seconds(Self.day...5 * Self.day) }
        answered = Array(repeating: -Self.day, count: count)
        answerNumbers = Array(repeating: 0, count: count)
        drilledAt = Array(repeating: 0, count: count)
        waiting = Array(repeating: [], count: count)
        sealedDay = Array(repeating: 0, count: count)
        self.random = random
        // A few are signed ahead, by a device that somebody took or a script that somebody left.
        let aheadCount = 40 * self.random.index(below: 4)
        signedAhead = Array(repeating: plot.fateAt - Self.hour, count: aheadCount)
    }

    /// Lives it.
    ///
    /// - Returns: What went wrong, or `nil`.
    mutating func run() -> Failure? {
        // Those who lie may say anything; they do so each time.
        let first = plot.skews.indices.map { witness in
            now + plot.skews[witness] * (witness < plot.liars ? 400 : 1)
        }
        clock = Sighting(first).map { SightingClock(from: $0) }
        say(.arming(plot.terms, digest: [], signed: now))
        checkInAt = nextCheckIn()
        var enemyAt = random.seconds(0...6 * Self.hour)
        while failure == nil, !isOver {
            var pollAt = Int64.max
            for trustee in plot.honest { pollAt = min(pollAt, polls[trustee]) }
            now = min(checkInAt, enemyAt, pollAt)
            guard now < plot.end else { break }
            guard goesOn() else {
                // Everybody tries again later.
                let later = now + random.seconds(Self.hour...3 * Self.hour)
                if checkInAt == now { checkInAt = later }
                if enemyAt == now { enemyAt = later }
                for trustee in plot.honest where polls[trustee] == now { polls[trustee] = later }
                continue
            }
            machine.advance(to: witnessed())
            noteWhetherAskedTooSoon()
            if enemyAt == now {
                scheme()
                enemyAt += random.seconds(Self.hour...8 * Self.hour)
            }
            if checkInAt == now {
                actAsOwner()
                if checkInAt == now { checkInAt = nextCheckIn() }
            }
            for trustee in plot.honest where polls[trustee] == now { poll(trustee) }
        }
        judge()
        return failure
    }

    private var isOver: Bool { machine.state == .released || machine.state == .revoked }

    // MARK: Logs and witnesses

    /// Whether some log works; what was down before becomes an outage.
    private mutating func goesOn() -> Bool {
        let isDown = plot.isDown(now)
        if wasDown && !isDown, let clock {
            while notedCount < plot.outages.count, plot.outages[notedCount].upperBound < now {
                let outage = plot.outages[notedCount]
                notedCount += 1
                guard let before = sighting(outage.lowerBound),
                    let after = sighting(outage.upperBound)
                else { continue }
                let last = outages.last?.until ?? .min
                let since = max(machine.clock, before.time, last)
                let gap = Outage(
                    since: since,
                    until: max(since, after.time),
                    seconds: clock.seconds(to: after) - clock.seconds(to: before)
                )
                outages.append(gap)
                machine.note(gap)
            }
        }
        wasDown = isDown
        return !isDown
    }

    /// The time of a checkpoint: of all witnesses, the middle one's.
    mutating func witnessed(_ time: Int64? = nil) -> Int64 {
        read(time ?? now)
        times.sort()
        return bug == .anyWitness ? times[times.count - 1] : times[times.count / 2]
    }

    /// What the witnesses say of a moment; `nil` never, as all sign.
    private mutating func sighting(_ time: Int64) -> Sighting? {
        read(time)
        return Sighting(times)
    }

    private mutating func read(_ time: Int64) {
        for witness in times.indices {
            times[witness] =
                witness < plot.liars
                ? time + random.seconds(-400 * Self.day...400 * Self.day)
                : time + plot.skews[witness]
        }
    }

    /// Puts a statement into the logs.
    mutating func say(
        _ kind: SwitchEvent.Kind,
        isSealed: Bool = false,
        isForced: Bool = false,
        epoch: Int64? = nil
    ) {
        var kind = kind
        if let bug { bug.distort(&kind) }
        let event = SwitchEvent(
            leaf: UInt64(events.count),
            time: max(machine.clock, witnessed()),
            epoch: epoch ?? machine.facts?.epoch ?? 1,
            isSealed: isSealed,
            kind: kind
        )
        // A reader of one log, or of a copied one, misses what the owner says.
        let isMissed =
            (bug == .oneLog && plot.hasSeizedLog) || (bug == .copiedArming && plot.wantsRelease)
        if isMissed && event.isOfOwner { return }
        // Whoever reads the log takes the same statement once, whoever brings it again.
        switch kind {
        case .checkIn(_, let checkpoint, _):
            guard signed.insert([0] + checkpoint).inserted else { return }
        case .revocation(let digest):
            guard signed.insert([1] + digest).inserted else { return }
        case .arming(_, let digest, _):
            guard signed.insert([2, UInt8(event.epoch)] + digest).inserted else { return }
        default: break
        }
        if isForced { forcedLeaves.insert(event.leaf) }
        let wasForced = machine.facts?.duress != nil
        events.append(event)
        machine.take(event)
        // Whoever crashes after writing writes again.
        if random.happens(5) {
            events.append(event)
            machine.take(event)
        }
        if wasForced && machine.facts?.duress == nil { noteWhetherTooLate() }
    }

    /// Once the first share of a release is out, nothing stops it: so it is said, and so it is.
    mutating func noteWhetherTooLate() {
        isTooLate = machine.state == .releasing && machine.facts?.hasReleaseShare == true
    }

    // MARK: The verdict

    /// Trustees are asked about an owner who is in time with every check-in, since all logs were
    /// down: four days are what clocks can make of one outage.
    private mutating func noteWhetherAskedTooSoon() {
        guard plot.fate == .diligent, plot.outages.count == 1, machine.state == .suspect else {
            return
        }
        let profile = plot.terms.profile
        let outage = plot.outages[0]
        let down = max(min(outage.upperBound, now) - max(outage.lowerBound, lastSign), 0)
        let least = profile.intervalSeconds + profile.graceSeconds - 4 * Self.day
        if now - lastSign - down < least { failure = .early }
    }

    /// A trustee who obeys the rules publishes a share.
    mutating func noteHonestShare() {
        // Whoever comes back within an hour of k intents has to be able to call it off.
        let intents = machine.facts?.intents.values.sorted() ?? []
        let threshold = plot.terms.threshold
        let haveStood =
            intents.count >= threshold
            && intents[threshold - 1] + SwitchLimits().intentSeconds <= machine.clock
        if !haveStood { failure = .early }
        guard firstHonestShareAt == nil else { return }
        firstHonestShareAt = now
        // An alarm lasts until k trustees have met the owner, however free the owner is.
        guard plot.isFree(now), !isTooLate, machine.facts?.duress == nil else { return }
        let profile = plot.terms.profile
        let least =
            profile.intervalSeconds + 2 * profile.graceSeconds + profile.vetoSeconds
            + SwitchLimits().intentSeconds - 2 * Self.day
        if plot.fate == .diligent || now - lastSign < least { failure = .early }
    }

    private mutating func judge() {
        guard failure == nil else { return }
        if machine.isCircling { failure = .circle }
        let isReleased = machine.state == .released
        if isReleased && plot.fate == .diligent { failure = .early }
        if plot.hasToBeReleased && !isReleased && machine.state != .revoked { failure = .blocked }
        guard bug == nil, failure == nil else { return }
        // Whoever folds it all at once sees the same.
        let whole = SwitchMachine(of: events, outages: outages, asOf: machine.clock)
        if whole.state != machine.state || whole.steps != machine.steps { failure = .differs }
    }
}

extension SwitchEvent {
    /// Whether only the owner can have said it.
    fileprivate var isOfOwner: Bool {
        switch kind {
        case .checkIn, .words, .hold, .revocation: true
        default: false
        }
    }
}

extension PlantedBug {
    /// What a reader with this mistake takes a statement for.
    fileprivate func distort(_ kind: inout SwitchEvent.Kind) {
        guard case .checkIn(let time, let checkpoint, let mark) = kind else { return }
        switch self {
        case .inclusionTime: kind = .checkIn(time: .max, checkpoint: checkpoint, mark: mark)
        case .duressIgnored: kind = .checkIn(time: time, checkpoint: checkpoint, mark: .clean)
        default: break
        }
    }
}
