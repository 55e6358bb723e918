// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Feed

/// What accounts may share, one thing or several, each in a layer of its own.
struct ShareLayers: ExpressibleByArgument {
    /// In the order asked for, each once; at least one.
    let list: [ShareLayer]

    init(_ layer: ShareLayer) { list = [layer] }

    /// Takes layers, each once, not none.
    init(_ list: [ShareLayer]) {
        precondition(!list.isEmpty && Set(list).count == list.count, "layers, each once")
        self.list = list
    }

    init?(argument: String) {
        var list: [ShareLayer] = []
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let layer = ShareLayer(rawValue: String(word)), !list.contains(layer) else {
                return nil
            }
            list.append(layer)
        }
        self.list = list
    }

    static var allValueStrings: [String] { ShareLayer.allCases.map(\.rawValue) }

    var defaultValueDescription: String { argument }

    /// As it is written on the command line.
    var argument: String { list.map(\.rawValue).joined(separator: ",") }

    /// The one layer of a run; the first of several.
    var first: ShareLayer { list[0] }
}
