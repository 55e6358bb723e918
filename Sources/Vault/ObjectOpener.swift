// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Storage
internal import Synchronization

/// Opens a sealed object and reads the archive inside.
enum ObjectOpener {
    /// Plaintext taken at a time.
    private static let readCount = 512 << 10

    /// Reads an object to its end.
    ///
    /// - Returns: The root of the sealed bytes that were read, to be compared with the statement.
    /// - Throws: ``VaultError/objectMissing(_:)``, ``VaultError/objectDamaged(_:)``,
    ///   ``VaultError/malformedItem(_:)``, ``FileFailure``, what handler and progress throw.
    static func open(
        _ name: String,
        in store: ObjectStore,
        identity: any AgeIdentity,
        into handler: inout some TarHandler & ~Copyable,
        progress: @escaping (UInt64) throws -> Void
    ) throws -> [UInt8] {
        guard let file = try store.openIfPresent(name) else {
            throw VaultError.objectMissing(name)
        }
        let input = SealedInput(file)
        do {
            let decryptor = AgeDecryptor(identities: [identity], armor: .refused)
            var reader = try decryptor.reader {
                (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                try input.read(into: &target)
            }
            var archive = TarReader()
            while true {
                let bytes = try reader.read(count: readCount)
                if bytes.isEmpty { break }
                try archive.consume(bytes.span, into: &handler)
                try progress(input.readBytes)
            }
            try archive.finish()
        } catch let error as AgeError {
            if let failure = input.failure { throw failure }
            if error == .noIdentityMatched { throw VaultError.noReadKey(name) }
            throw VaultError.objectDamaged(name)
        }
        return input.root()
    }

    /// Reads the sealed bytes and hashes them on a thread of its own.
    private final class SealedInput: Sendable {
        private struct State: ~Copyable {
            var readBytes: UInt64 = 0
            var failure: FileFailure?
        }

        private let file: OpenedFile
        private let state = Mutex(State())
        private let lane = RootLane()

        init(_ file: consuming OpenedFile) {
            self.file = file
        }

        var readBytes: UInt64 { state.withLock { $0.readBytes } }
        var failure: FileFailure? { state.withLock { $0.failure } }

        func read(into target: inout MutableSpan<UInt8>) throws(AgeError) -> Int {
            let bytes: [UInt8]
            do {
                bytes = try file.read(target.count)
            } catch {
                state.withLock { $0.failure = error }
                throw .sourceFailed(code: error.code)
            }
            guard !bytes.isEmpty else { return 0 }
            for index in bytes.indices { target[index] = bytes[index] }
            state.withLock { $0.readBytes += UInt64(bytes.count) }
            lane.update(bytes.span)
            return bytes.count
        }

        func root() -> [UInt8] { lane.finish() }
    }
}
