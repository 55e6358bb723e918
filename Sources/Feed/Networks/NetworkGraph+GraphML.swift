// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

extension NetworkGraph {
    /// The graph as GraphML; names of accounts are in the attribute `label`.
    ///
    /// - Parameters:
    ///   - description: What it was made from, by which rule and command.
    ///   - sink: Gets the text piece by piece.
    /// - Throws: What the sink throws.
    /// - Complexity: O(nodes and edges).
    package func writeGraphML(
        description: String,
        to sink: ([UInt8]) throws -> Void
    ) throws {
        var lines = XMLLines()
        lines.add(#"<?xml version="1.0" encoding="UTF-8"?>"#)
        lines.add(#"<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"#)
        lines.add("<desc>\(XMLText.escaped(description))</desc>")
        let node = [Attribute("label", .text)] + nodeAttributes
        let edge = [Attribute("weight", .number)] + edgeAttributes
        for (kind, prefix, attributes) in [("node", "n", node), ("edge", "e", edge)] {
            for (index, attribute) in attributes.enumerated() {
                let name = XMLText.escaped(attribute.name)
                let type = Self.graphMLType(attribute.type)
                lines.add(
                    #"<key id="\#(prefix)\#(index)" for="\#(kind)" attr.name="\#(name)""#
                        + #" attr.type="\#(type)"/>"#
                )
            }
        }
        lines.add(#"<graph edgedefault="\#(isDirected ? "directed" : "undirected")">"#)
        for (index, node) in nodes.enumerated() {
            let data = Self.graphMLData("n", [node.name] + node.values)
            try lines.add(#"<node id="\#(index)">\#(data)</node>"#, to: sink)
        }
        for edge in edges {
            let data = Self.graphMLData("e", ["\(edge.weight)"] + edge.values)
            let ends = #"source="\#(edge.from)" target="\#(edge.to)""#
            try lines.add("<edge \(ends)>\(data)</edge>", to: sink)
        }
        lines.add("</graph>")
        lines.add("</graphml>")
        try lines.finish(sink)
    }

    private static func graphMLType(_ type: ValueType) -> String {
        switch type {
        case .integer: "long"
        case .number: "double"
        case .text: "string"
        }
    }

    private static func graphMLData(_ prefix: String, _ values: [String]) -> String {
        values.enumerated().filter { !$0.element.isEmpty }.map { index, value in
            #"<data key="\#(prefix)\#(index)">\#(XMLText.escaped(value))</data>"#
        }
        .joined()
    }
}
