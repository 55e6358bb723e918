// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import Statements

// MARK: The council, and those who mean no good

extension RandomRegistry {
    mutating func council(_ place: Int) throws {
        if chance(4) {
            let charter = try World.charter(
                number: world.state.charters.count == 1 ? 2 : 3,
                date: world.state.clock,
                rules: chance(2) ? .standard : Self.otherRules,
                beacons: chance(3) ? [] : World.beacons.map(World.holder)
            )
            return try submit(charter, some(World.roots, 4))
        }
        guard let name = verifiers.randomElement(using: &random) else { return }
        if chance(3) {
            let statement = RemoveVerifierStatement(
                head: world.head,
                verifier: try World.keyID(name).bytes,
                reason: .verifierFraud
            )
            return try submit(statement, some(World.seats, 3))
        }
        if chance(3) {
            let statement = SuspendVerifierStatement(
                head: world.head,
                verifier: try World.keyID(name).bytes,
                until: world.state.clock + Int64(random.next() % 40) * World.day,
                reason: .routineReview
            )
            return try submit(statement, some(World.seats, Int(random.next() % 3) + 2))
        }
        try world.accredit(name, String(name.prefix { $0 != "-" }), days: 100)
    }

    private static let otherRules = RegistryRules(
        provisional: RegistryQuorum(count: 2, constituencies: 2),
        attested: RegistryQuorum(count: 4, constituencies: 2),
        strong: RegistryQuorum(count: 5, constituencies: 2),
        observers: RegistryQuorum(count: 1, constituencies: 1),
        emergency: RegistryQuorum(count: 3, constituencies: 2),
        objectionDays: 5,
        provisionalDays: 10,
        graceDays: 10,
        controlDays: 40,
        emergencyDays: 5
    )

    mutating func network(_ place: Int) throws {
        let seats = some(World.seats, 4)
        if let network = networks.last, chance(2) {
            let statement = WithdrawDesignationStatement(
                head: world.head,
                network: network.bytes,
                reason: .administrativeError
            )
            return try submit(statement, seats)
        }
        let dossiers = [[1], [2], [3]].map { SHA256.hash($0) }
            .sorted { $0.lexicographicallyPrecedes($1) }
        let evidence = Array(dossiers.prefix(Int(random.next() % 4)))
        let statement = try DesignateNetworkStatement(
            head: world.head,
            network: chance(2) ? networks.last?.bytes : nil,
            splitFrom: chance(4) ? (networks.first?.bytes ?? SHA256.hash([9])) : nil,
            name: "network \(world.log.count)",
            isIdentifiableGroup: true,
            hasUnifiedPurpose: true,
            coordination: chance(6) ? [] : [.social],
            activities: [
                .init(description: "a", harm: .physical, grade: .high, evidence: evidence),
                .init(description: "b", harm: .physical, grade: .moderate, evidence: dossiers),
            ],
            terms: [],
            dossiers: dossiers,
            rightsImpact: "weighed",
            reasons: ["heard"],
            actions: [],
            accountList: SHA256.hash([]),
            accountCount: 0,
            until: world.state.clock + 60 * World.day
        )
        if try world.submit(statement, seats) == nil, statement.network == nil,
            let bytes = world.log.last
        {
            networks.append(RegistryEntry(index: 0, bytes: bytes).digest)
        }
        let correction = CorrectStatement(
            head: world.head,
            content: SHA256.hash([4]),
            finding: .false,
            link: "https://fact.example/\(place)",
            until: world.state.clock + 30 * World.day,
            verifier: try World.keyID(chance(4) ? "press-1" : "academia-1").bytes
        )
        try submit(correction, ["academia-1", "press-1"])
    }

    /// What was said before, damaged, early, late, or of another registry.
    mutating func mischief() throws {
        guard let old = world.log.randomElement(using: &random) else { return }
        switch random.next() % 6 {
        case 0, 1: world.append(old)
        case 2: world.append(damaged(old))
        case 3: try say(context: SHA256.hash([9]), at: world.state.clock)
        case 4: try say(context: world.state.context, at: world.state.clock + World.day)
        default: try say(context: world.state.context, at: world.state.clock - 31 * World.day)
        }
    }

    private mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        // Often in a signature, which leaves the statement readable.
        let place = Int(random.next() % UInt64(bytes.count))
        bytes[place] = UInt8(ascii: "A") + UInt8(random.next() % 20)
        return bytes
    }

    private mutating func say(context: [UInt8], at time: Int64) throws {
        let head = RegistryHead(context: context, dayOf: max(0, time))
        guard let source = sources.first else { return }
        let statement = RevokeStatement(
            head: head,
            subject: source.id.bytes,
            reason: .impersonation
        )
        try submit(statement, World.seats)
    }
}
