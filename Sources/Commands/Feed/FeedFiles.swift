// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Feed
import Storage

/// Reads a file piece by piece, for stages that stream.
struct FeedInput {
    /// The size of a piece, in bytes.
    private static let pieceByteCount = 8 << 20

    let path: String
    let byteCount: Int
    private let file: any ReadableFile

    /// Opens a file.
    ///
    /// - Throws: A ``Failure`` that names it.
    init(_ path: String) throws {
        self.path = path
        (file, byteCount) = try FeedFiles.mapped(path) {
            let file = try LocalFileSystem().open(path)
            return (file, Int(try file.count()))
        }
    }

    /// The pieces of the file, unpacked if it is a gzip file, and then an empty one.
    func source(_ progress: ProgressBar?) throws -> ByteSource {
        let pieces = pieces(progress)
        guard try starts(with: Gunzip.mark) else { return pieces }
        let unpacked = Gunzip(pieces)
        return { try unpacked.next() }
    }

    /// The pieces of the file as they are, and then an empty one.
    func pieces(_ progress: ProgressBar?) -> ByteSource {
        var offset = 0
        return {
            let piece = try FeedFiles.mapped(path) {
                try file.read(
                    at: UInt64(offset),
                    count: min(Self.pieceByteCount, byteCount - offset)
                )
            }
            offset += piece.count
            progress?.advance(by: Int64(piece.count))
            return piece
        }
    }

    /// Whether the file starts as SQLite files do.
    func isDatabase() throws -> Bool { try starts(with: Array("SQLite format 3\0".utf8)) }

    private func starts(with mark: [UInt8]) throws -> Bool {
        let head = try FeedFiles.mapped(path) {
            try file.read(at: 0, count: min(mark.count, byteCount))
        }
        return head == mark
    }
}

/// Small files, read and written whole.
enum FeedFiles {
    /// Reads a file of at most `byteCountMax` bytes.
    static func read(_ path: String, byteCountMax: Int) throws -> [UInt8] {
        let bytes: [UInt8]? = try mapped(path) {
            let file = try LocalFileSystem().open(path)
            let count = Int(try file.count())
            guard count <= byteCountMax else { return nil }
            return try file.read(at: 0, count: count)
        }
        if let bytes { return bytes }
        throw Failure(
            .failed,
            Text(
                en: "\(path) is longer than \(byteCountMax) bytes",
                es: "\(path) pasa de \(byteCountMax) bytes"
            )
        )
    }

    /// Writes a file through a temporary one, so that it is never there by half.
    static func write(
        _ path: String,
        _ content: (_ sink: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        try mapped(path) {
            let system = LocalFileSystem()
            let partial = path + ".partial"
            let file = try system.create(partial, replacing: true)
            do {
                try content { try file.write($0) }
                try file.close()
                try system.rename(partial, to: path)
            } catch {
                // What went wrong first is told; the partial file is of no use to anybody.
                try? system.remove(partial)
                throw error
            }
        }
    }

    /// Writes files into a directory, in byte order of their names.
    static func write(_ files: [String: [UInt8]], to directory: String) throws {
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            try write("\(directory)/\(name)") { try $0(bytes) }
        }
    }

    /// Copies a file.
    static func copy(_ path: String, to target: String) throws {
        let source = try FeedInput(path).pieces(nil)
        try write(target) { sink in
            while true {
                let piece = try source()
                guard !piece.isEmpty else { return }
                try sink(piece)
            }
        }
    }

    /// SHA-256 of a file, in hexadecimal.
    static func digest(_ path: String) throws -> String {
        try mapped(path) {
            let file = try LocalFileSystem().open(path)
            let count = try file.count()
            var hash = SHA256()
            var offset: UInt64 = 0
            while offset < count {
                let piece = try file.read(at: offset, count: Int(min(1 << 20, count - offset)))
                hash.update(piece)
                offset += UInt64(piece.count)
            }
            return Hex.encode(hash.finish())
        }
    }

    /// Makes a directory if it is not there.
    static func makeDirectory(_ path: String) throws {
        do {
            try LocalFileSystem().makeDirectory(path)
        } catch FileSystemError.exists {
            return
        } catch let error as FileSystemError {
            throw failure(error, path)
        }
    }

    /// Gives the errors of files their words.
    static func mapped<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as FileSystemError {
            throw failure(error, path)
        }
    }

    private static func failure(_ error: FileSystemError, _ path: String) -> Failure {
        let reason: Text
        switch error {
        case .notFound: reason = Text(en: "it does not exist", es: "no existe")
        case .exists: reason = Text(en: "it exists already", es: "ya existe")
        case .notPermitted: reason = Text(en: "permission denied", es: "permiso denegado")
        case .noSpace: reason = Text(en: "the disk is full", es: "el disco está lleno")
        case .readOnly:
            reason = Text(en: "the disk is read-only", es: "el disco es de solo lectura")
        case .locked: reason = Text(en: "it is in use", es: "está en uso")
        case .tooLarge: reason = Text(en: "it is too large", es: "es demasiado grande")
        case .failed(_, _, let code): reason = SystemReason(code).text
        }
        return Failure(.failed, Text(en: "\(path): \(reason.en)", es: "\(path): \(reason.es)"))
    }
}
