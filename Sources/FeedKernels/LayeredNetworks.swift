// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What a rule found in several layers of the same data, seen as one network.
///
/// Spec: `docs/spec/detection-files.md`, section 7.
package struct LayeredNetworks: Sendable {
    /// An account with a declared edge, or in a group, of some layer.
    package struct Account: Equatable, Sendable {
        /// Its identifier, byte for byte.
        package let name: [UInt8]
        /// Its group, from 0.
        package fileprivate(set) var group: Int?
        /// What it is there, at best.
        package fileprivate(set) var role = DetectedNetworks.Role.none
        /// The layers in which it is something, in their order.
        package fileprivate(set) var layers: [Int] = []
    }

    /// What one layer says of an edge.
    package struct Evidence: Equatable, Sendable {
        /// The rule's weight.
        package let weight: Int
        /// What the rule calls such an edge.
        package let kind: String
        /// Whether the rule declares it.
        package let isDeclared: Bool
        /// How alike the accounts are, for rules that say.
        package let similarity: Double?
    }

    /// Two accounts that some layer declares an edge between.
    package struct Edge: Equatable, Sendable {
        /// Index of the account whose identifier comes first, or of the source.
        package let from: Int
        /// That of the other one.
        package let to: Int
        /// One for each layer; `nil` where it has no such edge.
        package fileprivate(set) var evidence: [Evidence?]

        /// The sum of the declared weights.
        package var weight: Int {
            evidence.reduce(0) { $0 + ($1.map { $0.isDeclared ? $0.weight : 0 } ?? 0) }
        }
        /// The greatest similarity of layers that declare it, for rules that say.
        package var similarity: Double? {
            evidence.compactMap { $0.flatMap { $0.isDeclared ? $0.similarity : nil } }.max()
        }
        /// How many layers declare it.
        package var layerCount: Int {
            evidence.reduce(0) { $0 + ($1.map { $0.isDeclared ? 1 : 0 } ?? 0) }
        }
    }

    /// Groups of layers that have accounts in common.
    package struct Group: Equatable, Sendable {
        /// Accounts that some layer names as of the group, in byte order.
        package fileprivate(set) var core: [Int] = []
        /// Others that some layer attaches, in byte order.
        package fileprivate(set) var attached: [Int] = []
        /// The layers that know a part of it, in their order.
        package fileprivate(set) var layers: [Int] = []
    }

    /// The names of the layers.
    package let layers: [String]
    /// Whether edges have a direction.
    package let isDirected: Bool
    /// In byte order of their identifiers.
    package private(set) var accounts: [Account] = []
    /// In byte order of their accounts.
    package private(set) var edges: [Edge] = []
    /// Most accounts first.
    package private(set) var groups: [Group] = []

    /// Puts layers together.
    ///
    /// - Parameter found: What the same rule found in each layer.
    /// - Complexity: O(n log n) for n accounts and edges of all layers.
    package init(_ found: [(layer: String, networks: DetectedNetworks)]) {
        layers = found.map(\.layer)
        isDirected = found.contains { $0.networks.isDirected }
        let networks = found.map(\.networks)
        var names: Set<[UInt8]> = []
        for network in networks {
            for place in network.accounts.indices where network.accounts[place].role != .none {
                names.insert(Array(network.name(place)))
            }
        }
        let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
        accounts = sorted.map { Account(name: $0) }
        var placeOf: [[UInt8]: Int] = [:]
        for (place, name) in sorted.enumerated() { placeOf[name] = place }
        // Of each layer's accounts, where they are here; `nil` for mere context.
        let places = networks.map { network in
            network.accounts.indices.map { placeOf[Array(network.name($0))] }
        }
        joinEdges(networks, places)
        joinGroups(networks, places)
    }

    private mutating func joinEdges(_ networks: [DetectedNetworks], _ places: [[Int?]]) {
        var known: [Int: Int] = [:]
        for (layer, network) in networks.enumerated() {
            let measure = network.measures.firstIndex(of: DetectedNetworks.similarity)
            for edge in network.edges {
                guard let from = places[layer][edge.from], let to = places[layer][edge.to] else {
                    continue
                }
                let key = from * accounts.count + to
                let index = known[key] ?? edges.count
                if index == edges.count {
                    known[key] = index
                    let nothing = [Evidence?](repeating: nil, count: layers.count)
                    edges.append(Edge(from: from, to: to, evidence: nothing))
                }
                edges[index].evidence[layer] = Evidence(
                    weight: edge.weight,
                    kind: edge.kind,
                    isDeclared: edge.isDeclared,
                    similarity: measure.map { edge.values[$0] }
                )
            }
        }
        edges.removeAll { $0.layerCount == 0 }
        edges.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    private mutating func joinGroups(_ networks: [DetectedNetworks], _ places: [[Int?]]) {
        // Accounts of one core belong together, and so do cores with an account in common.
        var sets = DisjointSets(count: accounts.count)
        var isCore = [Bool](repeating: false, count: accounts.count)
        for (layer, network) in networks.enumerated() {
            for group in network.groups {
                let core = group.core.compactMap { places[layer][$0] }
                for place in core {
                    isCore[place] = true
                    sets.join(core[0], place)
                }
            }
        }
        var found: [Int: Group] = [:]
        for place in accounts.indices where isCore[place] {
            found[sets.root(place), default: Group()].core.append(place)
        }
        for (layer, network) in networks.enumerated() {
            for group in network.groups {
                guard let first = group.core.lazy.compactMap({ places[layer][$0] }).first else {
                    continue
                }
                let home = sets.root(first)
                if found[home]?.layers.last != layer { found[home]?.layers.append(layer) }
                for place in group.attached.compactMap({ places[layer][$0] })
                where !isCore[place] && accounts[place].role != .attached {
                    accounts[place].role = .attached
                    found[home]?.attached.append(place)
                }
            }
            for (index, account) in network.accounts.enumerated() where account.role != .none {
                if let place = places[layer][index] { accounts[place].layers.append(layer) }
            }
        }
        groups = found.sorted { left, right in
            let counts = (left.value.core.count, right.value.core.count)
            return counts.0 == counts.1 ? left.key < right.key : counts.0 > counts.1
        }.map(\.value)
        for index in groups.indices {
            groups[index].attached.sort()
            for place in groups[index].core { accounts[place].role = .core }
            for place in groups[index].core + groups[index].attached {
                accounts[place].group = index
            }
        }
        for place in accounts.indices where accounts[place].group == nil {
            accounts[place].role = .sharedSource
        }
    }
}
