// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import RingSignature
import Sodium
import Statements
import Vrf

/// Complaints, and panels of both kinds.
extension RandomRegistry {
    private static let complainants = ["neighbour", "rival", "press-3", "academia-2"]
    /// All who can be drawn.
    private static let judges =
        (1...12).flatMap { ["press-\($0)", "rights-\($0)"] }
        + ["academia-1", "academia-2", "international-1"]

    /// Holders speak of the days that wait for them; sometimes one is silent, or late.
    mutating func speak() throws {
        for name in World.beacons where !chance(5) {
            let holder = RegistryID(try World.function(name).publicKey.bytes)
            for day in world.state.panels.days(awaiting: holder) {
                try world.speak(name, for: day)
            }
        }
    }

    /// Some of those who were drawn to look at a source agree.
    mutating func concur(_ place: Int) throws {
        guard let subject = world.state.subjects[sources[place].id] else { return }
        for (epoch, panel) in world.state.panels.panels(of: subject) {
            guard let ring = panel.draw?.ring else { continue }
            let drawn = Set(ring.members.map(\.bytes))
            let members = try Self.judges.filter {
                drawn.contains(try World.ringSecret($0, epoch).key.bytes)
            }
            for name in some(members, 3) {
                let statement = ConcurStatement(
                    head: world.head,
                    subject: subject.id.bytes,
                    epoch: epoch,
                    soundCount: 9,
                    unsoundCount: 1,
                    seal: .blank(ConcurStatement.panelName)
                )
                try world.submitSealed(
                    statement,
                    name,
                    slot: nil,
                    ring: ring,
                    loses: chance(8)
                )
            }
        }
    }

    mutating func dispute(_ place: Int) throws {
        switch random.next() % 8 {
        case 0, 1, 2: try complain(place)
        case 3, 4, 5: try review()
        case 6: try contest(place)
        default: try speak()
        }
    }

    private mutating func complain(_ place: Int) throws {
        let source = sources[place]
        let key = Self.complainants[Int(random.next() % 4)]
        let account = (source.accounts.first ?? source.id).bytes
        let network = networks.last
        let (about, target): (ComplaintAbout, [UInt8]) =
            switch random.next() % 8 {
            case 0: (.account, account)
            case 1: (.post, SHA256.hash([UInt8(place)]))
            case 2: (.network, (network ?? source.id).bytes)
            case 3: (.listing, account)
            default: (.subject, source.id.bytes)
            }
        let statement = ComplaintStatement(
            head: world.head,
            about: about,
            target: target,
            network: about == .listing ? (network ?? source.id).bytes : nil,
            harm: .information,
            grade: chance(3) ? .moderate : .high,
            evidence: [SHA256.hash([chance(2) ? 1 : UInt8(world.log.count % 7)])],
            key: try World.publicKey(key)
        )
        let signer = chance(10) ? source.key : key
        if try world.submit(statement, [signer]) == nil {
            complaints.append(RegistryID(SHA256.hash(statement.payload)))
        }
    }

    private mutating func review() throws {
        let open = complaints.filter {
            world.state.complaints[$0]?.isUndecided(at: world.state.clock) == true
        }
        guard let id = (chance(4) ? complaints : open).randomElement(using: &random),
            let said = world.state.complaints[id]?.statement
        else { return }
        let isUpheld = !chance(3)
        let statement = ReviewStatement(
            head: world.head,
            complaint: id.bytes,
            outcome: isUpheld ? .upheld : .rejected,
            grade: isUpheld ? chance(6) ? .high : chance(3) ? .low : said.grade : .none,
            limit: isUpheld && (said.about == .account || chance(8))
                ? ReviewLimit(
                    accountList: SHA256.hash([4]),
                    actions: [.noTrend],
                    until: world.head.date + 20 * World.day
                ) : nil,
            reason: .fabricatedEvidence,
            reasons: SHA256.hash([2])
        )
        let drawn = world.state.complaints[id]?.draws.last?.members ?? []
        let members = try Self.judges.filter { drawn.contains(try World.keyID($0)) }
        // Where nobody was drawn, anybody who is there.
        let signers = drawn.isEmpty ? some(Self.judges, 8) : some(members, chance(5) ? 3 : 5)
        try submit(statement, signers)
    }

    private mutating func contest(_ place: Int) throws {
        guard let id = complaints.randomElement(using: &random),
            let said = world.state.complaints[id]?.statement
        else { return }
        let statement = ContestStatement(
            head: world.head,
            complaint: id.bytes,
            grounds: SHA256.hash([3]),
            key: chance(2) ? try World.publicKey(Self.complainants[0]) : nil
        )
        let source = sources.first { $0.id.bytes == said.target } ?? sources[place]
        try submit(statement, [source.key] + (chance(2) ? [Self.complainants[0]] : []))
    }
}
