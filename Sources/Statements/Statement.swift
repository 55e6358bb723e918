// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// A fact that somebody signs: what is appended to the log and folded into state.
///
/// A type says which fields it has, reads each of them once from ``StatementFields`` and writes
/// them back in ``json``. Everything around the fields is done here: type, version, envelope,
/// limits.
///
/// Spec: `docs/spec/statements.md`, section 2.
package protocol Statement: Equatable, Sendable {
    /// What kind of fact: lower-case words joined by hyphens, `switch-arm` for example.
    static var type: String { get }
    /// Version of the fields, 1 or more. Another version is refused.
    static var version: Int64 { get }

    /// Reads the fields. Whatever is not read is refused afterwards as unknown.
    init(fields: inout StatementFields) throws(StatementError)

    /// The fields as an object, without `type` and `v`.
    var json: JSONValue { get }
}

extension Statement {
    /// Media type of the payload: `application/vnd.resguardo.<type>.v<version>+json`.
    package static var payloadType: String {
        "application/vnd.resguardo.\(type).v\(version)+json"
    }

    /// The canonical payload: the fields, `type` and `v`.
    package var payload: [UInt8] {
        guard var members = json.object else {
            preconditionFailure("the fields of a statement are an object")
        }
        precondition(members["type"] == nil && members["v"] == nil, "reserved field names")
        members["type"] = .string(Self.type)
        members["v"] = .integer(Self.version)
        return JSONValue.object(members).canonicalBytes
    }

    /// Reads a payload.
    ///
    /// - Throws: `.malformedPayload`, `.unexpectedType`, `.unknownVersion`, the field errors.
    package init(payload: [UInt8]) throws(StatementError) {
        guard let scan = JSONScan(canonical: payload) else {
            throw .malformedPayload(.reason(whyNotCanonical: payload))
        }
        try self.init(scan)
    }

    /// Reads a payload, where nobody asks what is wrong with another.
    package init?(ifCanonical payload: [UInt8]) {
        guard let scan = JSONScan(canonical: payload) else { return nil }
        do throws(StatementError) {
            try self.init(scan)
        } catch {
            return nil
        }
    }

    private init(_ scan: JSONScan) throws(StatementError) {
        var fields = try StatementFields(scan)
        guard try fields.string("type") == Self.type else { throw .unexpectedType }
        guard try fields.integer("v", in: 0...JSONValue.integerMax) == Self.version else {
            throw .unknownVersion
        }
        try self.init(fields: &fields)
        try fields.finish()
    }

    /// The statement in an envelope signed by one key.
    ///
    /// - Throws: `.tooLong` if it does not fit a log entry.
    package func signed(
        by key: borrowing Ed25519.SecretKey
    ) throws(StatementError) -> Envelope {
        var envelope = try Envelope(unsigned: payload, payloadType: Self.payloadType)
        try envelope.sign(with: key)
        return envelope
    }
}

extension Envelope {
    /// The statement inside, its signatures not looked at.
    ///
    /// - Throws: `.unexpectedType` if it is of another type; `.unknownVersion`; the field errors.
    package func read<S: Statement>(_ statement: S.Type = S.self) throws(StatementError) -> S {
        let value = try S(payload: payload)
        guard payloadType == S.payloadType else { throw .payloadTypeMismatch }
        return value
    }

    /// The statement inside, if enough of `keys` have signed it.
    ///
    /// - Throws: As ``read(_:)`` and ``verify(keys:threshold:)``.
    package func open<S: Statement>(
        _ statement: S.Type = S.self,
        signedBy keys: [Ed25519.PublicKey],
        threshold: Int = 1
    ) throws(StatementError) -> S {
        try verify(keys: keys, threshold: threshold)
        return try read()
    }

    /// The payload as a document, whatever its type.
    ///
    /// - Throws: `.malformedPayload` unless it is canonical JSON.
    package func body() throws(StatementError) -> JSONValue {
        do {
            return try JSONValue(canonical: payload)
        } catch {
            throw .malformedPayload(error)
        }
    }

    /// The `type` and `v` that the payload claims: how a reader of a mixed log picks the Swift
    /// type.
    ///
    /// - Throws: `.malformedPayload`, the field errors, `.payloadTypeMismatch`.
    package func kind() throws(StatementError) -> (type: String, version: Int64) {
        var fields = try StatementFields(try body())
        let type = try fields.string("type")
        let version = try fields.integer("v", in: 1...JSONValue.integerMax)
        guard payloadType == "application/vnd.resguardo.\(type).v\(version)+json" else {
            throw .payloadTypeMismatch
        }
        return (type, version)
    }
}
