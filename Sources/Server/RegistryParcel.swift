// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Several files that a registry's node keeps, in one answer: what somebody who follows it for the
/// first time would otherwise ask for one by one.
///
/// Spec: `docs/spec/node.md`, section 13.
package struct RegistryParcel: Sendable {
    /// Where they are asked for.
    package static let path = "/registry/files"
    /// The most files that one request names.
    package static let nameCountMax = 512
    /// The longest request, in bytes.
    package static let questionByteCountMax = 64 << 10
    /// The longest answer, in bytes; every file that a node takes fits in one.
    package static let byteCountMax = 4 << 20

    /// A file below `/registry/`; no contents where there is none.
    package struct Item: Equatable, Sendable {
        package let name: String
        package let contents: [UInt8]?
    }

    /// The answer as far as it is written.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Adds a file, if there is room for it; there is for the first one.
    ///
    /// - Returns: Whether there was.
    package mutating func append(_ name: String, _ contents: [UInt8]?) -> Bool {
        let head = Array("\(name) \(contents.map { "\($0.count)" } ?? "-")\n".utf8)
        let count = bytes.count + head.count + (contents?.count ?? 0)
        guard bytes.isEmpty || count <= Self.byteCountMax else { return false }
        bytes += head
        bytes += contents ?? []
        return true
    }

    /// A request for files, one name a line.
    package static func question(_ names: [String]) -> [UInt8] {
        Array(names.map { "\($0)\n" }.joined().utf8)
    }

    /// The names that a request asks for.
    ///
    /// - Returns: `nil` for what is no request.
    package static func names(in question: [UInt8]) -> [String]? {
        guard question.last == newline, question.count <= questionByteCountMax else { return nil }
        let lines = question.dropLast().split(
            separator: newline,
            omittingEmptySubsequences: false
        )
        guard lines.count <= nameCountMax else { return nil }
        let names = lines.map { String(decoding: $0, as: UTF8.self) }
        return names.allSatisfy(isName) ? names : nil
    }

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - bytes: What a node said.
    ///   - asked: What it was asked for.
    /// - Returns: One file or more, those that were asked for first; `nil` for anything else.
    package static func read(_ bytes: [UInt8], asked: [String]) -> [Item]? {
        var items: [Item] = []
        var rest = bytes[...]
        for name in asked {
            guard !rest.isEmpty else { break }
            guard let end = rest.firstIndex(of: newline) else { return nil }
            let words = rest[..<end].split(separator: space, omittingEmptySubsequences: false)
            rest = rest[(end + 1)...]
            guard words.count == 2, words[0].elementsEqual(name.utf8) else { return nil }
            guard !words[1].elementsEqual("-".utf8) else {
                items.append(Item(name: name, contents: nil))
                continue
            }
            let text = String(decoding: words[1], as: UTF8.self)
            guard let count = Int(text), "\(count)" == text, (0...rest.count).contains(count)
            else { return nil }
            items.append(Item(name: name, contents: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return rest.isEmpty && !items.isEmpty ? items : nil
    }

    private static let newline = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
