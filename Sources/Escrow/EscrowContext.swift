// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
package import Sodium

/// Everything a sharing is bound to: the scope, the threshold and the keys of all trustees.
///
/// A value of this type has valid proofs of possession. Its digest enters every challenge and the
/// derivation of the secret.
///
/// Spec: `docs/spec/escrow.md`, section 3.2.
package struct EscrowContext: Equatable, Sendable {
    /// The fewest and the most trustees: an index is one byte and never zero.
    package static let trusteeCountMin = 2
    package static let trusteeCountMax = 255
    /// The smallest threshold: with one, a single trustee could release.
    package static let thresholdMin = 2

    /// Logs, switch, owner and epoch.
    package let scope: EscrowScope
    /// k: how many trustees can open, 2...n.
    package let threshold: Int
    /// The n trustees in order; the first has index 1.
    package let trustees: [TrusteeEnrolment]
    /// SHA-256 over scope, generators, k, n and all keys.
    package let digest: [UInt8]

    /// Checks everything, the proofs of possession included, and hashes it.
    ///
    /// - Parameters:
    ///   - scope: Logs, switch, owner and epoch.
    ///   - threshold: k, in 2...n.
    ///   - trustees: 2...255 trustees with different keys.
    /// - Throws: `.trusteeCountOutOfRange`, `.thresholdOutOfRange`, `.duplicateTrusteeKey`,
    ///   `.possessionNotProven`.
    /// - Complexity: O(n), two multiplications of group elements for each trustee.
    package init(
        scope: EscrowScope,
        threshold: Int,
        trustees: [TrusteeEnrolment]
    ) throws(EscrowError) {
        guard (Self.trusteeCountMin...Self.trusteeCountMax).contains(trustees.count) else {
            throw .trusteeCountOutOfRange(trustees.count)
        }
        guard (Self.thresholdMin...trustees.count).contains(threshold) else {
            throw .thresholdOutOfRange(threshold)
        }
        var positions: [Element: Int] = [:]
        for (position, trustee) in trustees.enumerated() {
            if let first = positions.updateValue(position, forKey: trustee.key) {
                throw .duplicateTrusteeKey(first: first + 1, second: position + 1)
            }
        }
        for (position, trustee) in trustees.enumerated() where !trustee.isProven(in: scope) {
            throw .possessionNotProven(index: position + 1)
        }
        self.scope = scope
        self.threshold = threshold
        self.trustees = trustees
        var hasher = SHA256()
        hasher.update(EscrowLabel.context.framed)
        hasher.update(scope.digest)
        hasher.update(Element.generator.bytes + Element.secondGenerator.bytes)
        hasher.update([UInt8(threshold), UInt8(trustees.count)])
        for trustee in trustees {
            hasher.update(trustee.key.bytes)
        }
        digest = hasher.finish()
    }

    /// The index of the trustee with this key.
    ///
    /// - Throws: `.notATrustee`.
    package func index(of key: Element) throws(EscrowError) -> TrusteeIndex {
        guard let position = trustees.firstIndex(where: { $0.key == key }) else {
            throw .notATrustee
        }
        return TrusteeIndex(position: position)
    }
}

extension EscrowContext {
    /// The type named in JSON.
    package static let type = "resguardo-escrow-context-v1"

    /// The context as a JSON object.
    package var json: JSONValue {
        var members = scope.jsonMembers
        members["type"] = .string(Self.type)
        members["threshold"] = .integer(Int64(threshold))
        members["trustees"] = .array(trustees.map { .object($0.jsonMembers) })
        return .object(members)
    }

    /// Reads what ``json`` writes, and nothing else; the proofs are checked.
    ///
    /// - Throws: An ``EscrowError`` naming the first field that is refused.
    package init(json: JSONValue) throws(EscrowError) {
        var reader = try ObjectReader(json, type: Self.type)
        let scope = try EscrowScope(reader: &reader)
        let threshold = try reader.integer(.threshold, in: 0...Int64(Self.trusteeCountMax))
        var trustees: [TrusteeEnrolment] = []
        for value in try reader.list(.trustees, countMax: Self.trusteeCountMax) {
            trustees.append(try TrusteeEnrolment(value, type: nil))
        }
        try reader.requireEnd()
        try self.init(scope: scope, threshold: Int(threshold), trustees: trustees)
    }

    /// Reads the text of a file; white space between the parts is free.
    package init(parsing text: [UInt8]) throws(EscrowError) {
        try self.init(json: ObjectReader.parse(text))
    }
}
