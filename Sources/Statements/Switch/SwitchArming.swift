// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// The statement that arms a switch: whom it asks, how long it waits, and the dealing that anyone
/// can verify.
///
/// Signed by the owner key. It is the first entry of a switch in its logs.
///
/// Spec: `docs/spec/switch.md`, section 3.4.
package struct SwitchArming: OwnerStatement {
    package static let type = "switch-arming"
    package static let version: Int64 = 1

    /// A trustee as the log knows one: two keys and a proof, no name and no country.
    package struct Trustee: Equatable, Sendable {
        /// Signs the trustee's statements.
        package let signingKey: Ed25519.PublicKey
        /// Share encryption key, a ristretto255 element.
        package let escrowKey: [UInt8]
        /// Proof of possession of the escrow key.
        package let proof: [UInt8]

        /// Names a trustee.
        package init(signingKey: Ed25519.PublicKey, escrowKey: [UInt8], proof: [UInt8]) {
            self.signingKey = signingKey
            self.escrowKey = escrowKey
            self.proof = proof
        }
    }

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// The owner key; its hash is the switch's id.
    package let owner: Ed25519.PublicKey
    /// How long it waits.
    package let profile: SwitchProfile
    /// Shares needed to open.
    package let threshold: Int
    /// Logs and witnesses, as a C2SP tlog-policy.
    package let policy: String
    /// The newest cosigned checkpoint: the arming was made after it.
    package let checkpoint: String
    /// The trustees in the order of their indices, from 1.
    package let trustees: [Trustee]
    /// The escrow's dealing in its own encoding (`docs/spec/escrow.md`).
    package let dealing: [UInt8]
    /// SHA-256 of `escrow.age`.
    package let escrowDigest: [UInt8]
    /// The age recipient of the identity that the shares give.
    package let outerRecipient: String
    /// The age recipient of the case whose identity lies in `escrow.age`.
    package let caseRecipient: String

    /// Who may sign reminders besides the trustees, ascending.
    package let senders: [Ed25519.PublicKey]
    /// Who may sign receipts: one key a successor, ascending.
    package let successors: [Ed25519.PublicKey]
    /// The words of the first cycles, which a trustee may be read instead of a check-in.
    package let words: [WordsRow]
    /// Says to the trustees of the epoch before whether its owner was free.
    package private(set) var field = OwnerField.none

    /// The most senders of reminders.
    package static let senderCountMax = 8
    /// The most successors.
    package static let successorCountMax = 16
    /// The longest policy text.
    package static let policyCountMax = 8192
    /// The longest checkpoint with its cosignatures.
    package static let checkpointCountMax = 8192
    /// The longest dealing.
    package static let dealingCountMax = 16_384

    /// Makes an arming.
    package init(
        epoch: SwitchEpoch,
        owner: Ed25519.PublicKey,
        profile: SwitchProfile,
        threshold: Int,
        policy: String,
        checkpoint: String,
        trustees: [Trustee],
        dealing: [UInt8],
        escrowDigest: [UInt8],
        outerRecipient: String,
        caseRecipient: String,
        senders: [Ed25519.PublicKey],
        successors: [Ed25519.PublicKey],
        words: [WordsRow],
        token: borrowing SecretBytes
    ) {
        self.epoch = epoch
        self.owner = owner
        self.profile = profile
        self.threshold = threshold
        self.policy = policy
        self.checkpoint = checkpoint
        self.trustees = trustees
        self.dealing = dealing
        self.escrowDigest = escrowDigest
        self.outerRecipient = outerRecipient
        self.caseRecipient = caseRecipient
        self.senders = senders.sorted()
        self.successors = successors.sorted()
        self.words = words
        field = OwnerField.tag(self, token: token)
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        owner = try fields.publicKey("owner")
        profile = try fields.word("profile")
        threshold = Int(try fields.integer("threshold", in: 1...Int64(TrusteeNumber.countMax)))
        policy = try fields.string("policy", countMax: Self.policyCountMax)
        checkpoint = try fields.string("checkpoint", countMax: Self.checkpointCountMax)
        trustees = try fields.objects("trustees", count: 1...TrusteeNumber.countMax) {
            (fields) throws(StatementError) in
            Trustee(
                signingKey: try fields.publicKey("signingKey"),
                escrowKey: try fields.hex("escrowKey", count: 32),
                proof: try fields.hex("proof", count: TrusteeAcceptance.proofCount)
            )
        }
        dealing = try fields.base64("dealing", countMax: Self.dealingCountMax)
        escrowDigest = try fields.hex("escrowDigest", count: 32)
        let recipientCountMax = SuccessorCard.recipientCountMax
        outerRecipient = try fields.string("outerRecipient", countMax: recipientCountMax)
        caseRecipient = try fields.string("caseRecipient", countMax: recipientCountMax)
        senders = try fields.publicKeys("senders", count: 0...Self.senderCountMax)
        successors = try fields.publicKeys("successors", count: 1...Self.successorCountMax)
        words = try fields.wordsRows("words")
        field = try fields.hex(OwnerField.name, count: OwnerField.count)
        guard SwitchID(owner: owner) == epoch.id else { throw .invalidValue(field: "switch") }
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "owner": .string(Hex.encode(owner.bytes)), "profile": .string(profile.rawValue),
            "threshold": .integer(Int64(threshold)), "policy": .string(policy),
            "checkpoint": .string(checkpoint),
            "trustees": .array(
                trustees.map { trustee in
                    [
                        "signingKey": .string(Hex.encode(trustee.signingKey.bytes)),
                        "escrowKey": .string(Hex.encode(trustee.escrowKey)),
                        "proof": .string(Hex.encode(trustee.proof)),
                    ]
                }
            ),
            "dealing": .string(Base64.encode(dealing)),
            "escrowDigest": .string(Hex.encode(escrowDigest)),
            "outerRecipient": .string(outerRecipient), "caseRecipient": .string(caseRecipient),
            "senders": .array(senders.map { .string(Hex.encode($0.bytes)) }),
            "successors": .array(successors.map { .string(Hex.encode($0.bytes)) }),
            "words": .array(words.map { .string(Hex.encode($0.bytes)) }),
            "field": .string(Hex.encode(field)),
        ])
    }
}

extension StatementFields {
    /// Reads Ed25519 public keys in ascending order, each once.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    fileprivate mutating func publicKeys(
        _ name: String,
        count: ClosedRange<Int>
    ) throws(StatementError) -> [Ed25519.PublicKey] {
        var keys: [Ed25519.PublicKey] = []
        for bytes in try hexList(name, count: count, byteCount: Ed25519.keyCount) {
            guard let key = try? Ed25519.PublicKey(bytes), keys.last.map({ $0 < key }) ?? true
            else { throw .invalidValue(field: locate(name)) }
            keys.append(key)
        }
        return keys
    }

    /// Reads rows of two commitments.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    fileprivate mutating func wordsRows(_ name: String) throws(StatementError) -> [WordsRow] {
        let byteCount = 2 * OneTimeWords.commitmentCount
        var rows: [WordsRow] = []
        for bytes in try hexList(name, count: 0...WordsRow.countMax, byteCount: byteCount) {
            guard let row = WordsRow(bytes) else { throw .invalidValue(field: locate(name)) }
            rows.append(row)
        }
        return rows
    }
}

extension [Ed25519.PublicKey] {
    /// In ascending order of their bytes, each once.
    fileprivate func sorted() -> [Element] { Set(self).sorted { $0 < $1 } }
}

extension Ed25519.PublicKey {
    fileprivate static func < (left: Self, right: Self) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
