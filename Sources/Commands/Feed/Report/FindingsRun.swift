// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Feed
import FeedKernels
import Storage

/// A directory that a feed command wrote, each of its files as `provenance.json` says.
///
/// Spec: `docs/spec/detection-files.md`, section 2.
struct FindingsRun {
    /// The file that says what the others are.
    static let provenanceName = "provenance.json"
    /// The largest document that is read whole, in bytes.
    static let documentByteCountMax = 64 << 20
    /// The largest picture, in bytes.
    private static let pictureByteCountMax = 8 << 20

    /// The directory's name.
    let name: String
    let path: String
    /// The data, the rule, the command.
    let provenance: JSONValue
    /// SHA-256 of `provenance.json`, which binds all files.
    let digest: String
    /// The names of all files, in byte order.
    let fileNames: [String]

    /// Opens a directory and checks every file in it.
    ///
    /// - Throws: A ``Failure`` that names what is missing, or is not what was written.
    init(_ path: String) throws {
        let components = path.split(separator: "/").filter { $0 != "." }
        name = components.last.map(String.init) ?? ""
        self.path = path
        guard Self.isPlain(name) else {
            throw Failure(
                .usage,
                Text(
                    en: "\(path): the directory's name goes into the report; letters, digits, "
                        + "“-”, “_” and “.” may stand in it",
                    es: "\(path): el nombre del directorio va en el informe; puede tener letras, "
                        + "cifras, «-», «_» y «.»"
                )
            )
        }
        let file = "\(path)/\(Self.provenanceName)"
        guard FileStatus.exists(BytePath(file)) else { throw Self.unknown(path) }
        let bytes = try FeedFiles.read(file, byteCountMax: Self.documentByteCountMax)
        guard let document = try? JSONValue(parsing: bytes), let files = document["files"]?.object,
            document["command"]?.string != nil, document["rule"]?["name"]?.string != nil
        else { throw Self.unknown(path) }
        provenance = document
        digest = Hex.encode(SHA256.hash(bytes))
        fileNames = files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in fileNames {
            guard Self.isPlain(name), let expected = files[name]?.string else {
                throw Self.unknown(path)
            }
            guard try FeedFiles.digest("\(path)/\(name)") == expected else {
                throw Failure(
                    .doesNotVerify,
                    Text(
                        en: "\(path)/\(name) is not the file that was written: "
                            + "its SHA-256 differs from \(Self.provenanceName)",
                        es: "\(path)/\(name) no es el archivo que se escribió: "
                            + "su SHA-256 no es el de \(Self.provenanceName)"
                    )
                )
            }
        }
    }

    /// The rule's name.
    var rule: String { provenance["rule"]?["name"]?.string ?? "" }

    /// The line that makes the files again.
    var command: String { provenance["command"]?.string ?? "" }

    /// Whether a file was written.
    func has(_ name: String) -> Bool { fileNames.contains(name) }

    /// A document.
    ///
    /// - Throws: A ``Failure`` if it is missing, too long, or no JSON.
    func document(_ name: String) throws -> JSONValue {
        guard has(name) else { throw Self.unknown(path) }
        let bytes = try FeedFiles.read("\(path)/\(name)", byteCountMax: Self.documentByteCountMax)
        guard let document = try? JSONValue(parsing: bytes, limit: Self.documentByteCountMax) else {
            throw Self.unknown(path)
        }
        return document
    }

    /// A picture, if it was drawn.
    func picture(_ name: String) throws -> [UInt8]? {
        guard has(name) else { return nil }
        return try FeedFiles.read("\(path)/\(name)", byteCountMax: Self.pictureByteCountMax)
    }

    /// Reads a table row by row; one that was not written has none.
    ///
    /// - Parameters:
    ///   - name: Of the table.
    ///   - body: Gets each row, and says whether it wants more.
    /// - Throws: A ``Failure`` with line and column.
    func rows(_ name: String, _ body: (FindingsRow) -> Bool) throws {
        guard has(name) else { return }
        let path = "\(path)/\(name)"
        try FeedFileFailure.naming(path) {
            let input = try FeedInput(path)
            let source = try input.source(nil)
            var reader = CSVRecordReader(isLenient: false)
            while true {
                let piece = try source()
                for record in try reader.records(in: piece, isLast: piece.isEmpty) {
                    guard body(FindingsRow(reader.header, record.fields)) else { return }
                }
                if piece.isEmpty { return }
            }
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && !name.hasPrefix(".")
            && FeedProvenance.isPlain(name)
    }

    private static func unknown(_ path: String) -> Failure {
        Failure(
            .failed,
            Text(
                en: "\(path) holds no findings that can be read",
                es: "\(path) no tiene hallazgos que se puedan leer"
            ),
            hint: Text(
                en: "give directories that “feed detect”, “trends”, “accounts”, “around”, "
                    + "“communities” or “groups” wrote (--output)",
                es: "indique directorios que «feed detect», «trends», «accounts», «around», "
                    + "«communities» o «groups» escribieron (--output)"
            )
        )
    }
}

/// A row of a table, by the names of its columns.
struct FindingsRow {
    private let places: [String: String]

    init(_ header: [String], _ fields: [String]) {
        places = Dictionary(zip(header, fields)) { first, _ in first }
    }

    /// A field; empty without such a column.
    subscript(_ column: String) -> String { places[column] ?? "" }
}
