// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
import Synchronization

/// What goes wrong at one operation.
package enum Fault: CaseIterable, Sendable {
    /// It fails and has no effect.
    case failed
    /// It reports failure but took effect.
    case failedButPersisted
    /// It reports success but has no effect.
    case lost
    /// A write stops half way and fails; other operations fail.
    case torn
    /// The process dies: a write stops half way, and no operation works any more.
    case crashed
    /// The operation takes effect, and then the process dies.
    case crashedAfter
}

/// Lets one operation of another file system go wrong.
///
/// Operations that change something are counted from 0, in the order in which they happen.
package final class FaultyFileSystem: FileSystem {
    private struct State {
        var count = 0
        var isDead = false
    }

    private let base: any FileSystem
    private let index: Int?
    private let fault: Fault
    private let state = Mutex(State())

    /// Wraps a file system.
    ///
    /// - Parameters:
    ///   - base: Does the work.
    ///   - index: The operation that goes wrong; nil counts only.
    ///   - fault: What goes wrong.
    package init(_ base: any FileSystem, index: Int? = nil, fault: Fault = .failed) {
        self.base = base
        self.index = index
        self.fault = fault
    }

    /// Changing operations so far.
    package var operationCount: Int { state.withLock { $0.count } }
    /// Whether the process has died.
    package var isDead: Bool { state.withLock { $0.isDead } }

    /// Runs an operation, or its fault.
    ///
    /// - Parameters:
    ///   - operation: The whole of it.
    ///   - half: What of it happens when it is torn.
    ///   - nothing: What a lost one returns.
    /// - Returns: What the operation does.
    /// - Throws: What it throws, or the injected failure.
    fileprivate func run<Result>(
        _ operation: () throws(FileFailure) -> Result,
        half: () throws(FileFailure) -> Void = {},
        nothing: () throws(FileFailure) -> Result
    ) throws(FileFailure) -> Result {
        try alive()
        let hits = state.withLock { state in
            defer { state.count += 1 }
            guard state.count == index else { return false }
            state.isDead = fault == .crashed || fault == .crashedAfter
            return true
        }
        guard hits else { return try operation() }
        switch fault {
        case .failed: throw Self.injected
        case .failedButPersisted:
            _ = try operation()
            throw Self.injected
        case .lost: return try nothing()
        case .torn:
            try half()
            throw Self.injected
        case .crashed:
            try half()
            throw Self.died
        case .crashedAfter:
            _ = try operation()
            throw Self.died
        }
    }

    fileprivate func alive() throws(FileFailure) {
        if isDead { throw Self.died }
    }

    /// What an injected failure looks like: that of a device.
    private static let injected = FileFailure(.write, BytePath("injected"), code: 5)
    /// What every operation throws after the process has died.
    private static let died = FileFailure(.write, BytePath("the process died"), code: 5)

    package func open(_ path: BytePath) throws(FileFailure) -> any ReadableFile {
        try alive()
        return try base.open(path)
    }

    package func create(
        _ path: BytePath,
        replacing: Bool,
        mode: UInt32
    ) throws(FileFailure) -> any WritableFile {
        let file = try run { () throws(FileFailure) in
            try base.create(path, replacing: replacing, mode: mode)
        } nothing: {
            LostFile()
        }
        return FaultyFile(file, path, self)
    }

    package func reopen(
        _ path: BytePath,
        keeping count: UInt64
    ) throws(FileFailure) -> any WritableFile {
        let file = try run { () throws(FileFailure) in
            try base.reopen(path, keeping: count)
        } nothing: {
            LostFile()
        }
        return FaultyFile(file, path, self)
    }

    package func names(in directory: BytePath) throws(FileFailure) -> [[UInt8]] {
        try alive()
        return try base.names(in: directory)
    }

    @discardableResult
    package func makeDirectory(_ path: BytePath, mode: UInt32) throws(FileFailure) -> Bool {
        try run { () throws(FileFailure) in
            try base.makeDirectory(path, mode: mode)
        } nothing: {
            true
        }
    }

    package func rename(
        _ path: BytePath,
        to newPath: BytePath,
        replacing: Bool
    ) throws(FileFailure) {
        try run { () throws(FileFailure) in
            try base.rename(path, to: newPath, replacing: replacing)
        } nothing: {
        }
    }

    package func remove(_ path: BytePath) throws(FileFailure) {
        try run { () throws(FileFailure) in
            try base.remove(path)
        } nothing: {
        }
    }

    package func removeDirectory(_ path: BytePath) throws(FileFailure) {
        try run { () throws(FileFailure) in
            try base.removeDirectory(path)
        } nothing: {
        }
    }

    package func syncDirectory(_ path: BytePath) throws(FileFailure) {
        try run { () throws(FileFailure) in
            try base.syncDirectory(path)
        } nothing: {
        }
    }

    package func setModified(
        _ path: BytePath,
        seconds: Int64,
        nanoseconds: Int64
    ) throws(FileFailure) {
        try run { () throws(FileFailure) in
            try base.setModified(path, seconds: seconds, nanoseconds: nanoseconds)
        } nothing: {
        }
    }

    package func lock(_ path: BytePath, waiting: Bool) throws(FileFailure) -> any FileLock {
        try alive()
        return try base.lock(path, waiting: waiting)
    }
}

private final class FaultyFile: WritableFile {
    private let base: any WritableFile
    private let path: BytePath
    private let files: FaultyFileSystem

    init(_ base: any WritableFile, _ path: BytePath, _ files: FaultyFileSystem) {
        self.base = base
        self.path = path
        self.files = files
    }

    func write(_ bytes: Span<UInt8>) throws {
        let whole = (0..<bytes.count).map { bytes[$0] }
        try run {
            try base.write(whole)
        } half: {
            try base.write(Array(whole.prefix(whole.count / 2)))
        }
    }

    func startWriteback() { base.startWriteback() }
    func setMode(_ mode: UInt32) throws { try run { try base.setMode(mode) } }
    func sync() throws { try run { try base.sync() } }
    func close() throws { try run { try base.close() } }

    func lock() throws -> Bool {
        try files.alive()
        return try base.lock()
    }

    private func run(_ operation: () throws -> Void, half: () throws -> Void = {}) throws {
        let path = path
        func failing(_ body: () throws -> Void) throws(FileFailure) {
            do {
                try body()
            } catch {
                throw FileFailure(error, at: path)
            }
        }
        try files.run { () throws(FileFailure) in
            try failing(operation)
        } half: { () throws(FileFailure) in
            try failing(half)
        } nothing: {
        }
    }
}

/// A file that was never created.
private final class LostFile: WritableFile {
    func write(_ bytes: Span<UInt8>) throws {}
    func startWriteback() {}
    func setMode(_ mode: UInt32) throws {}
    func lock() throws -> Bool { true }
    func sync() throws {}
    func close() throws {}
}
