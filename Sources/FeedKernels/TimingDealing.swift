// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An object's slots while the times of some accounts become known.
///
/// A slot is beside them if it is after the launch and within the window of a known time after it.
struct TimingDealing: Sendable {
    private let window: Int64
    private let start: Int64
    private let times: [Int64]
    private let binOfSlot: [Int32]
    private let bins: ArraySlice<HourBin>
    private var isOpen: [Bool]
    /// How many known times each slot is beside.
    private var covers: [UInt32]
    /// By hour, the open slots, and those of them that are beside.
    private var open: [Int]
    private var beside: [Int]

    init(
        _ profiles: TimingProfiles,
        _ shares: ShareTable,
        object: UInt32,
        window: Int64,
        launch: Int64
    ) {
        let range = profiles.slotStarts[Int(object)]..<profiles.slotStarts[Int(object) + 1]
        times = profiles.objectRows[range].map { shares.time[Int($0)] }
        bins = profiles.bins[profiles.binStarts[Int(object)]..<profiles.binStarts[Int(object) + 1]]
        var binOfSlot: [Int32] = []
        binOfSlot.reserveCapacity(times.count)
        for (index, bin) in bins.enumerated() {
            for _ in 0..<Int(bin.shares) { binOfSlot.append(Int32(index)) }
        }
        self.binOfSlot = binOfSlot
        self.window = window
        start = times[0] + launch
        isOpen = [Bool](repeating: true, count: times.count)
        covers = [UInt32](repeating: 0, count: times.count)
        open = bins.map { Int($0.shares) }
        beside = [Int](repeating: 0, count: bins.count)
    }

    /// These times are known from now on.
    mutating func fix(_ slots: ArraySlice<UInt32>) {
        for slot in slots.lazy.map(Int.init) {
            isOpen[slot] = false
            open[Int(binOfSlot[slot])] -= 1
            if covers[slot] > 0 { beside[Int(binOfSlot[slot])] -= 1 }
            for near in range(slot) {
                covers[near] += 1
                if covers[near] == 1 && isOpen[near] { beside[Int(binOfSlot[near])] += 1 }
            }
        }
    }

    /// These known times are not known any more.
    mutating func release(_ slots: ArraySlice<UInt32>) {
        for slot in slots.lazy.map(Int.init) {
            for near in range(slot) {
                covers[near] -= 1
                if covers[near] == 0 && isOpen[near] { beside[Int(binOfSlot[near])] -= 1 }
            }
            isOpen[slot] = true
            open[Int(binOfSlot[slot])] += 1
            if covers[slot] > 0 { beside[Int(binOfSlot[slot])] += 1 }
        }
    }

    /// The slots after the launch that are within the window of one after the launch.
    private func range(_ slot: Int) -> Range<Int> {
        guard times[slot] >= start else { return slot..<slot }
        var first = slot
        while first > 0, times[first - 1] >= start, times[slot] - times[first - 1] <= window {
            first -= 1
        }
        var last = slot + 1
        while last < times.count, times[last] - times[slot] <= window { last += 1 }
        return first..<last
    }

    /// At least the probability that an account gets a slot beside by chance, and the time of the
    /// first such that it has.
    ///
    /// - Parameters:
    ///   - slots: The account's own, which are open.
    ///   - rhythm: When the account shares more than others.
    /// - Returns: The trial.
    func trial(_ slots: ArraySlice<UInt32>, _ rhythm: Rhythm) -> TimingTrial {
        var count = 0
        var near = 0
        var sums = (open: 0.0, beside: 0.0)
        for (index, bin) in bins.enumerated() where open[index] > 0 {
            let factor = rhythm.factor(bin)
            count += open[index]
            near += beside[index]
            sums.open += Double(open[index]) * factor
            sums.beside += Double(beside[index]) * factor
        }
        let part = max(Double(near) / Double(count), sums.beside / sums.open)
        return TimingTrial(
            chance: min(1, Double(slots.count) * part),
            time: slots.first { covers[Int($0)] > 0 }.map { times[Int($0)] }
        )
    }
}

/// Whether an account met others in an object.
struct TimingTrial: Sendable {
    /// The probability that it does by chance.
    let chance: Double
    /// When it did; `nil` if it did not.
    let time: Int64?
}

/// The shares of some accounts, by object and account.
struct TimingHoldings: Sendable {
    /// An account's slots in an object.
    struct Holding: Sendable {
        let object: UInt32
        /// The account's place among those given.
        let place: Int
        let slots: ArraySlice<UInt32>
    }

    /// In ascending order of objects and places.
    let holdings: [Holding]
    /// Where each object's start.
    let starts: [Int]

    /// Gathers the shares of accounts, in objects that are wanted.
    init(
        _ profiles: TimingProfiles,
        _ shares: ShareTable,
        accounts: [UInt32],
        where isWanted: (UInt32) -> Bool
    ) {
        var holdings: [Holding] = []
        for (place, account) in accounts.enumerated() {
            holdings += Self.of(account, place, profiles, shares).filter { isWanted($0.object) }
        }
        holdings.sort { ($0.object, $0.place) < ($1.object, $1.place) }
        var starts: [Int] = []
        for index in holdings.indices
        where index == 0 || holdings[index].object != holdings[index - 1].object {
            starts.append(index)
        }
        starts.append(holdings.count)
        self.holdings = holdings
        self.starts = starts
    }

    /// The holdings of an account, in ascending order of objects.
    static func of(
        _ account: UInt32,
        _ place: Int,
        _ profiles: TimingProfiles,
        _ shares: ShareTable
    ) -> [Holding] {
        let rows = profiles.accountRows[profiles.rowRange(of: account)]
        let slots = rows.map { profiles.slotOfRow[Int($0)] }
        var holdings: [Holding] = []
        var first = 0
        for object in profiles.objects[profiles.objectRange(of: account)] {
            var last = first
            while last < rows.count, shares.object[Int(rows[rows.startIndex + last])] == object {
                last += 1
            }
            holdings.append(Holding(object: object, place: place, slots: slots[first..<last]))
            first = last
        }
        return holdings
    }

    /// The objects in ascending order.
    var objectCount: Int { starts.count - 1 }

    /// The holdings of the object with a place among them.
    subscript(objectAt index: Int) -> ArraySlice<Holding> {
        holdings[starts[index]..<starts[index + 1]]
    }

    /// The place of an object among them.
    func index(of object: UInt32) -> Int? {
        var low = 0
        var high = objectCount
        while low < high {
            let middle = (low + high) / 2
            if holdings[starts[middle]].object < object { low = middle + 1 } else { high = middle }
        }
        return low < objectCount && holdings[starts[low]].object == object ? low : nil
    }
}
