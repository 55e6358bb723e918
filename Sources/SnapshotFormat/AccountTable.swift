// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Numbers accounts from zero and finds the number of an account.
///
/// Open addressing over one array of bytes: about 50 bytes an account plus its identifier, no
/// object for each. A look-up among a million waits for memory and for little else, so it touches
/// three places: slot, entry and identifier. Swift seeds its hash at random in each process, so
/// nobody can choose account names that collide.
struct AccountTable: Sendable {
    /// Where the identifier of an account stands, and on which platform it is one.
    private struct Entry: Sendable {
        let start: Int
        let count: UInt16
        let platform: UInt16
    }

    /// A number plus one, of which zero is a free slot, and bits of the hash that the slot's place
    /// does not show: an account is looked into when it is almost certainly the right one.
    private struct Slot: Sendable {
        var number: UInt32 = 0
        var mark: UInt32 = 0
    }

    private var platforms: [String] = []
    /// All stable identifiers, one after the other.
    private var identifiers: [UInt8] = []
    private var entries: [Entry] = []
    private var slots: [Slot]

    private static let platformCountMax = Int(UInt16.max)

    init(capacity: Int) {
        var slotCount = 8
        while slotCount < capacity * 2 { slotCount *= 2 }
        slots = [Slot](repeating: Slot(), count: slotCount)
    }

    var count: Int { entries.count }

    /// The number of `account`; a new one when it is not there yet.
    mutating func insert(_ account: PlatformAccount) -> (index: Int, isNew: Bool) {
        if count * 2 >= slots.count { grow() }
        let (slot, mark) = slot(of: account)
        if slots[slot].number != 0 { return (Int(slots[slot].number) - 1, false) }
        let index = count
        slots[slot] = Slot(number: UInt32(index + 1), mark: mark)
        entries.append(
            Entry(
                start: identifiers.count,
                count: UInt16(account.stableID.utf8.count),
                platform: platformIndex(of: account.platform)
            )
        )
        identifiers.append(contentsOf: account.stableID.utf8)
        return (index, true)
    }

    /// The number of `account`.
    ///
    /// - Complexity: O(1).
    func index(of account: PlatformAccount) -> Int? {
        let number = slots[slot(of: account).place].number
        return number == 0 ? nil : Int(number) - 1
    }

    /// The account of a number.
    func account(at index: Int) -> PlatformAccount {
        let entry = entries[index]
        let identifier = identifiers[entry.start..<(entry.start + Int(entry.count))]
        let account = PlatformAccount(
            platform: platforms[Int(entry.platform)],
            stableID: String(decoding: identifier, as: UTF8.self)
        )
        guard let account else { preconditionFailure("only valid accounts are inserted") }
        return account
    }

    /// The slot that holds `account`, or the free one where it belongs; and its mark.
    private func slot(of account: PlatformAccount) -> (place: Int, mark: UInt32) {
        let hash = UInt64(truncatingIfNeeded: account.hashValue)
        let mark = UInt32(hash >> 32)
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place].number != 0 {
            let slot = slots[place]
            if slot.mark == mark, matches(entries[Int(slot.number) - 1], account) { break }
            place = (place + 1) & mask
        }
        return (place, mark)
    }

    private func matches(_ entry: Entry, _ account: PlatformAccount) -> Bool {
        let identifier = account.stableID.utf8.span
        guard Int(entry.count) == identifier.count else { return false }
        let stored = identifiers.span
        for place in identifier.indices where stored[entry.start + place] != identifier[place] {
            return false
        }
        return platforms[Int(entry.platform)] == account.platform
    }

    private mutating func platformIndex(of name: String) -> UInt16 {
        if let index = platforms.lastIndex(of: name) { return UInt16(index) }
        precondition(platforms.count < Self.platformCountMax, "platforms are few")
        platforms.append(name)
        return UInt16(platforms.count - 1)
    }

    private mutating func grow() {
        slots = [Slot](repeating: Slot(), count: slots.count * 2)
        for index in 0..<count {
            let (place, mark) = slot(of: account(at: index))
            slots[place] = Slot(number: UInt32(index + 1), mark: mark)
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
