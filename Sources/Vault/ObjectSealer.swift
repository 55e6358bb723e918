// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Storage

/// Seals the plaintext of an item into an object of the store, and computes the object's name.
enum ObjectSealer {
    /// A sealed object that is durable and has no name yet.
    struct Sealed: ~Copyable {
        var object: IncomingObject
        let root: [UInt8]
    }

    /// Seals a stream to its end.
    ///
    /// Reading, hashing the originals, sealing, and writing run side by side on all cores.
    ///
    /// - Throws: The failure of the stream, of the disk, or of `age`.
    /// - Complexity: One pass; about 10 MiB of memory.
    static func seal(
        _ content: ItemStream,
        in store: ObjectStore,
        to recipient: any AgeRecipient
    ) throws -> Sealed {
        let output = Output(try store.begin())
        let encryptor = try AgeEncryptor(recipients: [recipient])
        do {
            try encryptor.seal(
                from: content.source,
                observedBy: content.observer,
                to: output.sink
            )
        } catch {
            throw content.failure ?? output.failure ?? error
        }
        return try output.finish()
    }

    /// Takes the sealed bytes: one call at a time, though not always on the same thread.
    private final class Output {
        private var object: IncomingObject?
        private var root: CiphertextRoot? = CiphertextRoot()
        /// The first failure of the disk, which `age` passes on as a number only.
        private(set) var failure: FileFailure?

        init(_ object: consuming IncomingObject) {
            self.object = consume object
        }

        var sink: ByteSink {
            { (bytes: Span<UInt8>) throws(AgeError) in
                if let failure = self.write(bytes) { throw .sinkFailed(code: failure.code) }
            }
        }

        private func write(_ bytes: Span<UInt8>) -> FileFailure? {
            do throws(FileFailure) {
                try object?.write(bytes)
                root?.update(bytes)
                return nil
            } catch {
                failure = error
                return error
            }
        }

        func finish() throws -> Sealed {
            guard var object = object.take(), let root = root.take() else {
                preconditionFailure("an object is ended once")
            }
            try object.makeDurable()
            return Sealed(object: object, root: root.finish())
        }
    }
}
