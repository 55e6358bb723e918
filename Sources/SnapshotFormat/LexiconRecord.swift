// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// How a term of a network looks in a post.
package enum LexiconForm: String, Sendable, CaseIterable {
    case alias
    case emoji
    case hashtag
    case name
    case phrase
}

/// A term that a network goes by, with the time in which it did.
///
/// An entry never condemns a post alone: a report or a warning names the network too.
///
/// Spec: `docs/spec/snapshot.md`, section 4.5.
package struct LexiconRecord: Equatable, Sendable {
    /// The longest term, in bytes.
    package static let termCountMax = 256
    /// The most regions of an entry.
    package static let regionCountMax = 64

    /// The term as written.
    package let term: String
    /// What kind of term it is.
    package let form: LexiconForm
    /// The network that it belongs to, 32 bytes.
    package let network: [UInt8]
    /// Where it is used, words such as `mx-tam`, ascending; empty for everywhere.
    package let regions: [String]
    /// SHA-256 of the dossier that shows it, 32 bytes.
    package let source: [UInt8]
    /// When the entry holds, Unix seconds.
    package let validity: Range<Int64>

    package init(
        term: String,
        form: LexiconForm,
        network: [UInt8],
        regions: [String],
        source: [UInt8],
        validity: Range<Int64>
    ) {
        precondition(network.count == 32 && source.count == 32, "digests have 32 bytes")
        precondition(regions.allSatisfy { Token.isValid($0) }, "regions are words")
        self.term = term
        self.form = form
        self.network = network
        self.regions = regions
        self.source = source
        self.validity = validity
    }

    var json: JSONValue {
        [
            "form": .string(form.rawValue),
            "kind": "lexicon",
            "network": .string(Hex.encode(network)),
            "regions": .array(regions.map { .string($0) }),
            "since": .integer(validity.lowerBound),
            "source": .string(Hex.encode(source)),
            "term": .string(term),
            "until": .integer(validity.upperBound),
        ]
    }

    init(_ fields: inout RecordFields) throws(SnapshotError) {
        term = try fields.string("term", countMax: Self.termCountMax)
        form = try fields.choice("form")
        network = try fields.digest("network")
        source = try fields.digest("source")
        validity = try fields.validity()
        var regions: [String] = []
        for element in try fields.array("regions", countMax: Self.regionCountMax) {
            guard let region = element.string, Token.isValid(region) else {
                throw .malformed(line: fields.line)
            }
            if let last = regions.last, last >= region { throw .notCanonical(line: fields.line) }
            regions.append(region)
        }
        self.regions = regions
    }
}
