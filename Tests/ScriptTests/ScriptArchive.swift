// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A script with the files it starts from, in one text file.
///
/// Spec: the txtar format of Go's `golang.org/x/tools/txtar`: text, then files, each after a line
/// `-- NAME --`.
struct ScriptArchive {
    /// The script's lines.
    let lines: [String]
    /// The files, in order.
    let files: [(name: String, content: String)]

    init(_ text: String) {
        var script: [String] = []
        var files: [(name: String, content: String)] = []
        var all = text.split(separator: "\n", omittingEmptySubsequences: false)
        // The end of the last line is no line.
        if all.last == "" { all.removeLast() }
        for line in all {
            if let name = Self.fileName(line) {
                files.append((name, ""))
            } else if files.isEmpty {
                script.append(String(line))
            } else {
                files[files.count - 1].content += line + "\n"
            }
        }
        lines = script
        self.files = files
    }

    private static func fileName(_ line: Substring) -> String? {
        guard line.hasPrefix("-- "), line.hasSuffix(" --"), line.count > 6 else { return nil }
        return String(line.dropFirst(3).dropLast(3))
    }
}

extension ScriptArchive {
    /// Splits a script's line into words, as testscript does: at white space, with single quotes
    /// around what has spaces in it, two of them inside standing for one, `#` starting a comment,
    /// and `$NAME` or `${NAME}` outside of quotes standing for a variable.
    ///
    /// - Returns: `nil` when a quote is not closed.
    static func words(_ line: String, variables: [String: String]) -> [String]? {
        var words: [String] = []
        var word = ""
        var isWord = false
        var isQuoted = false
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case "'" where isQuoted && rest.first == "'":
                word.append("'")
                rest.removeFirst()
            case "'":
                isQuoted.toggle()
                isWord = true
            case "#" where !isQuoted && !isWord:
                rest = ""
            case " " where !isQuoted, "\t" where !isQuoted:
                if isWord { words.append(word) }
                word = ""
                isWord = false
            case "$" where !isQuoted:
                word += variables[takeName(&rest)] ?? ""
                isWord = true
            default:
                word.append(character)
                isWord = true
            }
        }
        if isWord { words.append(word) }
        return isQuoted ? nil : words
    }

    private static func takeName(_ rest: inout Substring) -> String {
        if rest.first == "{", let end = rest.firstIndex(of: "}") {
            let name = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            return String(name)
        }
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        rest = rest.dropFirst(name.count)
        return String(name)
    }
}
