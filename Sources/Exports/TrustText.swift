// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import SnapshotFormat

/// A `trust.txt`: which organisations belong together, told by each of them on its own site.
///
/// It is for organisations that stand with their names, never for sources.
///
/// Spec: JournalList, trust.txt; draft-org-trust-relationship-protocol-01.
package struct TrustText: Equatable, Sendable {
    /// What a line can say.
    package enum Attribute: String, CaseIterable, Sendable {
        case member, belongto, control, controlledby, social, vendor, customer, disclosure, contact
    }

    /// One line.
    package struct Line: Equatable, Sendable {
        /// What it says.
        package let attribute: Attribute
        /// Of whom: an address.
        package let address: String

        /// Says something of an address.
        ///
        /// - Throws: `.notAnAddress` unless it is `https://` and printable ASCII without spaces;
        ///   for a contact also `mailto:`.
        package init(_ attribute: Attribute, _ address: String) throws(ExportError) {
            let schemes = attribute == .contact ? ["https://", "mailto:"] : ["https://"]
            guard address.utf8.count <= Self.addressCountMax,
                address.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x23 }),
                schemes.contains(where: { address.hasPrefix($0) && address.count > $0.count })
            else { throw .notAnAddress(address) }
            self.attribute = attribute
            self.address = address
        }

        /// The longest address, in bytes.
        package static let addressCountMax = 2048
    }

    /// All lines, in the order of the attributes.
    package let lines: [Line]

    /// Puts lines in order.
    ///
    /// - Parameters:
    ///   - lines: What to say.
    ///   - sources: Accounts of sources, which must not be named.
    /// - Throws: `.namesASource`.
    package init(_ lines: [Line], sources: [SourceNews]) throws(ExportError) {
        for line in lines {
            let isSource = sources.contains { line.address.contains($0.account.stableID) }
            guard !isSource else { throw .namesASource }
        }
        let order = Attribute.allCases
        self.lines = order.flatMap { attribute in lines.filter { $0.attribute == attribute } }
    }

    /// The file, with the wish not to be used for training.
    package var bytes: [UInt8] {
        let text = lines.map { "\($0.attribute.rawValue)=\($0.address)\n" }
        return Array((text.joined() + "datatrainingallowed=no\n").utf8)
    }
}
