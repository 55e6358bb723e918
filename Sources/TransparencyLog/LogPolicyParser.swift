// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension LogPolicy {
    /// Longest policy, in bytes.
    package static let countMax = 1 << 18
    /// Most logs, most witnesses and most groups.
    package static let itemCountMax = 256

    /// Reads a policy file.
    ///
    /// Spec: C2SP `tlog-policy`.
    ///
    /// - Throws: `.malformedPolicy` with the line (the one after the last when the quorum is
    ///   missing), `.tooLong`.
    package init(parsing bytes: [UInt8]) throws(TransparencyLogError) {
        guard bytes.count <= Self.countMax else { throw .tooLong(limit: Self.countMax) }
        var parser = LogPolicyParser()
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard parser.read(line) else { throw .malformedPolicy(line: index + 1) }
        }
        guard let quorum = parser.quorum else { throw .malformedPolicy(line: lines.count + 1) }
        self.init(
            logs: parser.logs,
            witnesses: parser.witnesses,
            groups: parser.groups,
            quorum: quorum == LogPolicyParser.none ? nil : quorum
        )
    }
}

/// Collects the lines of a policy.
private struct LogPolicyParser {
    static let none = "none"

    var logs: [LogPolicy.Log] = []
    var witnesses: [LogPolicy.Witness] = []
    var groups: [LogPolicy.Group] = []
    var quorum: String?
    private var keys: Set<NoteVerifier> = []
    private var names: Set<String> = []
    private var grouped: Set<String> = []

    /// Reads one line.
    ///
    /// - Returns: False when it breaks the format.
    mutating func read(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7f }) else { return false }
        guard let text = String(validating: line, as: UTF8.self) else { return false }
        let words = text.utf8.split { $0 == 0x20 || $0 == 0x09 }.map { String(Substring($0)) }
        guard let keyword = words.first, !keyword.utf8.starts(with: "#".utf8) else { return true }
        let arguments = words.dropFirst()
        switch keyword {
        case "log": return readLog(Array(arguments))
        case "witness": return readWitness(Array(arguments))
        case "group": return readGroup(Array(arguments))
        case "quorum": return readQuorum(Array(arguments))
        default: return false
        }
    }

    private mutating func readLog(_ words: [String]) -> Bool {
        guard (1...2).contains(words.count), logs.count < LogPolicy.itemCountMax,
            let verifier = readKey(words[0])
        else { return false }
        logs.append(LogPolicy.Log(verifier: verifier, url: words.count > 1 ? words[1] : nil))
        return true
    }

    private mutating func readWitness(_ words: [String]) -> Bool {
        guard (2...3).contains(words.count), witnesses.count < LogPolicy.itemCountMax,
            define(words[0]), let verifier = readKey(words[1])
        else { return false }
        let url = words.count > 2 ? words[2] : nil
        witnesses.append(LogPolicy.Witness(name: words[0], verifier: verifier, url: url))
        return true
    }

    private mutating func readGroup(_ words: [String]) -> Bool {
        guard words.count >= 3, groups.count < LogPolicy.itemCountMax else { return false }
        let members = Array(words[2...])
        for member in members {
            guard names.contains(member), grouped.insert(member).inserted else { return false }
        }
        let threshold: Int
        switch words[1] {
        case "all": threshold = members.count
        case "any": threshold = 1
        default:
            guard let value = Decimal.parse(words[1].utf8),
                (1...UInt64(members.count)).contains(value)
            else { return false }
            threshold = Int(value)
        }
        guard define(words[0]) else { return false }
        groups.append(LogPolicy.Group(name: words[0], threshold: threshold, members: members))
        return true
    }

    private mutating func readQuorum(_ words: [String]) -> Bool {
        guard words.count == 1, quorum == nil,
            words[0] == Self.none || names.contains(words[0])
        else { return false }
        quorum = words[0]
        return true
    }

    private mutating func readKey(_ text: String) -> NoteVerifier? {
        guard let verifier = try? NoteVerifier(parsing: text), keys.insert(verifier).inserted else {
            // Only the line is worth knowing.
            return nil
        }
        return verifier
    }

    private mutating func define(_ name: String) -> Bool {
        name != Self.none && names.insert(name).inserted
    }
}
