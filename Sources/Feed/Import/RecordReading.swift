// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Synchronization

/// Reads the records of pieces on another core while those before them are written.
final class RecordReading: Sendable {
    private let source: Mutex<RecordSource>
    private let result = Mutex<Result<[ImportedRecord], any Error>?>(nil)
    private let queue = DispatchQueue(label: "resguardo.feed.records")
    private let isRead = DispatchSemaphore(value: 0)

    init(_ source: RecordSource) { self.source = Mutex(source) }

    /// What was read so far, between two pieces.
    var state: RecordSource { source.withLock { $0 } }

    /// Starts to read a piece, after the records of the one before were taken.
    func start(_ piece: [UInt8], isLast: Bool) {
        queue.async { [self] in
            let read: Result<[ImportedRecord], any Error>
            do {
                read = .success(
                    try source.withLock { try $0.records(in: piece, isLast: isLast) }
                )
            } catch {
                read = .failure(error)
            }
            result.withLock { $0 = read }
            isRead.signal()
        }
    }

    /// Waits for the records of the piece that was started.
    ///
    /// - Throws: What ``RecordSource/records(in:isLast:)`` throws.
    func records() throws -> [ImportedRecord] {
        isRead.wait()
        let read = result.withLock { result in
            defer { result = nil }
            return result
        }
        guard let read else { preconditionFailure("a piece was started") }
        return try read.get()
    }
}
