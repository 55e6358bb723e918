// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Where the originals of an item lie in a bag.
///
/// Names are kept where every system can keep them. Other bytes become `=` and two hexadecimal
/// digits, so no name holds what BagIt manifests would have to encode; a name that is too long,
/// reserved somewhere, or differs from another one in case alone, becomes `=` and its number. The
/// true names stand in `evidence.json`.
///
/// Spec: `docs/spec/bag.md`, section 2.2.
package struct BagNames {
    private static let componentCountMax = 100
    private static let pathCountMax = 160
    private static let kept = Set(
        Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
            + Array(" !#$&'()+,-.;@[]^_{}".utf8)
    )
    private static let reserved = Set(
        ["con", "prn", "aux", "nul"] + (0...9).flatMap { ["com\($0)", "lpt\($0)"] }
    )

    private var files: Set<[UInt8]> = []
    private var directories: Set<[UInt8]> = []

    /// The paths below `original/`, by number of the entry; only files have one.
    package static func paths(of entries: [EvidenceEntry]) -> [Int: String] {
        var names = BagNames()
        var paths: [Int: String] = [:]
        for (index, entry) in entries.enumerated() where entry.kind == .file {
            paths[index] = String(decoding: names.path(of: entry.name, index), as: UTF8.self)
        }
        return paths
    }

    private mutating func path(of name: [UInt8], _ index: Int) -> [UInt8] {
        let parts = name.split(separator: UInt8(ascii: "/")).map { Self.escaped(Array($0)) }
        let path = Array(parts.joined(separator: [UInt8(ascii: "/")]))
        let folded = Self.folded(path)
        let above = folded.indices.filter { folded[$0] == UInt8(ascii: "/") }
            .map { Array(folded[..<$0]) }
        let isFree =
            !files.contains(folded) && !directories.contains(folded)
            && !above.contains(where: files.contains)
        guard isFree, path.count <= Self.pathCountMax, parts.allSatisfy(Self.isPortable) else {
            return Self.number(index) + Self.suffix(of: parts.last ?? [])
        }
        files.insert(folded)
        directories.formUnion(above)
        return path
    }

    private static func number(_ index: Int) -> [UInt8] {
        let digits = String(index)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return Array("=\(zeros)\(digits)".utf8)
    }

    /// `.jpg` and the like, so that a file opens with what it belongs to.
    private static func suffix(of name: [UInt8]) -> [UInt8] {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return [] }
        let letters = name[(dot + 1)...]
        let isPlain = letters.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
                || (0x61...0x7a).contains(byte)
        }
        return (1...8).contains(letters.count) && isPlain ? Array(name[dot...]) : []
    }

    private static func isPortable(_ name: [UInt8]) -> Bool {
        let stem = String(decoding: folded(name).prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
        return name.count <= componentCountMax && !reserved.contains(stem)
    }

    private static func escaped(_ name: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < name.count {
            let byte = name[index]
            let isLast = index == name.count - 1
            let isEnding = isLast && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: " "))
            if isLetter(name, at: index) {
                result += name[index...(index + 1)]
                index += 2
                continue
            }
            if kept.contains(byte), !isEnding {
                result.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += Array(("=" + (byte < 16 ? "0" : "") + digits).utf8)
            }
            index += 1
        }
        return result
    }

    /// Letters of Latin-1 (U+00C0...U+00FF without × and ÷), which have one form only.
    private static func isLetter(_ bytes: [UInt8], at index: Int) -> Bool {
        guard bytes[index] == 0xc3, index + 1 < bytes.count else { return false }
        let second = bytes[index + 1]
        return (0x80...0xbf).contains(second) && second != 0x97 && second != 0xb7
    }

    /// Capital letters made small, as file systems do that ignore case.
    private static func folded(_ path: [UInt8]) -> [UInt8] {
        var result = path
        for index in path.indices {
            if (0x41...0x5a).contains(path[index]) { result[index] += 0x20 }
            if index > 0, path[index - 1] == 0xc3, (0x80...0x9e).contains(path[index]) {
                result[index] += 0x20
            }
        }
        return result
    }
}
