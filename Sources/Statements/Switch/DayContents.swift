// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// What a trustee says under seal.
///
/// Spec: `docs/spec/switch.md`, section 3.16.
package struct DayContents: Equatable, Sendable {
    /// Something that may ride in a day.
    package enum Inner: Equatable, Sendable {
        case attestation(Attestation)
        case delay(Delay)
        case intent(ReleaseIntent)
        case clearing(Clearing)

        /// Reads one by its type.
        ///
        /// - Throws: `StatementError`, `.unexpectedType` for any other type.
        package init(payload: [UInt8]) throws(StatementError) {
            let document: JSONValue
            do {
                document = try JSONValue(canonical: payload)
            } catch {
                throw .malformedPayload(error)
            }
            switch document["type"]?.string {
            case Attestation.type: self = .attestation(try Attestation(payload: payload))
            case Delay.type: self = .delay(try Delay(payload: payload))
            case ReleaseIntent.type: self = .intent(try ReleaseIntent(payload: payload))
            case Clearing.type: self = .clearing(try Clearing(payload: payload))
            default: throw .unexpectedType
            }
        }

        /// What is said.
        package var statement: any TrusteeStatement {
            switch self {
            case .attestation(let statement): statement
            case .delay(let statement): statement
            case .intent(let statement): statement
            case .clearing(let statement): statement
            }
        }

        /// The statement's payload.
        package var payload: [UInt8] { statement.payload }

        /// Switch and epoch.
        package var epoch: SwitchEpoch { statement.epoch }

        /// Who says it.
        package var trustee: TrusteeNumber { statement.trustee }
    }

    /// Bytes in all contents, filled up with zeros.
    package static let byteCount = 2048
    /// The most statements of one day.
    package static let statementCountMax = 4
    private static let lengthCount = 2

    /// In the order in which they count.
    package let statements: [Inner]

    /// Says these.
    ///
    /// - Throws: `.tooLong` for more than fit.
    package init(_ statements: [Inner]) throws(StatementError) {
        self.statements = statements
        guard statements.count <= Self.statementCountMax,
            Self.lengthCount + text.count <= Self.byteCount
        else { throw .tooLong(limit: Self.byteCount) }
    }

    /// Says nothing.
    package init() { statements = [] }

    /// Reads what ``bytes`` wrote.
    ///
    /// - Throws: `StatementError`.
    package init(bytes: [UInt8]) throws(StatementError) {
        guard bytes.count == Self.byteCount else { throw .tooLong(limit: Self.byteCount) }
        let count = Int(bytes[0]) << 8 | Int(bytes[1])
        let end = Self.lengthCount + count
        guard end <= bytes.count, bytes[end...].allSatisfy({ $0 == 0 }) else {
            throw .invalidValue(field: "")
        }
        let document: JSONValue
        do {
            document = try JSONValue(canonical: Array(bytes[Self.lengthCount..<end]))
        } catch {
            throw .malformedPayload(error)
        }
        guard let members = document.array, members.count <= Self.statementCountMax else {
            throw .wrongType(field: "")
        }
        var statements: [Inner] = []
        for member in members {
            statements.append(try Inner(payload: member.canonicalBytes))
        }
        self.statements = statements
    }

    /// Length, a canonical list of payloads, zeros.
    package var bytes: [UInt8] {
        let text = text
        let zeros = [UInt8](repeating: 0, count: Self.byteCount - Self.lengthCount - text.count)
        return UInt16(text.count).bigEndianBytes + text + zeros
    }

    private var text: [UInt8] {
        Array("[".utf8) + statements.map(\.payload).joined(separator: Array(",".utf8))
            + Array("]".utf8)
    }
}
