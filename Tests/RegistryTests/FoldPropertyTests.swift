// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Statements
import Testing

@Suite struct FoldPropertyTests {
    @Test(arguments: UInt64(1)...12)
    func randomHistoriesKeepTheInvariants(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var story = try RandomStory()
        var prefixes: [(count: Int, clock: Int64, state: RegistryState)] = []
        for _ in 0..<220 {
            if random.next() % 6 == 0 {
                let state = story.world.state
                prefixes.append((story.world.log.count, state.clock, state))
                try story.world.pass(days: Int64(random.next() % 20) + 1)
            } else {
                try story.step(&random)
            }
        }
        let comment = Comment(rawValue: "seed \(seed)")
        for (subject, account) in story.accounts {
            let history = story.world.state.history(of: subject, account: account)
            checkTransitions(history, comment)
            for prefix in prefixes {
                let then = prefix.state.history(of: subject, account: account)
                // What was true on a day stays true of that day.
                #expect(
                    clipped(then, to: prefix.clock) == clipped(history, to: prefix.clock),
                    comment
                )
            }
            checkBadges(history, subject, account, story.world.state, comment)
        }
        for prefix in prefixes.suffix(4) {
            let again = RegistryState(
                origin: World.origin,
                folding: entries(story.world, prefix.count)
            )
            for (subject, account) in story.accounts {
                let left = again.history(of: subject, account: account)
                #expect(left == prefix.state.history(of: subject, account: account), comment)
            }
            #expect(again.refused == prefix.state.refused, comment)
            let asOf = RegistryState(
                origin: World.origin,
                folding: entries(story.world, story.world.log.count),
                asOf: prefix.clock
            )
            #expect(asOf.entryCount == Int64(prefix.count), comment)
        }
        #expect(story.accounts.isEmpty == false, comment)
    }

    /// The same of registries in which guardians, rings, council and canaries do what they can.
    @Test(arguments: UInt64(1)...4) func registriesOfEverybodyKeepThem(seed: UInt64) throws {
        var registry = try RandomRegistry(seed: seed &* 48_271, decides: false)
        var prefixes: [(count: Int, clock: Int64, state: RegistryState)] = []
        for _ in 0..<12 {
            try registry.live(steps: 20)
            let state = registry.world.state
            prefixes.append((registry.world.log.count, state.clock, state))
            try registry.world.pass(days: 1)
        }
        let comment = Comment(rawValue: "seed \(seed)")
        let state = registry.world.state
        for subject in state.subjects.values {
            for account in subject.accounts {
                let history = state.history(of: subject.id, account: account)
                checkTransitions(history, comment)
                checkBadges(history, subject.id, account, state, comment)
                for prefix in prefixes {
                    let then = prefix.state.history(of: subject.id, account: account)
                    guard !then.isEmpty else { continue }
                    #expect(
                        clipped(then, to: prefix.clock) == clipped(history, to: prefix.clock),
                        comment
                    )
                }
            }
        }
        let entries = registry.world.entries()
        for prefix in prefixes.suffix(2) {
            let again = RegistryState(
                origin: World.origin,
                folding: entries.prefix(prefix.count)
            )
            #expect(again.refused == prefix.state.refused, comment)
            for subject in again.subjects.values {
                for account in subject.accounts {
                    #expect(
                        again.history(of: subject.id, account: account)
                            == prefix.state.history(of: subject.id, account: account),
                        comment
                    )
                }
            }
        }
    }

    private func entries(_ world: World, _ count: Int) -> [RegistryEntry] {
        world.log.prefix(count).enumerated().map {
            RegistryEntry(index: Int64($0.offset), bytes: $0.element)
        }
    }

    private func clipped(_ history: [StandingPeriod], to time: Int64) -> [StandingPeriod] {
        history.filter { $0.since <= time }.map { period in
            StandingPeriod(
                state: period.state,
                tier: period.tier,
                since: period.since,
                until: period.until.flatMap { $0 <= time ? $0 : nil },
                reason: period.reason
            )
        }
    }

    private func checkTransitions(_ history: [StandingPeriod], _ comment: Comment) {
        for (left, right) in zip(history, history.dropFirst()) {
            #expect(left.until == right.since, comment)
            let isAllowed =
                left.state == right.state || left.state.successors.contains(right.state)
            #expect(isAllowed, "\(comment): \(left.state) to \(right.state)")
            #expect(!left.state.isTerminal, comment)
        }
        for period in history where period.tier > .none {
            #expect([.attested, .pending, .provisional].contains(period.state), comment)
        }
    }

    /// Counts again, from the vouches themselves, whenever an account is said to be attested.
    private func checkBadges(
        _ history: [StandingPeriod],
        _ subject: RegistryID,
        _ account: RegistryID,
        _ state: RegistryState,
        _ comment: Comment
    ) {
        for period in history where period.state == .attested {
            let vouches = state.vouches(for: subject, account: account, at: period.since)
            let epochs = Dictionary(grouping: vouches, by: \.epoch)
            let isMet = epochs.values.contains { group in
                let sealed = group.count { $0.verifier == nil }
                return Set(group.compactMap(\.verifier)).count + sealed >= 3
                    && Set(group.map(\.constituency)).count >= 2
            }
            #expect(isMet, comment)
        }
    }
}

/// A random registry that does sensible and senseless things.
private struct RandomStory {
    var world: World
    var accounts: [(RegistryID, RegistryID)] = []
    private var names: [String] = []

    init() throws {
        world = try World()
        try world.accreditAll(count: 3)
    }

    mutating func step(_ random: inout SplitMix64) throws {
        guard let place = pick(accounts.indices, &random), random.next() % 12 > 0 else {
            return try addSubject()
        }
        let (subject, account) = accounts[place]
        let seats = Array(World.seats.prefix(Int(random.next() % 3) + 3))
        switch random.next() % 24 {
        case 0...11: try vouch(subject, account, &random)
        case 12, 13: try world.prove(subject, names[place], account)
        case 14: try suspend(subject, &random, seats)
        case 15:
            let vouches = world.state.vouches(for: subject, account: account, at: world.state.clock)
            guard let vouch = vouches.first else { return }
            let statement = WithdrawVouchStatement(
                head: world.head,
                subject: subject.bytes,
                vouch: vouch.entry.bytes
            )
            let makers = verifierNames.filter { (try? World.keyID($0)) == vouch.verifier }
            try world.submit(statement, makers)
        case 16 where random.next() % 3 == 0:
            let reason: RegistryReason =
                random.next() % 2 == 0 ? .subjectRequest : .impersonation
            let statement = RevokeStatement(
                head: world.head,
                subject: subject.bytes,
                reason: reason
            )
            try world.submit(statement, seats + [names[place]])
        case 17 where random.next() % 3 == 0:
            let statement = MemorialStatement(
                head: world.head,
                subject: subject.bytes,
                lastTrustedAt: world.state.clock,
                evidence: SHA256.hash([])
            )
            try world.submit(statement, seats)
        case 18 where random.next() % 3 == 0:
            guard let name = pick(verifierNames, &random) else { return }
            let statement = RemoveVerifierStatement(
                head: world.head,
                verifier: try World.keyID(name).bytes,
                reason: .routineReview
            )
            try world.submit(statement, seats)
        case 19: try promise(subject, names[place], &random)
        case 20, 21, 22: try say(subject, names[place])
        default: world.append([UInt8(truncatingIfNeeded: random.next())])
        }
    }

    private var verifierNames: [String] {
        World.constituencies.flatMap { name in (1...3).map { "\(name)-\($0)" } }
    }

    private mutating func addSubject() throws {
        let name = "subject-\(accounts.count)"
        let subject = try world.register(name)
        let account = try World.link(name).commitment
        try world.prove(subject, name, account)
        if world.state.subjects[subject]?.accounts.contains(account) == true {
            accounts.append((subject, account))
            names.append(name)
        }
    }

    private mutating func promise(
        _ subject: RegistryID,
        _ name: String,
        _ random: inout SplitMix64
    ) throws {
        let words = Chain(name, subject).words
        let days = Int(random.next() % 14) + 1
        let statement = CanaryStatement(
            head: world.head,
            subject: subject.bytes,
            promise: random.next() % 4 == 0
                ? nil : .init(anchor: words[0], everyDays: days)
        )
        try world.submit(statement, [name])
    }

    private mutating func say(_ subject: RegistryID, _ name: String) throws {
        let words = Chain(name, subject).words
        let last = world.state.subjects[subject]?.canary?.lastWord
        guard let place = words.firstIndex(where: { $0 == last?.bytes }), place < words.count - 1
        else { return }
        let statement = AliveStatement(
            head: world.head,
            subject: subject.bytes,
            word: words[place + 1]
        )
        try world.submit(statement, [name])
    }

    private mutating func vouch(
        _ subject: RegistryID,
        _ account: RegistryID,
        _ random: inout SplitMix64
    ) throws {
        guard let name = pick(verifierNames, &random) else { return }
        let epoch = RegistryEpoch(containing: world.state.clock)
        try world.vouch(subject, account, name, epoch: random.next() % 3 == 0 ? epoch.next : epoch)
    }

    private mutating func suspend(
        _ subject: RegistryID,
        _ random: inout SplitMix64,
        _ seats: [String]
    ) throws {
        let days = Int64(random.next() % 33) + 1
        let statement = SuspendStatement(
            head: world.head,
            subject: subject.bytes,
            until: world.state.clock + days * World.day,
            reason: .routineReview
        )
        try world.submit(statement, random.next() % 2 == 0 ? ["press-1", "rights-2"] : seats)
    }

    private func pick<C: RandomAccessCollection>(
        _ choices: C,
        _ random: inout SplitMix64
    ) -> C.Element? where C.Index == Int {
        guard !choices.isEmpty else { return nil }
        return choices[choices.startIndex + Int(random.next() % UInt64(choices.count))]
    }
}

/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014.
private struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
