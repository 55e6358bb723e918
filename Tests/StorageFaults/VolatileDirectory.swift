// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Storage
import Synchronization

/// A real directory that loses what was not synced when its power is cut.
///
/// Programs that read it past this file system see what they always see. ``crash(_:)`` replaces
/// the directory's content by any state that POSIX allows after a power cut, each unsynced name and
/// each unsynced file going its own way. Files that were changed past this file system, as those
/// of SQLite, survive as they are.
package final class VolatileDirectory: FileSystem {
    /// What a power cut leaves of what was not synced.
    package enum Survival: Sendable {
        case nothing, everything
        /// Each thing by a throw of dice.
        case some(seed: UInt64)
    }

    private struct State {
        /// Content at the last sync, by inode, of the files that were written here.
        var files: [UInt64: [UInt8]] = [:]
        /// Names at the last sync, by inode.
        var directories: [UInt64: [[UInt8]: UInt64]] = [:]
    }

    /// What stands in the directory, by inode.
    private struct Tree {
        var files: [UInt64: (bytes: [UInt8], mode: UInt32)] = [:]
        var directories: [UInt64: [[UInt8]: UInt64]] = [:]
    }

    private let root: BytePath
    private let base = LocalFileSystem()
    private let state: Mutex<State>

    /// A directory whose present content is durable.
    package init(_ root: BytePath) throws {
        self.root = root
        var tree = Tree()
        try Self.read(root, into: &tree)
        state = Mutex(
            State(files: tree.files.mapValues(\.bytes), directories: tree.directories)
        )
    }

    /// Cuts the power.
    package func crash(_ survival: Survival) throws {
        var seen = Tree()
        try Self.read(root, into: &seen)
        let (files, directories) = state.withLock { ($0.files, $0.directories) }
        var dice = Dice(survival)
        var left = Tree()
        let all = directories.merging(seen.directories) { synced, _ in synced }
        for (inode, names) in all.sorted(by: { $0.key < $1.key }) {
            let now = seen.directories[inode] ?? [:]
            var kept: [[UInt8]: UInt64] = [:]
            let either = Set(names.keys).union(now.keys)
            for name in either.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                // What others made is durable: we cannot know when they synced it.
                let isForeign =
                    now[name].map { files[$0] == nil && directories[$0] == nil } ?? false
                let survives = isForeign || now[name] == names[name] || dice.survives()
                kept[name] = survives ? now[name] : names[name]
            }
            left.directories[inode] = kept
        }
        for inode in Set(files.keys).union(seen.files.keys).sorted() {
            let mode = seen.files[inode]?.mode ?? 0o600
            guard let synced = files[inode] else {
                left.files[inode] = seen.files[inode]
                continue
            }
            left.files[inode] = (dice.survivor(seen.files[inode]?.bytes ?? synced, synced), mode)
        }
        let start = try FileStatus(of: root).inode
        try Self.clear(root)
        try Self.write(left, start, root)
    }

    /// Decides what survives.
    private struct Dice {
        private let survival: Survival
        private var state: UInt64

        init(_ survival: Survival) {
            self.survival = survival
            if case .some(let seed) = survival { state = seed } else { state = 0 }
        }

        mutating func survives() -> Bool {
            switch survival {
            case .nothing: false
            case .everything: true
            case .some: next() & 1 == 1
            }
        }

        mutating func survivor(_ seen: [UInt8], _ synced: [UInt8]) -> [UInt8] {
            guard seen != synced else { return seen }
            guard case .some = survival else { return survives() ? seen : synced }
            switch next() % 5 {
            case 0: return synced
            case 1: return seen
            case 2: return []
            case 3: return Array(seen.prefix(Int(next() % UInt64(seen.count + 1))))
            default: return [UInt8](repeating: 0, count: seen.count)
            }
        }

        private mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return (z ^ (z >> 31)) >> 8
        }
    }

    // MARK: Trees

    @discardableResult
    private static func read(_ path: BytePath, into tree: inout Tree) throws -> UInt64 {
        let status = try FileStatus(of: path, followingLinks: false)
        if status.kind == .directory {
            var names: [[UInt8]: UInt64] = [:]
            for name in try Directory.names(in: path) {
                names[name] = try read(path.appending(name), into: &tree)
            }
            tree.directories[status.inode] = names
        } else {
            let bytes = try Directory.contents(of: path, countMax: 1 << 30)
            tree.files[status.inode] = (bytes, mode(of: path))
        }
        return status.inode
    }

    private static func mode(of path: BytePath) -> UInt32 {
        var status = stat()
        let isFound = unsafe stat(path.text, &status) == 0
        return isFound ? UInt32(status.st_mode & 0o7777) : 0o600
    }

    private static func clear(_ path: BytePath) throws {
        let files = LocalFileSystem()
        for name in try Directory.names(in: path) {
            let child = path.appending(name)
            if try FileStatus(of: child, followingLinks: false).kind == .directory {
                try clear(child)
                try files.removeDirectory(child)
            } else {
                try files.remove(child)
            }
        }
    }

    private static func write(_ tree: Tree, _ inode: UInt64, _ path: BytePath) throws {
        let files = LocalFileSystem()
        for (name, child) in tree.directories[inode] ?? [:] {
            let place = path.appending(name)
            if tree.directories[child] != nil {
                try files.makeDirectory(place, mode: 0o700)
                try write(tree, child, place)
            } else if let file = tree.files[child] {
                let written = try files.create(place, replacing: false, mode: file.mode)
                try written.write(file.bytes)
            }
        }
    }

    // MARK: FileSystem

    package func open(_ path: BytePath) throws(FileFailure) -> any ReadableFile {
        try base.open(path)
    }

    package func create(
        _ path: BytePath,
        replacing: Bool,
        mode: UInt32
    ) throws(FileFailure) -> any WritableFile {
        let file = try base.create(path, replacing: replacing, mode: mode)
        let inode = try FileStatus(of: path).inode
        state.withLock { state in
            if state.files[inode] == nil { state.files[inode] = [] }
        }
        return VolatileFile(file) { bytes in
            self.state.withLock { $0.files[inode] = bytes }
        }
    }

    package func reopen(
        _ path: BytePath,
        keeping count: UInt64
    ) throws(FileFailure) -> any WritableFile {
        let file = try base.reopen(path, keeping: count)
        let inode = try FileStatus(of: path).inode
        let kept = try Directory.contents(of: path, countMax: .max - 1)
        return VolatileFile(file, holding: kept) { bytes in
            self.state.withLock { $0.files[inode] = bytes }
        }
    }

    package func names(in directory: BytePath) throws(FileFailure) -> [[UInt8]] {
        try base.names(in: directory)
    }

    @discardableResult
    package func makeDirectory(_ path: BytePath, mode: UInt32) throws(FileFailure) -> Bool {
        guard try base.makeDirectory(path, mode: mode) else { return false }
        let inode = try FileStatus(of: path).inode
        state.withLock { $0.directories[inode] = [:] }
        return true
    }

    package func rename(
        _ path: BytePath,
        to newPath: BytePath,
        replacing: Bool
    ) throws(FileFailure) {
        try base.rename(path, to: newPath, replacing: replacing)
    }

    package func remove(_ path: BytePath) throws(FileFailure) { try base.remove(path) }

    package func removeDirectory(_ path: BytePath) throws(FileFailure) {
        try base.removeDirectory(path)
    }

    package func syncDirectory(_ path: BytePath) throws(FileFailure) {
        var names: [[UInt8]: UInt64] = [:]
        for name in try Directory.names(in: path) {
            names[name] = try FileStatus(of: path.appending(name), followingLinks: false).inode
        }
        let inode = try FileStatus(of: path).inode
        state.withLock { $0.directories[inode] = names }
    }

    package func setModified(
        _ path: BytePath,
        seconds: Int64,
        nanoseconds: Int64
    ) throws(FileFailure) {
        try base.setModified(path, seconds: seconds, nanoseconds: nanoseconds)
    }

    package func lock(_ path: BytePath, waiting: Bool) throws(FileFailure) -> any FileLock {
        try base.lock(path, waiting: waiting)
    }
}

private final class VolatileFile: WritableFile {
    private let base: any WritableFile
    private let written: Mutex<[UInt8]>
    private let synced: @Sendable ([UInt8]) -> Void

    init(
        _ base: any WritableFile,
        holding bytes: [UInt8] = [],
        synced: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.base = base
        written = Mutex(bytes)
        self.synced = synced
    }

    func write(_ bytes: Span<UInt8>) throws {
        try base.write(bytes)
        let whole = (0..<bytes.count).map { bytes[$0] }
        written.withLock { $0 += whole }
    }

    func startWriteback() { base.startWriteback() }
    func setMode(_ mode: UInt32) throws { try base.setMode(mode) }
    func lock() throws -> Bool { try base.lock() }
    func sync() throws { synced(written.withLock { $0 }) }
    func close() throws { try base.close() }
}
