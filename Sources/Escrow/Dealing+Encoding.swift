// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
internal import Sodium

extension Dealing {
    /// The version byte that opens the binary form.
    private static let version: UInt8 = 1
    /// The type named in JSON.
    package static let type = "resguardo-escrow-dealing-v1"

    /// The canonical binary form:
    /// `01 ‖ context ‖ k ‖ n ‖ C_0…C_(k−1) ‖ Y_1…Y_n ‖ c ‖ z_1…z_n`.
    ///
    /// Spec: `docs/spec/escrow.md`, section 5.4.
    package var bytes: [UInt8] {
        [Self.version] + contextDigest
            + [UInt8(commitments.count), UInt8(encryptedShares.count)]
            + commitments.flatMap(\.bytes) + encryptedShares.flatMap(\.bytes)
            + challenge.bytes + responses.flatMap(\.bytes)
    }

    /// SHA-256 over label and binary form.
    package var digest: [UInt8] {
        SHA256.hash(EscrowLabel.dealing.framed + bytes)
    }

    /// Reads the binary form: every length, every encoding and the end are checked.
    ///
    /// - Throws: `.wrongType` for another version, `.malformed` for a wrong total length, and as
    ///   the JSON form for each part.
    package init(bytes: [UInt8]) throws(EscrowError) {
        guard bytes.first == Self.version else { throw .wrongType }
        do {
            try self.init(reading: ByteReader(bytes[1...]))
        } catch let error as EscrowError {
            throw error
        } catch {
            throw .malformed(EscrowPlace(.object))
        }
    }

    private init(reading reader: consuming ByteReader) throws {
        let context = Array(try reader.read(EscrowScope.digestCount))
        let commitmentCount = Int(try reader.readInteger(UInt8.self))
        let shareCount = Int(try reader.readInteger(UInt8.self))
        func list(_ count: Int) throws(EncodingError) -> [[UInt8]] {
            var result: [[UInt8]] = []
            for _ in 0..<count {
                result.append(Array(try reader.read(Element.byteCount)))
            }
            return result
        }
        let commitments = try list(commitmentCount)
        let shares = try list(shareCount)
        let challenge = Array(try reader.read(Scalar.byteCount))
        let responses = try list(shareCount)
        try reader.requireEnd()
        try self.init(context, commitments, shares, challenge, responses)
    }

    /// The dealing as a JSON object; all bytes in lower-case hexadecimal.
    package var json: JSONValue {
        [
            "type": .string(Self.type),
            "context": .hex(contextDigest),
            "commitments": .array(commitments.map { .hex($0.bytes) }),
            "shares": .array(encryptedShares.map { .hex($0.bytes) }),
            "challenge": .hex(challenge.bytes),
            "responses": .array(responses.map { .hex($0.bytes) }),
        ]
    }

    /// Reads what ``json`` writes, and nothing else; ``verified(in:)`` is still to be asked.
    ///
    /// - Throws: `.wrongType`, `.malformed`, `.unknownMember`, `.wrongLength`, `.invalidElement`,
    ///   `.identityElement`, `.nonCanonicalScalar`, `.thresholdOutOfRange`,
    ///   `.trusteeCountOutOfRange`, `.wrongResponseCount`.
    package init(json: JSONValue) throws(EscrowError) {
        var reader = try ObjectReader(json, type: Self.type)
        let countMax = EscrowContext.trusteeCountMax
        try self.init(
            reader.bytes(.context),
            reader.elements(.commitments, countMax: countMax),
            reader.elements(.shares, countMax: countMax),
            reader.bytes(.challenge),
            reader.elements(.responses, countMax: countMax)
        )
        try reader.requireEnd()
    }

    /// Reads the text of a file; white space between the parts is free.
    package init(parsing text: [UInt8]) throws(EscrowError) {
        try self.init(json: ObjectReader.parse(text))
    }

    private init(
        _ context: [UInt8],
        _ commitments: [[UInt8]],
        _ shares: [[UInt8]],
        _ challenge: [UInt8],
        _ responses: [[UInt8]]
    ) throws(EscrowError) {
        try requireCount(context, EscrowScope.digestCount, at: EscrowPlace(.context))
        let countMin = EscrowContext.trusteeCountMin
        guard shares.count >= countMin else { throw .trusteeCountOutOfRange(shares.count) }
        guard (EscrowContext.thresholdMin...shares.count).contains(commitments.count) else {
            throw .thresholdOutOfRange(commitments.count)
        }
        guard responses.count == shares.count else {
            throw .wrongResponseCount(expected: shares.count, actual: responses.count)
        }
        self.init(
            contextDigest: context,
            commitments: try Self.elements(commitments, .commitments),
            encryptedShares: try Self.elements(shares, .shares),
            challenge: try readScalar(challenge, at: EscrowPlace(.challenge)),
            responses: try Self.scalars(responses, .responses)
        )
    }

    private static func elements(
        _ list: [[UInt8]],
        _ field: EscrowField
    ) throws(EscrowError) -> [Element] {
        var result: [Element] = []
        for (index, bytes) in list.enumerated() {
            result.append(try readElement(bytes, at: EscrowPlace(field, index)))
        }
        return result
    }

    private static func scalars(
        _ list: [[UInt8]],
        _ field: EscrowField
    ) throws(EscrowError) -> [Scalar] {
        var result: [Scalar] = []
        for (index, bytes) in list.enumerated() {
            result.append(try readScalar(bytes, at: EscrowPlace(field, index)))
        }
        return result
    }
}
