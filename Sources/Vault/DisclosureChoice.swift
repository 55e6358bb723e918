// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What somebody chose to show of an item.
///
/// Spec: `docs/spec/disclosure.md`, section 2.
package struct DisclosureChoice: Equatable, Sendable {
    /// Names of the fields to show, by leaf.
    let names: [Int: Set<String>]
    /// Files to publish, by their number in `files`.
    package let contents: Set<Int>

    /// Looks up what a person wrote.
    ///
    /// - Parameters:
    ///   - fields: Paths as `note`, `files/0/name`, `files/*/sha256`. Where the bytes of a name
    ///     stand beside it, they are shown with it.
    ///   - files: Numbers, or names as the evidence has them. What a reader needs to check a file
    ///     (`kind`, `size`, `sha256`) is shown with it; its name is not, unless asked for.
    ///   - evidence: The evidence of the item.
    /// - Throws: ``DisclosureError/fieldMissing(_:)``, ``DisclosureError/fileMissing(_:)``.
    package init(fields: [String], files: [String], of evidence: Evidence) throws {
        var names: [Int: Set<String>] = [:]
        for path in fields {
            var isFound = false
            for (leaf, name) in Self.leaves(path, count: evidence.entries.count) {
                let known = evidence.fields(ofLeaf: leaf)
                guard known[name] != nil else { continue }
                isFound = true
                names[leaf, default: []].insert(name)
                if known[name + "Bytes"] != nil { names[leaf]?.insert(name + "Bytes") }
            }
            guard isFound else { throw DisclosureError.fieldMissing(path) }
        }
        var contents: Set<Int> = []
        for file in files {
            let number =
                Self.number(file[...])
                ?? evidence.entries.firstIndex { $0.name.elementsEqual(file.utf8) }
            guard let number, evidence.entries.indices.contains(number),
                evidence.entries[number].kind == .file
            else { throw DisclosureError.fileMissing(file) }
            contents.insert(number)
            names[number + 1, default: []].formUnion(["kind", "size", "sha256"])
        }
        self.names = names
        self.contents = contents
    }

    /// The leaves that a path speaks of, with the name of the field.
    private static func leaves(_ path: String, count: Int) -> [(Int, String)] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 1 { return [(0, path)] }
        guard parts.count == 3, parts[0] == "files" else { return [] }
        let name = String(parts[2])
        if parts[1] == "*" { return (0..<count).map { ($0 + 1, name) } }
        guard let number = number(parts[1]), number < count else { return [] }
        return [(number + 1, name)]
    }

    /// A number as we write it: digits without leading zeros.
    private static func number(_ text: Substring) -> Int? {
        guard let number = Int(text), String(number) == text else { return nil }
        return number
    }
}
