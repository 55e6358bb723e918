// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements
package import Storage
package import Vault

/// Cases in a store of objects.
///
/// There is a list of all cases, and for each an index of its files, which are objects of their
/// own. A file is in the index once it is whole. Lists and indices are changed on the condition
/// that they are what was read, so that two processes may add to them.
///
/// Spec: `docs/spec/node-s3.md`, section 6.
package struct BlobCases: CaseStore {
    /// Bytes in one part of an object.
    static let partCount = 8 << 20
    /// Parts that are on their way at a time.
    private static let partsAtOnce = 2
    /// How often others may change an index while we do.
    private static let attemptCountMax = 16
    private static let listCountMax = 64 << 20

    private let store: any BlobStore
    private let prefix: String

    /// The cases of a store.
    ///
    /// - Parameters:
    ///   - store: Where they are.
    ///   - prefix: Of their keys; ends in a slash.
    package init(_ store: any BlobStore, prefix: String) {
        self.store = store
        self.prefix = prefix
    }

    private var listKey: String { prefix + "list" }
    private func indexKey(_ room: String) -> String { "\(prefix)\(room)/index" }
    private func key(_ name: String, _ room: String) -> String { "\(prefix)\(room)/\(name)" }
    private func key(part: Int, of name: String, _ room: String) -> String {
        let digits = String(part)
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return key("\(name).\(padded)", room)
    }

    // MARK: Cases

    /// See ``CaseStore/load()``.
    package func load() throws -> (known: [String: KeptCase], count: Int) {
        let list = try store.get(listKey, countMax: Self.listCountMax)?.bytes ?? []
        return ([:], list.count { $0 == 0x0a })
    }

    /// See ``CaseStore/find(_:)``.
    package func find(_ room: String) throws -> KeptCase? { try index(room)?.index.kept }

    /// See ``CaseStore/make(_:claim:)``.
    package func make(_ room: String, claim: [UInt8]) throws -> Bool {
        try addToList(room)
        let index = CaseIndex(claim: claim)
        if try store.exchange(indexKey(room), index.encoded, if: .absent) != nil { return true }
        return try find(room)?.claim == claim
    }

    private func addToList(_ room: String) throws {
        let files = BlobFiles(store, prefix: prefix)
        for _ in 0..<Self.attemptCountMax {
            let old = try files.contents("list", countMax: Self.listCountMax)
            let lines = String(decoding: old ?? [], as: UTF8.self).split(separator: "\n")
            guard !lines.contains(Substring(room)) else { return }
            // Sorted: the list tells nothing of when who came.
            let text = (lines + [Substring(room)]).sorted().map { $0 + "\n" }.joined()
            if try files.replace("list", old, with: Array(text.utf8)) { return }
        }
        throw BlobFailure.unreachable
    }

    // MARK: Files

    /// See ``CaseStore/files(of:)``.
    package func files(of room: String) throws -> [(name: String, sizeBytes: Int64)]? {
        try index(room)?.index.files.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// See ``CaseStore/file(_:of:)``.
    package func file(
        _ name: String,
        of room: String
    ) throws -> (source: ByteSource, sizeBytes: Int64)? {
        guard let size = try index(room)?.index.files[name] else { return nil }
        let isObject = name.hasSuffix(".age")
        let source = ByteSource(name: key(name, room), stepCount: 1 << 20) { range in
            if isObject { return try read(name, room, range) }
            return try store.get(key(name, room), range, countMax: range.count)?.bytes ?? []
        }
        return (source, size)
    }

    /// See ``CaseStore/sizes(of:in:)``.
    package func sizes(of names: [String], in room: String) throws -> [Int64?] {
        let files = try index(room)?.index.files ?? [:]
        return names.map { files[$0] }
    }

    private func read(_ name: String, _ room: String, _ range: Range<UInt64>) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var start = range.lowerBound
        let count = UInt64(Self.partCount)
        while start < range.upperBound {
            let part = start / count
            let end = min((part + 1) * count, range.upperBound)
            let inPart = (start - part * count)..<(end - part * count)
            let key = key(part: Int(part), of: name, room)
            bytes += try store.get(key, inPart, countMax: inPart.count)?.bytes ?? []
            start = end
        }
        return bytes
    }

    /// See ``CaseStore/place(_:_:in:)``.
    package func place(
        _ data: BytePath,
        _ parts: DepositOffer.Parts,
        in room: String
    ) throws -> Bool {
        let file = try LocalFileSystem().open(data)
        let size = UInt64(parts.deposit.sizeBytes)
        var waiting: [(key: String, bytes: [UInt8])] = []
        for start in stride(from: 0, to: size, by: Self.partCount) {
            let part = Int(start / UInt64(Self.partCount))
            let count = Int(min(UInt64(Self.partCount), size - start))
            let bytes = try file.read(at: start, count: count)
            guard bytes.count == count else { throw FileFailure.damaged(data) }
            waiting.append((key(part: part, of: parts.name + ".age", room), bytes))
            if waiting.count == Self.partsAtOnce {
                try settle(waiting)
                waiting = []
            }
        }
        try settle(waiting)
        // Counted when the index has it.
        return false
    }

    /// An object's name is the root over its bytes: what differs has rotted, and is put right.
    private func settle(_ parts: [(key: String, bytes: [UInt8])]) throws {
        do {
            try store.settle(parts)
        } catch BlobFailure.damaged {
            for part in parts { try write(part.bytes, part.key) }
        }
    }

    /// See ``CaseStore/complete(_:in:)``.
    package func complete(_ parts: DepositOffer.Parts, in room: String) throws -> KeptCase? {
        let belongings = [
            ("summary", parts.summary), ("pieces", parts.pieces), ("slip", parts.slip),
        ]
        for (kind, bytes) in belongings { try write(bytes, key("\(parts.name).\(kind)", room)) }
        let index = try change(room) { index in
            index.files[parts.name + ".age"] = parts.deposit.sizeBytes
            for (kind, bytes) in belongings {
                index.files["\(parts.name).\(kind)"] = Int64(bytes.count)
            }
        }
        return index.kept
    }

    /// See ``CaseStore/keep(receipt:of:in:)``.
    package func keep(receipt: [UInt8], of name: String, in room: String) throws {
        try write(receipt, key(name + ".receipt", room))
        _ = try change(room) { $0.files[name + ".receipt"] = Int64(receipt.count) }
    }

    /// Writes a file, over another one of the same name: the store keeps that as an older version.
    private func write(_ bytes: [UInt8], _ key: String) throws {
        for _ in 0..<Self.attemptCountMax {
            let found = try store.get(key, countMax: Self.listCountMax)
            guard found?.bytes != bytes else { return }
            let condition = found.map { BlobCondition.matching($0.tag) } ?? .absent
            if try store.put(key, bytes, if: condition, isKept: true) != nil { return }
        }
        throw BlobFailure.unreachable
    }

    // MARK: Indices

    private func index(_ room: String) throws -> (index: CaseIndex, tag: BlobTag)? {
        let key = indexKey(room)
        guard let found = try store.get(key, countMax: Self.listCountMax) else { return nil }
        guard let index = CaseIndex(parsing: found.bytes) else {
            throw BlobFailure.damaged(key: key)
        }
        return (index, found.tag)
    }

    private func change(
        _ room: String,
        _ body: (inout CaseIndex) -> Void
    ) throws -> CaseIndex {
        for _ in 0..<Self.attemptCountMax {
            guard let (old, tag) = try index(room) else {
                throw BlobFailure.damaged(key: indexKey(room))
            }
            var new = old
            body(&new)
            guard new != old else { return new }
            let bytes = new.encoded
            if try store.put(indexKey(room), bytes, if: .matching(tag), isKept: false) != nil {
                return new
            }
        }
        throw BlobFailure.unreachable
    }
}

/// What a case in a store of objects has: its claim, and its files with their sizes.
package struct CaseIndex: Equatable {
    private static let title = "resguardo-case/1"

    let claim: [UInt8]
    var files: [String: Int64] = [:]

    init(claim: [UInt8]) {
        self.claim = claim
    }

    /// Reads an index; nil for anything that would not be written the same.
    package init?(parsing bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        guard lines.count >= 3, lines[0] == Self.title, lines.last == "" else { return nil }
        claim = Array((lines[1] + "\n").utf8)
        for line in lines[2...].dropLast() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2, let size = Int64(words[1]), size >= 0 else { return nil }
            files[String(words[0])] = size
        }
        guard encoded == bytes else { return nil }
    }

    /// The object.
    package var encoded: [UInt8] {
        let lines = files.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
        return Array((Self.title + "\n").utf8) + claim + Array(lines.joined().utf8)
    }

    var kept: KeptCase {
        let bytes = files.reduce(Int64(0)) { $1.key.hasSuffix(".age") ? $0 + $1.value : $0 }
        return KeptCase(claim: claim, bytes: bytes)
    }
}
