// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Storage

/// Opens a sealed object and reads the archive inside.
enum ObjectOpener {
    /// Reads an object to its end.
    ///
    /// Reading and hashing the sealed bytes, opening, and unpacking run side by side on all cores.
    ///
    /// - Returns: The root of the sealed bytes that were read, to be compared with the statement.
    /// - Throws: ``VaultError/objectMissing(_:)``, ``VaultError/objectDamaged(_:)``,
    ///   ``VaultError/malformedItem(_:)``, ``FileFailure``, what handler and progress throw.
    static func open(
        _ name: String,
        in store: ObjectStore,
        identity: any AgeIdentity,
        into handler: some TarHandler,
        progress: @escaping (UInt64) throws -> Void
    ) throws -> [UInt8] {
        guard let file = try store.openIfPresent(name) else {
            throw VaultError.objectMissing(name)
        }
        let input = Input(file)
        let output = Output(handler, input, progress)
        let decryptor = AgeDecryptor(identities: [identity], armor: .refused)
        do {
            try decryptor.open(from: input.source, to: output.sink)
        } catch {
            if let failure = output.failure ?? input.failure { throw failure }
            if error == .noIdentityMatched { throw VaultError.noReadKey(name) }
            throw VaultError.objectDamaged(name)
        }
        try output.finish()
        return input.finish()
    }

    /// The sealed bytes: one call at a time, though not always on the same thread.
    private final class Input {
        private let file: OpenedFile
        private var root: CiphertextRoot? = CiphertextRoot()
        private(set) var readBytes: UInt64 = 0
        private(set) var failure: (any Error)?

        init(_ file: consuming OpenedFile) {
            self.file = file
        }

        var source: ByteSource {
            { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                let count: Int
                do throws(FileFailure) {
                    count = try self.file.read(into: &target)
                } catch {
                    self.failure = error
                    throw .sourceFailed(code: error.code)
                }
                self.root?.update(target.span.extracting(first: count))
                self.readBytes += UInt64(count)
                return count
            }
        }

        func finish() -> [UInt8] {
            guard let root = root.take() else { preconditionFailure("an object is ended once") }
            return root.finish()
        }
    }

    /// The archive: one call at a time, though not always on the same thread.
    private final class Output<Handler: TarHandler> {
        private let handler: Handler
        private let input: Input
        private let progress: (UInt64) throws -> Void
        private var archive = TarReader()
        private(set) var failure: (any Error)?

        init(_ handler: Handler, _ input: Input, _ progress: @escaping (UInt64) throws -> Void) {
            self.handler = handler
            self.input = input
            self.progress = progress
        }

        var sink: ByteSink {
            { (bytes: Span<UInt8>) throws(AgeError) in
                guard self.takes(bytes) else { throw .sinkFailed(code: 0) }
            }
        }

        private func takes(_ bytes: Span<UInt8>) -> Bool {
            do {
                try archive.consume(bytes, into: handler)
                try progress(input.readBytes)
                return true
            } catch {
                failure = error
                return false
            }
        }

        func finish() throws {
            try archive.finish()
        }
    }
}
