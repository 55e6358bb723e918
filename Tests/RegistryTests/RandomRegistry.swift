// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import RingSignature
import Statements

/// A random registry in which people do everything that they can, and much that they cannot.
struct RandomRegistry {
    /// A source, with the names that its keys follow from.
    struct Source {
        let id: RegistryID
        let name: String
        var key: String
        var accounts: [RegistryID]
        var decisions: [RegistryID] = []
        var appeals: [RegistryID] = []
        var chains = 0
    }

    var world: World
    var random: SplitMix
    var sources: [Source] = []
    var networks: [RegistryID] = []
    var complaints: [RegistryID] = []
    private var withdrawables: [(WithdrawVouchStatement, String, RegistryEpoch?)] = []

    /// Whether the council decides of quarters whose signatures may be deleted.
    private let decides: Bool
    /// Ring signatures that are deleted in the end.
    private(set) var lost: Set<RegistryID> = []

    /// Verifiers, with rings of twelve in two constituencies.
    init(seed: UInt64, decides: Bool = true) throws {
        self.decides = decides
        random = SplitMix(state: seed)
        world = try World()
        try world.accredit("academia-1", "academia", kind: .factChecker)
        try world.accredit("academia-2", "academia")
        try world.accredit("international-1", "international")
        try world.foundRings()
        // Half of them have panels from the start.
        if chance(2) { try world.nameBeacons() }
    }

    mutating func live(steps: Int) throws {
        for _ in 0..<2 { try addSource() }
        for _ in 0..<steps { try step() }
    }

    mutating func chance(_ of: UInt64) -> Bool { random.next() % of == 0 }

    var verifiers: [String] {
        ["press-1", "press-2", "press-3", "rights-1", "rights-2", "academia-1", "academia-2"]
            + ["international-1"]
    }

    mutating func some(_ names: [String], _ count: Int) -> [String] {
        Array(names.shuffled(using: &random).prefix(count))
    }

    private mutating func addSource() throws {
        let name = "source-\(sources.count)"
        let id = try world.register(name)
        guard world.state.subjects[id] != nil else { return }
        let accounts = try (0...Int(random.next() % 2)).map {
            try World.link("\(name)-\($0)").commitment
        }
        for account in accounts { try world.prove(id, name, account) }
        sources.append(Source(id: id, name: name, key: name, accounts: accounts))
        if !chance(3) { try appoint(sources.count - 1) }
    }

    private mutating func appoint(_ place: Int) throws {
        let source = sources[place]
        let keys = try (1...3).map { try World.publicKey("\(source.name)-guard-\($0)") }
        let statement = GuardiansStatement(
            head: world.head,
            subject: source.id.bytes,
            guardians: keys.sorted { $0.lexicographicallyPrecedes($1) }
        )
        try world.submit(statement, [source.key])
    }

    private mutating func step() throws {
        if chance(5) { return try passDays() }
        if sources.isEmpty || chance(20) { return try addSource() }
        let place = Int(random.next() % UInt64(sources.count))
        switch random.next() % 42 {
        case 0...7: try vouch(place)
        case 8...10: try vouchSealed(place)
        case 11, 12: try prove(place)
        case 13: try actSealed(place)
        case 14: try withdraw()
        case 15, 16: try suspend(place)
        case 17: try end(place)
        case 18...20: try watch(place)
        case 21: try rotate(place)
        case 22: try contradict(place)
        case 23: try appeal(place)
        case 24: try judge(place)
        case 25: try council(place)
        case 26: try network(place)
        case 27...29: try sayCanary(place)
        case 30: try promise(place)
        case 31: try mischief()
        case 32, 33: try concur(place)
        default: try dispute(place)
        }
    }

    private mutating func passDays() throws {
        // Seldom so long that revocations can be taken up again, or seals be decided.
        let days = chance(25) ? 185 : Int64(random.next() % 12) + 1
        try world.pass(days: days)
        try speak()
        let epoch = RegistryEpoch(containing: world.state.clock)
        if world.state.rings.ring(epoch, "press") == nil, chance(2) {
            try world.foundRings(count: chance(3) ? 11 : 12)
        }
        guard chance(3) else { return }
        if decides { try decide() }
    }

    /// The council's word about a quarter that is over; most of what counted, some that did not.
    private mutating func decide() throws {
        var epoch = RegistryEpoch(containing: world.state.clock)
        for _ in 0...random.next() % 4 { epoch = RegistryEpoch(containing: epoch.start - 1) }
        var chosen: Set<RegistryID> = []
        for bytes in world.log {
            let entry = RegistryEntry(index: 0, bytes: bytes)
            guard let sealed = entry.statement as? any SealableRegistryStatement,
                sealed.seal != nil, sealed.epoch == epoch, !chance(5)
            else { continue }
            chosen.insert(entry.digest)
            if chance(3), let seal = sealed.seal { lost.insert(RegistryID(seal.signature)) }
        }
        guard !chosen.isEmpty else { return }
        let statement = DecideSealsStatement(
            head: world.head,
            epoch: epoch,
            statements: chosen.sorted().prefix(DecideSealsStatement.countMax).map(\.bytes)
        )
        try world.submit(statement, some(World.seats, 4))
    }

    // MARK: Verifiers

    private mutating func vouch(_ place: Int) throws {
        let source = sources[place]
        guard let account = source.accounts.randomElement(using: &random),
            let name = verifiers.randomElement(using: &random)
        else { return }
        let epoch = RegistryEpoch(containing: world.state.clock)
        let chosen = chance(3) ? epoch.next : epoch
        try world.vouch(source.id, account, name, epoch: chosen)
        try noteVouch(source.id, name, nil)
    }

    private mutating func noteVouch(
        _ subject: RegistryID,
        _ name: String,
        _ epoch: RegistryEpoch?
    ) throws {
        guard let bytes = world.log.last else { return }
        let vouch = RegistryEntry(index: 0, bytes: bytes).digest.bytes
        let statement = WithdrawVouchStatement(
            head: world.head,
            subject: subject.bytes,
            vouch: vouch
        )
        withdrawables.append((statement, name, epoch))
    }

    private mutating func vouchSealed(_ place: Int) throws {
        let source = sources[place]
        guard let account = source.accounts.randomElement(using: &random) else { return }
        let home = chance(2) ? "press" : "rights"
        let name = "\(home)-\(random.next() % 12 + 1)"
        let statement = world.sealableVouch(source.id, account, home)
        let loses = chance(4)
        let slot = Int(random.next() % 5)
        // Who was taken out of the ring cannot sign.
        let refusal = try? world.submitSealed(statement, name, slot: slot, loses: loses)
        if refusal == nil || loses {
            try noteVouch(source.id, name, RegistryEpoch(containing: world.state.clock))
        }
    }

    private mutating func prove(_ place: Int) throws {
        let source = sources[place]
        guard let account = source.accounts.randomElement(using: &random) else { return }
        let observers = some(verifiers, Int(random.next() % 3) + 1)
        let key = chance(8) ? source.name : source.key
        // Now and then somebody copies what another one committed to.
        let other = sources.randomElement(using: &random)?.accounts.first ?? account
        let shown = chance(8) ? other : account
        try world.prove(source.id, key, shown, observers: observers)
    }

    private mutating func actSealed(_ place: Int) throws {
        let home = chance(2) ? "press" : "rights"
        // Few members, so that two meet often.
        let name = "\(home)-\(random.next() % 4 + 1)"
        let isAlarm = chance(2)
        let slot = isAlarm ? Int(random.next() % 3) : nil
        // Who was taken out of the ring cannot sign.
        _ = try? world.act(isAlarm ? .suspend : .object, sources[place].id, name, slot: slot)
    }

    private mutating func withdraw() throws {
        guard let (statement, name, epoch) = withdrawables.randomElement(using: &random) else {
            return
        }
        let fresh = WithdrawVouchStatement(
            head: world.head,
            subject: statement.subject,
            vouch: statement.vouch
        )
        guard let epoch else { return try submit(fresh, [name]) }
        var envelope = try World.envelope(fresh, [])
        let context = world.state.context
        let hand: World.Hand = { envelope in
            let key = try World.ringSecret(name, epoch).withdrawalKey(
                act: .vouch,
                context: context,
                subject: statement.subject,
                epoch: epoch.number
            )
            try envelope.sign(with: key)
        }
        try hand(&envelope)
        if let id = envelope.signatures.first { world.remember(RegistryID(id.keyDigest), hand) }
        world.append(envelope.bytes)
    }

    mutating func submit(_ statement: some Statement, _ signers: [String]) throws {
        try world.submit(statement, signers)
    }

    // MARK: Decisions

    private mutating func suspend(_ place: Int) throws {
        let days = Int64(random.next() % 33) + 1
        let isEmergency = chance(2)
        let statement = SuspendStatement(
            head: world.head,
            subject: sources[place].id.bytes,
            until: world.state.clock + (isEmergency ? days % 5 + 1 : days) * World.day,
            reason: chance(2) ? .routineReview : .handleChanged
        )
        let signers =
            isEmergency ? some(verifiers, 3) : some(World.seats, Int(random.next() % 3) + 3)
        try submit(statement, signers)
        try noteDecision(place)
    }

    private mutating func noteDecision(_ place: Int) throws {
        guard let bytes = world.log.last else { return }
        sources[place].decisions.append(RegistryEntry(index: 0, bytes: bytes).digest)
    }

    private mutating func end(_ place: Int) throws {
        let source = sources[place]
        switch random.next() % 4 {
        case 0 where chance(3):
            let statement = RevokeStatement(
                head: world.head,
                subject: source.id.bytes,
                reason: .subjectRequest
            )
            try submit(statement, [source.key])
        case 1, 2:
            let statement = RevokeStatement(
                head: world.head,
                subject: source.id.bytes,
                reason: .impersonation,
                lastTrustedAt: world.state.clock + (chance(9) ? World.day : 0)
            )
            try submit(statement, some(World.seats, 4))
            try noteDecision(place)
        default:
            let statement = MemorialStatement(
                head: world.head,
                subject: source.id.bytes,
                lastTrustedAt: world.state.clock,
                evidence: SHA256.hash([])
            )
            let guards = (1...Int(random.next() % 3 + 1)).map { "\(source.name)-guard-\($0)" }
            try submit(statement, chance(3) ? some(World.seats, 5) : guards)
        }
    }

    // MARK: The source and its guardians

    private mutating func watch(_ place: Int) throws {
        let source = sources[place]
        let guards = some((1...3).map { "\(source.name)-guard-\($0)" }, chance(4) ? 1 : 2)
        if chance(4) { return try appoint(place) }
        if chance(3) {
            let key = "\(source.name)-recovered-\(world.log.count)"
            let statement = RecoverKeyStatement(
                head: world.head,
                subject: source.id.bytes,
                key: try World.publicKey(key),
                next: SHA256.hash(try World.publicKey("\(key)-next"))
            )
            if try world.submit(statement, guards + [key]) == nil, !chance(3) {
                try world.pass(days: 14)
                sources[place].key = key
            }
            return
        }
        let statement = GuardStatement(
            head: world.head,
            subject: source.id.bytes,
            act: chance(2) ? .freeze : .takenOver
        )
        try submit(statement, guards)
    }

    private mutating func rotate(_ place: Int) throws {
        let source = sources[place]
        let next = "\(source.key)-next"
        let statement = RotateKeyStatement(
            head: world.head,
            subject: source.id.bytes,
            key: try World.publicKey(next),
            next: SHA256.hash(try World.publicKey("\(next)-next"))
        )
        let signer = chance(6) ? source.key : next
        if try world.submit(statement, [signer]) == nil {
            sources[place].key = next
            try prove(place)
            try vouch(place)
        }
    }

    private mutating func contradict(_ place: Int) throws {
        let source = sources[place]
        let statement = CancelMemorialStatement(head: world.head, subject: source.id.bytes)
        try submit(statement, [source.key, "\(source.name)-guard-2", "press-1", "rights-2"])
    }

    private mutating func appeal(_ place: Int) throws {
        let source = sources[place]
        guard let decision = source.decisions.last else { return }
        let statement = AppealStatement(
            head: world.head,
            subject: source.id.bytes,
            decision: decision.bytes,
            grounds: SHA256.hash([])
        )
        try submit(statement, [source.key])
        if let bytes = world.log.last {
            sources[place].appeals.append(RegistryEntry(index: 0, bytes: bytes).digest)
        }
    }

    private mutating func judge(_ place: Int) throws {
        let source = sources[place]
        guard let appeal = source.appeals.last, !chance(3) else {
            let statement = ReopenStatement(
                head: world.head,
                subject: source.id.bytes,
                dossier: SHA256.hash([1])
            )
            return try submit(statement, [source.key] + some(verifiers, 5))
        }
        let statement = AppealDecisionStatement(
            head: world.head,
            subject: source.id.bytes,
            appeal: appeal.bytes,
            outcome: chance(2) ? .upheld : .rejected,
            reasons: SHA256.hash([2])
        )
        try submit(statement, some(verifiers, 7))
    }
}
