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
}

/// Thrown by every operation after the process has died.
package struct ProcessDied: Error {}

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
    /// - Throws: What it throws, the injected failure, ``ProcessDied``.
    fileprivate func run<Result>(
        _ operation: () throws -> Result,
        half: () throws -> Void = {},
        nothing: () throws -> Result
    ) throws -> Result {
        let hits = try state.withLock { state in
            if state.isDead { throw ProcessDied() }
            defer { state.count += 1 }
            guard state.count == index else { return false }
            state.isDead = fault == .crashed
            return true
        }
        guard hits else { return try operation() }
        let failure = FileSystemError.failed(operation: "injected", path: "", code: 5)
        switch fault {
        case .failed: throw failure
        case .failedButPersisted:
            _ = try operation()
            throw failure
        case .lost: return try nothing()
        case .torn:
            try half()
            throw failure
        case .crashed:
            try half()
            throw ProcessDied()
        }
    }

    private func alive() throws {
        if isDead { throw ProcessDied() }
    }

    package func open(_ path: String) throws -> any ReadableFile {
        try alive()
        return try base.open(path)
    }

    package func create(_ path: String, replacing: Bool) throws -> any WritableFile {
        let file = try run {
            try base.create(path, replacing: replacing)
        } nothing: {
            LostFile()
        }
        return FaultyFile(file, self)
    }

    package func list(_ directory: String) throws -> [String] {
        try alive()
        return try base.list(directory)
    }

    package func makeDirectory(_ path: String) throws {
        try run {
            try base.makeDirectory(path)
        } nothing: {
        }
    }

    package func rename(_ path: String, to newPath: String) throws {
        try run {
            try base.rename(path, to: newPath)
        } nothing: {
        }
    }

    package func remove(_ path: String) throws {
        try run {
            try base.remove(path)
        } nothing: {
        }
    }

    package func removeDirectory(_ path: String) throws {
        try run {
            try base.removeDirectory(path)
        } nothing: {
        }
    }

    package func syncDirectory(_ path: String) throws {
        try run {
            try base.syncDirectory(path)
        } nothing: {
        }
    }

    package func lock(_ path: String) throws -> any FileLock {
        try alive()
        return try base.lock(path)
    }
}

private final class FaultyFile: WritableFile {
    private let base: any WritableFile
    private let files: FaultyFileSystem

    init(_ base: any WritableFile, _ files: FaultyFileSystem) {
        self.base = base
        self.files = files
    }

    func write(_ bytes: [UInt8]) throws {
        try files.run {
            try base.write(bytes)
        } half: {
            try base.write(Array(bytes.prefix(bytes.count / 2)))
        } nothing: {
        }
    }

    func startWriteback() {
        base.startWriteback()
    }

    func sync() throws {
        try files.run {
            try base.sync()
        } nothing: {
        }
    }

    func close() throws {
        try files.run {
            try base.close()
        } nothing: {
        }
    }
}

/// A file that was never created.
private final class LostFile: WritableFile {
    func write(_ bytes: [UInt8]) throws {}
    func startWriteback() {}
    func sync() throws {}
    func close() throws {}
}
