// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// How many have to agree, and from how many constituencies they have to come.
package struct RegistryQuorum: Equatable, Sendable {
    /// How many, 1 or more.
    package let count: Int
    /// From how many different constituencies, 1...`count`.
    package let constituencies: Int

    package init(count: Int, constituencies: Int) {
        precondition(count >= constituencies && constituencies >= 1, "a quorum")
        self.count = count
        self.constituencies = constituencies
    }

    /// Whether those from the named constituencies, one entry each, are enough.
    package func isMet(by constituencies: [String]) -> Bool {
        constituencies.count >= count && Set(constituencies).count >= self.constituencies
    }

    /// Whether this asks for at least as much as `other` in both respects.
    package func isAtLeast(_ other: RegistryQuorum) -> Bool {
        count >= other.count && constituencies >= other.constituencies
    }

    package var json: JSONValue {
        ["constituencies": .integer(Int64(constituencies)), "count": .integer(Int64(count))]
    }
}

extension StatementFields {
    mutating func quorum(_ name: String) throws(StatementError) -> RegistryQuorum {
        try object(name) { (fields) throws(StatementError) in
            let count = Int(try fields.integer("count", in: 1...32))
            let range = 1...Int64(count)
            let constituencies = Int(try fields.integer("constituencies", in: range))
            return RegistryQuorum(count: count, constituencies: constituencies)
        }
    }
}
