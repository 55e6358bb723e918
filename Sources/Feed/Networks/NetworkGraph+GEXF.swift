// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

extension NetworkGraph {
    /// The graph as GEXF 1.3, which Gephi opens; edges have their weights as Gephi wants them.
    ///
    /// - Parameters:
    ///   - creator: Which program, in which version.
    ///   - description: What it was made from, by which rule and command.
    ///   - sink: Gets the text piece by piece.
    /// - Throws: What the sink throws.
    /// - Complexity: O(nodes and edges).
    package func writeGEXF(
        creator: String,
        description: String,
        to sink: ([UInt8]) throws -> Void
    ) throws {
        var lines = XMLLines()
        lines.add(#"<?xml version="1.0" encoding="UTF-8"?>"#)
        lines.add(#"<gexf xmlns="http://gexf.net/1.3" version="1.3">"#)
        lines.add(
            "<meta><creator>\(XMLText.escaped(creator))</creator>"
                + "<description>\(XMLText.escaped(description))</description></meta>"
        )
        lines.add(#"<graph defaultedgetype="\#(isDirected ? "directed" : "undirected")">"#)
        for (kind, attributes) in [("node", nodeAttributes), ("edge", edgeAttributes)]
        where !attributes.isEmpty {
            lines.add(#"<attributes class="\#(kind)">"#)
            for (index, attribute) in attributes.enumerated() {
                let name = XMLText.escaped(attribute.name)
                let type = Self.gexfType(attribute.type)
                lines.add(#"<attribute id="\#(index)" title="\#(name)" type="\#(type)"/>"#)
            }
            lines.add("</attributes>")
        }
        lines.add("<nodes>")
        for (index, node) in nodes.enumerated() {
            let name = XMLText.escaped(node.name)
            let values = Self.gexfValues(node.values)
            try lines.add(#"<node id="\#(index)" label="\#(name)">\#(values)</node>"#, to: sink)
        }
        lines.add("</nodes>")
        lines.add("<edges>")
        for (index, edge) in edges.enumerated() {
            let ends = #"source="\#(edge.from)" target="\#(edge.to)""#
            let values = Self.gexfValues(edge.values)
            try lines.add(
                #"<edge id="\#(index)" \#(ends) weight="\#(edge.weight)">\#(values)</edge>"#,
                to: sink
            )
        }
        lines.add("</edges>")
        lines.add("</graph>")
        lines.add("</gexf>")
        try lines.finish(sink)
    }

    private static func gexfType(_ type: ValueType) -> String {
        switch type {
        case .integer: "long"
        case .number: "double"
        case .text: "string"
        }
    }

    private static func gexfValues(_ values: [String]) -> String {
        let known = values.enumerated().filter { !$0.element.isEmpty }
        guard !known.isEmpty else { return "" }
        let list = known.map { index, value in
            #"<attvalue for="\#(index)" value="\#(XMLText.escaped(value))"/>"#
        }
        return "<attvalues>" + list.joined() + "</attvalues>"
    }
}
