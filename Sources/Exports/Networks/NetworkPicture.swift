// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels

/// A picture of the largest groups, which says what it leaves out.
///
/// Where accounts stand is for a layout program to say: it gets numbers and no names.
///
/// Spec: `docs/spec/detection-files.md`, section 6.
package struct NetworkPicture {
    /// The most groups, accounts and edges that are drawn.
    static let groupCountMax = 24
    static let accountCountMax = 600
    static let edgeCountMax = 4000
    /// Up to how many accounts have their names beside them.
    static let nameCountMax = 60

    let networks: DetectedNetworks
    /// Accounts that are drawn, group by group.
    let accounts: [Int]
    /// Edges that are drawn, the strongest ones; indices.
    let edges: [Int]
    /// How many groups are drawn.
    let groupCount: Int
    /// How many declared edges each account has.
    let degrees: [Int]

    /// Chooses what is drawn.
    package init(of networks: DetectedNetworks) {
        self.networks = networks
        var degrees = [Int](repeating: 0, count: networks.accounts.count)
        let declared = networks.edges.indices.filter { networks.edges[$0].isDeclared }
        for index in declared {
            degrees[networks.edges[index].from] += 1
            degrees[networks.edges[index].to] += 1
        }
        self.degrees = degrees
        var accounts: [Int] = []
        var groupCount = 0
        for group in networks.groups.prefix(Self.groupCountMax) {
            let room = Self.accountCountMax - accounts.count
            guard room > 0 else { break }
            // Indices follow byte order, so that equals stand in it.
            let core = group.core.sorted { (degrees[$1], $0) < (degrees[$0], $1) }
            accounts += (core + group.attached).prefix(room)
            groupCount += 1
        }
        let drawn = Set(accounts)
        let inside = declared.filter { index in
            let edge = networks.edges[index]
            return drawn.contains(edge.from) && drawn.contains(edge.to)
        }
        let strongest = inside.sorted { left, right in
            (networks.edges[right].weight, left) < (networks.edges[left].weight, right)
        }
        edges = strongest.prefix(Self.edgeCountMax).sorted()
        self.accounts = accounts
        self.groupCount = groupCount
    }

    /// Whether there is nothing to draw.
    package var isEmpty: Bool { accounts.isEmpty }

    /// The graph in graphviz's language: numbers only.
    package var graph: [UInt8] {
        var text = "graph G {\ngraph [start=1, overlap=prism, outputorder=nodesfirst];\n"
        text += "node [shape=point, width=0.15];\n"
        for account in accounts { text += "n\(account);\n" }
        var seen: Set<[Int]> = []
        for index in edges {
            let edge = networks.edges[index]
            let ends = [min(edge.from, edge.to), max(edge.from, edge.to)]
            guard seen.insert(ends).inserted else { continue }
            text += "n\(ends[0]) -- n\(ends[1]);\n"
        }
        return Array((text + "}\n").utf8)
    }

    /// Reads where a layout program puts the accounts.
    ///
    /// Spec: graphviz, output format "plain".
    ///
    /// - Parameter plain: What it wrote.
    /// - Returns: For each account that is drawn its place in inches, upwards; `nil` if one
    ///   is missing or has none.
    package func places(in plain: [UInt8]) -> [NetworkPlace]? {
        var found: [Int: NetworkPlace] = [:]
        for line in String(decoding: plain, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 4, words[0] == "node", words[1].first == "n" else { continue }
            guard let account = Int(words[1].dropFirst()), let x = Double(words[2]),
                let y = Double(words[3]), x.isFinite, y.isFinite
            else { return nil }
            found[account] = NetworkPlace(x: x, y: y)
        }
        let places = accounts.compactMap { found[$0] }
        return places.count == accounts.count ? places : nil
    }
}

/// Where an account stands in a picture.
package struct NetworkPlace: Equatable, Sendable {
    package var x: Double
    package var y: Double
}
