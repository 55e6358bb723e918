// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What a rule found, in one shape for all rules, as every file of a detection is written from it.
///
/// `docs/spec/detection-files.md` says what each rule puts in.
package struct DetectedNetworks: Sendable {
    /// What an account is to its group.
    package enum Role: String, Sendable {
        /// The rule names it as one of the group.
        case core
        /// The rule says that it goes with the group.
        case attached
        /// It has declared edges and no group.
        case sharedSource = "shared-source"
        /// It has only edges that the rule does not declare.
        case none = ""
    }

    /// An account with an edge.
    package struct Account: Equatable, Sendable {
        /// Its number in the shares.
        package let id: UInt32
        /// Its group, from 0.
        package fileprivate(set) var group: Int?
        /// What it is there.
        package fileprivate(set) var role = Role.none
        /// How many shares it has, of whatever.
        package fileprivate(set) var shareCount = 0
    }

    /// An edge between accounts.
    package struct Edge: Equatable, Sendable {
        /// The account whose identifier comes first, or the source; an index of ``accounts``.
        package let from: Int
        /// The other one.
        package let to: Int
        /// The rule's own weight.
        package let weight: Int
        /// What the rule calls such an edge.
        package let kind: String
        /// Whether the rule declares it; the others are context.
        package let isDeclared: Bool
        /// What else the rule measures, in the order of ``measures``.
        package let values: [Double]
    }

    /// Accounts that declared edges join.
    package struct Group: Equatable, Sendable {
        /// Its accounts, in byte order: indices of ``accounts``.
        package let core: [Int]
        /// Those that go with it, in byte order.
        package let attached: [Int]
        /// How much of it holds without a part of the evidence, for rules that say.
        package let stability: Double?
        /// How many declared edges there are between its accounts.
        package fileprivate(set) var edgeCount = 0
        /// The sum of their weights.
        package fileprivate(set) var weight = 0
    }

    /// An edge as rules give it, between numbers of the shares' accounts.
    package typealias Found = (
        from: UInt32, to: UInt32, weight: Int, kind: String, isDeclared: Bool, values: [Double]
    )
    /// A group as rules give it.
    package typealias FoundGroup = (core: [UInt32], attached: [UInt32], stability: Double?)

    /// The measure that says how alike two accounts are, from 0 to 1.
    package static let similarity = "similarity"

    /// Where it was found.
    package let shares: ShareTable
    /// The most seconds between two shares that meet.
    package let windowSeconds: Int64
    /// Whether edges have a direction.
    package let isDirected: Bool
    /// Names of the values of edges.
    package let measures: [String]
    /// The accounts with edges, in byte order of their identifiers.
    package private(set) var accounts: [Account]
    /// The edges, in byte order of their accounts.
    package let edges: [Edge]
    /// The groups, most accounts first.
    package private(set) var groups: [Group]

    /// Gathers what a rule found.
    ///
    /// - Parameters:
    ///   - shares: Where.
    ///   - windowSeconds: The most seconds between two shares that meet.
    ///   - isDirected: Whether edges have a direction.
    ///   - measures: Names of the edges' values.
    ///   - edges: In byte order of their accounts.
    ///   - groups: Most accounts first.
    /// - Complexity: O(shares + edges), nearly.
    package init(
        in shares: ShareTable,
        windowSeconds: Int64,
        isDirected: Bool,
        measures: [String],
        edges: [Found],
        groups: [FoundGroup]
    ) {
        self.shares = shares
        self.windowSeconds = windowSeconds
        self.isDirected = isDirected
        self.measures = measures
        var isJoined = [Bool](repeating: false, count: shares.accounts.count)
        for edge in edges {
            isJoined[Int(edge.from)] = true
            isJoined[Int(edge.to)] = true
        }
        for account in groups.flatMap({ $0.core + $0.attached }) { isJoined[Int(account)] = true }
        let (ranks, ids) = shares.accounts.ranks(where: isJoined)
        func place(_ account: UInt32) -> Int { Int(ranks[Int(account)]) }
        accounts = ids.map { Account(id: $0) }
        self.edges = edges.map { edge in
            precondition(edge.values.count == measures.count)
            return Edge(
                from: place(edge.from),
                to: place(edge.to),
                weight: edge.weight,
                kind: edge.kind,
                isDeclared: edge.isDeclared,
                values: edge.values
            )
        }
        self.groups = groups.map { group in
            Group(
                core: group.core.map(place),
                attached: group.attached.map(place),
                stability: group.stability
            )
        }
        for account in shares.account where isJoined[Int(account)] {
            accounts[place(account)].shareCount += 1
        }
        assignRoles()
    }

    private mutating func assignRoles() {
        for (index, group) in groups.enumerated() {
            for (places, role) in [(group.core, Role.core), (group.attached, .attached)] {
                for place in places {
                    accounts[place].group = index
                    accounts[place].role = role
                }
            }
        }
        for edge in edges where edge.isDeclared {
            for place in [edge.from, edge.to] where accounts[place].group == nil {
                accounts[place].role = .sharedSource
            }
            if let index = group(of: edge) {
                groups[index].edgeCount += 1
                groups[index].weight += edge.weight
            }
        }
    }

    /// The group that both accounts of an edge are in, if it is declared and they are.
    package func group(of edge: Edge) -> Int? {
        let groups = (accounts[edge.from].group, accounts[edge.to].group)
        return edge.isDeclared && groups.0 == groups.1 ? groups.0 : nil
    }

    /// The bytes of an account's identifier.
    package func name(_ account: Int) -> ArraySlice<UInt8> { shares.accounts[accounts[account].id] }
}

extension DetectedNetworks {
    /// The connected components of edges, for rules without groups of their own.
    ///
    /// - Parameters:
    ///   - edges: Pairs of accounts.
    ///   - shares: What the accounts are numbers of.
    /// - Returns: Most accounts first; among equals, the one whose first account comes first.
    package static func components(
        of edges: [(UInt32, UInt32)],
        in shares: ShareTable
    ) -> [FoundGroup] {
        shares.components(of: edges).map { ($0, [], nil) }
    }
}
