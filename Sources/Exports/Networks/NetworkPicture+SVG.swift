// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import FeedKernels

extension NetworkPicture {
    private static let side = 1000
    private static let margin = 40
    private static let legendWidth = 320
    private static let captionHeight = 60

    /// Draws it.
    ///
    /// Spec: SVG 1.1.
    ///
    /// - Parameters:
    ///   - places: From ``places(in:)``.
    ///   - provenance: What it was made from, and how.
    /// - Returns: The file.
    package func svg(_ places: [NetworkPlace], _ provenance: DetectionProvenance) -> [UInt8] {
        precondition(places.count == accounts.count)
        let points = Self.points(places)
        var pointOf: [Int: NetworkPlace] = [:]
        for (account, point) in zip(accounts, points) { pointOf[account] = point }
        var file = XMLLines()
        PictureText.open(
            Self.side + Self.legendWidth,
            Self.side + Self.captionHeight,
            provenance,
            in: &file
        )
        addEdges(pointOf, to: &file)
        for (account, point) in zip(accounts, points) { add(account, point, to: &file) }
        addLegend(to: &file)
        addCaption(to: &file)
        file.add("</svg>")
        return file.bytes
    }

    /// Places as points of the picture, downwards, as large as they fit.
    private static func points(_ places: [NetworkPlace]) -> [NetworkPlace] {
        let left = places.map(\.x).min() ?? 0
        let top = places.map(\.y).max() ?? 0
        let width = (places.map(\.x).max() ?? 0) - left
        let height = top - (places.map(\.y).min() ?? 0)
        let room = Double(side - 2 * margin)
        let scale = room / max(width, height, 1)
        return places.map { place in
            NetworkPlace(
                x: Double(margin) + (place.x - left) * scale,
                y: Double(margin) + (top - place.y) * scale
            )
        }
    }

    private static func text(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

    private func addEdges(_ pointOf: [Int: NetworkPlace], to file: inout XMLLines) {
        let heaviest = edges.map { networks.edges[$0].weight }.max() ?? 1
        file.add("<g stroke-opacity=\"0.35\">")
        for index in edges {
            let edge = networks.edges[index]
            guard let from = pointOf[edge.from], let to = pointOf[edge.to] else { continue }
            let colour = networks.group(of: edge).map(PictureText.colour) ?? "#999999"
            let width = 0.5 + 3 * Double(edge.weight) / Double(heaviest)
            let ends =
                "x1=\"\(Self.text(from.x))\" y1=\"\(Self.text(from.y))\" "
                + "x2=\"\(Self.text(to.x))\" y2=\"\(Self.text(to.y))\""
            file.add("<line \(ends) stroke=\"\(colour)\" stroke-width=\"\(Self.text(width))\"/>")
        }
        file.add("</g>")
    }

    private func add(_ account: Int, _ point: NetworkPlace, to file: inout XMLLines) {
        let colour = networks.accounts[account].group.map(PictureText.colour) ?? "#999999"
        let isCore = networks.accounts[account].role == .core
        let radius = min(4 + Double(degrees[account]).squareRoot(), 12)
        let place = "cx=\"\(Self.text(point.x))\" cy=\"\(Self.text(point.y))\""
        let paint = isCore ? "fill=\"\(colour)\"" : "fill=\"#fff\" stroke=\"\(colour)\""
        let name = ShownName.text(networks.name(account))
        file.add("<circle \(place) r=\"\(Self.text(radius))\" \(paint)>")
        file.add("<title>", name, "</title>")
        file.add("</circle>")
        guard accounts.count <= Self.nameCountMax else { return }
        let spot = (Int(point.x + radius) + 3, Int(point.y) + 4)
        PictureText.add(name, at: spot, size: 11, in: &file)
    }

    private func addLegend(to file: inout XMLLines) {
        for (index, group) in networks.groups.prefix(groupCount).enumerated() {
            let y = Self.margin + index * 36
            let colour = PictureText.colour(index)
            file.add("<circle cx=\"\(Self.side + 8)\" cy=\"\(y - 4)\" r=\"6\" fill=\"\(colour)\"/>")
            let attached = group.attached.isEmpty ? "" : " + \(group.attached.count)"
            let count = "\(group.core.count)\(attached)"
            let x = Self.side + 22
            PictureText.add(
                "\(index + 1): \(count) accounts, \(group.edgeCount) edges",
                at: (x, y),
                language: "en",
                in: &file
            )
            PictureText.add(
                "\(index + 1): \(count) cuentas, \(group.edgeCount) aristas",
                at: (x, y + 14),
                size: 11,
                language: "es",
                in: &file
            )
        }
    }

    /// What is drawn, of how much.
    private func addCaption(to file: inout XMLLines) {
        let all = networks.groups.reduce(0) { $0 + $1.core.count + $1.attached.count }
        let declared = networks.edges.count { $0.isDeclared }
        let groups = networks.groups.count
        let captions = [
            (
                "en",
                "Drawn: \(groupCount) of \(groups) groups, \(accounts.count) of \(all) accounts, "
                    + "\(edges.count) of \(declared) edges. Hollow: attached."
            ),
            (
                "es",
                "Dibujado: \(groupCount) de \(groups) grupos, \(accounts.count) de \(all) cuentas, "
                    + "\(edges.count) de \(declared) aristas. Hueco: allegada."
            ),
        ]
        for (index, caption) in captions.enumerated() {
            let place = (Self.margin, Self.side + 16 + index * 18)
            PictureText.add(caption.1, at: place, language: caption.0, in: &file)
        }
    }
}
