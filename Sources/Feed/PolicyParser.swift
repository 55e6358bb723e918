// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Yams

extension Policy {
    /// The longest file, in bytes.
    package static let byteCountMax = 64 << 10

    /// Reads a policy file; unknown keys are refused, so that a slip of the pen changes nothing.
    ///
    /// Spec: `docs/spec/policy.md`.
    ///
    /// - Throws: A ``PolicyFault`` with line and key.
    package init(parsing bytes: [UInt8]) throws(PolicyFault) {
        guard bytes.count <= Self.byteCountMax else {
            throw PolicyFault(line: 1, key: "", kind: .tooLong(limit: Self.byteCountMax))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PolicyFault(line: 1, key: "", kind: .notYAML)
        }
        guard let root = try Self.compose(text) else {
            throw PolicyFault(line: 1, key: "", kind: .notAMapping)
        }
        var section = try PolicySection(root, path: "", line: 1)
        guard section.line(of: "policy") != nil else { throw section.missing("policy") }
        var version = 0
        try section.integer("policy", Self.version...Self.version, into: &version)
        guard let name = try section.text("name") else { throw section.missing("name") }
        self.name = name
        if var appeals = try section.section("appeal") {
            appeal.en = try appeals.text("en") ?? ""
            appeal.es = try appeals.text("es") ?? ""
            try appeals.finish()
        }
        try readPrediction(&section)
        try readRecency(&section)
        try readSource(&section)
        try readQuality(&section)
        try readVisibility(&section)
        try readCoordination(&section)
        if var floors = try section.section("floors") {
            try floors.number("trusted", 0...1, into: &trustedFloor)
            try floors.finish()
        }
        try section.finish()
        digest = Hex.encode(SHA256.hash(bytes))
    }

    private static func compose(_ text: String) throws(PolicyFault) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
            throw PolicyFault(
                line: context.mark.line,
                key: duplicates.first ?? "",
                kind: .duplicateKey
            )
        } catch YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _)
        {
            throw PolicyFault(line: mark.line, key: "", kind: .notYAML)
        } catch {
            throw PolicyFault(line: 1, key: "", kind: .notYAML)
        }
    }

    private mutating func readPrediction(_ root: inout PolicySection) throws(PolicyFault) {
        guard var section = try root.section("prediction") else { return }
        try section.number("base", 0...1000, into: &prediction.base)
        try section.number("likes", 0...1000, into: &prediction.likes)
        try section.number("reposts", 0...1000, into: &prediction.reposts)
        try section.number("replies", 0...1000, into: &prediction.replies)
        try section.number("views", 0...1000, into: &prediction.views)
        try section.finish()
    }

    private mutating func readRecency(_ root: inout PolicySection) throws(PolicyFault) {
        guard var section = try root.section("recency") else { return }
        let line = section.line(of: "half-life") ?? 1
        recency.halfLifeSeconds = try section.duration("half-life")
        guard recency.halfLifeSeconds != 0 else {
            throw PolicyFault(line: line, key: "recency.half-life", kind: .notADuration)
        }
        try section.number("floor", 0...1, into: &recency.floor)
        try section.finish()
    }

    private mutating func readSource(_ root: inout PolicySection) throws(PolicyFault) {
        guard var section = try root.section("source") else { return }
        try section.number("provisional", 0...100, into: &source.provisional)
        try section.number("attested", 0...100, into: &source.attested)
        try section.number("strong", 0...100, into: &source.strong)
        try section.number("interrupted", 0...100, into: &source.interrupted)
        let line = section.line(of: "paid") ?? 1
        var paid = 1.0
        try section.number("paid", 0...100, into: &paid)
        guard paid == 1 else {
            throw PolicyFault(line: line, key: "source.paid", kind: .paidMustBeOne)
        }
        try section.finish()
    }

    private mutating func readQuality(_ root: inout PolicySection) throws(PolicyFault) {
        guard var section = try root.section("quality") else { return }
        try section.number("image-only", 0...100, into: &quality.imageOnly)
        try section.integer("image-only-below", 0...100_000, into: &quality.imageOnlyCharacters)
        try section.number("informative", 0...100, into: &quality.informative)
        try section.integer("informative-from", 1...100_000, into: &quality.informativeCharacters)
        try section.finish()
    }

    private mutating func readVisibility(_ root: inout PolicySection) throws(PolicyFault) {
        guard var section = try root.section("visibility") else { return }
        try section.number("designated-low", 0...1, into: &visibility.designatedLow)
        try section.number("designated-moderate", 0...1, into: &visibility.designatedModerate)
        try section.number("designated-high", 0...1, into: &visibility.designatedHigh)
        try section.number("confidence-min", 0...1, into: &visibility.confidenceMinimum)
        try section.number("limited", 0...1, into: &visibility.limited)
        try section.number("coordinated", 0...1, into: &visibility.coordinated)
        visibility.holdSeconds = try section.duration("hold") ?? visibility.holdSeconds
        visibility.rampSeconds = try section.duration("ramp") ?? visibility.rampSeconds
        try section.finish()
    }

    private mutating func readCoordination(_ root: inout PolicySection) throws(PolicyFault) {
        guard var section = try root.section("coordination") else { return }
        var coordination = Coordination()
        coordination.windowSeconds =
            try section.duration("window") ?? coordination.windowSeconds
        try section.integer(
            "min-participation",
            1...1_000_000,
            into: &coordination.minimumParticipation
        )
        try section.integer("min-weight", 1...1_000_000, into: &coordination.minimumWeight)
        try section.integer("min-accounts", 2...1_000_000, into: &coordination.minimumAccounts)
        self.coordination = coordination
        try section.finish()
    }
}
