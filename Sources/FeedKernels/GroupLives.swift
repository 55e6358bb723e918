// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Groups of one period after the other, told to be the same ones or not.
///
/// Spec: `docs/spec/communities.md`, section 4.
package struct GroupLives: Equatable, Sendable {
    /// What happens to a group in a period.
    package enum Event: String, Sendable {
        /// It is there, and came out of none.
        case born
        /// It is there, as in the period before.
        case continued
        /// It is there; most of its accounts were in another one, that may go on without them.
        case split
        /// It is there again.
        case back
        /// It is not there; most of its accounts are in another one that goes on.
        case merged
        /// It is not there, for the first time since it was.
        case dormant
        /// It was not there for too long.
        case ended
    }

    /// The groups of a period.
    package struct Period: Sendable {
        /// Which one; greater than that before.
        package let number: Int
        /// The accounts of each group, no account in two.
        package let groups: [[UInt32]]

        /// A period.
        package init(number: Int, groups: [[UInt32]]) {
            self.number = number
            self.groups = groups
        }
    }

    /// What happened to a group in a period.
    package struct Row: Equatable, Sendable {
        /// The group's number, from 0 in order of birth.
        package let life: Int
        /// The period's number.
        package let period: Int
        /// What happened.
        package let event: Event
        /// Which one of the period's groups it is; `nil` where it is not there.
        package let group: Int?
        /// Of its accounts then and when it was last there: those in both over those in any.
        package let jaccard: Double?
        /// The group that it came out of, or went into.
        package let other: Int?
    }

    /// What happened, by group and then by period.
    package private(set) var rows: [Row] = []
    /// How many groups there were.
    package private(set) var count = 0
    private var known: [Known] = []
    private let minimum: Double
    private let memory: Int

    /// A group that may come back.
    private struct Known: Equatable {
        let life: Int
        let period: Int
        let accounts: [UInt32]
    }

    /// Follows groups.
    ///
    /// - Parameters:
    ///   - periods: By number.
    ///   - minimumJaccard: What a group has to have in common with one to be the same, over 0.
    ///   - memory: How many periods a group may be away.
    /// - Complexity: O(n log n) in the accounts of all groups, times the memory.
    package init(of periods: [Period], minimumJaccard: Double, memory: Int) {
        precondition(minimumJaccard > 0 && memory >= 0)
        minimum = minimumJaccard
        self.memory = memory
        for period in periods { follow(period) }
        if let last = periods.last {
            forget(before: last.number + 1)
            for life in known where life.period < last.number { addDormancy(life) }
        }
        rows.sort { ($0.life, $0.period) < ($1.life, $1.period) }
    }

    private mutating func follow(_ period: Period) {
        forget(before: period.number)
        let overlaps = overlaps(period)
        var isTaken = [Bool](repeating: false, count: known.count)
        var lifeOf = [Int?](repeating: nil, count: period.groups.count)
        for overlap in overlaps.sorted(by: isCloser) {
            guard overlap.jaccard >= minimum, !isTaken[overlap.known], lifeOf[overlap.group] == nil
            else { continue }
            let life = known[overlap.known]
            isTaken[overlap.known] = true
            lifeOf[overlap.group] = life.life
            let isBack = life.period < period.number - 1
            if isBack { addDormancy(life) }
            let event: Event = isBack ? .back : .continued
            add(life.life, period, event, group: overlap.group, overlap.jaccard)
        }
        let continuing = lifeOf
        // What came out of others, in order of groups; what went into others, in order of lives.
        for (group, accounts) in period.groups.enumerated() where lifeOf[group] == nil {
            let source = overlaps.filter { $0.group == group && 2 * $0.common > accounts.count }
                .max { ($0.common, $1.known) < ($1.common, $0.known) }
            let event: Event = source == nil ? .born : .split
            let parent = source.map { known[$0.known].life }
            add(count, period, event, group: group, source?.jaccard, other: parent)
            lifeOf[group] = count
            count += 1
        }
        var gone: Set<Int> = []
        for (place, life) in known.enumerated() where !isTaken[place] {
            let target = overlaps.first { overlap in
                overlap.known == place && continuing[overlap.group] != nil
                    && 2 * overlap.common > life.accounts.count
            }
            guard let target else { continue }
            gone.insert(place)
            let other = continuing[target.group]
            if life.period < period.number - 1 { addDormancy(life) }
            add(life.life, period, .merged, other: other)
        }
        known = known.enumerated().filter { !isTaken[$0.offset] && !gone.contains($0.offset) }
            .map(\.element)
        for (group, accounts) in period.groups.enumerated() {
            guard let life = lifeOf[group] else { continue }
            known.append(Known(life: life, period: period.number, accounts: accounts))
        }
        known.sort { $0.life < $1.life }
    }

    /// A group that was known, and one of the period, with accounts in common.
    private struct Overlap {
        let known: Int
        let group: Int
        let common: Int
        let jaccard: Double
    }

    /// In order of lives and of groups.
    private func overlaps(_ period: Period) -> [Overlap] {
        var groupOf: [UInt32: Int] = [:]
        for (group, accounts) in period.groups.enumerated() {
            for account in accounts { groupOf[account] = group }
        }
        var overlaps: [Overlap] = []
        for (place, life) in known.enumerated() {
            var counts: [Int: Int] = [:]
            for account in life.accounts {
                if let group = groupOf[account] { counts[group, default: 0] += 1 }
            }
            for (group, common) in counts.sorted(by: { $0.key < $1.key }) {
                let union = life.accounts.count + period.groups[group].count - common
                let jaccard = Double(common) / Double(union)
                overlaps.append(
                    Overlap(known: place, group: group, common: common, jaccard: jaccard)
                )
            }
        }
        return overlaps
    }

    /// The greater Jaccard first; of equal ones who was there later, then the older group.
    private func isCloser(_ left: Overlap, _ right: Overlap) -> Bool {
        if left.jaccard != right.jaccard { return left.jaccard > right.jaccard }
        let periods = (known[left.known].period, known[right.known].period)
        if periods.0 != periods.1 { return periods.0 > periods.1 }
        return (left.known, left.group) < (right.known, right.group)
    }

    /// Says what became of those that are away, and forgets who was away for too long.
    private mutating func forget(before period: Int) {
        for life in known where life.period + memory + 1 < period {
            if memory > 0 { addDormancy(life) }
            addAbsence(life, .ended, life.period + memory + 1)
        }
        known.removeAll { $0.period + memory + 1 < period }
    }

    private mutating func addDormancy(_ life: Known) {
        addAbsence(life, .dormant, life.period + 1)
    }

    private mutating func addAbsence(_ life: Known, _ event: Event, _ period: Int) {
        rows.append(
            Row(life: life.life, period: period, event: event, group: nil, jaccard: nil, other: nil)
        )
    }

    private mutating func add(
        _ life: Int,
        _ period: Period,
        _ event: Event,
        group: Int? = nil,
        _ jaccard: Double? = nil,
        other: Int? = nil
    ) {
        rows.append(
            Row(
                life: life,
                period: period.number,
                event: event,
                group: group,
                jaccard: jaccard,
                other: other
            )
        )
    }
}
