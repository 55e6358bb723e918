// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// A mapping of a policy file, whose keys are taken one by one; what is left is unknown.
struct PolicySection {
    private let path: String
    private let line: Int
    private var entries: [String: (line: Int, node: Node)] = [:]
    private var order: [String] = []

    /// Takes a node that must be a mapping.
    init(_ node: Node, path: String, line: Int) throws(PolicyFault) {
        guard case .mapping(let mapping) = node else {
            throw PolicyFault(line: line, key: path, kind: .notAMapping)
        }
        self.path = path
        self.line = line
        for (key, value) in mapping {
            let keyLine = key.mark?.line ?? line
            guard case .scalar(let scalar) = key else {
                throw PolicyFault(line: keyLine, key: path, kind: .notAText)
            }
            entries[scalar.string] = (keyLine, value)
            order.append(scalar.string)
        }
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

    private mutating func take(_ key: String) -> (line: Int, node: Node)? {
        entries.removeValue(forKey: key)
    }

    /// The section under a key, if it is there.
    mutating func section(_ key: String) throws(PolicyFault) -> PolicySection? {
        guard let entry = take(key) else { return nil }
        return try PolicySection(entry.node, path: name(key), line: entry.line)
    }

    /// A number, if it is there.
    mutating func number(
        _ key: String,
        _ range: ClosedRange<Double>,
        into value: inout Double
    ) throws(PolicyFault) {
        guard let entry = take(key) else { return }
        guard case .scalar(let scalar) = entry.node, let number = Self.number(scalar.string),
            range.contains(number)
        else { throw PolicyFault(line: entry.line, key: name(key), kind: .notANumber(range)) }
        value = number
    }

    /// A whole number, if it is there.
    mutating func integer(
        _ key: String,
        _ range: ClosedRange<Int>,
        into value: inout Int
    ) throws(PolicyFault) {
        guard let entry = take(key) else { return }
        guard case .scalar(let scalar) = entry.node, let number = Int(scalar.string),
            range.contains(number)
        else {
            let bounds = Double(range.lowerBound)...Double(range.upperBound)
            throw PolicyFault(line: entry.line, key: name(key), kind: .notANumber(bounds))
        }
        value = number
    }

    /// A duration in seconds, if it is there: a whole number with `s`, `m`, `h` or `d`.
    mutating func duration(_ key: String) throws(PolicyFault) -> Int64? {
        guard let entry = take(key) else { return nil }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard case .scalar(let scalar) = entry.node, let unit = scalar.string.last,
            let seconds = units[unit], let count = Int64(scalar.string.dropLast()),
            (0...100_000).contains(count)
        else { throw PolicyFault(line: entry.line, key: name(key), kind: .notADuration) }
        return count * seconds
    }

    /// A text, if it is there.
    mutating func text(_ key: String) throws(PolicyFault) -> String? {
        guard let entry = take(key) else { return nil }
        guard case .scalar(let scalar) = entry.node, !scalar.string.isEmpty else {
            throw PolicyFault(line: entry.line, key: name(key), kind: .notAText)
        }
        return scalar.string
    }

    /// The line of a key, if it is there and not yet taken.
    func line(of key: String) -> Int? { entries[key]?.line }

    /// A fault at a key that is not there.
    func missing(_ key: String) -> PolicyFault {
        PolicyFault(line: line, key: name(key), kind: .missingKey)
    }

    /// Refuses what nobody took.
    consuming func finish() throws(PolicyFault) {
        guard let key = order.first(where: { entries[$0] != nil }) else { return }
        throw PolicyFault(line: entries[key]?.line ?? line, key: name(key), kind: .unknownKey)
    }

    /// A decimal number as people write it: digits, one point, a sign.
    private static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || [0x2e, 0x2d].contains($0) })
        else { return nil }
        return Double(text)
    }
}
