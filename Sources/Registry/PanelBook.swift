// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import RingSignature
internal import Sodium
package import Statements

/// A panel that looks at what a subject published, in one quarter.
///
/// Spec: `docs/spec/sortition.md`, sections 3 to 5.
package struct Panel: Sendable {
    /// Days that its members have to answer.
    package static let answerDays: Int64 = 14

    /// What the lot decided.
    package struct Draw: Sendable {
        /// The seed, 32 bytes.
        package let seed: [UInt8]
        /// How many were drawn, and how many of them have to concur.
        package let rule: PanelRule
        /// The ring of its members.
        package let ring: Ring
        /// The day, seconds since 1970.
        package let drawnOn: Int64
        /// First moment at which nobody can concur any more, seconds since 1970.
        package var deadline: Int64 {
            drawnOn + Panel.answerDays * RegistryHead.daySeconds
        }
    }

    /// A member that concurs, whoever it is.
    package struct Concurrence: Sendable {
        let tag: RegistryID?
        /// The day, seconds since 1970.
        package let since: Int64
        /// Posts that it found sound.
        package let soundCount: Int
        /// Posts that it did not.
        package let unsoundCount: Int
    }

    /// The day whose outputs draw it, seconds since 1970.
    package let day: Int64
    /// The draw; `nil` while the round of the day goes on, or when there are too few verifiers.
    package internal(set) var draw: Draw?
    /// Accounts that its members look at: those whose control the subject had shown.
    package let accounts: [RegistryID]
    /// Whether the charter of that day named no holders, so that nobody could be drawn.
    package let isWaived: Bool
    /// In the order of the log.
    package internal(set) var concurrences: [Concurrence] = []

    /// When enough members had concurred.
    package var concurredOn: Int64? {
        guard let rule = draw?.rule, rule.isMet(by: concurrences.count) else {
            return nil
        }
        return concurrences.map(\.since).sorted()[rule.threshold - 1]
    }

    /// When it was too late for that.
    package var failedOn: Int64? { concurredOn == nil ? draw?.deadline : nil }

    /// Posts that its members found sound, and those that they did not, as the middle member says:
    /// of an even number the one who says less good.
    func posts(at time: Int64) -> (sound: Int64, unsound: Int64) {
        let members = concurrences.filter { $0.since <= time }
        guard !members.isEmpty else { return (0, 0) }
        let sound = members.map(\.soundCount).sorted()
        let unsound = members.map(\.unsoundCount).sorted()
        return (Int64(sound[(members.count - 1) / 2]), Int64(unsound[members.count / 2]))
    }

    /// Whether it stands in the way of an account's badge at `time`.
    func agrees(to account: RegistryID, at time: Int64) -> Bool {
        if isWaived { return day <= time }
        return (concurredOn ?? .max) <= time && accounts.contains(account)
    }

    /// Whether it said no, by saying nothing in time.
    func hasFailed(at time: Int64) -> Bool { (failedOn ?? .max) <= time }
}

/// The panels of a registry, and the rounds that draw them.
package struct PanelBook: Sendable {
    /// Whose panel, and when.
    package struct Place: Hashable, Sendable {
        package let subject: RegistryID
        package let epoch: RegistryEpoch

        package init(_ subject: RegistryID, _ epoch: RegistryEpoch) {
            self.subject = subject
            self.epoch = epoch
        }
    }

    /// Rounds by their day.
    package private(set) var rounds: [Int64: BeaconRound] = [:]
    private var panels: [Place: Panel] = [:]
    /// Panels that a round's outputs will draw.
    private var waiting: [Int64: [Place]] = [:]
    /// Who can be drawn: the rings as they stood when the day was over.
    private var pools: [Int64: [RegistryEpoch: [[UInt8]]]] = [:]
    /// Where too few could be drawn: asked again when there are more.
    private(set) var undrawn: Set<Place> = []

    package subscript(_ subject: RegistryID, _ epoch: RegistryEpoch) -> Panel? {
        panels[Place(subject, epoch)]
    }

    /// Panels of a subject, by quarter, ascending.
    package func panels(of subject: Subject) -> [(epoch: RegistryEpoch, panel: Panel)] {
        Set(subject.vouches.map(\.epoch)).sorted().compactMap { epoch in
            self[subject.id, epoch].map { (epoch, $0) }
        }
    }

    /// Days of which a holder has still to speak, ascending.
    package func days(awaiting holder: RegistryID) -> [Int64] {
        rounds.values.filter { $0.awaits(holder) }.map(\.day).sorted()
    }

    /// Keys and outputs of a day whose round is settled; `nil` before.
    func outputs(of day: Int64) -> [(key: [UInt8], output: [UInt8])]? {
        guard let round = rounds[day], round.settledOn != nil else { return nil }
        return round.outputs.map { (key: $0.key.bytes, output: $0.value) }
    }

    /// Has holders speak of a day.
    mutating func openRound(_ day: Int64, _ holders: [BeaconHolder]) {
        guard rounds[day] == nil else { return }
        rounds[day] = BeaconRound(day: day, holders: holders.map { RegistryID($0.function) })
    }

    /// The vouches are enough today: whatever is drawn, is drawn with the outputs of this day.
    mutating func convene(
        _ place: Place,
        on day: Int64,
        _ accounts: [RegistryID],
        _ holders: [BeaconHolder]
    ) {
        guard panels[place] == nil else { return }
        undrawn.remove(place)
        panels[place] = Panel(day: day, accounts: accounts, isWaived: holders.isEmpty)
        guard !holders.isEmpty else { return }
        waiting[day, default: []].append(place)
        openRound(day, holders)
    }

    /// The log reached a day.
    mutating func advance(to clock: Int64, _ rings: RingBook, context: [UInt8]) {
        let open = rounds.values.filter { $0.settledOn == nil && $0.day < clock }.map(\.day)
        for day in open.sorted() {
            if pools[day] == nil {
                for place in waiting[day] ?? [] where pools[day]?[place.epoch] == nil {
                    pools[day, default: [:]][place.epoch] = rings.pool(place.epoch)
                }
            }
            rounds[day]?.advance(to: clock)
            draw(day, context)
        }
    }

    /// Nobody is asked any more for places of quarters that are over.
    mutating func forgetUndrawn(before clock: Int64) {
        undrawn = undrawn.filter { $0.epoch.end > clock }
    }

    /// A holder speaks.
    ///
    /// - Returns: False when it is not its turn.
    mutating func take(
        _ output: [UInt8],
        of holder: RegistryID,
        for day: Int64,
        on clock: Int64,
        context: [UInt8]
    ) -> Bool {
        guard rounds[day]?.take(output, of: holder, on: clock) == true else { return false }
        draw(day, context)
        return true
    }

    /// Somebody concurs.
    mutating func concur(_ concurrence: Panel.Concurrence, _ place: Place) {
        panels[place]?.concurrences.append(concurrence)
    }

    /// Draws the panels of a day whose round is settled.
    private mutating func draw(_ day: Int64, _ context: [UInt8]) {
        guard let settledOn = rounds[day]?.settledOn, let outputs = outputs(of: day),
            let places = waiting.removeValue(forKey: day)
        else { return }
        let pools = pools.removeValue(forKey: day) ?? [:]
        for place in places {
            let pool = pools[place.epoch] ?? []
            guard let rule = PanelRule(poolCount: pool.count) else {
                // Nobody learned anything: a panel that was never drawn closes no quarter.
                panels[place] = nil
                undrawn.insert(place)
                continue
            }
            let seed = PanelSeed.seed(
                context: context,
                subject: place.subject,
                epochName: place.epoch.name,
                day: day,
                outputs: outputs
            )
            let members = Sortition.draw(rule.size, of: pool.count, seed: seed).map { pool[$0] }
            // Members of rings are elements, each once.
            guard let ring = try? Ring(members.sorted { $0.lexicographicallyPrecedes($1) }) else {
                continue
            }
            panels[place]?.draw = Panel.Draw(
                seed: seed,
                rule: rule,
                ring: ring,
                drawnOn: settledOn
            )
        }
    }
}
