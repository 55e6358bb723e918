// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Statements

/// What is inside a sealed incident.
///
/// One line of canonical JSON, and zeros up to a power of two: how long it is shows little.
///
/// Spec: `docs/spec/incidents.md`, section 4.
package struct IncidentFile: Sendable {
    /// The smallest and the largest file, in bytes.
    package static let byteCounts = 4096...131_072
    /// The most groups.
    package static let groupCountMax = 16
    /// The fewest recipients of a sealed file; others are made up.
    package static let recipientCountMin = 8
    private static let type = "registry-incident-file"
    private static let domain = Array("resguardo-registry/incident-audience/v1\n".utf8)

    /// Digests of the groups that it is for, ascending.
    package let groups: [RegistryID]
    /// Random, 32 bytes: the same groups look different each time.
    package let salt: [UInt8]
    /// The report, signed by who made it.
    package let report: Envelope

    /// - Parameters:
    ///   - groups: Digests of groups, each once.
    ///   - salt: 32 random bytes.
    ///   - report: The signed report.
    package init(groups: [RegistryID], salt: [UInt8], report: Envelope) {
        precondition(salt.count == 32 && !groups.isEmpty, "a salt of 32 bytes and a group")
        self.groups = groups.sorted()
        self.salt = salt
        self.report = report
    }

    /// The commitment to an audience that stands in the log.
    package static func audience(of groups: [RegistryID], salt: [UInt8]) -> [UInt8] {
        SHA256.hash(domain + salt + groups.sorted().flatMap(\.bytes))
    }

    /// How many recipients a file has that is sealed to `count` organisations.
    package static func recipientCount(for count: Int) -> Int {
        var padded = recipientCountMin
        while padded < count { padded *= 2 }
        return padded
    }

    /// Reads what ``bytes`` writes.
    ///
    /// - Throws: `.malformed`.
    package init(parsing bytes: [UInt8]) throws(IncidentError) {
        guard bytes.count <= Self.byteCounts.upperBound,
            let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            // Where a file is damaged helps nobody.
            let value = try? JSONValue(canonical: Array(bytes[..<end])),
            value.object?.count == 5, value["type"]?.string == Self.type,
            value["v"]?.integer == 1,
            let names = value["groups"]?.array, (1...Self.groupCountMax).contains(names.count),
            let salt = value["salt"]?.string.flatMap({ RegistryID(hex: $0) }),
            let report = value["report"].flatMap({ try? Envelope(canonical: $0.canonicalBytes) })
        else { throw .malformed }
        let groups = names.compactMap { $0.string.flatMap { RegistryID(hex: $0) } }
        guard groups.count == names.count, Set(groups).count == groups.count else {
            throw .malformed
        }
        self.init(groups: groups, salt: salt.bytes, report: report)
        guard self.bytes == bytes else { throw .malformed }
    }

    /// The line, and zeros up to a power of two.
    package var bytes: [UInt8] {
        let value: JSONValue = [
            "groups": .array(groups.map { .string($0.hex) }), "report": report.json,
            "salt": .string(Hex.encode(salt)), "type": .string(Self.type), "v": .integer(1),
        ]
        let line = value.canonicalBytes + [UInt8(ascii: "\n")]
        var count = Self.byteCounts.lowerBound
        while count < line.count { count *= 2 }
        return line + [UInt8](repeating: 0, count: count - line.count)
    }

    /// The report, if an organisation that was a verifier made it for just this audience.
    ///
    /// - Parameters:
    ///   - incident: The statement in the log.
    ///   - state: The registry.
    /// - Returns: The report, and who made it.
    /// - Throws: `.otherAudience`, `.malformed`, `.otherRegistry`, `.unknownVerifier`,
    ///   `.notSigned`.
    package func open(
        _ incident: Incident,
        in state: RegistryState
    ) throws(IncidentError) -> (report: IncidentReport, by: Verifier) {
        guard Self.audience(of: groups, salt: salt) == incident.statement.audience else {
            throw .otherAudience
        }
        // Which field is wrong helps nobody: its maker's program would not have written it.
        guard let report = try? self.report.read(IncidentReport.self) else { throw .malformed }
        guard report.head.context == state.context else { throw .otherRegistry }
        guard report.audience == incident.statement.audience,
            report.key == incident.statement.key
        else { throw .otherAudience }
        guard let maker = state.verifiers[RegistryID(report.verifier)],
            maker.isActive(at: incident.since)
        else { throw .unknownVerifier }
        guard self.report.isSigned(by: maker.key.key) else { throw .notSigned }
        return (report, maker)
    }
}
