// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
internal import Sodium
internal import Statements
internal import TransparencyLog

/// A signed life for other readers: all that its logs show, what a trustee needs to read it, and
/// which states this implementation sees in it at some moments.
///
/// Besides what belongs to the life, people say things at random, sensible or not.
///
/// Spec: `docs/spec/switch.md`, section 12.
package struct SignedHistory {
    private static let hour: Int64 = 3600
    private static let day: Int64 = 24 * hour
    private static let remarkCountMax = 8
    private static let rowCount = SimulatedEpoch.sheetRowCount

    private let life: SignedLife
    private var random: SimulationRandom
    private let end: Int64
    private var moments: [Int64] = []
    private let presence: [[Sighting]]

    /// Lives, signs and reads a life; a longer one than asked for is none.
    ///
    /// - Parameters:
    ///   - seed: Of the life, and of what is said besides.
    ///   - statementCountMax: Longer lives are not signed.
    /// - Throws: What arming and signing throw.
    package init?(seed: UInt64, statementCountMax: Int = .max) throws {
        var ideal = SimulatedLife(seed: seed, bounds: .inside, bug: nil)
        _ = ideal.run()
        guard ideal.events.count <= statementCountMax else { return nil }
        life = try SignedLife(ideal)
        random = SimulationRandom(seed: ~seed)
        end = SimulatedLogs.start + max(ideal.machine.clock, Self.day)
        presence = Self.presence(of: life, until: end, &random)
        for _ in 0..<random.index(below: Self.remarkCountMax) { try remark() }
        let record = try SwitchRecord(life.owner.id, in: log)
        let changes = record.machine(asOf: end).steps
        // On both sides of some changes of state, and anywhere.
        for _ in 0..<2 where !changes.isEmpty {
            let change = changes[random.index(below: changes.count)].time
            moments += [change - 1, change]
        }
        moments += [
            random.seconds(SimulatedLogs.start + Self.hour...end), end,
            end + random.seconds(0...40 * Self.day),
        ]
        // Before the arming there is no switch to be seen.
        let armedAt = record.events.first?.time ?? end
        moments = moments.map { max($0, armedAt) }.sorted()
    }

    /// When the logs were seen: each hour while they worked, one of them no longer after a while.
    ///
    /// Some witnesses lie, and now and then one does not sign.
    private static func presence(
        of life: SignedLife,
        until end: Int64,
        _ random: inout SimulationRandom
    ) -> [[Sighting]] {
        let plot = life.ideal.plot
        let hours = stride(from: SimulatedLogs.start, through: end, by: Int(Self.hour))
            .filter { !plot.isDown($0 - SimulatedLogs.start) }
            .compactMap { time in
                var times = life.logs.clocks(at: time)
                for liar in 0..<plot.liars where random.happens(50) {
                    times[liar] = time + random.seconds(-400 * Self.day...400 * Self.day)
                }
                if random.happens(10) { times[random.index(below: times.count)] = nil }
                return Sighting(times)
            }
        return [hours, Array(hours.prefix(hours.count / 2))]
    }

    private var checkpoints: [SignedNote] {
        (0..<2).map { life.logs.checkpoint(of: $0, at: end) }
    }

    private var log: WitnessedLog {
        WitnessedLog(
            texts: life.logs.texts,
            life.logs.capability,
            checkpoints: checkpoints,
            presence: Dictionary(
                zip(life.logs.policy.origins, presence),
                uniquingKeysWith: { first, _ in first }
            ),
            policy: life.logs.policy
        )
    }

    /// The history as others read it, with the states that this implementation sees: for each
    /// moment a line for the public view and one for the trustee's.
    ///
    /// - Throws: What reading throws.
    package func json() throws -> JSONValue {
        let (logs, log) = (life.logs, log)
        let seats = life.epochs.values.map { $0.seats[0] }
        let keys = try seats.map { try BriefingKey(signer: $0.signer) }
        let views = [
            try SwitchRecord(life.owner.id, in: log),
            try SwitchRecord(life.owner.id, in: log, as: keys),
        ]
        let states = moments.flatMap { moment in
            views.map { JSONValue.string(Self.line($0, in: log, asOf: moment)) }
        }
        let presence = zip(logs.policy.origins, presence).map { origin, sightings in
            let times = sightings.map { sighting in
                JSONValue.array(sighting.times.map { .integer($0 ?? -1) })
            }
            return (origin, JSONValue.array(times))
        }
        return [
            "policy": .string(logs.policyText),
            "capability": .string(Hex.encode(logs.capability.bytes)),
            "texts": .array(logs.texts.map { .string(Base64.encode($0.bytes)) }),
            "checkpoints": .array(checkpoints.map { .string(Base64.encode($0.encoded)) }),
            "presence": .object(
                Dictionary(presence, uniquingKeysWith: { first, _ in first })
            ),
            "seeds": .array(
                seats.map { .string(Hex.encode($0.signer.seed().reveal())) }
            ),
            "moments": .array(moments.map { .integer($0) }), "states": .array(states),
        ]
    }

    /// Id, state, last sign of life, refused statements, since when, epoch, flags.
    private static func line(
        _ record: SwitchRecord,
        in log: WitnessedLog,
        asOf moment: Int64
    ) -> String {
        let machine = record.machine(asOf: moment)
        let refused = record.refused.count { log.entries[Int($0.leaf)].time <= moment }
        let raised = machine.flags()
        let flags = SwitchFlag.allCases.filter { raised.contains($0) }.map(\.rawValue)
        let facts = [
            machine.facts?.cycleStart ?? 0, Int64(refused), machine.since,
            machine.facts?.epoch ?? 0,
        ]
        return "\(record.id.text) \(machine.state.rawValue) "
            + facts.map { String($0) }.joined(separator: " ") + " "
            + (flags.isEmpty ? "-" : flags.joined(separator: ","))
    }

    // MARK: What is said besides

    /// Somebody says something.
    private mutating func remark() throws {
        let time = random.seconds(SimulatedLogs.start + Self.hour...end)
        let numbers = life.epochs.keys.sorted()
        guard let people = life.epochs[numbers[random.index(below: numbers.count)]] else { return }
        let seat = people.seats[random.index(below: people.seats.count)]
        let checkpoint = life.logs.checkpoint(of: random.index(below: 2), at: time)
        let text = String(decoding: checkpoint.encoded, as: UTF8.self)
        let envelope: Envelope
        switch random.index(below: 8) {
        case 0, 1:
            let row = random.index(below: Self.rowCount)
            let words = WordsReading(
                epoch: people.epoch,
                trustee: seat.number,
                cycle: Int64(row + 1),
                words: people.sheet.rows[row][random.index(below: 2)]
            )
            envelope = try words.signed(by: seat.signer)
        case 2:
            let until = time + random.seconds(-Self.hour...40 * Self.day)
            let isFree = random.happens(50)
            envelope = try signedByOwner(isFree) {
                Hold(epoch: people.epoch, until: until, checkpoint: text, token: $0)
            }
        case 3:
            let isFree = random.happens(80)
            envelope = try signedByOwner(isFree) {
                Revocation(epoch: people.epoch, checkpoint: text, token: $0)
            }
        case 4:
            let isFree = random.happens(50)
            envelope = try signedByOwner(isFree) {
                CheckIn(epoch: people.epoch, checkpoint: text, token: $0)
            }
        case 5:
            let since = time - random.seconds(0...Self.day)
            envelope = try Delay(
                epoch: people.epoch,
                trustee: seat.number,
                seconds: random.seconds(1...Delay.secondsMax),
                pendingSince: since
            ).signed(by: seat.signer)
        case 6:
            // Not under the key of this epoch.
            let day = SealedDay(
                epoch: people.epoch,
                trustee: seat.number,
                day: time / Self.day,
                contents: DayContents(),
                key: life.owner.token
            )
            envelope = try day.signed(by: seat.signer)
        default:
            let request = life.logs.texts[random.index(below: life.logs.texts.count)].envelope
            envelope = try Consent(
                epoch: people.epoch,
                trustee: seat.number,
                request: SHA256.hash(request.payload)
            ).signed(by: seat.signer)
        }
        life.logs.append(envelope, to: random.index(below: 2), at: time)
    }

    private func signedByOwner<S: Statement>(
        _ isFree: Bool,
        _ statement: (borrowing SecretBytes) -> S
    ) throws -> Envelope {
        let owner = life.owner
        let said = isFree ? statement(owner.token) : statement(owner.duressToken)
        return try said.signed(by: owner.key)
    }
}
