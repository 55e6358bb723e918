// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium
internal import Voprf

/// The key with which a node makes invitations.
///
/// It is the first entry of the node's log: as a witnessed log has one first entry, everybody is
/// shown the same key, and no node can tell people apart by giving each a key of their own.
///
/// Spec: `docs/spec/node.md`, section 10.
package struct InvitationKey: Equatable, Sendable {
    private static let heading = "resguardo-invitation-key/1"

    let element: Element

    init(_ element: Element) {
        self.element = element
    }

    /// Reads the entry of a log.
    ///
    /// - Returns: Nil for any other entry.
    package init?(entry: [UInt8]) {
        var reader = ByteReader(entry)
        guard (try? DepositRecord.read(Self.heading, &reader)) != nil,
            let text = try? DepositRecord.value("key ", &reader, countMax: 64),
            (try? reader.requireEnd()) != nil, let bytes = try? Base64.decode(text),
            let element = try? Element(nonIdentity: bytes)
        else { return nil }
        self.init(element)
    }

    /// The entry of a log.
    package var entry: [UInt8] {
        Array("\(Self.heading)\nkey \(Base64.encode(element.bytes))\n".utf8)
    }
}

/// What an operator gives to a person: good for some invitations, once.
package struct InvitationCode: Equatable, Sendable {
    /// Most invitations for one code.
    package static let countMax = Voprf.batchCountMax
    private static let prefix = "rgi"
    private static let secretCount = 16

    /// 128 random bits.
    package let secret: [UInt8]
    /// How many invitations it is good for.
    package let count: Int

    /// A new code.
    package init(count: Int) {
        precondition((1...Self.countMax).contains(count), "as many as fit into one answer")
        secret = randomBytes(Self.secretCount)
        self.count = count
    }

    /// Reads a code, which carries a checksum against slips of the pen.
    package init?(_ text: String) {
        guard let (prefix, bytes) = try? Bech32.decode(text), prefix == Self.prefix,
            bytes.count == Self.secretCount + 1
        else { return nil }
        secret = Array(bytes.prefix(Self.secretCount))
        count = Int(bytes[Self.secretCount]) + 1
    }

    /// The code as text.
    package var text: String {
        Bech32.encode(prefix: Self.prefix, bytes: secret + [UInt8(count - 1)])
    }
}

/// What a person sends for a code: blinded inputs, which tell nothing about the invitations.
package struct InvitationRequest: Sendable {
    /// The longest request.
    package static let byteCountMax = 1 << 15
    private static let heading = "resguardo-invitation-request/1"

    /// The code's secret.
    package let secret: [UInt8]
    let blinded: [Element]

    init(_ secret: [UInt8], _ blinded: [Element]) {
        self.secret = secret
        self.blinded = blinded
    }

    /// Reads a request.
    ///
    /// - Returns: Nil for anything else.
    package init?(parsing bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard bytes.count <= Self.byteCountMax,
            (try? DepositRecord.read(Self.heading, &reader)) != nil,
            let code = try? DepositRecord.value("code ", &reader, countMax: 64),
            let secret = try? Base64.decode(code),
            let blinded = InvitationAnswer.elements("blinded ", &reader),
            (try? reader.requireEnd()) != nil
        else { return nil }
        self.init(secret, blinded)
    }

    /// How many invitations are asked for.
    package var count: Int { blinded.count }
    /// What is asked, without the code: tells whether a request comes again.
    package var blindedBytes: [UInt8] { blinded.flatMap(\.bytes) }

    /// The text.
    package var bytes: [UInt8] {
        Array(
            """
            \(Self.heading)
            code \(Base64.encode(secret))
            blinded \(Base64.encode(blindedBytes))

            """.utf8
        )
    }
}

/// What a node answers: the blinded inputs under its key, and the proof that it was that key.
package struct InvitationAnswer: Sendable {
    /// The longest answer.
    package static let byteCountMax = 1 << 15
    private static let heading = "resguardo-invitation-answer/1"

    let evaluated: [Element]
    let proof: VoprfProof

    init(_ evaluated: [Element], _ proof: VoprfProof) {
        self.evaluated = evaluated
        self.proof = proof
    }

    /// Reads an answer.
    ///
    /// - Returns: Nil for anything else.
    package init?(parsing bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard bytes.count <= Self.byteCountMax,
            (try? DepositRecord.read(Self.heading, &reader)) != nil,
            let evaluated = Self.elements("evaluated ", &reader),
            let text = try? DepositRecord.value("proof ", &reader, countMax: 128),
            (try? reader.requireEnd()) != nil, let proof = try? Base64.decode(text),
            let parsed = try? VoprfProof(proof)
        else { return nil }
        self.init(evaluated, parsed)
    }

    /// The text.
    package var bytes: [UInt8] {
        Array(
            """
            \(Self.heading)
            evaluated \(Base64.encode(evaluated.flatMap(\.bytes)))
            proof \(Base64.encode(proof.bytes))

            """.utf8
        )
    }

    /// Elements one after the other, none of them the identity.
    static func elements(_ name: String, _ reader: inout ByteReader) -> [Element]? {
        guard let text = try? DepositRecord.value(name, &reader, countMax: 1 << 14),
            let bytes = try? Base64.decode(text), bytes.count % Element.byteCount == 0,
            (1...Voprf.batchCountMax).contains(bytes.count / Element.byteCount)
        else { return nil }
        var elements: [Element] = []
        for start in stride(from: 0, to: bytes.count, by: Element.byteCount) {
            let part = Array(bytes[start..<(start + Element.byteCount)])
            guard let element = try? Element(nonIdentity: part) else { return nil }
            elements.append(element)
        }
        return elements
    }
}

/// An invitation as it is shown to the node: good for one case, and for no other.
package struct InvitationTicket: Equatable, Sendable {
    private static let context = Array("resguardo/invitation/redeem/1".utf8)
    static let inputCount = 32

    /// What the function was computed of; unknown to the node until now.
    package let input: [UInt8]
    let tag: [UInt8]

    init(_ input: [UInt8], output: [UInt8], case claim: CaseClaim) {
        self.input = input
        tag = Self.tag(output, claim)
    }

    /// Reads hexadecimal digits.
    package init?(_ text: String) {
        guard let bytes = try? Hex.decode(text),
            bytes.count == Self.inputCount + HMACSHA256.tagCount
        else { return nil }
        input = Array(bytes.prefix(Self.inputCount))
        tag = Array(bytes.dropFirst(Self.inputCount))
    }

    /// The ticket in hexadecimal digits.
    package var text: String { Hex.encode(input + tag) }

    static func tag(_ output: [UInt8], _ claim: CaseClaim) -> [UInt8] {
        var output = output
        let key = SecretBytes(wiping: &output)
        let message = context + claim.room + claim.admission + claim.pseudonym
        return HMACSHA256.authenticate(message, key: key)
    }
}

/// What a new case is on a node.
package struct CaseClaim: Equatable, Sendable {
    /// SHA-256 of the case's token.
    package let room: [UInt8]
    /// The key with which its members sign requests.
    package let admission: [UInt8]
    /// The case's pseudonym.
    package let pseudonym: [UInt8]

    /// A claim with these parts.
    package init(room: [UInt8], admission: [UInt8], pseudonym: [UInt8]) {
        self.room = room
        self.admission = admission
        self.pseudonym = pseudonym
    }
}
