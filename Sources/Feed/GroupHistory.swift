// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import FeedKernels

/// What a rule finds in one period after the other, and which groups are the same.
///
/// Spec: `docs/spec/communities.md`, section 4.
package struct GroupHistory: Sendable {
    /// The most periods that have shares.
    package static let periodCountMax = 1000
    /// 1970 began on a Thursday; periods are counted from the Monday before, so that weeks are.
    private static let mondaySeconds: Int64 = 3 * 86_400

    /// What one period has.
    package struct Period: Sendable {
        /// Its shares.
        package let shareCount: Int
        /// By group: how many edges are declared between its accounts.
        package let edgeCounts: [Int]
        /// By group: its accounts, as indices of ``GroupHistory/accounts``.
        package let groups: [[UInt32]]
    }

    /// By the number of the period, those with shares.
    package let periods: [Int: Period]
    /// Accounts of groups.
    package let accounts: StringTable
    /// What became of the groups.
    package let lives: GroupLives
    /// What findings say of the data that they are from.
    let data: JSONValue
    /// The number of the first period with shares.
    let first: Int
    private let lengthSeconds: Int64

    /// Follows groups.
    ///
    /// - Parameters:
    ///   - input: The shares.
    ///   - days: How long a period is.
    ///   - minimumJaccard: What a group has to have in common with one to be the same.
    ///   - memory: How many periods a group may be away.
    ///   - detect: The rule.
    /// - Throws: `.parameterOutOfRange("every")` for more than ``periodCountMax`` periods, and what
    ///   the rule throws.
    package init(
        in input: ShareInput,
        days: Int64,
        minimumJaccard: Double,
        memory: Int,
        by detect: (ShareInput) throws(FeedKernelError) -> DetectedNetworks
    ) throws(FeedKernelError) {
        data = input.json
        let length = days * 86_400
        let shares = input.shares
        let numbers = shares.time.map { Self.floor($0 &+ Self.mondaySeconds, length) }
        let present = Set(numbers).sorted()
        guard present.count <= Self.periodCountMax else { throw .parameterOutOfRange("every") }
        var interner = Interner()
        var periods: [Int: Period] = [:]
        for number in present {
            let part = try shares.filter { numbers[$0] == number }
            let found = try detect(ShareInput(part, of: input))
            var groups: [[UInt32]] = []
            for group in found.groups {
                var accounts: [UInt32] = []
                for account in group.core + group.attached {
                    accounts.append(try interner.intern(Array(found.name(account))))
                }
                groups.append(accounts)
            }
            periods[number] = Period(
                shareCount: part.count,
                edgeCounts: found.groups.map(\.edgeCount),
                groups: groups
            )
        }
        self.periods = periods
        first = present.first ?? 0
        lengthSeconds = length
        accounts = interner.table
        lives = GroupLives(
            of: present.map { number in
                GroupLives.Period(number: number, groups: periods[number]?.groups ?? [])
            },
            minimumJaccard: minimumJaccard,
            memory: memory
        )
    }

    /// The first second of a period, and the first one after it.
    package func span(of period: Int) -> (from: Int64, to: Int64) {
        let from = Int64(period) * lengthSeconds - Self.mondaySeconds
        return (from, from + lengthSeconds)
    }

    /// The greatest whole number that is not over a quotient.
    private static func floor(_ value: Int64, _ length: Int64) -> Int {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: length)
        return Int(rest < 0 ? quotient - 1 : quotient)
    }
}
