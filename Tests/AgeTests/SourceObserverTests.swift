// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Testing

/// A source that goes on, at some places, only after everything before them was observed.
private final class WaitingSource {
    private let bytes: [UInt8]
    private let pieceCount: Int
    /// Where it waits, ascending.
    private var stops: ArraySlice<Int>
    private var position = 0
    private(set) var isAwaited = false
    private(set) var observed: [UInt8] = []
    /// How much was observed when it went on after each stop.
    private(set) var observedCounts: [Int] = []

    init(_ bytes: [UInt8], pieces: Int, stops: [Int]) {
        self.bytes = bytes
        pieceCount = pieces
        self.stops = stops[...]
    }

    func read(into target: inout MutableSpan<UInt8>) -> Int {
        if isAwaited {
            isAwaited = false
            observedCounts.append(observed.count)
            stops.removeFirst()
        }
        let end = stops.first ?? bytes.count
        if position == end && !stops.isEmpty {
            isAwaited = true
            return 0
        }
        let count = min(pieceCount, target.count, end - position)
        let piece = Array(bytes[position..<(position + count)])
        target.copyToFront(piece.span)
        position += count
        return count
    }

    var observer: SourceObserver {
        SourceObserver(observe: observe, isAwaited: { self.isAwaited })
    }

    private func observe(_ bytes: Span<UInt8>) {
        observed.append(bytes)
    }
}

@Suite struct SourceObserverTests {
    /// Edges of chunks, of batches and of the look ahead behind them; twice at one place.
    static let edges = [
        0, 0, 1, 65_536, 65_537, 524_287, 524_288, 524_288, 524_289, 528_384, 1_048_576, 2_500_000,
    ]

    @Test(arguments: AgeEncryptorTests.counts)
    func observerSeesEverythingBeforeTheSourceGoesOn(_ count: Int) throws {
        let plaintext = TestBytes.make(count)
        let stops = Self.edges.filter { $0 <= count } + [count]
        let identity = X25519Identity()
        let encryptor = try AgeEncryptor(recipients: [identity.recipient])
        for pieces in [7777, 1 << 20] {
            let source = WaitingSource(plaintext, pieces: pieces, stops: stops)
            var sealed: [UInt8] = []
            try encryptor.seal(
                from: { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                    source.read(into: &target)
                },
                observedBy: source.observer,
                to: { (bytes: Span<UInt8>) throws(AgeError) in sealed.append(bytes) }
            )
            #expect(source.observed == plaintext)
            #expect(source.observedCounts == stops)
            #expect(try AgeDecryptor(identities: [identity]).open(sealed) == plaintext)
        }
    }

    @Test func failureOfAnObservedSourceIsThrownAsItIs() throws {
        let encryptor = try AgeEncryptor(recipients: [X25519Identity().recipient])
        let source = WaitingSource(TestBytes.make(2_000_000), pieces: 9999, stops: [1_000_000])
        #expect(throws: AgeError.sourceFailed(code: 5)) {
            try encryptor.seal(
                from: { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                    if source.observed.count == 1_000_000 { throw .sourceFailed(code: 5) }
                    return source.read(into: &target)
                },
                observedBy: source.observer,
                to: { (_: Span<UInt8>) throws(AgeError) in }
            )
        }
    }
}
