// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import SnapshotFormat
import Sodium
import Statements

/// A registry with its people, whose keys follow from their names.
struct World {
    static let origin = "registry.example/log"
    static let day = RegistryHead.daySeconds
    /// 2026-10-05, early in a quarter.
    static let start: Int64 = 1_791_158_400
    static let constituencies = ["academia", "international", "press", "rights"]
    static let roots = constituencies.map { "root-\($0)" } + ["root-more-press"]
    static let seats = constituencies.map { "seat-\($0)" } + ["seat-more-press"]
    static let snapshotKey = "snapshot"

    var state = RegistryState(origin: origin)
    /// The log.
    private(set) var log: [[UInt8]] = []
    /// Ring signatures beside the log.
    var seals: [RegistryID: [UInt8]] = [:]
    /// Those who signed anything, by the digests of their keys: they can be made to sign again.
    private(set) var hands: [RegistryID: Hand] = [:]

    /// Signs what it is shown.
    typealias Hand = (inout Envelope) throws -> Void

    /// Keys and charter; no verifiers yet.
    init(
        rules: RegistryRules = .standard,
        limits: RegistryLimits = .standard,
        days: Int64 = 731
    ) throws {
        let charter = try Self.charter(rules: rules, limits: limits, days: days)
        let refusal = try submit(charter, Self.roots)
        precondition(refusal == nil, "the charter is in force")
    }

    static func key(_ name: String) throws -> Ed25519.SecretKey {
        try Ed25519.SecretKey(seed: SecretBytes(copying: SHA256.hash(Array(name.utf8))))
    }

    static func publicKey(_ name: String) throws -> [UInt8] { try key(name).publicKey.bytes }

    static func keyID(_ name: String) throws -> RegistryID {
        RegistryID(SHA256.hash(try publicKey(name)))
    }

    static func charter(
        number: Int64 = 1,
        date: Int64 = start,
        rules: RegistryRules = .standard,
        origin: String = origin,
        seats: [String] = seats,
        limits: RegistryLimits = .standard,
        days: Int64 = 731,
        beacons: [BeaconHolder] = [],
        nominateQuorum: RegistryQuorum? = nil
    ) throws -> CharterStatement {
        let member = { (name: String) throws in
            let constituency = constituencies.first { name.hasSuffix($0) } ?? "press"
            return RegistryMember(constituency: constituency, key: try publicKey(name))
        }
        return try CharterStatement(
            head: RegistryHead(context: RegistryState.context(of: origin), dayOf: date),
            number: number,
            origin: origin,
            operatorKey: publicKey("operator"),
            constituencies: constituencies.map { RegistryConstituency(id: $0, name: $0) },
            root: roots.map(member),
            rootQuorum: RegistryQuorum(count: 3, constituencies: 3),
            seats: seats.map(member),
            accreditQuorum: RegistryQuorum(count: 3, constituencies: 2),
            revokeQuorum: RegistryQuorum(count: 4, constituencies: 3),
            designateQuorum: RegistryQuorum(count: 3, constituencies: 3),
            snapshotKeys: [publicKey(snapshotKey)],
            snapshotThreshold: 1,
            rules: rules,
            limits: limits,
            until: date + days * day,
            beacons: beacons,
            nominateQuorum: nominateQuorum
        )
    }

    var head: RegistryHead { RegistryHead(context: state.context, dayOf: state.clock) }

    static func envelope(
        _ statement: some Statement,
        _ signers: [String]
    ) throws -> Envelope {
        var envelope = try Envelope(
            unsigned: statement.payload,
            payloadType: type(of: statement).payloadType
        )
        for signer in signers { try envelope.sign(with: key(signer)) }
        return envelope
    }

    /// Signs, appends and folds; returns why the fold refused.
    @discardableResult
    mutating func submit(_ statement: some Statement, _ signers: [String]) throws -> Refusal? {
        for signer in signers {
            remember(try Self.keyID(signer)) { try $0.sign(with: Self.key(signer)) }
        }
        return append(try Self.envelope(statement, signers).bytes)
    }

    mutating func remember(_ id: RegistryID, _ hand: @escaping Hand) { hands[id] = hand }

    @discardableResult
    mutating func append(_ bytes: [UInt8]) -> Refusal? {
        log.append(bytes)
        let seals = seals
        return state.apply(
            RegistryEntry(index: Int64(log.count - 1), bytes: bytes, seals: { seals[$0] })
        )
    }

    /// Folds the log again, with the ring signatures that are there now.
    mutating func replay(memory: SignatureMemory? = nil) {
        state = RegistryState(origin: Self.origin, folding: entries(memory: memory))
    }

    /// The log, with the ring signatures that are there now.
    func entries(memory: SignatureMemory? = nil) -> [RegistryEntry] {
        let seals = seals
        return log.enumerated().map {
            RegistryEntry(
                index: Int64($0.offset),
                bytes: $0.element,
                memory: memory,
                seals: { seals[$0] }
            )
        }
    }

    /// Opens the day `days` after the last one.
    @discardableResult
    mutating func pass(days: Int64) throws -> Refusal? {
        let date = state.clock + days * Self.day
        let head = RegistryHead(context: state.context, dayOf: date)
        return try submit(BatchStatement(head: head), ["operator"])
    }

    @discardableResult
    mutating func accredit(
        _ name: String,
        _ constituency: String,
        kind: OrganisationKind = .newsroom,
        days: Int64 = 365,
        control: String? = nil
    ) throws -> Refusal? {
        let statement = try AccreditVerifierStatement(
            head: head,
            key: Self.publicKey(name),
            name: name,
            kind: kind,
            constituency: constituency,
            until: head.date + days * Self.day,
            control: control
        )
        return try submit(statement, Array(Self.seats.prefix(3)) + [name])
    }

    /// `count` verifiers in each constituency, called `press-1` and so on.
    mutating func accreditAll(count: Int = 2) throws {
        for constituency in Self.constituencies {
            for number in 1...count { try accredit("\(constituency)-\(number)", constituency) }
        }
    }

    mutating func register(_ name: String) throws -> RegistryID {
        let statement = RegisterStatement(
            head: head,
            key: try Self.publicKey(name),
            next: SHA256.hash(try Self.publicKey("\(name)-next")),
            nonce: SHA256.hash(Array(name.utf8))
        )
        try submit(statement, [name])
        return RegistryID(statement.subject)
    }

    static func link(
        _ name: String,
        visibility: SourceVisibility = .platformsOnly,
        platform: String = "example"
    ) throws -> AccountLink {
        guard let account = PlatformAccount(platform: platform, stableID: "id-\(name)") else {
            preconditionFailure("a valid account")
        }
        return AccountLink(
            account: account,
            visibility: visibility,
            salt: SHA256.hash(Array("\(name)\(visibility)".utf8))
        )
    }

    @discardableResult
    mutating func prove(
        _ subject: RegistryID,
        _ name: String,
        _ account: RegistryID,
        observers: [String] = ["press-1", "rights-1"]
    ) throws -> Refusal? {
        let statement = ProveControlStatement(
            head: head,
            subject: subject.bytes,
            account: account.bytes,
            method: .postedCode
        )
        return try submit(statement, [name] + observers)
    }

    @discardableResult
    mutating func vouch(
        _ subject: RegistryID,
        _ account: RegistryID,
        _ verifier: String,
        epoch: RegistryEpoch? = nil
    ) throws -> Refusal? {
        let statement = try VouchStatement(
            head: head,
            subject: subject.bytes,
            accounts: [account.bytes],
            epoch: epoch ?? RegistryEpoch(containing: state.clock),
            verifier: Self.keyID(verifier).bytes
        )
        return try submit(statement, [verifier])
    }

    /// A subject with an account under control, ready to be vouched for.
    mutating func controlled(_ name: String = "ana") throws -> (RegistryID, RegistryID) {
        let subject = try register(name)
        let account = try Self.link(name).commitment
        try prove(subject, name, account)
        return (subject, account)
    }

    func standing(_ subject: RegistryID, _ account: RegistryID) -> StandingPeriod? {
        state.standing(of: subject, account: account, at: state.clock)
    }
}
