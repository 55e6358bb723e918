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
        var edgeOf: [UInt64: Int] = [:]
        var isJoined = [Bool](repeating: false, count: shares.accounts.count)
        for (index, edge) in edges.enumerated() where edge.isDeclared {
            let key = UInt64(min(edge.from, edge.to)) << 32 | UInt64(max(edge.from, edge.to))
            if edgeOf[key] == nil { edgeOf[key] = index }
            isJoined[Int(accounts[edge.from].id)] = true
            isJoined[Int(accounts[edge.to].id)] = true
        }
        var placeOf = [Int](repeating: 0, count: shares.accounts.count)
        for (place, account) in accounts.enumerated() { placeOf[Int(account.id)] = place }
        var rows = (0..<shares.count).filter { row in
            shares.isMatchable[row] && isJoined[Int(shares.account[row])]
        }
        rows.sort { left, right in
            (shares.object[left], shares.time[left], left)
                < (shares.object[right], shares.time[right], right)
        }
        var found: [DetectedMeeting] = []
        var first = 0
        while first < rows.count {
            var last = first
            while last < rows.count && shares.object[rows[last]] == shares.object[rows[first]] {
                last += 1
            }
            append(rows[first..<last], edgeOf, placeOf, to: &found)
            first = last
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

    /// Adds the meetings in one object, of which the rows are in order of time.
    private func append(
        _ rows: ArraySlice<Int>,
        _ edgeOf: [UInt64: Int],
        _ placeOf: [Int],
        to found: inout [DetectedMeeting]
    ) {
        var indexOf: [Int: Int] = [:]
        for start in rows.indices {
            let older = rows[start]
            for next in (start + 1)..<max(rows.endIndex, start + 1) {
                let newer = rows[next]
                guard shares.time[newer] - shares.time[older] <= windowSeconds else { break }
                guard shares.content[older] != shares.content[newer] else { continue }
                let places = (
                    placeOf[Int(shares.account[older])], placeOf[Int(shares.account[newer])]
                )
                let key = UInt64(min(places.0, places.1)) << 32 | UInt64(max(places.0, places.1))
                guard let edge = edgeOf[key] else { continue }
                let pair = places.0 < places.1 ? (older, newer) : (newer, older)
                guard let index = indexOf[edge] else {
                    indexOf[edge] = found.count
                    found.append(
                        DetectedMeeting(
                            edge: edge,
                            object: shares.object[older],
                            row: pair.0,
                            otherRow: pair.1
                        )
                    )
                    continue
                }
                found[index].pairCount += 1
                let known = shares.time[found[index].row] - shares.time[found[index].otherRow]
                if shares.time[newer] - shares.time[older] < abs(known) {
                    (found[index].row, found[index].otherRow) = pair
                }
            }
        }
    }
}
