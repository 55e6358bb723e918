// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
import Synchronization

/// A disk in memory that knows what would survive a power cut.
///
/// It keeps two states: what programs see, and what was synced. ``crash(_:)`` merges them in any
/// way that POSIX allows: each unsynced name and each unsynced file goes its own way.
package final class SimulatedDisk: FileSystem {
    fileprivate enum Node {
        case file(seen: [UInt8], synced: [UInt8])
        case directory(seen: [String: Int], synced: [String: Int])
    }

    private struct State {
        var nodes: [Int: Node] = [0: .directory(seen: [:], synced: [:])]
        var nextNode = 1
        var locks: Set<BytePath> = []
        /// Counts crashes, so that locks of a dead process are not given up twice.
        var life = 0
    }

    private let state = Mutex(State())

    /// An empty disk.
    package init() {}

    /// Cuts the power: what was not synced survives, is lost or is torn, as `random` decides.
    package func crash(_ random: inout some RandomNumberGenerator) {
        state.withLock { state in
            for (number, node) in state.nodes.sorted(by: { $0.key < $1.key }) {
                switch node {
                case .file(let seen, let synced):
                    let bytes = Self.survivor(seen, synced, &random)
                    state.nodes[number] = .file(seen: bytes, synced: bytes)
                case .directory(let seen, let synced):
                    var names: [String: Int] = [:]
                    for name in Set(seen.keys).union(synced.keys).sorted() {
                        names[name] = Bool.random(using: &random) ? seen[name] : synced[name]
                    }
                    state.nodes[number] = .directory(seen: names, synced: names)
                }
            }
            state.locks = []
            state.life += 1
        }
    }

    private static func survivor(
        _ seen: [UInt8],
        _ synced: [UInt8],
        _ random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        guard seen != synced else { return seen }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return synced
        case 1: return seen
        case 2: return []
        case 3: return Array(seen.prefix(Int.random(in: 0...seen.count, using: &random)))
        default: return [UInt8](repeating: 0, count: seen.count)
        }
    }

    /// All files, by path, as programs see them.
    package func files() -> [String: [UInt8]] {
        state.withLock { state in
            var files: [String: [UInt8]] = [:]
            func walk(_ number: Int, _ path: String) {
                switch state.nodes[number] {
                case .file(let seen, _): files[path] = seen
                case .directory(let seen, _):
                    for (name, child) in seen { walk(child, path + "/" + name) }
                case nil: break
                }
            }
            walk(0, "")
            return files
        }
    }

    /// Changes a file behind everybody's back, durably.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - change: Gets the bytes; nil removes the file.
    /// - Throws: `.notFound`.
    package func damage(_ path: String, _ change: ([UInt8]) -> [UInt8]?) throws {
        let place = BytePath(path)
        try state.withLock { (state) throws(FileFailure) in
            let (directory, name) = try Self.parent(place, state)
            guard case .directory(var seen, _)? = state.nodes[directory], let number = seen[name],
                case .file(let bytes, _)? = state.nodes[number]
            else { throw Self.missing(place) }
            if let bytes = change(bytes) {
                state.nodes[number] = .file(seen: bytes, synced: bytes)
            } else {
                seen[name] = nil
                state.nodes[directory] = .directory(seen: seen, synced: seen)
            }
        }
    }

    // MARK: FileSystem

    package func open(_ path: BytePath) throws(FileFailure) -> any ReadableFile {
        try state.withLock { (state) throws(FileFailure) in
            let number = try Self.find(path, state)
            guard case .file? = state.nodes[number] else { throw Self.missing(path) }
            return SimulatedFile(self, number)
        }
    }

    package func create(
        _ path: BytePath,
        replacing: Bool,
        mode: UInt32
    ) throws(FileFailure) -> any WritableFile {
        try state.withLock { (state) throws(FileFailure) in
            let (directory, name) = try Self.parent(path, state)
            guard case .directory(var seen, let synced)? = state.nodes[directory] else {
                throw Self.missing(path)
            }
            if let number = seen[name] {
                guard replacing, case .file(_, let synced)? = state.nodes[number] else {
                    throw FileFailure(.create, path, code: 17)
                }
                state.nodes[number] = .file(seen: [], synced: synced)
                return SimulatedFile(self, number)
            }
            let number = state.nextNode
            state.nextNode += 1
            state.nodes[number] = .file(seen: [], synced: [])
            seen[name] = number
            state.nodes[directory] = .directory(seen: seen, synced: synced)
            return SimulatedFile(self, number)
        }
    }

    package func reopen(
        _ path: BytePath,
        keeping count: UInt64
    ) throws(FileFailure) -> any WritableFile {
        try state.withLock { (state) throws(FileFailure) in
            let number = try Self.find(path, state)
            guard case .file(let seen, let synced)? = state.nodes[number],
                UInt64(seen.count) >= count
            else { throw Self.missing(path) }
            let kept = Array(seen.prefix(Int(clamping: count)))
            state.nodes[number] = .file(seen: kept, synced: synced)
            return SimulatedFile(self, number)
        }
    }

    package func names(in directory: BytePath) throws(FileFailure) -> [[UInt8]] {
        try state.withLock { (state) throws(FileFailure) in
            guard case .directory(let seen, _)? = state.nodes[try Self.find(directory, state)]
            else { throw Self.missing(directory) }
            return seen.keys.sorted().map { Array($0.utf8) }
        }
    }

    @discardableResult
    package func makeDirectory(_ path: BytePath, mode: UInt32) throws(FileFailure) -> Bool {
        try state.withLock { (state) throws(FileFailure) in
            let (directory, name) = try Self.parent(path, state)
            guard case .directory(var seen, let synced)? = state.nodes[directory] else {
                throw Self.missing(path)
            }
            guard seen[name] == nil else { return false }
            state.nodes[state.nextNode] = .directory(seen: [:], synced: [:])
            seen[name] = state.nextNode
            state.nextNode += 1
            state.nodes[directory] = .directory(seen: seen, synced: synced)
            return true
        }
    }

    package func rename(
        _ path: BytePath,
        to newPath: BytePath,
        replacing: Bool
    ) throws(FileFailure) {
        try state.withLock { (state) throws(FileFailure) in
            let (from, oldName) = try Self.parent(path, state)
            let (to, newName) = try Self.parent(newPath, state)
            guard from == to, case .directory(var seen, let synced)? = state.nodes[from],
                let number = seen[oldName]
            else { throw Self.missing(path) }
            seen[oldName] = nil
            seen[newName] = number
            state.nodes[from] = .directory(seen: seen, synced: synced)
        }
    }

    package func remove(_ path: BytePath) throws(FileFailure) {
        try state.withLock { (state) throws(FileFailure) in
            let (directory, name) = try Self.parent(path, state)
            guard case .directory(var seen, let synced)? = state.nodes[directory],
                seen.removeValue(forKey: name) != nil
            else { throw Self.missing(path) }
            state.nodes[directory] = .directory(seen: seen, synced: synced)
        }
    }

    package func removeDirectory(_ path: BytePath) throws(FileFailure) {
        guard try names(in: path).isEmpty else {
            throw FileFailure(.remove, path, code: 39)
        }
        try remove(path)
    }

    package func syncDirectory(_ path: BytePath) throws(FileFailure) {
        try state.withLock { (state) throws(FileFailure) in
            let number = try Self.find(path, state)
            guard case .directory(let seen, _)? = state.nodes[number] else {
                throw Self.missing(path)
            }
            state.nodes[number] = .directory(seen: seen, synced: seen)
        }
    }

    package func setModified(
        _ path: BytePath,
        seconds: Int64,
        nanoseconds: Int64
    ) throws(FileFailure) {}

    package func lock(_ path: BytePath, waiting: Bool) throws(FileFailure) -> any FileLock {
        let life = try state.withLock { (state) throws(FileFailure) in
            guard state.locks.insert(path).inserted else {
                throw FileFailure(.lock, path, code: 11)
            }
            return state.life
        }
        return SimulatedLock(self, path, life)
    }

    // MARK: Parts

    private static func missing(_ path: BytePath) -> FileFailure {
        FileFailure(.open, path, code: 2)
    }

    private static func parts(_ path: BytePath) -> [String] {
        path.text.split(separator: "/").map(String.init).filter { $0 != "." }
    }

    private static func find(_ path: BytePath, _ state: State) throws(FileFailure) -> Int {
        var number = 0
        for part in parts(path) {
            guard case .directory(let seen, _)? = state.nodes[number], let next = seen[part] else {
                throw missing(path)
            }
            number = next
        }
        return number
    }

    private static func parent(
        _ path: BytePath,
        _ state: State
    ) throws(FileFailure) -> (Int, String) {
        let parts = parts(path)
        let directory = parts.dropLast().joined(separator: "/")
        return (try find(BytePath(directory), state), parts.last ?? "")
    }

    fileprivate func change(_ number: Int, _ body: (inout [UInt8], inout [UInt8]) -> Void) {
        state.withLock { state in
            guard case .file(var seen, var synced)? = state.nodes[number] else { return }
            body(&seen, &synced)
            state.nodes[number] = .file(seen: seen, synced: synced)
        }
    }

    fileprivate func unlock(_ path: BytePath, _ life: Int) {
        state.withLock { state in
            if state.life == life { state.locks.remove(path) }
        }
    }
}

private final class SimulatedFile: ReadableFile, WritableFile {
    private let disk: SimulatedDisk
    private let number: Int

    init(_ disk: SimulatedDisk, _ number: Int) {
        self.disk = disk
        self.number = number
    }

    private var bytes: [UInt8] {
        var bytes: [UInt8] = []
        disk.change(number) { seen, _ in bytes = seen }
        return bytes
    }

    func count() throws -> UInt64 { UInt64(bytes.count) }

    func read(at offset: UInt64, count: Int) throws -> [UInt8] {
        Array(bytes.dropFirst(Int(clamping: offset)).prefix(count))
    }

    func write(_ bytes: Span<UInt8>) throws {
        let whole = (0..<bytes.count).map { bytes[$0] }
        disk.change(number) { seen, _ in seen += whole }
    }

    func startWriteback() {}
    func setMode(_ mode: UInt32) throws {}
    func lock() throws -> Bool { true }

    func sync() throws {
        disk.change(number) { seen, synced in synced = seen }
    }

    func close() throws {}
}

private final class SimulatedLock: FileLock {
    private let disk: SimulatedDisk
    private let path: BytePath
    private let life: Int

    init(_ disk: SimulatedDisk, _ path: BytePath, _ life: Int) {
        self.disk = disk
        self.path = path
        self.life = life
    }

    deinit {
        disk.unlock(path, life)
    }
}
