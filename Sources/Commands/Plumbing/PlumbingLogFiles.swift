// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Glibc
import Sodium
import Storage
import TransparencyLog

/// The files that `plumbing log` reads and writes.
enum PlumbingLogFiles {
    /// Longest key file, in bytes.
    private static let keyCountMax = 4096

    /// A number of a log as JSON: a string where JSON readers would round it.
    static func number(_ value: UInt64) -> JSONValue {
        guard let integer = Int64(exactly: value), integer <= JSONValue.integerMax else {
            return .string(String(value))
        }
        return .integer(integer)
    }

    /// A file, or standard input for `-`.
    static func read(_ path: String, countMax: Int) throws -> [UInt8] {
        guard path == "-" else { return try LocalFileSystem().read(path, countMax: countMax) }
        var bytes: [UInt8] = []
        while bytes.count <= countMax {
            let piece = try readInput(64 << 10)
            if piece.isEmpty { return bytes }
            bytes += piece
        }
        throw FileSystemError.tooLarge(path, limit: countMax)
    }

    /// A key file, in guarded memory.
    static func secret(_ path: String) throws -> SecretBytes {
        var bytes = try read(path, countMax: keyCountMax)
        return SecretBytes(wiping: &bytes)
    }

    /// Some bytes of standard input; none at its end.
    static func readInput(_ countMax: Int) throws -> [UInt8] {
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: countMax) { buffer, count in
            var result = unsafe Glibc.read(STDIN_FILENO, buffer.baseAddress, countMax)
            while result < 0 && errno == EINTR {
                result = unsafe Glibc.read(STDIN_FILENO, buffer.baseAddress, countMax)
            }
            code = result < 0 ? errno : 0
            count = max(result, 0)
        }
        guard code == 0 else {
            throw FileSystemError.failed(operation: "read", path: "-", code: code)
        }
        return bytes
    }

    /// Writes a result to a file, or to standard output as it is.
    static func write(_ bytes: [UInt8], to path: String?) throws {
        guard let path, path != "-" else {
            guard Terminal.write(bytes, to: STDOUT_FILENO) else {
                throw FileSystemError.failed(operation: "write", path: "-", code: errno)
            }
            return
        }
        let file = try LocalFileSystem().create(path, replacing: true)
        try file.write(bytes)
        try file.sync()
        try file.close()
    }
}
