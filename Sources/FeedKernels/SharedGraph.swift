// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Accounts on one side, what they share on the other.
///
/// Both are numbered from 0 in the order in which they were given, those that tell nothing left
/// out: an object of one account, an account that has no other. Spec: `docs/spec/around.md`,
/// section 2.
package struct SharedGraph: Sendable {
    /// An account's share of an object.
    package struct Tie: Sendable {
        /// The account and the object, as the caller numbers them.
        package let account: UInt32
        package let object: UInt32
        /// When, in seconds since 1970.
        package let time: Int64

        package init(account: UInt32, object: UInt32, time: Int64) {
            self.account = account
            self.object = object
            self.time = time
        }
    }

    /// The callers' numbers of accounts and objects, ascending.
    package private(set) var accounts: [UInt32] = []
    package private(set) var objects: [UInt32] = []
    /// The objects of each account, ascending, and the time of its first and last share.
    private var objectStarts: [Int] = [0]
    private var objectLists: [UInt32] = []
    private var firsts: [Int64] = []
    private var lasts: [Int64] = []
    /// For each object of an account the moment of its first share, numbered in the order in which
    /// the account's objects have them; and how many each account has.
    private var moments: [UInt32] = []
    private var momentCounts: [Int] = []
    /// The accounts of each object, ascending.
    private var accountStarts: [Int] = [0]
    private var accountLists: [UInt32] = []

    /// Builds the graph.
    ///
    /// - Parameters:
    ///   - ties: In any order, repetitions allowed.
    ///   - objectCount: Above every object's number.
    /// - Complexity: O(ties + objects).
    package init(_ ties: [Tie], objectCount: Int) {
        var keys = ties.map { UInt64($0.account) << 32 | UInt64($0.object) }
        var places = Array(0..<UInt32(ties.count))
        RadixSort.sort(&keys, with: &places)
        var counts = [UInt32](repeating: 0, count: objectCount)
        for index in keys.indices where index == 0 || keys[index] != keys[index - 1] {
            counts[Int(UInt32(truncatingIfNeeded: keys[index]))] += 1
        }
        var numbers = [UInt32](repeating: 0, count: objectCount)
        for object in 0..<objectCount where counts[object] > 1 {
            numbers[object] = UInt32(objects.count)
            objects.append(UInt32(object))
            accountStarts.append(accountStarts[accountStarts.count - 1] + Int(counts[object]))
        }
        for (index, key) in keys.enumerated() {
            let object = Int(UInt32(truncatingIfNeeded: key))
            guard counts[object] > 1 else { continue }
            let time = ties[Int(places[index])].time
            if index > 0, key == keys[index - 1] {
                firsts[firsts.count - 1] = min(firsts[firsts.count - 1], time)
                lasts[lasts.count - 1] = max(lasts[lasts.count - 1], time)
                continue
            }
            if accounts.last != UInt32(key >> 32) {
                accounts.append(UInt32(key >> 32))
                objectStarts.append(objectLists.count)
            }
            objectLists.append(numbers[object])
            firsts.append(time)
            lasts.append(time)
            objectStarts[objectStarts.count - 1] = objectLists.count
        }
        addMoments()
        addReverse()
    }

    private mutating func addMoments() {
        moments.reserveCapacity(firsts.count)
        for account in 0..<accounts.count {
            var numbers: [Int64: UInt32] = [:]
            for place in objectStarts[account]..<objectStarts[account + 1] {
                let number = numbers[firsts[place]] ?? UInt32(numbers.count)
                numbers[firsts[place]] = number
                moments.append(number)
            }
            momentCounts.append(numbers.count)
        }
    }

    private mutating func addReverse() {
        var ends = accountStarts
        accountLists = [UInt32](repeating: 0, count: objectLists.count)
        for account in 0..<accounts.count {
            for place in objectStarts[account]..<objectStarts[account + 1] {
                let object = Int(objectLists[place])
                accountLists[ends[object]] = UInt32(account)
                ends[object] += 1
            }
        }
    }

    /// How many pairs of account and object there are.
    package var tieCount: Int { objectLists.count }

    /// The objects of an account.
    package func objects(of account: Int) -> ArraySlice<UInt32> {
        objectLists[objectStarts[account]..<objectStarts[account + 1]]
    }

    /// The accounts of an object.
    package func accounts(of object: Int) -> ArraySlice<UInt32> {
        accountLists[accountStarts[object]..<accountStarts[object + 1]]
    }

    /// How many objects an account has, and accounts an object.
    package func objectCount(of account: Int) -> Int {
        objectStarts[account + 1] - objectStarts[account]
    }

    /// How many accounts an object has.
    package func accountCount(of object: Int) -> Int {
        accountStarts[object + 1] - accountStarts[object]
    }

    /// For each object of an account the moment at which it was first shared: what came in one post
    /// is of one moment.
    func moments(of account: Int) -> ArraySlice<UInt32> {
        moments[objectStarts[account]..<objectStarts[account + 1]]
    }

    /// How many such moments an account has.
    func momentCount(of account: Int) -> Int { momentCounts[account] }

    /// When an account shared an object first and last; `nil` if it did not.
    ///
    /// - Complexity: O(objects of the account).
    package func times(of account: Int, _ object: Int) -> ClosedRange<Int64>? {
        guard let place = objects(of: account).firstIndex(of: UInt32(object)) else { return nil }
        return firsts[place]...lasts[place]
    }
}
