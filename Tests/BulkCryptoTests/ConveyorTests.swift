// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Synchronization
import Testing

@Suite struct ConveyorTests {
    private struct Stop: Error, Equatable {
        let piece: Int
    }

    @Test(arguments: 1...5)
    func usesEveryPieceInItsOrder(workerCount: Int) {
        for count in [0, 1, 2, 7, 1000] {
            var taken = 0
            var used: [Int] = []
            Conveyor.run(workerCount: workerCount) { () throws(Never) -> Int? in
                defer { taken += 1 }
                return taken < count ? taken : nil
            } make: { piece in
                // Pieces take unequally long, so that they are made out of order.
                (0..<(piece * 7919 % 997)).reduce(piece) { $0 ^ $1 ^ $1 }
            } use: { (piece: Int) throws(Never) in
                used.append(piece)
            }
            #expect(used == Array(0..<count))
            #expect(taken == count + 1)
        }
    }

    @Test(arguments: 1...4)
    func stopsAtTheFirstFailureAfterUsingAllBefore(workerCount: Int) {
        for place in [0, 1, 5, 30] {
            var taken = 0
            var used: [Int] = []
            #expect(throws: Stop(piece: place)) {
                try Conveyor.run(workerCount: workerCount) { () throws(Stop) -> Int? in
                    defer { taken += 1 }
                    guard taken < place else { throw Stop(piece: taken) }
                    return taken
                } make: {
                    $0
                } use: { (piece: Int) throws(Stop) in
                    used.append(piece)
                }
            }
            #expect(used == Array(0..<place))
            #expect(taken == place + 1)

            used = []
            taken = 0
            #expect(throws: Stop(piece: place)) {
                try Conveyor.run(workerCount: workerCount) { () throws(Stop) -> Int? in
                    defer { taken += 1 }
                    return taken < 40 ? taken : nil
                } make: {
                    $0
                } use: { (piece: Int) throws(Stop) in
                    guard piece < place else { throw Stop(piece: piece) }
                    used.append(piece)
                }
            }
            #expect(used == Array(0..<place))
        }
    }

    @Test func holdsOnlyAFewPiecesAtATime() {
        let workerCount = 3
        let alive = Mutex(0)
        var most = 0
        var taken = 0
        Conveyor.run(workerCount: workerCount) { () throws(Never) -> Int? in
            guard taken < 500 else { return nil }
            taken += 1
            most = max(
                most,
                alive.withLock {
                    $0 += 1; return $0
                }
            )
            return taken
        } make: {
            $0
        } use: { (_: Int) throws(Never) in
            alive.withLock { $0 -= 1 }
        }
        // One for each worker, and two to spare.
        #expect(most <= workerCount + 2)
        #expect(taken == 500)
    }
}
