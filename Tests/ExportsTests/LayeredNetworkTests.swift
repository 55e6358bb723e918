// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Testing

/// Layers put together say what each of them says, and no more.
@Suite struct LayeredNetworkTests {
    private typealias Pair = [[UInt8]]

    /// Three layers over partly the same names.
    private static func layers(_ seed: Int) throws -> [(layer: String, networks: DetectedNetworks)]
    {
        try ["a", "b", "c"].enumerated().map { place, name in
            var generator = NetworkGenerator(seed: UInt64(1_000 * seed + place))
            return (name, try generator.networks())
        }
    }

    private static func edges(_ networks: DetectedNetworks) -> [Pair: DetectedNetworks.Edge] {
        let list = networks.edges.map { edge in
            ([Array(networks.name(edge.from)), Array(networks.name(edge.to))], edge)
        }
        return Dictionary(uniqueKeysWithValues: list)
    }

    /// The components of pairs, by the plainest of means: what is joined takes the least name.
    private static func components(_ pairs: [Pair]) -> Set<Set<[UInt8]>> {
        var sets: [Set<[UInt8]>] = []
        for pair in pairs {
            let touched = sets.filter { !$0.isDisjoint(with: pair) }
            sets.removeAll { !$0.isDisjoint(with: pair) }
            sets.append(touched.reduce(Set(pair)) { $0.union($1) })
        }
        return Set(sets)
    }

    @Test(arguments: 1...40) func edgesAndGroupsAreThoseOfTheLayers(_ seed: Int) throws {
        let layers = try Self.layers(seed)
        let joined = LayeredNetworks(layers)
        let alone = layers.map { Self.edges($0.networks) }
        let declared = Set(alone.flatMap { $0.filter(\.value.isDeclared).keys })
        let names = joined.accounts.map(\.name)
        #expect(Set(joined.edges.map { [names[$0.from], names[$0.to]] }) == declared)
        #expect(joined.edges.count == declared.count)
        for edge in joined.edges {
            let known = alone.map { $0[[names[edge.from], names[edge.to]]] }
            #expect(edge.evidence.map { $0?.weight } == known.map { $0?.weight })
            #expect(edge.evidence.map { $0?.kind } == known.map { $0?.kind })
            let weights = known.compactMap { $0 }.filter(\.isDeclared).map(\.weight)
            #expect(edge.weight == weights.reduce(0, +))
            #expect(edge.layerCount == weights.count)
        }
        // Groups of the generator are components, so that those of all layers are, too.
        let groups = joined.groups.map { group in Set(group.core.map { names[$0] }) }
        #expect(Set(groups) == Self.components(Array(declared)))
        #expect(groups.map(\.count) == groups.map(\.count).sorted(by: >))
        for (index, group) in joined.groups.enumerated() {
            for place in group.core { #expect(joined.accounts[place].group == index) }
            let known = layers.indices.filter { layer in
                layers[layer].networks.groups.contains { part in
                    part.core.contains { place in
                        groups[index].contains(Array(layers[layer].networks.name(place)))
                    }
                }
            }
            #expect(group.layers == known)
        }
    }

    @Test func oneLayerSaysWhatItSaidAlone() throws {
        for seed in 1...20 {
            var generator = NetworkGenerator(seed: UInt64(seed))
            let alone = try generator.networks()
            let joined = LayeredNetworks([("only", alone)])
            #expect(joined.edges.count == alone.edges.count { $0.isDeclared })
            let groups = joined.groups.map { $0.core.map { joined.accounts[$0].name } }
            #expect(Set(groups) == Set(alone.groups.map { $0.core.map { Array(alone.name($0)) } }))
        }
    }

    @Test func whatIsAttachedInOneLayerAndOfTheCoreInAnotherIsOfTheCore() throws {
        let rows = (0..<6).map { ("o", Array("a\($0)".utf8), "c\($0)", Int64($0)) }
        let shares = try NetworkGenerator.read(csvText(rows))
        func layer(core: [UInt32], attached: [UInt32]) -> DetectedNetworks {
            DetectedNetworks(
                in: shares,
                windowSeconds: 60,
                isDirected: false,
                measures: [],
                edges: [(core[0], core[1], 1, "strong", true, [])],
                groups: [(core, attached, nil)]
            )
        }
        let joined = LayeredNetworks([
            ("a", layer(core: [0, 1], attached: [2, 3])),
            ("b", layer(core: [2, 4], attached: [3, 5])),
        ])
        // An attached account joins no groups: 2 is of the second core, and the first is another.
        #expect(joined.groups.map(\.core) == [[0, 1], [2, 4]])
        #expect(joined.groups.map(\.attached) == [[3], [5]])
        #expect(joined.accounts.map(\.role) == [.core, .core, .core, .attached, .core, .attached])
    }
}
