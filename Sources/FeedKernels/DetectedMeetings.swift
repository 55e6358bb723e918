// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Two accounts that a declared edge joins, in one thing that both shared within the window.
package struct DetectedMeeting: Equatable, Sendable {
    /// The edge; where there is one in each direction, the first of them.
    package let edge: Int
    /// What they shared.
    package let object: UInt32
    /// The row of the share by the account that comes first in byte order.
    package fileprivate(set) var row: Int
    /// The row of the other account's share.
    package fileprivate(set) var otherRow: Int
    /// How many pairs of their shares of it lie within the window.
    package fileprivate(set) var pairCount = 1
}

extension DetectedNetworks {
    /// What declared edges rest on, shown by the closest pair of shares; of equal ones, the
    /// earliest.
    ///
    /// - Returns: In order of edges, then of times, then of the objects' first appearance.
    /// - Complexity: O(n + p), for n shares and p pairs of accounts with edges within the window.
    package func meetings() -> [DetectedMeeting] {
        var found: [DetectedMeeting] = []
        var indexOf: [Int: Int] = [:]
        forEachPair { edge, row, otherRow in
            let object = shares.object[row]
            guard let index = indexOf[edge], found[index].object == object else {
                indexOf[edge] = found.count
                found.append(
                    DetectedMeeting(edge: edge, object: object, row: row, otherRow: otherRow)
                )
                return
            }
            found[index].pairCount += 1
            let known = shares.time[found[index].row] - shares.time[found[index].otherRow]
            if abs(shares.time[row] - shares.time[otherRow]) < abs(known) {
                (found[index].row, found[index].otherRow) = (row, otherRow)
            }
        }
        found.sort { left, right in
            let times = (
                min(shares.time[left.row], shares.time[left.otherRow]),
                min(shares.time[right.row], shares.time[right.otherRow])
            )
            return (left.edge, times.0, left.object) < (right.edge, times.1, right.object)
        }
        return found
    }

    /// Each pair of shares within the window by two accounts that a declared edge joins.
    ///
    /// - Parameter body: Gets the edge (where there is one in each direction, the first), the row
    ///   of the account that comes first in byte order, and the other's; object by object, in
    ///   order of the older share, then of the newer one.
    /// - Complexity: O(n log n + p), for n shares and p pairs.
    func forEachPair(_ body: (_ edge: Int, _ row: Int, _ otherRow: Int) -> Void) {
        var edgeOf: [UInt64: Int] = [:]
        var isJoined = [Bool](repeating: false, count: shares.accounts.count)
        for (index, edge) in edges.enumerated() where edge.isDeclared {
            let key = UInt64(min(edge.from, edge.to)) << 32 | UInt64(max(edge.from, edge.to))
            if edgeOf[key] == nil { edgeOf[key] = index }
            isJoined[Int(accounts[edge.from].id)] = true
            isJoined[Int(accounts[edge.to].id)] = true
        }
        var placeOf = [UInt64](repeating: 0, count: shares.accounts.count)
        for (place, account) in accounts.enumerated() { placeOf[Int(account.id)] = UInt64(place) }
        var rows = (0..<shares.count).filter { row in
            shares.isMatchable[row] && isJoined[Int(shares.account[row])]
        }
        rows.sort { left, right in
            (shares.object[left], shares.time[left], left)
                < (shares.object[right], shares.time[right], right)
        }
        for (start, older) in rows.enumerated() {
            for newer in rows[(start + 1)...] {
                guard shares.object[newer] == shares.object[older],
                    shares.time[newer] - shares.time[older] <= windowSeconds
                else { break }
                guard shares.content[older] != shares.content[newer] else { continue }
                let places = (
                    placeOf[Int(shares.account[older])], placeOf[Int(shares.account[newer])]
                )
                let key = min(places.0, places.1) << 32 | max(places.0, places.1)
                guard let edge = edgeOf[key] else { continue }
                if places.0 < places.1 {
                    body(edge, older, newer)
                } else {
                    body(edge, newer, older)
                }
            }
        }
    }
}
