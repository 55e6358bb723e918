// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// The JSON form of an envelope (DSSE `envelope.md`, "JSON").
extension Envelope {
    /// Reads the one canonical text of an envelope.
    ///
    /// - Throws: `.tooLong`, `.malformedEnvelope`, the field errors, `.invalidSignatureList`.
    package init(canonical bytes: [UInt8]) throws(StatementError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLong(limit: Self.byteCountMax) }
        guard let scan = JSONScan(canonical: bytes) else {
            throw .malformedEnvelope(.reason(whyNotCanonical: bytes))
        }
        try self.init(StatementFields(scan))
    }

    /// Reads the one canonical text of an envelope, where nobody asks what is wrong with another.
    package init?(ifCanonical bytes: [UInt8]) {
        guard bytes.count <= Self.byteCountMax, let scan = JSONScan(canonical: bytes) else {
            return nil
        }
        do throws(StatementError) {
            try self.init(StatementFields(scan))
        } catch {
            return nil
        }
    }

    /// Reads an envelope that other software wrote, with white space and any order of members.
    ///
    /// The payload has to be as it was signed, and base64 canonical.
    ///
    /// - Throws: As ``init(canonical:)``.
    package init(parsing bytes: [UInt8]) throws(StatementError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLong(limit: Self.byteCountMax) }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw .malformedEnvelope(error)
        }
        try self.init(StatementFields(document))
    }

    private init(_ members: StatementFields) throws(StatementError) {
        var fields = members
        let payload = try fields.base64("payload", countMax: Self.byteCountMax)
        let type = try fields.string("payloadType", countMax: Self.payloadTypeCountMax)
        try self.init(unsigned: payload, payloadType: type)
        let list = try fields.objects("signatures", count: 1...Self.signatureCountMax) {
            (fields) throws(StatementError) in
            Signature(
                keyDigest: try fields.hex("keyid", count: 32),
                bytes: try fields.base64("sig", count: 64)
            )
        }
        try fields.finish()
        guard zip(list, list.dropFirst()).allSatisfy({ $0.stands(before: $1) }) else {
            throw .invalidSignatureList
        }
        self.restore(list)
    }

    /// The document that is written.
    package var json: JSONValue {
        [
            "payload": .string(Base64.encode(payload)),
            "payloadType": .string(payloadType),
            "signatures": .array(
                signatures.map { signature in
                    [
                        "keyid": .string(signature.keyID),
                        "sig": .string(Base64.encode(signature.bytes)),
                    ]
                }
            ),
        ]
    }

    /// The canonical text, at most 65 535 bytes once signed.
    package var bytes: [UInt8] { json.canonicalBytes }
}

extension EncodingError {
    /// Why a text is not canonical JSON, which ``JSONScan`` has told.
    static func reason(whyNotCanonical bytes: [UInt8]) -> EncodingError {
        do {
            _ = try JSONValue(canonical: bytes)
        } catch {
            return error
        }
        // Both take the same texts, as tests say; if they did not, the stricter one counts.
        return .notCanonical
    }
}
