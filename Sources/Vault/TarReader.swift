// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What a ``TarReader`` found in an archive.
package protocol TarHandler: AnyObject {
    /// An entry starts.
    func begin(_ entry: TarEntry) throws
    /// The next bytes of its content.
    func content(_ bytes: Span<UInt8>) throws
    /// The entry has ended.
    func end() throws
}

/// The heading of a file or directory in an archive.
package struct TarEntry: Equatable, Sendable {
    /// Bytes as they stand; checked by ``TarReader`` to be relative and without `..`.
    package let path: [UInt8]
    /// Length of the content.
    package let sizeBytes: UInt64
    /// Whether it is a directory.
    package let isDirectory: Bool
}

/// Reads the archives that ``TarWriter`` writes, pushed in pieces of any length.
///
/// Items come from other people too, so everything else is refused: links, devices, absolute paths,
/// `..`, wrong checksums, anything but zeros after the end.
///
/// Spec: as ``TarWriter``.
package struct TarReader {
    /// The longest extended header.
    package static let extendedCountMax = 64 << 10
    /// The longest path.
    package static let pathCountMax = 4096

    private enum State {
        case header
        case extended(remaining: UInt64)
        case content(remaining: UInt64)
        case padding(remaining: UInt64)
        case end
    }

    private var state = State.header
    private var block: [UInt8] = []
    private var records: [UInt8] = []
    private var extendedPath: [UInt8]?
    private var extendedSize: UInt64?
    private var zeroBlockCount = 0
    /// Bytes read so far.
    package private(set) var offset: UInt64 = 0

    /// Starts at the first byte.
    package init() {}

    /// Reads the next bytes.
    ///
    /// - Throws: ``VaultError/malformedItem(_:)``, and whatever the handler throws.
    package mutating func consume(
        _ bytes: Span<UInt8>,
        into handler: some TarHandler
    ) throws {
        var position = 0
        while position < bytes.count {
            let available = bytes.count - position
            let count: Int
            switch state {
            case .header:
                count = min(available, TarWriter.blockCount - block.count)
                for index in position..<(position + count) { block.append(bytes[index]) }
                if block.count == TarWriter.blockCount {
                    try readHeader(into: handler)
                    block.removeAll(keepingCapacity: true)
                }
            case .extended(let remaining):
                count = Int(min(UInt64(available), remaining))
                for index in position..<(position + count) { records.append(bytes[index]) }
                if UInt64(count) == remaining {
                    try readRecords()
                    state = Self.padding(after: UInt64(records.count))
                    records.removeAll(keepingCapacity: true)
                } else {
                    state = .extended(remaining: remaining - UInt64(count))
                }
            case .content(let remaining):
                count = Int(min(UInt64(available), remaining))
                try handler.content(bytes.extracting(position..<(position + count)))
                state = .content(remaining: remaining - UInt64(count))
                if UInt64(count) == remaining {
                    try handler.end()
                    state = Self.padding(after: offset + UInt64(count))
                }
            case .padding(let remaining):
                count = Int(min(UInt64(available), remaining))
                try Self.requireZeros(bytes.extracting(position..<(position + count)))
                state =
                    remaining == UInt64(count)
                    ? .header : .padding(remaining: remaining - UInt64(count))
            case .end:
                count = available
                try Self.requireZeros(bytes.extracting(position..<(position + count)))
            }
            position += count
            offset += UInt64(count)
        }
    }

    /// Tells that no bytes follow.
    ///
    /// - Throws: ``VaultError/malformedItem(_:)`` unless the archive was ended.
    package func finish() throws {
        guard case .end = state else { throw VaultError.malformedItem("truncated archive") }
    }

    private static func padding(after size: UInt64) -> State {
        let count = TarWriter.padding(after: size).count
        return count == 0 ? .header : .padding(remaining: UInt64(count))
    }

    private static func requireZeros(_ bytes: Span<UInt8>) throws {
        for index in bytes.indices where bytes[index] != 0 {
            throw VaultError.malformedItem("bytes where zeros belong")
        }
    }

    private mutating func readHeader(into handler: some TarHandler) throws {
        if block.allSatisfy({ $0 == 0 }) {
            zeroBlockCount += 1
            if zeroBlockCount == 2 { state = .end }
            return
        }
        guard zeroBlockCount == 0 else { throw VaultError.malformedItem("block after the end") }
        guard block[257..<263].elementsEqual("ustar\u{0}".utf8) else {
            throw VaultError.malformedItem("not a ustar header")
        }
        let sum = block.enumerated().reduce(into: UInt64(0)) { sum, item in
            sum += (148..<156).contains(item.offset) ? 0x20 : UInt64(item.element)
        }
        guard try octal(148..<154) == sum else {
            throw VaultError.malformedItem("checksum of a header")
        }
        let size = try octal(124..<135)
        if block[156] == TarWriter.Kind.extendedHeader.rawValue {
            guard extendedPath == nil, extendedSize == nil,
                (1...UInt64(Self.extendedCountMax)).contains(size)
            else { throw VaultError.malformedItem("extended header") }
            state = .extended(remaining: size)
            return
        }
        let name = Array(block[0..<100].prefix { $0 != 0 })
        guard block[345..<500].allSatisfy({ $0 == 0 }) else {
            throw VaultError.malformedItem("name prefix")
        }
        let path = extendedPath ?? name
        let isDirectory = block[156] == TarWriter.Kind.directory.rawValue
        guard isDirectory || block[156] == TarWriter.Kind.file.rawValue else {
            throw VaultError.malformedItem("entry that is no file")
        }
        let entry = TarEntry(
            path: isDirectory && path.last == UInt8(ascii: "/") ? path.dropLast() : path,
            sizeBytes: extendedSize ?? size,
            isDirectory: isDirectory
        )
        extendedPath = nil
        extendedSize = nil
        guard Self.isSafe(entry.path), entry.sizeBytes < 1 << 62,
            !isDirectory || entry.sizeBytes == 0
        else { throw VaultError.malformedItem("entry with an unsafe name or size") }
        try handler.begin(entry)
        if entry.sizeBytes == 0 {
            try handler.end()
        } else {
            state = .content(remaining: entry.sizeBytes)
        }
    }

    /// Whether a path stays below the directory it is unpacked in.
    static func isSafe(_ path: [UInt8]) -> Bool {
        guard (1...pathCountMax).contains(path.count), !path.contains(0) else { return false }
        return path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { part in
                !part.isEmpty && part.count <= 255 && !part.elementsEqual(".".utf8)
                    && !part.elementsEqual("..".utf8)
            }
    }

    private func octal(_ range: Range<Int>) throws -> UInt64 {
        var value: UInt64 = 0
        for byte in block[range] {
            guard (0x30...0x37).contains(byte) else {
                throw VaultError.malformedItem("number in a header")
            }
            value = value << 3 | UInt64(byte - 0x30)
        }
        return value
    }

    private mutating func readRecords() throws {
        var rest = records[...]
        while !rest.isEmpty {
            guard let space = rest.prefix(8).firstIndex(of: 0x20),
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count,
                case let record = rest.prefix(length), record.last == 0x0a,
                let equals = record.firstIndex(of: UInt8(ascii: "="))
            else { throw VaultError.malformedItem("record of an extended header") }
            let key = String(decoding: record[(space + 1)..<equals], as: UTF8.self)
            let value = Array(record[(equals + 1)...].dropLast())
            switch key {
            case "path" where extendedPath == nil: extendedPath = value
            case "size" where extendedSize == nil:
                guard let size = UInt64(String(decoding: value, as: UTF8.self)) else {
                    throw VaultError.malformedItem("size in an extended header")
                }
                extendedSize = size
            default: throw VaultError.malformedItem("unknown key in an extended header")
            }
            rest = rest.dropFirst(length)
        }
    }
}
