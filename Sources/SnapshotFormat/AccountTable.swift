// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Numbers accounts from zero and finds the number of an account.
///
/// Open addressing over one array of bytes: about 45 bytes an account plus its identifier, no
/// object for each. Swift seeds its hash at random in each process, so nobody can choose account
/// names that collide.
struct AccountTable: Sendable {
    private var platforms: [String] = []
    /// All stable identifiers, one after the other.
    private var identifiers: [UInt8] = []
    private var identifierEnds: [Int] = []
    private var platformIndices: [UInt16] = []
    /// Number plus one; zero is a free slot.
    private var slots: [UInt32]

    private static let platformCountMax = Int(UInt16.max)

    init(capacity: Int) {
        var slotCount = 8
        while slotCount < capacity * 2 { slotCount *= 2 }
        slots = [UInt32](repeating: 0, count: slotCount)
    }

    var count: Int { identifierEnds.count }

    /// The number of `account`; a new one when it is not there yet.
    mutating func insert(_ account: PlatformAccount) -> (index: Int, isNew: Bool) {
        if count * 2 >= slots.count { grow() }
        let slot = slot(of: account)
        if slots[slot] != 0 { return (Int(slots[slot]) - 1, false) }
        let index = count
        slots[slot] = UInt32(index + 1)
        platformIndices.append(platformIndex(of: account.platform))
        identifiers.append(contentsOf: account.stableID.utf8)
        identifierEnds.append(identifiers.count)
        return (index, true)
    }

    /// The number of `account`.
    ///
    /// - Complexity: O(1).
    func index(of account: PlatformAccount) -> Int? {
        let entry = slots[slot(of: account)]
        return entry == 0 ? nil : Int(entry) - 1
    }

    /// The account of a number.
    func account(at index: Int) -> PlatformAccount {
        let start = index == 0 ? 0 : identifierEnds[index - 1]
        let identifier = identifiers[start..<identifierEnds[index]]
        let account = PlatformAccount(
            platform: platforms[Int(platformIndices[index])],
            stableID: String(decoding: identifier, as: UTF8.self)
        )
        guard let account else { preconditionFailure("only valid accounts are inserted") }
        return account
    }

    /// The slot that holds `account`, or the free one where it belongs.
    private func slot(of account: PlatformAccount) -> Int {
        let mask = slots.count - 1
        var slot = account.hashValue & mask
        while slots[slot] != 0, !matches(Int(slots[slot]) - 1, account) {
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func matches(_ index: Int, _ account: PlatformAccount) -> Bool {
        let start = index == 0 ? 0 : identifierEnds[index - 1]
        let end = identifierEnds[index]
        let identifier = account.stableID.utf8
        guard end - start == identifier.count else { return false }
        var position = start
        for byte in identifier {
            guard identifiers[position] == byte else { return false }
            position += 1
        }
        return platforms[Int(platformIndices[index])] == account.platform
    }

    private mutating func platformIndex(of name: String) -> UInt16 {
        if let index = platforms.lastIndex(of: name) { return UInt16(index) }
        precondition(platforms.count < Self.platformCountMax, "platforms are few")
        platforms.append(name)
        return UInt16(platforms.count - 1)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for index in 0..<count {
            slots[slot(of: account(at: index))] = UInt32(index + 1)
        }
    }
}

/// Lists of small numbers, one list for each account.
struct AccountLists: Sendable {
    private var table = AccountTable(capacity: 0)
    private var lists: [[Entry]] = []

    /// A record's number and a value of the caller's beside it.
    struct Entry: Sendable {
        let record: Int
        let detail: Int
    }

    mutating func append(_ entry: Entry, to account: PlatformAccount) {
        let (index, isNew) = table.insert(account)
        if isNew { lists.append([]) }
        lists[index].append(entry)
    }

    func entries(for account: PlatformAccount) -> [Entry] {
        table.index(of: account).map { lists[$0] } ?? []
    }
}
