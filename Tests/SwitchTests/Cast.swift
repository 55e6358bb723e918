// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Escrow
import Sodium
import Statements
import Switch
import Testing
import TransparencyLog

/// A log with one witness, in memory.
final class MemoryLog {
    private let signer: NoteSigner
    private let witness: Cosigner
    let policyText: String
    let policy: LogPolicy
    private(set) var leaves: [[UInt8]] = []
    private(set) var note: SignedNote

    init(time: Int64) throws {
        signer = NoteSigner(name: try KeyName("test.invalid/log"), key: Ed25519.SecretKey())
        witness = Cosigner(name: try KeyName("test.invalid/witness"), key: Ed25519.SecretKey())
        policyText = """
            log \(signer.verifier.encoded)
            witness w \(witness.verifier.encoded)
            quorum w

            """
        policy = try LogPolicy(parsing: Array(policyText.utf8))
        note = SignedNote(text: [0x0a], signatures: [])
        _ = try sign(time)
    }

    /// Goes back to how it was, for another history.
    func restore(_ leaves: [[UInt8]], _ note: SignedNote) {
        self.leaves = leaves
        self.note = note
    }

    @discardableResult
    func refresh(_ time: Int64) throws -> SignedNote {
        keepHeartbeat()
        return try sign(time)
    }

    /// The checkpoint that first covers the last statement goes in before it is replaced.
    private func keepHeartbeat() {
        guard let last = leaves.last, !WitnessedLog.isHeartbeat(last, policy: policy) else {
            return
        }
        leaves.append(note.encoded)
    }

    private func sign(_ time: Int64) throws -> SignedNote {
        var tree = CompactTree()
        for leaf in leaves { tree.append(.leaf(leaf)) }
        let name = signer.verifier.name
        let text = Checkpoint(origin: name, size: tree.size, root: tree.root).text
        note = SignedNote(
            text: text,
            signatures: [signer.sign(text), witness.cosign(text, time: time)]
        )
        return note
    }

    func append(_ envelope: Envelope, _ time: Int64) throws {
        try append(bytes: envelope.bytes, time)
    }

    func append(bytes: [UInt8], _ time: Int64) throws {
        keepHeartbeat()
        leaves.append(bytes)
        _ = try sign(time)
    }

    func witnessed() throws -> WitnessedLog {
        try WitnessedLog(leaves: leaves, newest: note, policy: policy)
    }
}

/// A trustee with keys of their own.
final class TestTrustee {
    let signer = Ed25519.SecretKey()
    let secret = TrusteeSecret()
    let jurisdiction: String

    init(_ jurisdiction: String) {
        self.jurisdiction = jurisdiction
    }

    func accept(_ invitation: Envelope) throws -> Envelope {
        try TrusteeAcceptance.answer(
            invitation,
            from: #require(Jurisdiction(jurisdiction)),
            signer: signer,
            secret: secret
        )
    }
}

/// Everybody in one story: owner, trustees, a successor, and a log between them.
final class Cast {
    static let start: Int64 = 1_767_225_600

    let isClassic: Bool
    let log: MemoryLog
    let owner = Ed25519.SecretKey()
    let token = SecretBytes(random: 32)
    let trustees: [TestTrustee]
    let successorSigner = Ed25519.SecretKey()
    let successor: any AgeIdentity
    let successorRecipient: String
    let caseText: SecretBytes
    let caseRecipient: String

    static let countries = ["MX", "MX", "US", "DE", "ES", "AR", "CH"]

    init(trusteeCount: Int = 5, isClassic: Bool = true) throws {
        self.isClassic = isClassic
        log = try MemoryLog(time: Self.start)
        trustees = Self.countries.prefix(trusteeCount).map { TestTrustee($0) }
        if isClassic {
            let identity = X25519Identity()
            successor = identity
            successorRecipient = identity.recipient.text
            let ofCase = X25519Identity()
            caseText = ofCase.text()
            caseRecipient = ofCase.recipient.text
        } else {
            let identity = HybridIdentity()
            successor = identity
            successorRecipient = identity.recipient.text
            let ofCase = HybridIdentity()
            caseText = ofCase.text()
            caseRecipient = ofCase.recipient.text
        }
    }

    var id: SwitchID { SwitchID(owner: owner.publicKey) }

    func invitation(epoch: Int64 = 1) throws -> Envelope {
        try SwitchInvitation(
            epoch: epoch,
            owner: owner.publicKey,
            profile: .field,
            origins: log.policy.origins,
            time: Self.start
        ).signed(by: owner)
    }

    func card() throws -> Envelope {
        try SuccessorCard(
            recipient: successorRecipient,
            signingKey: successorSigner.publicKey,
            jurisdiction: try #require(Jurisdiction("CH"))
        ).signed(by: successorSigner)
    }

    func armer(threshold: Int = 3) throws -> SwitchArmer {
        let invitation = try invitation()
        return try SwitchArmer(
            invitation: invitation,
            acceptances: trustees.map { try $0.accept(invitation) },
            threshold: threshold,
            successors: [card()],
            caseRecipient: caseRecipient
        )
    }

    func armed(threshold: Int = 3) throws -> SwitchArmer.Armed {
        try armer(threshold: threshold).arm(
            caseIdentity: caseText,
            comment: "case",
            policy: log.policyText,
            checkpoint: log.note,
            owner: owner,
            token: token
        )
    }

    /// Arms the switch in the log, the trustees told.
    func arm(senders: [Ed25519.PublicKey] = [], words: WordsSheet.Choice? = nil) throws {
        let armed = try armer().arm(
            caseIdentity: caseText,
            comment: "case",
            policy: log.policyText,
            checkpoint: log.note,
            senders: senders,
            words: words,
            owner: owner,
            token: token
        )
        for envelope in [armed.envelope] + armed.briefings { try log.append(envelope, time(0)) }
    }

    /// Asks for epoch 2, with these trustees.
    func rearm(_ hours: Double, _ next: [TestTrustee], token: consuming SecretBytes? = nil) throws {
        let invitation = try invitation(epoch: 2)
        let armer = try SwitchArmer(
            invitation: invitation,
            acceptances: next.map { try $0.accept(invitation) },
            threshold: 3,
            successors: [card()],
            caseRecipient: caseRecipient
        )
        let armed = try armer.arm(
            caseIdentity: caseText,
            comment: "case",
            policy: log.policyText,
            checkpoint: log.refresh(time(hours)),
            owner: owner,
            token: token ?? self.token.copy()
        )
        for envelope in [armed.envelope] + armed.briefings {
            try log.append(envelope, time(hours))
        }
    }

    /// The record as a trustee reads it.
    func view(_ index: Int) throws -> SwitchRecord {
        let key = try BriefingKey(signer: trustees[index].signer)
        return try SwitchRecord(id, in: log.witnessed(), as: [key])
    }

    /// A trustee's seat who sees what trustees see.
    func viewSeat(_ index: Int) throws -> TrusteeSeat {
        try TrusteeSeat(view(index), signingKey: trustees[index].signer.publicKey)
    }

    func time(_ hours: Double) -> Int64 { Self.start + Int64(hours * 3600) }

    func record() throws -> SwitchRecord { try SwitchRecord(id, in: log.witnessed()) }

    func state(_ hours: Double) throws -> SwitchState {
        try record().machine(asOf: time(hours)).state
    }

    func checkIn(_ hours: Double) throws {
        let note = try log.refresh(time(hours))
        let desk = try OwnerDesk(record(), owner: owner.publicKey)
        let checkIn = try desk.checkIn(checkpoint: note, token: token, asOf: time(hours))
        try log.append(checkIn.signed(by: owner), time(hours))
    }

    func seat(_ index: Int) throws -> TrusteeSeat {
        try TrusteeSeat(record(), signingKey: trustees[index].signer.publicKey)
    }

    func attest(_ hours: Double, _ indices: Range<Int>, _ verdict: Attestation.Verdict) throws {
        for index in indices {
            let answer = try seat(index).attest(verdict, evidenceDigest: nil, asOf: time(hours))
            try log.append(answer.signed(by: trustees[index].signer), time(hours))
        }
    }

    func drill(_ hours: Double, _ indices: Range<Int>) throws {
        for index in indices {
            let note = try log.refresh(time(hours))
            let drill = try seat(index).drill(
                with: trustees[index].secret,
                checkpoint: note,
                asOf: time(hours)
            )
            try log.append(drill.signed(by: trustees[index].signer), time(hours))
        }
    }

    func intend(_ hours: Double, _ indices: Range<Int>) throws {
        for index in indices {
            guard let intent = try seat(index).intent(asOf: time(hours)) else { continue }
            try log.append(intent.signed(by: trustees[index].signer), time(hours))
        }
    }

    func publish(_ hours: Double, _ indices: Range<Int>) throws {
        for index in indices {
            let seat = try seat(index)
            let share = try seat.share(opening: trustees[index].secret, asOf: time(hours))
            try log.append(share.signed(by: trustees[index].signer), time(hours))
        }
    }
}
