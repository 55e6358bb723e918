// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// What findings are made of, and which command makes them again.
///
/// Spec: `docs/spec/detection-files.md`, section 2.
enum FeedProvenance {
    /// What every file says of where it comes from.
    static func known(_ json: JSONValue) -> JSONValue {
        let names = ["command", "data", "rule"]
        return .object((json.object ?? [:]).filter { names.contains($0.key) })
    }

    /// The name of an input without its directory, for a shell: nothing else of this machine.
    static func name(of input: String) -> String {
        quoted(input.split(separator: "/").last.map(String.init) ?? input)
    }

    private static func quoted(_ name: String) -> String {
        isPlain(name) ? name : "'" + name.replacing("'", with: #"'\''"#) + "'"
    }

    /// Whether a name has only letters, digits, `-`, `.` and `_`.
    static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            byte == 0x2d || byte == 0x2e || byte == 0x5f || (0x30...0x39).contains(byte)
                || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        }
    }

    /// Tables have no place for it that other programs would pass over: a file beside them says
    /// what they are made of, and which bytes they are.
    static func write(_ json: JSONValue, of names: Set<String>, to directory: String) throws {
        var digests: [String: JSONValue] = [:]
        for name in names {
            digests[name] = .string(try FeedFiles.digest("\(directory)/\(name)"))
        }
        var members = known(json).object ?? [:]
        members["files"] = .object(digests)
        let bytes = JSONValue.object(members).canonicalBytes + [UInt8(ascii: "\n")]
        try FeedFiles.write("\(directory)/provenance.json") { try $0(bytes) }
    }
}
