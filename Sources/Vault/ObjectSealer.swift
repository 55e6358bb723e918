// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Storage
internal import Synchronization

/// Seals plaintext as it comes into an object of the store, and computes the object's name.
///
/// `age` calls its sink with ciphertext in order, one call at a time, though not always on the same
/// thread; the lock below is never waited for.
final class ObjectSealer {
    private struct Output: ~Copyable {
        var object: IncomingObject?
        /// The first failure of the disk, which `age` passes on as a number only.
        var failure: FileFailure?
    }

    private final class OutputBox: Sendable {
        let output: Mutex<Output>
        let lane = RootLane()

        init(object: consuming sending IncomingObject) {
            output = Mutex(Output(object: object, failure: nil))
        }

        func append(_ bytes: Span<UInt8>) -> FileFailure? {
            lane.update(bytes)
            return output.withLock { output -> FileFailure? in
                do throws(FileFailure) {
                    try output.object?.write(bytes)
                    return nil
                } catch {
                    output.failure = error
                    return error
                }
            }
        }
    }

    /// A sealed object that is durable and has no name yet.
    struct Sealed: ~Copyable {
        var object: IncomingObject
        let root: [UInt8]
    }

    private let box: OutputBox
    private var writer: AgeWriter?

    /// Starts an object.
    init(store: ObjectStore, recipient: any AgeRecipient) throws {
        let box = OutputBox(object: try store.begin())
        self.box = box
        let encryptor = try AgeEncryptor(recipients: [recipient])
        writer = try encryptor.writer { (bytes: Span<UInt8>) throws(AgeError) in
            if let failure = box.append(bytes) { throw .sinkFailed(code: failure.code) }
        }
    }

    /// Adds plaintext.
    func write(_ bytes: Span<UInt8>) throws {
        do {
            try writer?.write(bytes)
        } catch {
            throw failure(error)
        }
    }

    /// Ends the file and makes it durable.
    func finish() throws -> Sealed {
        guard let last = writer.take() else { preconditionFailure("an object is ended once") }
        do {
            try last.finish()
        } catch {
            throw failure(error)
        }
        guard var object = box.output.withLock({ $0.object.take() }) else {
            preconditionFailure("an object is ended once")
        }
        try object.makeDurable()
        return Sealed(object: object, root: box.lane.finish())
    }

    private func failure(_ error: AgeError) -> any Error {
        box.output.withLock { $0.failure } ?? error
    }
}
