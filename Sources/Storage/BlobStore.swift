// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A store of objects by key, as S3 has it: each is written whole, and a write may be bound to what
/// is there.
///
/// It is a parameter, so that tests can fail, lose and interleave each request. What it promises:
///
/// - an object that was put is durable, and everybody who asks afterwards gets it;
/// - of several writes bound to one state, one at most is done.
package protocol BlobStore: Sendable {
    /// Reads an object, or a part of it.
    ///
    /// - Parameters:
    ///   - key: Of the object.
    ///   - range: The bytes wanted, or those of them that there are; all of them without.
    ///   - countMax: The longest answer that is taken.
    /// - Returns: Nil where there is no object of that key.
    /// - Throws: A ``BlobFailure``.
    func get(_ key: String, _ range: Range<UInt64>?, countMax: Int) throws -> Blob?

    /// Writes an object whole.
    ///
    /// - Parameters:
    ///   - key: Of the object.
    ///   - bytes: All of it.
    ///   - condition: When it is written.
    ///   - isKept: Whether it never changes, and the store shall keep it from being removed.
    /// - Returns: Nil where the condition is not met, which may be because an earlier try of the
    ///   same request was done.
    /// - Throws: A ``BlobFailure``.
    func put(
        _ key: String,
        _ bytes: [UInt8],
        if condition: BlobCondition,
        isKept: Bool
    ) throws -> BlobTag?

    /// Does some work that waits for the store, several pieces of it at a time.
    func inParallel(_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void)
}

/// An object that was read.
package struct Blob: Equatable, Sendable {
    /// Its bytes, or the part that was asked for.
    package let bytes: [UInt8]
    /// Which state of the object it is.
    package let tag: BlobTag

    /// An object with these parts.
    package init(bytes: [UInt8], tag: BlobTag) {
        self.bytes = bytes
        self.tag = tag
    }
}

/// Names a state of an object; S3 calls it an entity tag.
package struct BlobTag: Hashable, Sendable {
    /// As the store wrote it.
    package let text: String

    /// A tag.
    package init(_ text: String) {
        self.text = text
    }
}

/// When an object is written.
package enum BlobCondition: Equatable, Sendable {
    /// If there is none.
    case absent
    /// If it is in this state.
    case matching(BlobTag)
}

/// Why a request to a store failed.
package enum BlobFailure: Error, Equatable, Sendable {
    /// No certain answer: what was asked for may have been done or not.
    case unreachable
    /// The store said no, in a word of its own, and did nothing.
    case refused(String)
    /// An object is not what was written, or not what can have been written.
    case damaged(key: String)
}

extension BlobStore {
    /// Reads a whole object.
    package func get(_ key: String, countMax: Int) throws -> Blob? {
        try get(key, nil, countMax: countMax)
    }

    /// Writes an object and tells for certain whether it was this call that did.
    ///
    /// - Parameters:
    ///   - key: Of the object.
    ///   - bytes: All of it: no other call may ever write the same.
    ///   - condition: When it is written.
    /// - Returns: The new state; nil if somebody else changed the object.
    /// - Throws: A ``BlobFailure``.
    package func exchange(
        _ key: String,
        _ bytes: [UInt8],
        if condition: BlobCondition
    ) throws -> BlobTag? {
        if let tag = try put(key, bytes, if: condition, isKept: false) { return tag }
        return try find(key, bytes)?.tag
    }

    /// Reads an object if it has a certain content, of one byte or more.
    ///
    /// - Returns: Nil where there is none, or another one.
    /// - Throws: A ``BlobFailure``.
    package func find(_ key: String, _ bytes: [UInt8]) throws -> Blob? {
        // One byte more tells a longer one.
        let count = bytes.count + 1
        let found = try get(key, 0..<UInt64(count), countMax: count)
        return found?.bytes == bytes ? found : nil
    }

    /// Writes objects that have one content for ever; what is there already is compared.
    ///
    /// - Parameter objects: Keys and contents.
    /// - Throws: `.damaged` for one that has another content; any ``BlobFailure``.
    package func settle(_ objects: [(key: String, bytes: [UInt8])]) throws {
        let failures = Failures()
        inParallel(objects.count) { index in
            guard failures.isEmpty else { return }
            let (key, bytes) = objects[index]
            do {
                if try put(key, bytes, if: .absent, isKept: true) != nil { return }
                guard try find(key, bytes) != nil else {
                    throw BlobFailure.damaged(key: key)
                }
            } catch {
                failures.add(error)
            }
        }
        if let first = failures.first { throw first }
    }
}

/// What went wrong in parallel.
private final class Failures: Sendable {
    private let errors = Mutex<[any Error]>([])

    var isEmpty: Bool { errors.withLock { $0.isEmpty } }
    var first: (any Error)? { errors.withLock { $0.first } }
    func add(_ error: any Error) { errors.withLock { $0.append(error) } }
}
